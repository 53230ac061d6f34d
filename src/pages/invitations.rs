//! Using an invitation: a staff member sets their own password with a link that works once.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use secrecy::SecretString;
use serde::Deserialize;

use super::faults::{Filled, Place, answer};
use super::field::Field;
use super::forms::Form;
use super::staff::problem;
use super::visit::Visitor;
use super::{App, Layout, Problem};
use crate::model::Staff;
use crate::services::staff::StaffProblem;

pub fn routes() -> Router<App> {
    Router::new().route("/invitations/{token}", get(show).post(accept))
}

#[derive(Deserialize)]
struct PasswordForm {
    password: SecretString,
}

#[derive(Template, WebTemplate)]
#[template(path = "invitation.html")]
struct InvitedPage {
    layout: Layout,
    staff: Staff,
    password: Field,
}

impl Filled for InvitedPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        vec![Place::new("password", self.layout.say.new_password(), &mut self.password)]
    }
}

async fn show(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Result<InvitedPage, Problem> {
    page(&app, visitor, &token.into(), Field::default().focused()).await
}

async fn page(app: &App, visitor: Visitor, token: &SecretString, password: Field) -> Result<InvitedPage, Problem> {
    let staff = app.staff.invited(token).await.map_err(|why| problem(app, why, &app.links.sign_in()))?;
    Ok(InvitedPage { layout: visitor.layout, staff, password })
}

async fn accept(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Problem> {
    let token = SecretString::from(token);
    let unfit = match app.staff.accept(&token, form.password, &visitor.origin).await {
        Ok(_) => return Ok(Redirect::to(&format!("{}?welcome=1", app.links.sign_in())).into_response()),
        Err(StaffProblem::Unfit(unfit)) => visitor.layout.unfit(unfit),
        Err(why) => return Err(problem(&app, why, &app.links.sign_in())),
    };
    let password = Field::default().wrong(unfit);
    Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, page(&app, visitor, &token, password).await?))
}
