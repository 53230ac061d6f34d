//! Inviting somebody to the staff, and the page that shows an invitation's link once.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::grants::{GrantFields, read};
use super::{AGAIN, problem};
use crate::access::ManageStaff;
use crate::model::{Role, StaffName};
use crate::pages::forms::{Fields, Form};
use crate::pages::guard::Over;
use crate::pages::layout::At;
use crate::pages::{App, Layout, Problem};
use crate::services::staff::{Invitation, StaffProblem};

pub fn routes() -> Router<App> {
    Router::new().route("/staff/new", get(new).post(create))
}

#[derive(Template, WebTemplate)]
#[template(path = "staff/new.html")]
struct NewStaffPage {
    layout: Layout,
    name: String,
    name_problem: String,
    grants: GrantFields,
    grants_problem: String,
}

/// The link of an invitation, for the only time.
#[derive(Template, WebTemplate)]
#[template(path = "staff/invitation.html")]
pub(super) struct InvitationPage {
    layout: Layout,
    invitation: Invitation,
    link: String,
}

impl InvitationPage {
    pub fn shows(layout: Layout, invitation: Invitation) -> Response {
        let link = layout.links.absolute(&layout.links.invitation(&invitation.token));
        (StatusCode::CREATED, Self { layout: layout.at(At::Staff), invitation, link }).into_response()
    }
}

async fn new(
    State(app): State<App>,
    request: Over<ManageStaff>,
    Query(fields): Query<Fields>,
) -> Result<Response, Problem> {
    let next = app.links.staff_new_with(&fields);
    app.staff.must_be_fresh(&request.can).map_err(|why| problem(&app, why, &next))?;
    let page = page(&app, request, &fields, (String::new(), String::new())).await?;
    Ok(page.into_response())
}

async fn page(
    app: &App,
    request: Over<ManageStaff>,
    fields: &Fields,
    (name_problem, grants_problem): (String, String),
) -> Result<NewStaffPage, Problem> {
    let grants = GrantFields::of(app, &request.guard.gate, &read(fields)?).await?;
    let layout = request.guard.layout.at(At::Staff);
    Ok(NewStaffPage { layout, name: name(fields).to_owned(), name_problem, grants, grants_problem })
}

fn name(fields: &Fields) -> &str {
    fields.iter().find(|(field, _)| field == "name").map_or("", |(_, value)| value)
}

async fn create(
    State(app): State<App>,
    request: Over<ManageStaff>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let say = request.guard.layout.say;
    let grants = read(&fields)?;
    let unfit = |sentence: &str| (sentence.to_owned(), String::new());
    let problems = match StaffName::parse(name(&fields)) {
        Err(_) => unfit(say.name_unfit()),
        Ok(_) if grants.is_empty() => (String::new(), say.grants_missing().to_owned()),
        Ok(name) => match app.staff.invite_new(&request.can, &name, &grants).await {
            Ok(invitation) => return Ok(InvitationPage::shows(request.guard.layout, invitation)),
            Err(StaffProblem::NameTaken(name)) => unfit(&say.name_taken(name.as_str())),
            Err(why) => return Err(problem(&app, why, &app.links.staff_new_with(&fields))),
        },
    };
    Ok((AGAIN, page(&app, request, &fields, problems).await?).into_response())
}
