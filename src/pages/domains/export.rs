//! A domain's accounts and aliases as a file: posted, because every export is recorded.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use futures_util::stream;

use super::list::Fields;
use crate::access::ViewMail;
use crate::pages::forms::Form;
use crate::pages::guard::In;
use crate::pages::{App, Problem};
use crate::services::Failure;

pub fn routes() -> Router<App> {
    Router::new().route("/domains/{domain}/export", post(create))
}

/// The file is written as the browser takes it, so that a large domain needs no more memory than a small one.
async fn create(
    State(app): State<App>,
    request: In<ViewMail>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let export = app.directory.export(&app.audit, &request.can, &fields.read()).await?;
    let day = app.clock.now().to_zoned(app.zone.clone()).strftime("%Y-%m-%d").to_string();
    let name = format!("attachment; filename=\"{}-{day}.csv\"", request.can.domain());
    let content = "text/csv; charset=utf-8; header=present".to_owned();
    let body = Body::from_stream(stream::iter(export.map(Ok::<_, Failure>)));
    Ok(([(CONTENT_TYPE, content), (CONTENT_DISPOSITION, name)], body).into_response())
}
