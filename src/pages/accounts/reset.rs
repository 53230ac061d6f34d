//! The confirmation page of a reset, and confirming it.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::access::{ResetPasswords, ViewMail};
use crate::model::reason::{Asked, LONGEST_REASON, ReasonProblem};
use crate::model::{Address, Operation, OperationState};
use crate::pages::field::Field;
use crate::pages::forms::Form;
use crate::pages::guard::On;
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::resets::Posted;

pub fn routes() -> Router<App> {
    Router::new().route("/accounts/{address}/reset", get(new).post(create))
}

#[derive(Deserialize)]
struct Question {
    /// The reason or ticket that was typed before the person had to prove anew who they are.
    ticket: Option<String>,
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
    address: Address,
    token: String,
    last: Last,
    asked: Asked,
    ticket: Field,
}

impl ResetPage {
    fn label(&self) -> String {
        let say = self.layout.say;
        if self.asked == Asked::Optional {
            format!("{} {}", say.ticket(), say.optional())
        } else {
            say.ticket().to_owned()
        }
    }
}

/// What the page says of the account's last reset.
enum Last {
    Nothing,
    Done(Operation),
    Unknown(Operation),
}

async fn new(
    State(app): State<App>,
    request: On<ResetPasswords>,
    Query(question): Query<Question>,
) -> Result<ResetPage, Problem> {
    page(&app, request, question.ticket.unwrap_or_default(), None).await
}

async fn page(
    app: &App,
    request: On<ResetPasswords>,
    ticket: String,
    problem: Option<ReasonProblem>,
) -> Result<ResetPage, Problem> {
    let On { address, can, guard } = request;
    let see = guard.gate.can_in::<ViewMail>(address.domain())?;
    let to_confirm = match app.resets.to_confirm(&can, &see, &address).await {
        Err(Failure::ProofTooOld) => return Err(prove_first(app, &address, &ticket)),
        Err(Failure::Denied(denied)) => guard.granted(app, Err(denied)).await?,
        to_confirm => to_confirm?,
    };
    let last = match to_confirm.last {
        Some(last) if last.state() == OperationState::Done => Last::Done(last),
        Some(last) if last.state() == OperationState::Unknown => Last::Unknown(last),
        _ => Last::Nothing,
    };
    let say = guard.layout.say;
    let ticket = Field::of(ticket);
    let ticket = match problem {
        None => ticket,
        Some(ReasonProblem::Missing) => ticket.wrong(say.ticket_missing()),
        Some(ReasonProblem::TooLong) => ticket.wrong(say.ticket_too_long(LONGEST_REASON)),
        Some(ReasonProblem::DoesNotFit) => ticket.wrong(say.ticket_unfit()),
    };
    let asked = app.resets.rules.reasons.asked;
    Ok(ResetPage { layout: guard.layout, address, token: to_confirm.token, last, asked, ticket })
}

/// Where the person proves who they are, and comes back from to this page with what they had typed.
fn prove_first(app: &App, address: &Address, ticket: &str) -> Problem {
    Problem::SignIn(app.links.sign_in_again(&app.links.reset_with(address, ticket)))
}

async fn create(
    State(app): State<App>,
    request: On<ResetPasswords>,
    Form(form): Form<ResetForm>,
) -> Result<Response, Problem> {
    let ticket = form.ticket.unwrap_or_default();
    let address = request.address.clone();
    let posted = Posted { token: form.token, ticket: ticket.clone() };
    match app.resets.confirm(&request.can, address.clone(), posted).await {
        Ok(operation) => Ok(Redirect::to(&app.links.operation(&operation)).into_response()),
        Err(Failure::ProofTooOld) => Err(prove_first(&app, &address, &ticket)),
        Err(Failure::Reason(problem)) => {
            let page = page(&app, request, ticket, Some(problem)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(failure) => Err(failure.into()),
    }
}
