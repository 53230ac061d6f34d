//! One staff member, and what an admin can do about them.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::list::{Status, status};
use super::new::InvitationPage;
use super::{id, problem};
use crate::access::ManageStaff;
use crate::model::{HeldCredentials, StaffId, StaffRecord};
use crate::pages::endings::{EndingFields, EndingForm};
use crate::pages::faults::{self, Filled, Place};
use crate::pages::forms::Form;
use crate::pages::guard::Over;
use crate::pages::layout::At;
use crate::pages::notice::AGAIN;
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
    /// What they can sign in with.
    held: HeldCredentials,
    endings: EndingFields,
    grants: Vec<String>,
    status: Status,
    /// Nobody changes what they may do themselves.
    is_self: bool,
    /// Whether a link to a new password is any good to them.
    may_invite: bool,
    done: Option<&'static str>,
}

impl Filled for PersonPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        vec![self.endings.place(self.layout.say)]
    }
}

async fn show(
    State(app): State<App>,
    request: Over<ManageStaff>,
    Path(staff): Path<String>,
    Query(question): Query<Question>,
) -> Result<PersonPage, Problem> {
    let say = request.guard.layout.say;
    let done = match question.done.as_deref() {
        Some("saved") => Some(say.staff_saved()),
        Some("named") => Some(say.staff_named()),
        Some("ended") => Some(say.staff_ended()),
        Some("factor") => Some(say.staff_factor_reset()),
        Some("disabled") => Some(say.staff_disabled_now()),
        Some("enabled") => Some(say.staff_enabled_now()),
        _ => None,
    };
    page(&app, request, id(staff)?, done).await
}

async fn page(
    app: &App,
    request: Over<ManageStaff>,
    staff: StaffId,
    done: Option<&'static str>,
) -> Result<PersonPage, Problem> {
    let (record, held) = (app.staff.member(&request.can, &staff).await, app.staff.held(&request.can, &staff).await);
    let not_shown = |why| problem(app, why, &app.links.staff());
    let (record, held) = (record.map_err(not_shown)?, held.map_err(not_shown)?);
    let layout = request.guard.layout.at(At::Staff);
    let say = layout.say;
    Ok(PersonPage {
        grants: record.staff.grants.iter().map(|grant| say.grant(grant)).collect(),
        status: status(&layout, &record),
        may_invite: app.sign_ins.are_local() && !record.staff.single_sign_on,
        is_self: request.can.asker().staff.id == staff,
        endings: EndingFields::default(),
        layout,
        record,
        held,
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

/// What a button did, shown on the person's page; or why it did nothing.
fn answer(app: &App, staff: &StaffId, done: Result<(), StaffProblem>, word: &str) -> Result<Redirect, Problem> {
    let link = app.links.staff_member(staff);
    done.map_err(|why| problem(app, why, &link))?;
    Ok(Redirect::to(&format!("{link}?done={word}")))
}

async fn end_sessions(
    State(app): State<App>,
    request: Over<ManageStaff>,
    Path(staff): Path<String>,
    Form(form): Form<EndingForm>,
) -> Result<Response, Problem> {
    let staff = id(staff)?;
    let Some(ending) = form.read(&app) else {
        let endings = EndingFields::wrong(form, request.guard.layout.say);
        let page = page(&app, request, staff, None).await?;
        return Ok(faults::answer(AGAIN, PersonPage { endings, ..page }));
    };
    let ended = app.staff.end_sessions(&request.can, &staff, ending).await.map(drop);
    Ok(answer(&app, &staff, ended, "ended")?.into_response())
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
