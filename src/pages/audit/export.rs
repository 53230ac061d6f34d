//! The audit as a file: posted, because every export is recorded, and what others make a browser fetch shall not be.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use futures_util::stream;

use super::filter::Fields;
use super::show::AuditPage;
use crate::access::ReadAudit;
use crate::pages::forms::{ExportForm, Form};
use crate::pages::guard::Guard;
use crate::pages::{App, Problem};
use crate::services::audit::format::Format;

pub fn routes() -> Router<App> {
    Router::new().route("/audit/export", post(create))
}

/// The file is made as the browser takes it, so that a long audit needs no more memory than a short one. If something
/// breaks in between, the connection breaks too: a file that is not whole never looks as if it were.
async fn create(
    State(app): State<App>,
    guard: Guard,
    Form(mut form): Form<ExportForm<Fields>>,
) -> Result<Response, Problem> {
    let can = guard.granted(&app, guard.gate.can::<ReadAudit>()).await?;
    let Some(filter) = form.fields.read(&app.zone, guard.layout.say) else {
        return Ok(AuditPage::unread(guard.layout, form.fields));
    };
    let format = Format::named(&form.format, guard.layout.say.0).ok_or(Problem::Unreadable)?;
    let now = app.clock.now();
    let export = app.audit.export(&can, filter, format, now).await?;
    let pieces = stream::try_unfold(export, |mut export| async move {
        let piece = export.next().await?;
        Ok::<_, crate::services::Failure>(piece.map(|piece| (piece, export)))
    });
    let content = match format {
        Format::Csv(_) => "text/csv; charset=utf-8; header=present",
        Format::JsonLines => "application/jsonl; charset=utf-8",
    };
    let day = now.to_zoned(app.zone.clone()).strftime("%Y-%m-%d").to_string();
    let name = format!("attachment; filename=\"nyckel-audit-{day}.{}\"", format.ending());
    Ok(([(CONTENT_TYPE, content.to_owned()), (CONTENT_DISPOSITION, name)], Body::from_stream(pieces)).into_response())
}
