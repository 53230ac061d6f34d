//! The audit, for those who may read it.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use super::filter::Fields;
use crate::access::ReadAudit;
use crate::model::{ApprovalId, AuditKind, AuditRow, BatchId, Fact, Facts, OperationState};
use crate::pages::faults::{Filled, Place, answer};
use crate::pages::guard::Guard;
use crate::pages::layout::At;
use crate::pages::{App, Layout, Problem};
use crate::services::audit::AuditFilter;

pub fn routes() -> Router<App> {
    Router::new().route("/audit", get(show))
}

/// Which page of the rows that match; neither is the newest.
#[derive(Deserialize)]
struct Cursor {
    before: Option<i64>,
    after: Option<i64>,
}

#[derive(Template, WebTemplate)]
#[template(path = "audit/show.html")]
pub(super) struct AuditPage {
    layout: Layout,
    fields: Fields,
    rows: Vec<AuditRow>,
    /// The links to the rows recorded after and before these.
    newer: Option<String>,
    older: Option<String>,
}

impl Filled for AuditPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        self.fields.places(self.layout.say)
    }
}

/// A fact of a row, in words.
struct FactLine {
    said: String,
    /// Where more is told of it.
    link: Option<String>,
    /// Whether that is outside the panel.
    is_outside: bool,
}

impl AuditPage {
    /// The facts of a row; a batch and an approval lead to their pages, a ticket to where the company keeps it.
    fn facts(&self, facts: &Facts) -> Vec<FactLine> {
        let Layout { say, times, links, .. } = &self.layout;
        let line = |(fact, said)| {
            let link = match fact {
                Fact::Batch => facts.text(fact).and_then(|id| Some(links.batch(&BatchId::parse(id).ok()?))),
                Fact::Approval => facts.text(fact).and_then(|id| Some(links.approval(&ApprovalId::parse(id).ok()?))),
                Fact::Ticket => facts.text(fact).and_then(|ticket| links.ticket(ticket)),
                _ => None,
            };
            FactLine { said, link, is_outside: fact == Fact::Ticket }
        };
        say.each_fact(&times.facts(facts)).map(line).collect()
    }

    /// The page that only says what is wrong with the filter.
    pub fn unread(layout: Layout, fields: Fields) -> Response {
        let page = Self { layout: layout.at(At::Audit), fields, rows: Vec::new(), newer: None, older: None };
        answer(StatusCode::UNPROCESSABLE_ENTITY, page)
    }
}

async fn show(
    State(app): State<App>,
    guard: Guard,
    Query(mut fields): Query<Fields>,
    Query(cursor): Query<Cursor>,
) -> Result<Response, Problem> {
    let can = guard.granted(&app, guard.gate.can::<ReadAudit>()).await?;
    let layout = guard.layout.at(At::Audit);
    let Some(filter) = fields.read(&app.zone, layout.say) else {
        return Ok(AuditPage::unread(layout, fields));
    };
    let page = app.audit.page(&can, AuditFilter { before: cursor.before, after: cursor.after, ..filter }).await?;
    let link = |way, seq| format!("{}?{}", app.links.audit(), fields.query(way, seq));
    let newer = page.newer.map(|seq| link("after", seq));
    let older = page.older.map(|seq| link("before", seq));
    Ok(AuditPage { layout, fields, rows: page.rows, newer, older }.into_response())
}
