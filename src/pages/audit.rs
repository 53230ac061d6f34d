//! The audit, for those who may read it.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use serde::Deserialize;

use super::guard::Guard;
use super::layout::At;
use super::{App, Layout, Problem};
use crate::access::ReadAudit;
use crate::model::{Address, AuditKind, AuditRow, StaffName};
use crate::services::audit::AuditFilter;

pub fn routes() -> Router<App> {
    Router::new().route("/audit", get(show))
}

#[derive(Deserialize)]
struct Question {
    kind: Option<String>,
    staff: Option<String>,
    address: Option<String>,
    before: Option<i64>,
}

#[derive(Template, WebTemplate)]
#[template(path = "audit.html")]
struct AuditPage {
    layout: Layout,
    kind: Option<AuditKind>,
    staff: String,
    address: String,
    address_problem: bool,
    rows: Vec<AuditRow>,
    /// The link to the rows before these.
    older: Option<String>,
    is_first: bool,
}

async fn show(State(app): State<App>, guard: Guard, Query(question): Query<Question>) -> Result<AuditPage, Problem> {
    let can = guard.granted(&app, guard.gate.can::<ReadAudit>()).await?;
    let kind = question.kind.as_deref().and_then(AuditKind::named);
    let (staff, address) = (question.staff.unwrap_or_default(), question.address.unwrap_or_default());
    let filter = AuditFilter {
        kind,
        staff_name: StaffName::parse(&staff).ok().map(|name| name.to_string()),
        address: Address::parse(&address).ok(),
        before: question.before,
    };
    let address_problem = !address.is_empty() && filter.address.is_none();
    let (rows, more) = app.audit.page(&can, &filter).await?;
    let last = rows.last().map(|row| row.seq).filter(|_| more);
    let older = last.map(|seq| older_link(&app, kind, &staff, &address, seq));
    let is_first = question.before.is_none();
    let layout = guard.layout.at(At::Audit);
    Ok(AuditPage { layout, kind, staff, address, address_problem, rows, older, is_first })
}

fn older_link(app: &App, kind: Option<AuditKind>, staff: &str, address: &str, before: i64) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("kind", kind.map_or("", AuditKind::name))
        .append_pair("staff", staff)
        .append_pair("address", address)
        .append_pair("before", &before.to_string())
        .finish();
    format!("{}?{query}", app.links.audit())
}
