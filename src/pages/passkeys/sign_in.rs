//! Signing in with a passkey: with nothing else, or after the password.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;
use tower_sessions::Session;

use super::{PasskeyFields, asked, must_be_on};
use crate::pages::forms::Form;
use crate::pages::landing::land;
use crate::pages::sign_in::{Half, half_again, sign_in_page_again};
use crate::pages::visit::Visitor;
use crate::pages::{App, Problem};
use crate::services::sign_ins::NotSignedIn;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in/passkey", post(create))
        .route("/sign-in/passkey/options", post(options))
        .route("/sign-in/code/passkey", post(finish))
        .route("/sign-in/code/passkey/options", post(finish_options))
}

#[derive(Deserialize)]
struct SignInForm {
    next: Option<String>,
    #[serde(flatten)]
    passkey: PasskeyFields,
}

#[derive(Deserialize)]
struct FinishForm {
    token: String,
    next: Option<String>,
    #[serde(flatten)]
    passkey: PasskeyFields,
}

/// What the second half's script sends: the first half, besides fields that are still empty.
#[derive(Deserialize)]
struct HalfForm {
    token: String,
}

async fn options(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    must_be_on(&app)?;
    match app.sign_ins.begin_with_passkey(&visitor.origin).await {
        Ok(begun) => Ok(asked(&begun)),
        Err(refused) => sign_in_page_again(&app, visitor.layout, refused, String::new(), None),
    }
}

async fn create(
    State(app): State<App>,
    visitor: Visitor,
    session: Session,
    Form(form): Form<SignInForm>,
) -> Result<Response, Problem> {
    must_be_on(&app)?;
    let next = form.next.and_then(|next| app.links.own(&next));
    let refused = match app.sign_ins.sign_in_with_passkey(form.passkey.answer(), &visitor.origin).await {
        Ok(proved) => {
            if let Some(begun) = land(&app, &session, &proved, &visitor, next.as_deref()).await? {
                return Ok(begun);
            }
            NotSignedIn::WrongPasskey
        }
        Err(refused) => refused,
    };
    sign_in_page_again(&app, visitor.layout, refused, String::new(), next)
}

async fn finish_options(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<HalfForm>,
) -> Result<Response, Problem> {
    must_be_on(&app)?;
    match app.sign_ins.begin_to_finish(&form.token).await {
        Ok(begun) => Ok(asked(&begun)),
        Err(refused) => {
            half_again(&app, visitor.layout, refused, Half { token: form.token, next: String::new() }).await
        }
    }
}

async fn finish(
    State(app): State<App>,
    visitor: Visitor,
    session: Session,
    Form(form): Form<FinishForm>,
) -> Result<Response, Problem> {
    must_be_on(&app)?;
    let next = form.next.and_then(|next| app.links.own(&next));
    let refused = match app.sign_ins.finish_with_passkey(&form.token, form.passkey.answer(), &visitor.origin).await {
        Ok(proved) => {
            if let Some(begun) = land(&app, &session, &proved, &visitor, next.as_deref()).await? {
                return Ok(begun);
            }
            NotSignedIn::HalfTooOld
        }
        Err(refused) => refused,
    };
    let half = Half { token: form.token, next: next.unwrap_or_default() };
    half_again(&app, visitor.layout, refused, half).await
}
