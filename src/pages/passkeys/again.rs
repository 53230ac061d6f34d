//! Proving anew who one is with a passkey. The session goes on with a new cookie.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use serde::Deserialize;
use tower_sessions::Session;

use super::{PasskeyFields, asked, must_be_on};
use crate::pages::forms::Form;
use crate::pages::guard::Guard;
use crate::pages::sign_in_again::{Aim, act, refused_again, renew};
use crate::pages::{App, Problem};

pub fn routes() -> Router<App> {
    Router::new().route("/sign-in/again/passkey", post(create)).route("/sign-in/again/passkey/options", post(options))
}

#[derive(Deserialize)]
struct AgainForm {
    next: Option<String>,
    #[serde(rename = "for")]
    act: Option<String>,
    #[serde(flatten)]
    passkey: PasskeyFields,
}

/// What the page's script sends along of the form.
#[derive(Deserialize)]
struct OptionsForm {
    #[serde(rename = "for")]
    act: Option<String>,
}

async fn options(State(app): State<App>, guard: Guard, Form(form): Form<OptionsForm>) -> Result<Response, Problem> {
    must_be_on(&app)?;
    let act = act(form.act);
    match app.sign_ins.begin_to_prove(guard.gate.asker(), act).await {
        Ok(begun) => Ok(asked(&begun)),
        Err(refused) => refused_again(&app, guard, refused, Aim { act, next: String::new() }).await,
    }
}

async fn create(
    State(app): State<App>,
    guard: Result<Guard, Problem>,
    session: Session,
    Form(form): Form<AgainForm>,
) -> Result<Response, Problem> {
    must_be_on(&app)?;
    let next = form.next.and_then(|next| app.links.own(&next)).unwrap_or_else(|| app.links.overview());
    let guard = match guard {
        // The same form posted twice: the first one has changed the cookie. Who is not signed in is led on from there.
        Err(Problem::SignIn(_)) => return Ok(Redirect::to(&next).into_response()),
        guard => guard?,
    };
    let act = act(form.act);
    match app.sign_ins.prove_with_passkey(guard.gate.asker(), act, form.passkey.answer()).await {
        Ok(()) => {
            renew(&app, &session, guard.gate.asker(), true).await?;
            Ok(Redirect::to(&next).into_response())
        }
        Err(refused) => refused_again(&app, guard, refused, Aim { act, next }).await,
    }
}
