//! The page that asks whether to delete an account, and deleting it. The address is typed to confirm.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::made;
use crate::access::{ManageMail, ViewMail};
use crate::model::{Address, OperationKind};
use crate::pages::aliases::{Lead, leads, may_lead};
use crate::pages::drafts::{asked_for, left, prove_first};
use crate::pages::faults::{Filled, Place, answer};
use crate::pages::field::Field;
use crate::pages::forms::{Fields, Form, field};
use crate::pages::guard::On;
use crate::pages::notice::AGAIN;
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;

pub fn routes() -> Router<App> {
    Router::new().route("/accounts/{address}/delete", get(confirm).post(destroy))
}

#[derive(Template, WebTemplate)]
#[template(path = "accounts/delete.html")]
struct DeletePage {
    layout: Layout,
    address: Address,
    token: String,
    /// Whether an alias has the same address.
    has_twin: bool,
    /// The aliases that lead only here, and those that lead elsewhere too.
    led_by: (Vec<Lead>, Vec<Lead>),
    /// See `may_lead`.
    may_lead: String,
    typed: Field,
}

impl Filled for DeletePage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        vec![Place::new("address", self.layout.say.delete_typed(), &mut self.typed)]
    }
}

async fn confirm(
    State(app): State<App>,
    request: On<ManageMail>,
    Query(question): Query<Fields>,
) -> Result<Response, Problem> {
    let form = app.links.account_delete(&request.address);
    let typed = left(&app, &request.guard, &form, &question).await?.unwrap_or_default();
    page(&app, request, Field::of(field(&typed, "address")), &asked_for(form, &question)).await
}

/// The page, with what was typed before, to which whoever must first prove who they are comes back `here`.
async fn page(app: &App, request: On<ManageMail>, typed: Field, here: &str) -> Result<Response, Problem> {
    let On { address, can, guard } = request;
    let see = guard.gate.can_some::<ViewMail>()?;
    let to_delete = match app.accounts.to_change(&can, &see, OperationKind::DeleteAccount, &address).await {
        Err(Failure::ProofTooOld) => return Err(Problem::SignIn(app.links.sign_in_again(here))),
        to_delete => to_delete,
    };
    let to_delete = match made(app, &guard, to_delete).await? {
        Ok(to_delete) => to_delete,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let led_by: (Vec<_>, Vec<_>) =
        to_delete.led_by.into_iter().partition(|alias| alias.targets.iter().flatten().count() == 1);
    let led_by = (leads(app, &see, led_by.0), leads(app, &see, led_by.1));
    let (token, has_twin) = (to_delete.token, to_delete.has_twin);
    let status = if typed.is_wrong() { AGAIN } else { StatusCode::OK };
    let may_lead = may_lead(app, guard.layout.say, &see, &address);
    let page = DeletePage { layout: guard.layout, address, token, has_twin, led_by, may_lead, typed };
    Ok(answer(status, page))
}

async fn destroy(
    State(app): State<App>,
    request: On<ManageMail>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let (typed, address) = (field(&fields, "address").to_owned(), request.address.clone());
    let form = app.links.account_delete(&address);
    if Address::parse(&typed).as_ref() != Ok(&address) {
        let unfit = request.guard.layout.say.delete_typed_unfit();
        return page(&app, request, Field::of(typed).wrong(unfit), &form).await;
    }
    let token = field(&fields, "token").to_owned();
    match app.accounts.delete(&request.can, address.clone(), token).await {
        Ok(operation) => Ok(Redirect::to(&app.links.operation(&operation.id)).into_response()),
        Err(Failure::ProofTooOld) => {
            let typed = vec![("address".to_owned(), typed)];
            Err(prove_first(&app, &request.guard, form, &typed).await)
        }
        Err(failure) => Err(failure.into()),
    }
}
