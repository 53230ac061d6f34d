//! Making the first admin, with the one-time token that the first start prints.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use secrecy::SecretString;
use serde::Deserialize;
use tower_sessions::Session;

use super::faults::{Filled, Place, answer};
use super::field::Field;
use super::forms::Form;
use super::landing::land;
use super::notice::AGAIN;
use super::proof::is_empty;
use super::visit::Visitor;
use super::{App, Layout, Problem};
use crate::access::password::Unfit;
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

impl Filled for SetupPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        let say = self.layout.say;
        vec![
            Place::new("token", say.setup_token(), &mut self.token),
            Place::new("name", say.name(), &mut self.name),
            Place::new("password", say.new_password(), &mut self.password),
        ]
    }
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
    // More than that is not looked at without the code: this page takes it from anybody.
    let (is_code_missing, is_password_missing) = (is_empty(Some(&form.token)), is_empty(Some(&form.password)));
    let name = match StaffName::parse(&form.name) {
        Ok(name) if !is_code_missing && !is_password_missing => name,
        name => {
            let (mut page, is_name_fit) = (page, name.is_ok());
            if is_code_missing {
                page.token = page.token.wrong(say.setup_token_missing());
            }
            if !is_name_fit {
                page.name = page.name.wrong(say.name_unfit());
            }
            if is_password_missing {
                page.password = page.password.wrong(page.layout.unfit(Unfit::TooShort));
            }
            return Ok(answer(AGAIN, page));
        }
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
    Ok(answer(AGAIN, page))
}
