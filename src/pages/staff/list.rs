//! Everybody on the staff.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::State;
use axum::routing::get;

use super::problem;
use crate::access::ManageStaff;
use crate::model::StaffRecord;
use crate::pages::guard::Over;
use crate::pages::layout::At;
use crate::pages::{App, Layout, Problem};

pub fn routes() -> Router<App> {
    Router::new().route("/staff", get(show))
}

#[derive(Template, WebTemplate)]
#[template(path = "staff/list.html")]
struct StaffPage {
    layout: Layout,
    staff: Vec<StaffLine>,
    /// Whether anybody can be invited: an invitation ends in a password.
    may_invite: bool,
}

struct StaffLine {
    record: StaffRecord,
    grants: String,
    status: Status,
}

/// Whether somebody can sign in, in a mark.
pub(super) struct Status {
    pub mark: String,
    /// `good`, `warn` or empty.
    pub tone: &'static str,
}

async fn show(State(app): State<App>, request: Over<ManageStaff>) -> Result<StaffPage, Problem> {
    let layout = request.guard.layout.at(At::Staff);
    let staff = app.staff.list(&request.can).await.map_err(|why| problem(&app, why, &app.links.staff()))?;
    let line = |record: StaffRecord| StaffLine {
        grants: layout.say.grants(&record.staff.grants),
        status: status(&layout, &record),
        record,
    };
    let staff = staff.into_iter().map(line).collect();
    Ok(StaffPage { layout, staff, may_invite: app.sign_ins.are_local() })
}

pub(super) fn status(layout: &Layout, record: &StaffRecord) -> Status {
    let say = layout.say;
    let invited = record.invited_until.filter(|until| *until > layout.times.now);
    let may_sign_in = record.has_password || record.staff.single_sign_on;
    let (mark, tone) = match (record.staff.disabled_at, may_sign_in, invited) {
        (Some(_), ..) => (say.staff_disabled().to_owned(), "warn"),
        (None, true, _) => (say.staff_active().to_owned(), "good"),
        (None, false, Some(until)) => (say.staff_invited(&layout.times.full(&until)), ""),
        (None, false, None) => (say.staff_not_in().to_owned(), "warn"),
    };
    Status { mark, tone }
}
