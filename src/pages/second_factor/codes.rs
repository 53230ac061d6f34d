//! Recovery codes, shown the one time that they are made.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use secrecy::SecretString;
use serde::Deserialize;
use tower_sessions::Session;

use super::problem;
use crate::model::Act;
use crate::pages::forms::Form;
use crate::pages::guard::Guard;
use crate::pages::layout::At;
use crate::pages::proof::{ActPage, ProofField, prove};
use crate::pages::visit::Visitor;
use crate::pages::{App, Layout, Problem};

pub fn routes() -> Router<App> {
    Router::new().route("/profile/second-factor/recovery-codes", get(ask).post(renew))
}

#[derive(Deserialize)]
struct RenewForm {
    proof: Option<SecretString>,
}

#[derive(Template, WebTemplate)]
#[template(path = "second_factor/codes.html")]
pub(in crate::pages) struct CodesPage {
    layout: Layout,
    codes: Vec<String>,
}

impl CodesPage {
    pub fn shows(layout: Layout, codes: Vec<String>) -> Response {
        (StatusCode::CREATED, Self { layout: layout.at(At::Profile), codes }).into_response()
    }
}

async fn ask(State(app): State<App>, guard: Guard) -> Result<Response, Problem> {
    if !guard.gate.asker().staff.second_factor {
        return Ok(Redirect::to(&app.links.second_factor()).into_response());
    }
    Ok(page(&app, guard).await?.into_response())
}

async fn page(app: &App, guard: Guard) -> Result<ActPage, Problem> {
    let (say, action) = (guard.layout.say, app.links.recovery_codes());
    Ok(ActPage {
        title: say.codes_renew().to_owned(),
        lead: say.codes_renew_lead(),
        what: None,
        button: say.codes_renew_do(),
        is_danger: false,
        proof: ProofField::of(app, &guard, Act::MakeCodes, &action).await?,
        action,
        layout: guard.layout.at(At::Profile),
    })
}

async fn renew(
    State(app): State<App>,
    visitor: Visitor,
    guard: Guard,
    session: Session,
    Form(form): Form<RenewForm>,
) -> Result<Response, Problem> {
    if !guard.gate.asker().staff.second_factor {
        return Ok(Redirect::to(&app.links.second_factor()).into_response());
    }
    let proved = prove(&app, &guard, &session, Act::MakeCodes, form.proof, &visitor.origin).await?;
    if let Err(said) = proved {
        return Ok(page(&app, guard).await?.again(said));
    }
    let codes = app.factors.renew_codes(guard.gate.asker()).await;
    let codes = codes.map_err(|why| problem(&app, why, Act::MakeCodes, &app.links.recovery_codes()))?;
    Ok(CodesPage::shows(guard.layout, codes))
}
