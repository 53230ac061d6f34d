//! Where everybody lands who has just proved who they are, however they did: in a session of their own.

use axum::response::{IntoResponse, Redirect, Response};
use tower_sessions::Session;

use super::visit::Visitor;
use super::{App, Problem, device_cookie, drafts};
use crate::access::SessionKey;
use crate::access::session::NotBegun;
use crate::model::{AuditEvent, AuditKind, StaffId};
use crate::services::Failure;
use crate::services::sign_ins::Proved;

/// A new session with an id of its own, whatever the browser had before, and the way on, which is the overview unless
/// somebody was going elsewhere; `None` when what was proved does not count any more.
pub(super) async fn land(
    app: &App,
    session: &Session,
    proved: &Proved,
    visitor: &Visitor,
    next: Option<&str>,
) -> Result<Option<Response>, Problem> {
    // Anybody else who signs in here finds nothing of it.
    let before = before(app, session).await.filter(|(_, staff)| *staff == proved.staff).map(|(key, _)| key);
    let device = visitor.device();
    let begun = app.sessions.begin(session, &proved.staff, proved.generation, &device, &proved.signed_in).await;
    let begun = begun.map_err(|error| match error {
        NotBegun::Store(error) => Failure::from(error).into(),
        NotBegun::Cookie(error) => {
            tracing::error!(%error, "a session could not be begun");
            Problem::Internal
        }
    })?;
    let Some(now) = begun else {
        let failed = AuditEvent { kind: AuditKind::SignInFailed, ..AuditEvent::clone(&proved.signed_in) };
        app.audit.record_or_log(&failed).await;
        return Ok(None);
    };
    if let (Some(before), Some(next)) = (before, next) {
        drafts::take_along(app, &before, &now, next).await;
    }
    let remembered = app.sign_ins.remember_device(&proved.staff, &visitor.origin).await;
    let cookie = remembered.unwrap_or_else(|error| {
        tracing::warn!(%error, "a device could not be remembered");
        None
    });
    let on = next.map_or_else(|| Redirect::to(&app.links.overview()), Redirect::to);
    Ok(Some(match cookie {
        Some(cookie) => device_cookie::keep(app, &cookie, on),
        None => on.into_response(),
    }))
}

/// The session that the browser had before, and whose it was.
async fn before(app: &App, session: &Session) -> Option<(SessionKey, StaffId)> {
    let whose = app.sessions.whose(session.id()?).await;
    whose.unwrap_or_else(|error| {
        tracing::warn!(%error, "the session before could not be looked for");
        None
    })
}
