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

use super::forms::Form;
use super::guard::Visitor;
use super::{App, Layout, Problem, sign_in};
use crate::access::password::SHORTEST;
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
    shortest: usize,
    name: String,
    token_problem: String,
    name_problem: String,
    password_problem: String,
}

impl SetupPage {
    const fn new(layout: Layout, name: String) -> Self {
        Self {
            layout,
            shortest: SHORTEST,
            name,
            token_problem: String::new(),
            name_problem: String::new(),
            password_problem: String::new(),
        }
    }
}

async fn show(State(app): State<App>, visitor: Visitor) -> Result<SetupPage, Problem> {
    if !app.sign_ins.are_local() {
        return Err(Problem::LocalOff);
    }
    if !app.sign_ins.setup_is_open().await.map_err(Failure::from)? {
        return Err(Problem::SetUpAlready);
    }
    Ok(SetupPage::new(visitor.layout, String::new()))
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
    let mut page = SetupPage::new(visitor.layout.clone(), form.name.clone());
    let Ok(name) = StaffName::parse(&form.name) else {
        say.name_unfit().clone_into(&mut page.name_problem);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    match app.sign_ins.set_up(&form.token, &name, form.password, &visitor.origin).await {
        Ok(proved) => {
            let begun = sign_in::begin(&app, &session, &proved, &visitor, None).await?;
            return begun.ok_or(Problem::Internal);
        }
        Err(NotSetUp::WrongToken) => say.setup_token_wrong().clone_into(&mut page.token_problem),
        Err(NotSetUp::Staff(StaffProblem::Unfit(unfit))) => page.password_problem = page.layout.unfit(unfit),
        Err(NotSetUp::Store(error) | NotSetUp::Staff(StaffProblem::Store(error))) => {
            return Err(Failure::from(error).into());
        }
        Err(NotSetUp::Staff(StaffProblem::Busy(_))) => return Err(Failure::Busy.into()),
        Err(NotSetUp::Staff(_)) => return Err(Problem::Internal),
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
