//! One staff member, and what an admin can do about them.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::list::{Standing, standing};
use super::new::InvitationPage;
use super::{id, problem};
use crate::access::ManageStaff;
use crate::model::{StaffId, StaffRecord};
use crate::pages::guard::Over;
use crate::pages::layout::At;
use crate::pages::{App, Layout, Problem};
use crate::services::staff::StaffProblem;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/{id}", get(show))
        .route("/staff/{id}/invite", post(invite))
        .route("/staff/{id}/end-sessions", post(end_sessions))
        .route("/staff/{id}/reset-second-factor", post(reset_second_factor))
        .route("/staff/{id}/disable", post(disable))
        .route("/staff/{id}/enable", post(enable))
}

#[derive(Deserialize)]
struct Question {
    /// What was just done.
    done: Option<String>,
}

#[derive(Template, WebTemplate)]
#[template(path = "staff/show.html")]
struct PersonPage {
    layout: Layout,
    record: StaffRecord,
    grants: Vec<String>,
    standing: Standing,
    /// Nobody changes what they may do themselves.
    is_self: bool,
    /// Whether a link to a new password is any good to them.
    may_invite: bool,
    done: Option<&'static str>,
}

async fn show(
    State(app): State<App>,
    request: Over<ManageStaff>,
    Path(staff): Path<String>,
    Query(question): Query<Question>,
) -> Result<PersonPage, Problem> {
    let staff = id(staff)?;
    let record = app.staff.member(&request.can, &staff).await;
    let record = record.map_err(|why| problem(&app, why, &app.links.staff()))?;
    let layout = request.guard.layout.at(At::Staff);
    let say = layout.say;
    let done = match question.done.as_deref() {
        Some("saved") => Some(say.staff_saved()),
        Some("named") => Some(say.staff_named()),
        Some("ended") => Some(say.staff_ended()),
        Some("factor") => Some(say.staff_factor_reset()),
        Some("disabled") => Some(say.staff_disabled_now()),
        Some("enabled") => Some(say.staff_enabled_now()),
        _ => None,
    };
    Ok(PersonPage {
        grants: record.staff.grants.iter().map(|grant| say.grant(grant)).collect(),
        standing: standing(&layout, &record),
        may_invite: app.sign_ins.are_local() && !record.staff.single_sign_on,
        is_self: request.can.asker().staff.id == staff,
        layout,
        record,
        done,
    })
}

async fn invite(
    State(app): State<App>,
    request: Over<ManageStaff>,
    Path(staff): Path<String>,
) -> Result<Response, Problem> {
    let staff = id(staff)?;
    match app.staff.invite_again(&request.can, &staff).await {
        Ok(invitation) => Ok(InvitationPage::shows(request.guard.layout, invitation)),
        Err(why) => Err(problem(&app, why, &app.links.staff_member(&staff))),
    }
}

/// What a button did, told on the person's page; or why it did nothing.
fn answer(app: &App, staff: &StaffId, done: Result<(), StaffProblem>, word: &str) -> Result<Redirect, Problem> {
    let link = app.links.staff_member(staff);
    done.map_err(|why| problem(app, why, &link))?;
    Ok(Redirect::to(&format!("{link}?done={word}")))
}

async fn end_sessions(
    State(app): State<App>,
    request: Over<ManageStaff>,
    Path(staff): Path<String>,
) -> Result<Redirect, Problem> {
    let staff = id(staff)?;
    answer(&app, &staff, app.staff.end_sessions(&request.can, &staff).await, "ended")
}

async fn reset_second_factor(
    State(app): State<App>,
    request: Over<ManageStaff>,
    Path(staff): Path<String>,
) -> Result<Redirect, Problem> {
    let staff = id(staff)?;
    answer(&app, &staff, app.staff.reset_second_factor(&request.can, &staff).await, "factor")
}

async fn disable(
    State(app): State<App>,
    request: Over<ManageStaff>,
    Path(staff): Path<String>,
) -> Result<Redirect, Problem> {
    let staff = id(staff)?;
    answer(&app, &staff, app.staff.disable(&request.can, &staff).await, "disabled")
}

async fn enable(
    State(app): State<App>,
    request: Over<ManageStaff>,
    Path(staff): Path<String>,
) -> Result<Redirect, Problem> {
    let staff = id(staff)?;
    answer(&app, &staff, app.staff.enable(&request.can, &staff).await, "enabled")
}
