//! Making the first admin, with the one-time token that the first start prints.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use secrecy::SecretString;
use serde::Deserialize;
use tower_sessions::Session;

use super::field::Field;
use super::forms::Form;
use super::landing::land;
use super::visit::Visitor;
use super::{App, Layout, Problem};
use crate::model::StaffName;
use crate::services::Failure;
use crate::services::sign_ins::set_up::NotSetUp;
use crate::services::staff::StaffProblem;

pub fn routes() -> Router<App> {
    Router::new().route("/setup", get(show).post(create))
}

#[derive(Deserialize)]
struct SetupForm {
    token: SecretString,
    name: String,
    password: SecretString,
}

#[derive(Template, WebTemplate)]
#[template(path = "setup.html")]
struct SetupPage {
    layout: Layout,
    token: Field,
    name: Field,
    password: Field,
}

async fn show(State(app): State<App>, visitor: Visitor) -> Result<SetupPage, Problem> {
    if !app.sign_ins.are_local() {
        return Err(Problem::LocalOff);
    }
    if !app.sign_ins.setup_is_open().await.map_err(Failure::from)? {
        return Err(Problem::SetUpAlready);
    }
    let token = Field::default().focused();
    Ok(SetupPage { layout: visitor.layout, token, name: Field::default(), password: Field::default() })
}

async fn create(
    State(app): State<App>,
    visitor: Visitor,
    session: Session,
    Form(form): Form<SetupForm>,
) -> Result<Response, Problem> {
    if !app.sign_ins.are_local() {
        return Err(Problem::LocalOff);
    }
    let say = visitor.layout.say;
    let field = Field::default;
    let page =
        SetupPage { layout: visitor.layout.clone(), token: field(), name: Field::of(&form.name), password: field() };
    let Ok(name) = StaffName::parse(&form.name) else {
        let name = page.name.wrong(say.name_unfit());
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, SetupPage { name, ..page }).into_response());
    };
    let page = match app.sign_ins.set_up(&form.token, &name, form.password, &visitor.origin).await {
        Ok(proved) => {
            let begun = land(&app, &session, &proved, &visitor, None).await?;
            return begun.ok_or(Problem::Internal);
        }
        Err(NotSetUp::WrongToken) => SetupPage { token: field().wrong(say.setup_token_wrong()), ..page },
        Err(NotSetUp::Staff(StaffProblem::Unfit(unfit))) => {
            SetupPage { password: field().wrong(page.layout.unfit(unfit)), ..page }
        }
        Err(NotSetUp::Store(error) | NotSetUp::Staff(StaffProblem::Store(error))) => {
            return Err(Failure::from(error).into());
        }
        Err(NotSetUp::Staff(StaffProblem::Busy(_))) => return Err(Failure::Busy.into()),
        Err(NotSetUp::Staff(_)) => return Err(Problem::Internal),
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
