//! What a staff member may do, to be changed by somebody else.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::grants::{GrantFields, read};
use super::{id, not_done, problem};
use crate::access::ManageStaff;
use crate::model::{Grant, Role, StaffRecord};
use crate::pages::drafts::{asked_for, left};
use crate::pages::faults::{Filled, Place, answer};
use crate::pages::field::Field;
use crate::pages::forms::{Fields, Form, field};
use crate::pages::guard::Over;
use crate::pages::layout::At;
use crate::pages::notice::AGAIN;
use crate::pages::{App, Layout, Problem};
use crate::services::staff::{StaffProblem, are_same};

pub fn routes() -> Router<App> {
    Router::new().route("/staff/{id}/edit", get(edit).post(update))
}

#[derive(Template, WebTemplate)]
#[template(path = "staff/edit.html")]
struct EditStaffPage {
    layout: Layout,
    record: StaffRecord,
    /// What the person held when the page was made, as codes.
    was: String,
    grants: GrantFields,
    everywhere: Field,
    /// What somebody else changed the grants to after the form was made.
    overtaken: Option<String>,
}

impl Filled for EditStaffPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        vec![Place::new("everywhere", self.layout.say.everywhere(), &mut self.everywhere)]
    }
}

async fn edit(
    State(app): State<App>,
    request: Over<ManageStaff>,
    Path(staff): Path<String>,
    Query(question): Query<Fields>,
) -> Result<Response, Problem> {
    let record = record(&app, &request, &staff).await?;
    let form = app.links.staff_edit(&record.staff.id);
    let typed = left(&app, &request.guard, &form, &question).await?;
    let here = asked_for(form, &question);
    app.staff.may_give(&request.can).await.map_err(|why| problem(&app, why, &here))?;
    let grants = typed.as_ref().map_or_else(|| Ok(record.staff.grants.clone()), |typed| read(typed))?;
    // Somebody else may have changed the grants while the person proved who they are.
    let is_overtaken = typed.is_some_and(|typed| !are_same(&held(field(&typed, "was")), &record.staff.grants));
    let overtaken = is_overtaken.then(|| request.guard.layout.say.grants(&record.staff.grants));
    let page = page(&app, request, record, &grants).await?;
    Ok(EditStaffPage { overtaken, ..page }.into_response())
}

/// Whom a page changes, who is somebody else.
pub(super) async fn record(app: &App, request: &Over<ManageStaff>, staff: &str) -> Result<StaffRecord, Problem> {
    let staff = id(staff.to_owned())?;
    if request.can.asker().staff.id == staff {
        return Err(Problem::Yourself);
    }
    let record = app.staff.member(&request.can, &staff).await;
    let record = record.map_err(|why| problem(app, why, &app.links.staff()))?;
    if record.staff.single_sign_on { Err(Problem::SignsInElsewhere) } else { Ok(record) }
}

/// What a page says that somebody held. What it can't have said leaves less than there is, so that nothing is saved unseen.
fn held(was: &str) -> Vec<Grant> {
    was.split(' ').filter_map(Grant::coded).collect()
}

async fn page(
    app: &App,
    request: Over<ManageStaff>,
    record: StaffRecord,
    grants: &[Grant],
) -> Result<EditStaffPage, Problem> {
    Ok(EditStaffPage {
        grants: GrantFields::of(app, &request.guard.gate, grants).await?,
        was: Grant::codes(&record.staff.grants).join(" "),
        layout: request.guard.layout.at(At::Staff),
        record,
        everywhere: Field::default(),
        overtaken: None,
    })
}

async fn update(
    State(app): State<App>,
    request: Over<ManageStaff>,
    Path(staff): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let grants = read(&fields)?;
    let was = field(&fields, "was");
    let staff = id(staff)?;
    let say = request.guard.layout.say;
    if grants.is_empty() {
        let record = record(&app, &request, &staff.0).await?;
        let page = page(&app, request, record, &grants).await?;
        let page =
            EditStaffPage { was: was.to_owned(), everywhere: page.everywhere.wrong(say.grants_missing()), ..page };
        return Ok(answer(AGAIN, page));
    }
    match app.staff.set_grants(&request.can, &staff, &held(was), &grants).await {
        Ok(()) => Ok(Redirect::to(&format!("{}?done=saved", app.links.staff_member(&staff))).into_response()),
        Err(StaffProblem::Overtaken) => {
            let record = record(&app, &request, &staff.0).await?;
            let overtaken = Some(say.grants(&record.staff.grants));
            let page = page(&app, request, record, &grants).await?;
            Ok(answer(AGAIN, EditStaffPage { overtaken, ..page }))
        }
        Err(why) => Err(not_done(&app, &request.guard, why, app.links.staff_edit(&staff), &fields).await),
    }
}
