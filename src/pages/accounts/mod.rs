//! Pages about accounts.

mod contact;
mod create;
mod delete;
mod edit;
mod facts;
mod last;
mod mailing;
mod proving;
mod reset;
mod settings;
pub(super) mod show;
mod typed;

use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};

use super::guard::Guard;
use super::{App, Problem};
use crate::services::Failure;

pub fn routes() -> Router<App> {
    Router::new()
        .merge(show::routes())
        .merge(reset::routes())
        .merge(edit::routes())
        .merge(delete::routes())
        .merge(contact::routes())
        .merge(create::routes())
}

/// What a page was made of, or where the person is led instead: an alias has a page of its own. A denial is recorded.
async fn made<T>(app: &App, guard: &Guard, made: Result<T, Failure>) -> Result<Result<T, Response>, Problem> {
    match made {
        Ok(made) => Ok(Ok(made)),
        Err(Failure::IsAlias { address, .. }) => Ok(Err(Redirect::to(&app.links.alias(&address)).into_response())),
        Err(Failure::Denied(denied)) => guard.granted(app, Err(denied)).await,
        Err(failure) => Err(failure.into()),
    }
}
