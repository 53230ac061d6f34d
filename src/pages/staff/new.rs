//! Inviting somebody to the staff, and the page that shows an invitation's link once.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::grants::{GrantFields, read};
use super::names::NameFields;
use super::{not_done, problem};
use crate::access::ManageStaff;
use crate::model::{NewStaff, Role};
use crate::pages::drafts::{asked_for, left};
use crate::pages::faults::{Filled, Place, answer};
use crate::pages::field::Field;
use crate::pages::forms::{Fields, Form};
use crate::pages::guard::Over;
use crate::pages::layout::At;
use crate::pages::notice::AGAIN;
use crate::pages::{App, Layout, Problem};
use crate::services::staff::Invitation;

pub fn routes() -> Router<App> {
    Router::new().route("/staff/new", get(new).post(create))
}

#[derive(Template, WebTemplate)]
#[template(path = "staff/new.html")]
struct NewStaffPage {
    layout: Layout,
    names: NameFields,
    grants: GrantFields,
    everywhere: Field,
}

impl Filled for NewStaffPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        let say = self.layout.say;
        let everywhere = Place::new("everywhere", say.everywhere(), &mut self.everywhere);
        self.names.places(say).into_iter().chain([everywhere]).collect()
    }
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
    Query(question): Query<Fields>,
) -> Result<Response, Problem> {
    if !app.sign_ins.are_local() {
        return Err(Problem::LocalOff);
    }
    let form = app.links.staff_new();
    let typed = left(&app, &request.guard, &form, &question).await?.unwrap_or_default();
    let here = asked_for(form, &question);
    app.staff.may_give(&request.can).await.map_err(|why| problem(&app, why, &here))?;
    let page = page(&app, request, &typed, NameFields::typed(&typed), Field::default()).await?;
    Ok(page.into_response())
}

async fn page(
    app: &App,
    request: Over<ManageStaff>,
    fields: &Fields,
    names: NameFields,
    everywhere: Field,
) -> Result<NewStaffPage, Problem> {
    let grants = GrantFields::of(app, &request.guard.gate, &read(fields)?).await?;
    Ok(NewStaffPage { layout: request.guard.layout.at(At::Staff), names, grants, everywhere })
}

async fn create(
    State(app): State<App>,
    request: Over<ManageStaff>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let say = request.guard.layout.say;
    let (grants, mut names) = (read(&fields)?, NameFields::typed(&fields));
    let mut everywhere = Field::default();
    if grants.is_empty() {
        everywhere = everywhere.wrong(say.grants_missing());
    }
    match names.read(say) {
        Some((name, display_name)) if !everywhere.is_wrong() => {
            match app.staff.invite_new(&request.can, &NewStaff { name, display_name, grants }).await {
                Ok(invitation) => return Ok(InvitationPage::shows(request.guard.layout, invitation)),
                Err(why) => {
                    if let Err(why) = names.taken(say, why) {
                        let form = app.links.staff_new();
                        return Err(not_done(&app, &request.guard, why, form, &fields).await);
                    }
                }
            }
        }
        _ => {}
    }
    Ok(answer(AGAIN, page(&app, request, &fields, names, everywhere).await?))
}
