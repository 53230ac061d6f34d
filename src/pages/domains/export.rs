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
use crate::pages::forms::{ExportForm, Form};
use crate::pages::guard::In;
use crate::pages::{App, Problem};
use crate::services::Failure;
use crate::services::csv::Csv;
use crate::services::domain_export::DomainExport;

pub fn routes() -> Router<App> {
    Router::new().route("/domains/{domain}/export", post(create))
}

/// The file is written as the browser takes it, so that a large domain needs no more memory than a small one.
async fn create(
    State(app): State<App>,
    request: In<ViewMail>,
    Form(form): Form<ExportForm<Fields>>,
) -> Result<Response, Problem> {
    let csv = Csv::named(&form.format, request.guard.layout.say.0).unwrap_or(Csv::Plain);
    let (choice, now) = (form.fields.read(), app.clock.now());
    let export = DomainExport::begin(&app.resets, &app.audit, &request.can, &choice, csv, now).await?;
    let day = now.to_zoned(app.zone.clone()).strftime("%Y-%m-%d").to_string();
    let name = format!("attachment; filename=\"{}-{day}.csv\"", request.can.domain());
    let content = "text/csv; charset=utf-8; header=present".to_owned();
    let body = Body::from_stream(stream::iter(export.map(Ok::<_, Failure>)));
    Ok(([(CONTENT_TYPE, content), (CONTENT_DISPOSITION, name)], body).into_response())
}
