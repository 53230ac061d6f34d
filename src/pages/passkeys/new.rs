//! Adding a passkey.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::{PasskeyFields, asked, must_be_on};
use crate::model::passkey::LONGEST_LABEL;
use crate::model::{Act, PasskeyLabel};
use crate::pages::faults::{Filled, Place, answer};
use crate::pages::field::Field;
use crate::pages::forms::Form;
use crate::pages::guard::Guard;
use crate::pages::layout::At;
use crate::pages::second_factor::{CodesPage, problem};
use crate::pages::visit::Visitor;
use crate::pages::{App, Layout, Problem};
use crate::services::second_factors::FactorProblem;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/profile/passkeys/new", get(new).post(create))
        .route("/profile/passkeys/new/options", post(options))
}

#[derive(Deserialize)]
struct NewForm {
    label: String,
    #[serde(flatten)]
    passkey: PasskeyFields,
}

#[derive(Template, WebTemplate)]
#[template(path = "passkeys/new.html")]
struct NewPasskeyPage {
    layout: Layout,
    called: Field,
    must_have: bool,
}

impl Filled for NewPasskeyPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        vec![Place::new("label", self.layout.say.passkey_label(), &mut self.called)]
    }
}

async fn new(State(app): State<App>, visitor: Visitor, guard: Guard) -> Result<NewPasskeyPage, Problem> {
    must_be_on(&app)?;
    app.passkeys.may_add(guard.gate.asker()).await.map_err(|why| not_added(&app, why))?;
    let label = guard.layout.say.device(&visitor.device().agent.unwrap_or_default());
    Ok(page(&app, guard, Field::of(label)))
}

fn not_added(app: &App, why: FactorProblem) -> Problem {
    problem(app, why, Act::AddPasskey, &app.links.passkey_new())
}

fn page(app: &App, guard: Guard, called: Field) -> NewPasskeyPage {
    let staff = &guard.gate.asker().staff;
    let must_have = app.factors.must_have(staff) && !staff.second_factor;
    NewPasskeyPage { called, must_have, layout: guard.layout.at(At::Profile) }
}

async fn options(State(app): State<App>, guard: Guard) -> Result<Response, Problem> {
    must_be_on(&app)?;
    let begun = app.passkeys.begin_adding(guard.gate.asker()).await;
    Ok(asked(&begun.map_err(|why| not_added(&app, why))?))
}

async fn create(State(app): State<App>, guard: Guard, Form(form): Form<NewForm>) -> Result<Response, Problem> {
    must_be_on(&app)?;
    let say = guard.layout.say;
    let Some(label) = PasskeyLabel::read(&form.label) else {
        let page = page(&app, guard, Field::default().wrong(say.passkey_label_missing()));
        return Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, page));
    };
    match app.passkeys.add(guard.gate.asker(), form.passkey.answer(), &label).await {
        Ok(Some(codes)) => Ok(CodesPage::shows(guard.layout, codes)),
        Ok(None) => Ok(Redirect::to(&format!("{}?done=passkey-added", app.links.profile())).into_response()),
        Err(FactorProblem::WrongPasskey) => {
            let page = page(&app, guard, Field::of(label.as_str()).wrong(say.passkey_not_added()));
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
        Err(why) => Err(not_added(&app, why)),
    }
}
