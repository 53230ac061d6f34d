//! The result of a reset: working, the one-shot password, shown already, and the three worlds when it went wrong. Other
//! operations come by the same doors, and a new account's password is shown by the same rules.
//!
//! Every one of these pages answers with success: the page is about an operation and is there. An error status would
//! invite a proxy to put its own page in place of the one that says whether the password still works.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;

use super::signs::{self, Sign};
use crate::access::{ResetPasswords, ViewMail};
use crate::model::{OneTimePassword, Operation, OperationId, OperationKind};
use crate::pages::guard::Guard;
use crate::pages::operations::outcome_page;
use crate::pages::{App, Layout, Problem};
use crate::services::operations::reveals::{NotShown, ResultView, Standing};
use crate::texts::Spelt;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/resets/{operation}", get(show).post(reveal))
        .route("/resets/{operation}/seen", post(seen))
        .route("/operations/{operation}", get(show).post(reveal))
}

/// Seconds until the working page looks again.
const LOOK_AGAIN: &str = "1";

#[derive(Template, WebTemplate)]
#[template(path = "resets/working.html")]
struct WorkingPage {
    layout: Layout,
    operation: Operation,
    lead: &'static str,
    wait: &'static str,
    leave: &'static str,
}

#[derive(Template, WebTemplate)]
#[template(path = "resets/ready.html")]
struct ReadyPage {
    layout: Layout,
    operation: Operation,
    until: Timestamp,
}

#[derive(Template, WebTemplate)]
#[template(path = "resets/result.html")]
struct ResultPage {
    layout: Layout,
    operation: Operation,
    lead: &'static str,
    shown_once: String,
    caller_text: &'static str,
    groups: Vec<Vec<Sign>>,
    spelt: Vec<Spelt>,
    odd_signs: bool,
}

/// What there is to say when there is no password to show.
#[derive(Template, WebTemplate)]
#[template(path = "resets/outcome.html")]
struct OutcomePage {
    layout: Layout,
    operation: Operation,
    title: &'static str,
    lead: &'static str,
    /// `good`, `warn` or `danger`.
    tone: &'static str,
    happened: Vec<String>,
    to_do: Vec<String>,
    /// When the account may be reset again, if not now.
    cools_until: Option<Timestamp>,
    /// Whether the password waits and the page offers to try again to show it.
    again: bool,
}

async fn show(
    State(app): State<App>,
    guard: Guard,
    Path(id): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if method == Method::GET && is_a_persons_navigation(&headers) {
        return reveal(State(app), guard, Path(id)).await;
    }
    let id = OperationId::parse(&id).map_err(|_| Problem::NotFound)?;
    let can = guard.granted(&app, guard.gate.can_some::<ViewMail>()).await?;
    let view = app.reveals.look(&can, &id).await?;
    Ok(page(guard.layout, view))
}

/// Shows the password, if it waits for this session; otherwise says how the reset stands.
async fn reveal(State(app): State<App>, guard: Guard, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = OperationId::parse(&id).map_err(|_| Problem::NotFound)?;
    let see = guard.granted(&app, guard.gate.can_some::<ViewMail>()).await?;
    let view = match guard.gate.can_some::<ResetPasswords>() {
        Ok(can) => app.reveals.show(&see, &can, &id).await?,
        Err(_) => app.reveals.look(&see, &id).await?,
    };
    Ok(page(guard.layout, view))
}

async fn seen(State(app): State<App>, guard: Guard, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let id = OperationId::parse(&id).map_err(|_| Problem::NotFound)?;
    let can = guard.granted(&app, guard.gate.can_some::<ViewMail>()).await?;
    app.reveals.seen(&can, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A browser says of a person's own navigation that it is one. Prefetches, previews and scripts don't, and so can't use
/// up the one showing.
fn is_a_persons_navigation(headers: &HeaderMap) -> bool {
    let says = |name: &str, value: &str| headers.get(name).is_some_and(|v| v.as_bytes() == value.as_bytes());
    let ahead_of_time = ["purpose", "sec-purpose", "x-moz", "x-purpose"].iter().any(|name| headers.contains_key(*name));
    says("sec-fetch-mode", "navigate")
        && says("sec-fetch-dest", "document")
        && (says("sec-fetch-site", "same-origin") || says("sec-fetch-site", "none"))
        && !ahead_of_time
}

fn page(layout: Layout, view: ResultView) -> Response {
    let ResultView { operation, standing, own, cools_until } = view;
    match standing {
        Standing::NotReset | Standing::Unknown if operation.kind != OperationKind::ResetPassword => {
            outcome_page(layout, operation, own, cools_until).into_response()
        }
        Standing::Made => outcome_page(layout, operation, own, cools_until).into_response(),
        Standing::Working => ([("refresh", LOOK_AGAIN)], working_page(layout, operation)).into_response(),
        Standing::Ready => {
            let until = operation.sealed_until.unwrap_or(layout.times.now);
            ReadyPage { layout, operation, until }.into_response()
        }
        // Chromium keeps a page for Back, `no-store` or not, only if it came with 200; without JavaScript nothing wipes it.
        Standing::Password(password) => (StatusCode::CREATED, result_page(layout, operation, password)).into_response(),
        Standing::Shown(at) => shown_page(layout, operation, at, own).into_response(),
        Standing::NotShown(why) => not_shown_page(layout, operation, why).into_response(),
        Standing::NotReset => not_reset_page(layout, operation).into_response(),
        Standing::Unknown => unknown_page(layout, operation, cools_until).into_response(),
    }
}

fn working_page(layout: Layout, operation: Operation) -> WorkingPage {
    let say = layout.say;
    let (lead, wait, leave) = if operation.kind == OperationKind::ResetPassword {
        (say.working(), say.working_wait(), say.working_leave())
    } else {
        (say.change_working(), say.change_working_wait(), say.change_working_leave())
    };
    WorkingPage { layout, operation, lead, wait, leave }
}

fn result_page(layout: Layout, operation: Operation, password: OneTimePassword) -> ResultPage {
    let password = password.reveal();
    let say = layout.say;
    let made_at = operation.ended_at.unwrap_or(layout.times.now);
    let (lead, shown_once, caller_text) = if operation.kind == OperationKind::ResetPassword {
        let shown_once = say.shown_this_once(&layout.times.clock_with_seconds(&made_at));
        (say.new_password_for(), shown_once, say.caller_text())
    } else {
        (say.new_account_password_for(), say.created_shown_once().to_owned(), say.new_account_caller_text())
    };
    ResultPage {
        groups: signs::groups(&password, layout.say),
        spelt: layout.say.spell(&password),
        odd_signs: signs::has_odd_signs(&password),
        lead,
        shown_once,
        caller_text,
        layout,
        operation,
    }
}

fn shown_page(layout: Layout, operation: Operation, at: Timestamp, own: bool) -> OutcomePage {
    let say = layout.say;
    let seen = match operation.seen_at {
        Some(seen_at) => say.shown_seen(&layout.times.clock_with_seconds(&seen_at)),
        None => say.shown_not_seen().to_owned(),
    };
    let here = if own { say.shown_here() } else { say.shown_elsewhere() };
    OutcomePage {
        title: say.shown_title(),
        lead: if operation.kind == OperationKind::ResetPassword { say.shown_lead() } else { say.created_shown_lead() },
        tone: "good",
        happened: vec![say.shown_at(&layout.times.full(&at), &operation.told_as), format!("{here} {seen}")],
        to_do: vec![say.shown_lost_hint().to_owned()],
        cools_until: None,
        again: false,
        layout,
        operation,
    }
}

fn not_shown_page(layout: Layout, operation: Operation, why: NotShown) -> OutcomePage {
    let say = layout.say;
    let is_reset = operation.kind == OperationKind::ResetPassword;
    let (title, lead, reset_it) = if is_reset {
        (say.not_shown_title(), say.not_shown_of(), say.not_shown_do())
    } else {
        (say.created_not_shown_title(), say.created_not_shown_of(), say.created_not_shown_do())
    };
    let (happened, to_do) = match why {
        NotShown::Expired => (say.not_shown_expired(), vec![reset_it.to_owned()]),
        NotShown::Spoiled => (say.not_shown_spoiled(), vec![reset_it.to_owned()]),
        NotShown::Overtaken(by) if by != OperationKind::ResetPassword => (say.not_shown_deleted(), Vec::new()),
        NotShown::Overtaken(_) => (say.not_shown_overtaken(), vec![say.not_shown_overtaken_do().to_owned()]),
        NotShown::OtherSession if !is_reset => (say.created_other_session(), Vec::new()),
        NotShown::OtherSession => (say.not_shown_other_session(), Vec::new()),
        NotShown::NotRecorded => (say.not_shown_not_recorded(), Vec::new()),
    };
    OutcomePage {
        title,
        lead,
        tone: "warn",
        happened: vec![happened.to_owned()],
        to_do,
        cools_until: None,
        again: why == NotShown::NotRecorded,
        layout,
        operation,
    }
}

fn not_reset_page(layout: Layout, operation: Operation) -> OutcomePage {
    let say = layout.say;
    OutcomePage {
        title: say.not_reset_title(),
        lead: say.not_reset_of(),
        tone: "danger",
        happened: vec![say.not_reset_lead().to_owned()],
        to_do: vec![say.reason(operation.reason.as_deref().unwrap_or_default(), "email/resetpassword")],
        cools_until: None,
        again: false,
        layout,
        operation,
    }
}

fn unknown_page(layout: Layout, operation: Operation, cools_until: Option<Timestamp>) -> OutcomePage {
    let say = layout.say;
    let reason = say.reason(operation.reason.as_deref().unwrap_or_default(), "email/resetpassword");
    let to_do = match &cools_until {
        Some(until) => say.unknown_wait(&layout.times.clock_with_seconds(until)),
        None => say.unknown_now().to_owned(),
    };
    OutcomePage {
        title: say.unknown_title(),
        lead: say.unknown_of(),
        tone: "warn",
        happened: vec![say.unknown_lead().to_owned(), reason],
        to_do: vec![to_do],
        cools_until,
        again: false,
        layout,
        operation,
    }
}
