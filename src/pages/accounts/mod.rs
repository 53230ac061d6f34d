//! Pages about accounts.

mod create;
mod delete;
mod edit;
mod reset;
mod settings;
pub(super) mod show;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::guard::Guard;
use super::{App, Layout, Problem};
use crate::services::Failure;
use crate::texts::Said;

pub fn routes() -> Router<App> {
    Router::new()
        .merge(show::routes())
        .merge(reset::routes())
        .merge(edit::routes())
        .merge(delete::routes())
        .merge(create::routes())
}

/// The status of a form that is shown again.
const AGAIN: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// What stands above a form that is shown again, and with which status it is.
struct Notice {
    status: StatusCode,
    said: Said,
}

impl Notice {
    /// Of a failure that the form had better survive: GleSYS does not answer now.
    fn of(layout: &Layout, failure: Failure) -> Result<Self, Problem> {
        let is_passing = matches!(failure, Failure::Glesys(_));
        let problem = Problem::from(failure);
        if is_passing { Ok(Self { status: problem.status(), said: problem.said(layout) }) } else { Err(problem) }
    }
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
