//! Pages about passkeys: adding them, signing in with them, proving anew who one is. Each asks the panel for
//! a challenge by script first; without script everything else works.

mod again;
mod new;
mod sign_in;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{App, Problem};
use crate::services::passkeys::{Answer, Asked};

pub fn routes() -> Router<App> {
    Router::new().merge(again::routes()).merge(new::routes()).merge(sign_in::routes())
}

/// What every form brings back from a passkey; empty where the script got no challenge, so that the page says why.
#[derive(Deserialize)]
struct PasskeyFields {
    ceremony: String,
    answer: String,
}

impl PasskeyFields {
    fn answer(&self) -> Answer<'_> {
        Answer { token: &self.ceremony, text: &self.answer }
    }
}

/// Without a name to be known by there are no such pages.
fn must_be_on(app: &App) -> Result<(), Problem> {
    if app.passkeys.are_on() { Ok(()) } else { Err(Problem::NotFound) }
}

/// A challenge, for the script that asked for it.
fn asked(asked: &Asked) -> Response {
    let Asked { token, options } = asked;
    ([(CONTENT_TYPE, "application/json")], format!(r#"{{"token":"{token}","publicKey":{options}}}"#)).into_response()
}
