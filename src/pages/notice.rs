//! What stands above a form about accounts or aliases that is shown once more, and with which status it is.

use axum::http::StatusCode;

use super::guard::Guard;
use super::operations::why_not_done;
use super::{App, Layout, Problem};
use crate::access::ViewMail;
use crate::model::{Operation, OperationId, OperationKind, WhyNot, WhyRefused};
use crate::services::Failure;
use crate::texts::Said;

/// The status of a form that is shown again.
pub const AGAIN: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// What stands above a form, and with which status it is.
pub struct Notice {
    pub status: StatusCode,
    pub said: Said,
}

/// What names, in a form's address, the operation that the form led to and that was not done: its page leads back here.
pub const AFTER: &str = "after";

impl Notice {
    /// Above a form that is shown again.
    pub const fn again(said: Said) -> Self {
        Self { status: AGAIN, said }
    }

    /// Of a failure that the form survives, because what was typed may be right a moment later.
    ///
    /// # Errors
    /// The [`Problem`] of any other.
    pub fn of(layout: &Layout, failure: Failure) -> Result<Self, Problem> {
        let is_survived = match &failure {
            Failure::ConfirmationExpired(..) => return Ok(Self::again(layout.say.p_form_too_old())),
            Failure::Glesys(_)
            | Failure::OutOfDate { .. }
            | Failure::Overtaken(..)
            | Failure::InFlight(..)
            | Failure::CoolingDown { .. }
            | Failure::WayNotOffered(..)
            | Failure::LimitReached { .. }
            | Failure::Stopping => true,
            _ => false,
        };
        let problem = Problem::from(failure);
        if is_survived { Ok(Self { status: problem.status(), said: problem.said(layout) }) } else { Err(problem) }
    }

    /// Of what the form asked for and was not done.
    pub fn of_not_done(layout: &Layout, operation: &Operation) -> Self {
        let (say, kind) = (layout.say, operation.kind);
        Self::again(Said {
            title: format!("{} {}", say.change_not_done(kind), operation.address.readable()),
            happened: why_not_done(say, operation),
            to_do: say.change_nothing().to_owned(),
        })
    }
}

/// Whether an operation was refused for what was typed, so that the form says it and no page of its own.
pub fn is_about_the_form(operation: &Operation) -> bool {
    use WhyRefused::{Exists, Invalid, LimitReached, Quota};
    matches!(operation.why_not(), Some(WhyNot::Refused(Exists | LimitReached | Quota | Invalid)))
}

/// The operation of this kind whose page leads back to a form, if this session began it and it was not done.
///
/// # Errors
/// [`Problem`]: the database failed.
pub async fn not_done_before(
    app: &App,
    guard: &Guard,
    id: &str,
    kind: OperationKind,
) -> Result<Option<Operation>, Problem> {
    let Ok(id) = OperationId::parse(id) else { return Ok(None) };
    match app.reveals.look(&guard.gate.can_some::<ViewMail>()?, &id).await {
        Ok(view) => {
            let is_it = view.own && view.operation.kind == kind && view.operation.is_not_done();
            Ok(Some(view.operation).filter(|_| is_it))
        }
        Err(Failure::NoSuchOperation) => Ok(None),
        Err(failure) => Err(failure.into()),
    }
}
