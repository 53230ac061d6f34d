//! Pages about the staff, for admins.

mod edit;
mod grants;
mod list;
mod names;
mod new;
mod show;

use axum::Router;

use super::forms::Fields;
use super::guard::Guard;
use super::{App, Problem, drafts};
use crate::model::{Act, StaffId};
use crate::services::Failure;
use crate::services::staff::StaffProblem;

pub fn routes() -> Router<App> {
    Router::new()
        .merge(list::routes())
        .merge(new::routes())
        .merge(show::routes())
        .merge(edit::routes())
        .merge(names::routes())
}

/// What a person reads when a change of the staff was not made; `next` is where they go on once they have proved anew
/// who they are.
pub(super) fn problem(app: &App, problem: StaffProblem, next: &str) -> Problem {
    match problem {
        StaffProblem::ProofTooOld => Problem::SignIn(app.links.sign_in_again(next)),
        StaffProblem::NotProved => Problem::SignIn(app.links.prove(Act::ChangeStaff, next)),
        StaffProblem::SignedOut => Problem::SignIn(app.links.sign_in()),
        StaffProblem::NoSuchStaff => Problem::NotFound,
        StaffProblem::Yourself => Problem::Yourself,
        StaffProblem::LastAdmin(name) => Problem::LastAdmin(name.to_string()),
        StaffProblem::SignsInElsewhere(_) => Problem::SignsInElsewhere,
        StaffProblem::LocalOff => Problem::LocalOff,
        StaffProblem::NoInvitation => Problem::NoInvitation,
        StaffProblem::Busy(_) => Failure::Busy.into(),
        StaffProblem::Store(error) => Failure::from(error).into(),
        StaffProblem::NeedsAllDomains(_) => Problem::Unreadable,
        StaffProblem::DisabledAlready(_) => Problem::Disabled,
        problem => {
            tracing::error!(%problem, "a change of the staff failed");
            Problem::Internal
        }
    }
}

/// The same for a form that was posted: whoever must first prove who they are comes back to what they had typed.
async fn not_done(app: &App, guard: &Guard, why: StaffProblem, form: String, typed: &Fields) -> Problem {
    if !matches!(why, StaffProblem::ProofTooOld | StaffProblem::NotProved) {
        return problem(app, why, &form);
    }
    match drafts::keep(app, guard, form, typed).await {
        Ok(link) => problem(app, why, &link),
        Err(problem) => problem,
    }
}

/// The id that stands in a path. What holds other characters is nobody's.
pub(super) fn id(text: String) -> Result<StaffId, Problem> {
    if is_id(&text) { Ok(StaffId(text)) } else { Err(Problem::NotFound) }
}

/// Whether a text can be an id of ours.
pub(super) fn is_id(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
