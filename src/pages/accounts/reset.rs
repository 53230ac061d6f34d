//! The confirmation page of a reset, and confirming it.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::access::{ResetPasswords, ViewMail};
use crate::model::{Address, Operation, OperationState};
use crate::pages::forms::Form;
use crate::pages::guard::On;
use crate::pages::{App, Layout, Problem};
use crate::services::resets::Posted;

/// The longest reason or ticket, in signs.
const LONGEST_TICKET: usize = 200;

pub fn routes() -> Router<App> {
    Router::new().route("/accounts/{address}/reset", get(new).post(create))
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
    ticket: String,
    ticket_problem: Option<String>,
}

/// What the page says of the account's last reset.
enum Last {
    Nothing,
    Done(Operation),
    Unknown(Operation),
}

async fn new(State(app): State<App>, request: On<ResetPasswords>) -> Result<ResetPage, Problem> {
    page(&app, request, String::new(), None).await
}

async fn page(
    app: &App,
    request: On<ResetPasswords>,
    ticket: String,
    ticket_problem: Option<String>,
) -> Result<ResetPage, Problem> {
    let On { address, can, guard } = request;
    let see = guard.gate.can_in::<ViewMail>(address.domain())?;
    let to_confirm = app.resets.to_confirm(&can, &see, &address).await?;
    let last = match to_confirm.last {
        Some(last) if last.state == OperationState::Done => Last::Done(last),
        Some(last) if last.state == OperationState::Unknown => Last::Unknown(last),
        _ => Last::Nothing,
    };
    Ok(ResetPage { layout: guard.layout, address, token: to_confirm.token, last, ticket, ticket_problem })
}

async fn create(
    State(app): State<App>,
    request: On<ResetPasswords>,
    Form(form): Form<ResetForm>,
) -> Result<Response, Problem> {
    // A line of text; what a keyboard can't type there is left out.
    let ticket: String = form.ticket.unwrap_or_default().chars().filter(|sign| !sign.is_control()).collect();
    let ticket = ticket.trim().to_owned();
    if ticket.chars().count() > LONGEST_TICKET {
        let problem = request.guard.layout.say.ticket_too_long(LONGEST_TICKET);
        let page = page(&app, request, ticket, Some(problem)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let posted = Posted { token: form.token, ticket: Some(ticket).filter(|ticket| !ticket.is_empty()) };
    let operation = app.resets.confirm(request.can, request.address, posted).await?;
    Ok(Redirect::to(&app.links.result(&operation)).into_response())
}
