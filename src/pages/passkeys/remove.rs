//! Removing a passkey.

use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use secrecy::SecretString;
use serde::Deserialize;
use tower_sessions::Session;

use crate::model::{Act, OwnPasskey, PasskeyId};
use crate::pages::forms::Form;
use crate::pages::guard::{Guard, Visitor};
use crate::pages::layout::At;
use crate::pages::proof::{ActPage, ProofField, prove};
use crate::pages::second_factor::problem;
use crate::pages::{App, Problem};
use crate::services::Failure;

pub fn routes() -> Router<App> {
    Router::new().route("/profile/passkeys/remove", get(ask).post(remove))
}

#[derive(Deserialize)]
struct Question {
    passkey: Option<String>,
}

#[derive(Deserialize)]
struct RemoveForm {
    passkey: String,
    proof: Option<SecretString>,
}

/// The asker's passkey of this id.
async fn own(app: &App, guard: &Guard, id: &str) -> Result<Option<OwnPasskey>, Problem> {
    let all = app.passkeys.own(guard.gate.asker()).await.map_err(Failure::from)?;
    Ok(all.into_iter().find(|own| own.id.0 == id))
}

async fn ask(State(app): State<App>, guard: Guard, Query(question): Query<Question>) -> Result<ActPage, Problem> {
    let passkey = own(&app, &guard, &question.passkey.unwrap_or_default()).await?;
    page(&app, guard, passkey.ok_or(Problem::NotFound)?).await
}

async fn page(app: &App, guard: Guard, passkey: OwnPasskey) -> Result<ActPage, Problem> {
    let (say, here) = (guard.layout.say, app.links.passkey_remove_this(&passkey.id));
    Ok(ActPage {
        title: say.passkey_remove(&passkey.label),
        lead: say.passkey_remove_lead(),
        action: app.links.passkey_remove(),
        what: Some(("passkey", passkey.id.0)),
        button: say.factor_remove(),
        is_danger: true,
        proof: ProofField::of(app, &guard, Act::RemoveFactor, &here).await?,
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
    let done = || Redirect::to(&format!("{}?done=passkey-removed", app.links.profile())).into_response();
    // The same button pressed twice: it is gone, and that is all that was wanted.
    let Some(passkey) = own(&app, &guard, &form.passkey).await? else { return Ok(done()) };
    let proved = prove(&app, (&guard, &session), Act::RemoveFactor, form.proof, &visitor.origin).await?;
    if let Err(said) = proved {
        return Ok(page(&app, guard, passkey).await?.again(said));
    }
    let link = app.links.passkey_remove_this(&passkey.id);
    let removed = app.passkeys.remove(guard.gate.asker(), &PasskeyId(form.passkey)).await;
    removed.map_err(|why| problem(&app, why, (Act::RemoveFactor, &link)))?;
    Ok(done())
}
