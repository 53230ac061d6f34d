//! Forms whose people prove anew who they are, and come back to what they had typed.

use serde::Serialize;
use serde::de::DeserializeOwned;

use axum::http::StatusCode;

use super::guard::Guard;
use super::notice::Notice;
use super::{App, Layout, Problem};

/// Where somebody proves who they are, and comes back from to this form with what they had typed.
pub async fn prove_first(app: &App, guard: &Guard, form: &str, typed: &impl Serialize) -> Problem {
    match app.drafts.keep(guard.gate.asker(), form, typed).await {
        Ok(()) => Problem::SignIn(app.links.sign_in_again(&format!("{form}?draft=yes"))),
        Err(failure) => failure.into(),
    }
}

/// What was typed into this form by somebody who comes back to it, if the question says so.
///
/// # Errors
/// [`Problem`]: the database failed.
pub async fn left<T: DeserializeOwned>(
    app: &App,
    guard: &Guard,
    form: &str,
    asked: Option<&str>,
) -> Result<Option<T>, Problem> {
    match asked {
        Some(_) => Ok(app.drafts.find(guard.gate.asker(), form).await?),
        None => Ok(None),
    }
}

/// What stands above the form then.
pub fn notice(layout: &Layout) -> Notice {
    Notice { status: StatusCode::OK, said: layout.say.p_draft() }
}
