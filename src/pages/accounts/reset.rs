//! The confirmation page of a reset, whoever is to get the new password, and confirming it.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::access::{ResetPasswords, ViewMail};
use crate::model::reason::ReasonProblem;
use crate::model::{Address, HandOver, Operation, OperationKind, OperationState};
use crate::pages::drafts::{asked_for, left, prove_first};
use crate::pages::forms::{Fields, Form, field};
use crate::pages::guard::On;
use crate::pages::ticket::Ticket;
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::resets::Posted;

pub fn routes() -> Router<App> {
    use HandOver::{Nobody, Shown};
    Router::new()
        .route("/accounts/{address}/reset", get(|a, b, c| new(Shown, a, b, c)).post(|a, b, c| create(Shown, a, b, c)))
        .route(
            "/accounts/{address}/lock-out",
            get(|a, b, c| new(Nobody, a, b, c)).post(|a, b, c| create(Nobody, a, b, c)),
        )
}

#[derive(Deserialize)]
struct ResetForm {
    token: String,
    ticket: Option<String>,
}

#[derive(Template, WebTemplate)]
#[template(path = "accounts/reset.html")]
struct ResetPage {
    layout: Layout,
    to: HandOver,
    address: Address,
    token: String,
    last: Last,
    ticket: Ticket,
}

impl ResetPage {
    fn lead(&self) -> &'static str {
        let say = self.layout.say;
        match self.to {
            HandOver::Shown => say.reset_of(),
            HandOver::Nobody => say.lock_out_of(),
        }
    }

    fn button(&self) -> &'static str {
        let say = self.layout.say;
        match self.to {
            HandOver::Shown => say.reset_password(),
            HandOver::Nobody => say.lock_out(),
        }
    }

    /// What comes of it, each with its icon.
    fn facts(&self) -> Vec<(&'static str, &'static str)> {
        let say = self.layout.say;
        match self.to {
            HandOver::Shown => {
                vec![("devices", say.fact_stops()), ("key", say.fact_made()), ("show", say.fact_once())]
            }
            HandOver::Nobody => vec![
                ("devices", say.fact_locks()),
                ("hide", say.fact_nobody()),
                ("reply", say.lock_out_goes_on()),
                ("clock", say.lock_out_open()),
            ],
        }
    }

    fn done_before(&self, last: &Operation) -> String {
        let (say, ago) = (self.layout.say, self.layout.times.ago(&last.begun_at));
        match last.kind {
            OperationKind::CreateAccount => say.created_before(&ago, &last.told_as),
            _ => say.reset_before(&ago, &last.told_as),
        }
    }

    fn unknown_before(&self, last: &Operation) -> String {
        let (say, ago) = (self.layout.say, self.layout.times.ago(&last.begun_at));
        match last.kind {
            OperationKind::LockOut => say.last_unknown_lock_out(&ago, &last.told_as),
            _ => say.last_unknown(&ago, &last.told_as),
        }
    }
}

/// What the page says of the last that was done to the account's password.
enum Last {
    Nothing,
    Done(Operation),
    LockedOut(Operation),
    Unknown(Operation),
}

async fn new(
    to: HandOver,
    State(app): State<App>,
    request: On<ResetPasswords>,
    Query(question): Query<Fields>,
) -> Result<ResetPage, Problem> {
    let form = app.links.reset_for(to, &request.address);
    let typed = left(&app, &request.guard, &form, &question).await?;
    let ticket = field(typed.as_ref().unwrap_or(&question), "ticket").to_owned();
    page(to, &app, request, ticket, None, &asked_for(form, &question)).await
}

/// The page, to which whoever must first prove who they are comes back `here`.
async fn page(
    to: HandOver,
    app: &App,
    request: On<ResetPasswords>,
    ticket: String,
    problem: Option<ReasonProblem>,
    here: &str,
) -> Result<ResetPage, Problem> {
    let On { address, can, guard } = request;
    let see = guard.gate.can_in::<ViewMail>(address.domain())?;
    let to_confirm = match app.resets.to_confirm(&can, &see, to, &address).await {
        Err(Failure::ProofTooOld) => return Err(Problem::SignIn(app.links.sign_in_again(here))),
        Err(Failure::Denied(denied)) => guard.granted(app, Err(denied)).await?,
        to_confirm => to_confirm?,
    };
    let last = match to_confirm.last {
        Some(last) => match (last.state(), last.kind) {
            (OperationState::Unknown, _) => Last::Unknown(last),
            (OperationState::Done, OperationKind::LockOut) => Last::LockedOut(last),
            (OperationState::Done, kind) if kind.makes_a_password() => Last::Done(last),
            _ => Last::Nothing,
        },
        None => Last::Nothing,
    };
    let ticket = Ticket::new(guard.layout.say, &app.resets.rules.reasons, &ticket, problem);
    Ok(ResetPage { layout: guard.layout, to, address, token: to_confirm.token, last, ticket })
}

async fn create(
    to: HandOver,
    State(app): State<App>,
    request: On<ResetPasswords>,
    Form(form): Form<ResetForm>,
) -> Result<Response, Problem> {
    let ticket = form.ticket.unwrap_or_default();
    let address = request.address.clone();
    let posted = Posted { token: form.token, ticket: ticket.clone() };
    match app.resets.confirm(&request.can, to, address.clone(), posted).await {
        Ok(operation) => Ok(Redirect::to(&app.links.operation(&operation)).into_response()),
        Err(Failure::ProofTooOld) => {
            let typed = vec![("ticket".to_owned(), ticket)];
            Err(prove_first(&app, &request.guard, app.links.reset_for(to, &address), &typed).await)
        }
        Err(Failure::Reason(problem)) => {
            let here = app.links.reset_for(to, &address);
            let page = page(to, &app, request, ticket, Some(problem), &here).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(failure) => Err(failure.into()),
    }
}
