//! Taking the codes of one's app away.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use secrecy::SecretString;
use serde::Deserialize;
use tower_sessions::Session;

use super::problem;
use crate::model::Act;
use crate::pages::forms::Form;
use crate::pages::guard::{Guard, Visitor};
use crate::pages::layout::At;
use crate::pages::proof::{ActPage, ProofField, prove};
use crate::pages::{App, Problem};

pub fn routes() -> Router<App> {
    Router::new().route("/profile/second-factor/remove", get(ask).post(remove))
}

#[derive(Deserialize)]
struct RemoveForm {
    proof: Option<SecretString>,
}

async fn ask(State(app): State<App>, guard: Guard) -> Result<ActPage, Problem> {
    page(&app, guard).await
}

async fn page(app: &App, guard: Guard) -> Result<ActPage, Problem> {
    let (say, action) = (guard.layout.say, app.links.second_factor_remove());
    Ok(ActPage {
        title: say.app_remove().to_owned(),
        lead: say.app_remove_lead(),
        what: None,
        button: say.factor_remove(),
        is_danger: true,
        proof: ProofField::of(app, &guard, Act::RemoveFactor, &action).await?,
        action,
        layout: guard.layout.at(At::Profile),
    })
}

async fn remove(
    State(app): State<App>,
    visitor: Visitor,
    guard: Guard,
    session: Session,
    Form(form): Form<RemoveForm>,
) -> Result<Response, Problem> {
    let proved = prove(&app, (&guard, &session), Act::RemoveFactor, form.proof, &visitor.origin).await?;
    if let Err(said) = proved {
        return Ok(page(&app, guard).await?.again(said));
    }
    let removed = app.factors.remove(guard.gate.asker()).await;
    removed.map_err(|why| problem(&app, why, (Act::RemoveFactor, &app.links.second_factor_remove())))?;
    Ok(Redirect::to(&format!("{}?done=factor-removed", app.links.profile())).into_response())
}
