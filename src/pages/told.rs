//! Putting away what one was shown about how one signs in. The layout shows it, on every page.

use axum::Router;
use axum::extract::State;
use axum::response::Redirect;
use axum::routing::post;
use serde::Deserialize;

use super::forms::Form;
use super::guard::Guard;
use super::{App, Problem};
use crate::services::Failure;

pub fn routes() -> Router<App> {
    Router::new().route("/profile/notices", post(put_away))
}

#[derive(Deserialize)]
struct SeenForm {
    /// The newest notice that stood on the page.
    seen: i64,
}

async fn put_away(State(app): State<App>, guard: Guard, Form(form): Form<SeenForm>) -> Result<Redirect, Problem> {
    let is_all = app.staff.put_notices_away(guard.gate.asker(), form.seen).await.map_err(Failure::from)?;
    // What is left is there to be put away once they come back.
    if is_all {
        Ok(Redirect::to(&app.links.profile()))
    } else {
        Err(Problem::SignIn(app.links.sign_in_again(&app.links.profile())))
    }
}
