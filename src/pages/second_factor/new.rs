//! Setting up a second factor.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::codes::CodesPage;
use super::problem;
use crate::model::Act;
use crate::pages::faults::{Filled, Place, answer};
use crate::pages::field::Field;
use crate::pages::forms::Form;
use crate::pages::guard::Guard;
use crate::pages::layout::At;
use crate::pages::qr::Qr;
use crate::pages::{App, Layout, Problem};
use crate::services::second_factors::{Enrolment, FactorProblem};

pub fn routes() -> Router<App> {
    Router::new().route("/profile/second-factor", get(new).post(create))
}

#[derive(Deserialize)]
struct SetUpForm {
    token: String,
    code: String,
}

#[derive(Template, WebTemplate)]
#[template(path = "second_factor/new.html")]
struct NewFactorPage {
    layout: Layout,
    qr: Qr,
    key: String,
    token: String,
    must_have: bool,
    passkeys_on: bool,
    code: Field,
}

impl Filled for NewFactorPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        vec![Place::new("code", self.layout.say.code_label(), &mut self.code)]
    }
}

async fn new(State(app): State<App>, guard: Guard) -> Result<NewFactorPage, Problem> {
    let begun = app.factors.begin(guard.gate.asker()).await;
    let enrolment = begun.map_err(|why| problem(&app, why, Act::SetUpApp, &app.links.second_factor()))?;
    page(&app, guard, enrolment, Field::default().focused())
}

fn page(app: &App, guard: Guard, enrolment: Enrolment, code: Field) -> Result<NewFactorPage, Problem> {
    let qr = Qr::of(&enrolment.url).ok_or(Problem::Internal)?;
    let staff = &guard.gate.asker().staff;
    let must_have = app.factors.must_have(staff) && !staff.second_factor;
    let (key, token) = (enrolment.text, enrolment.token);
    let passkeys_on = app.passkeys.are_on();
    Ok(NewFactorPage { qr, key, token, must_have, passkeys_on, code, layout: guard.layout.at(At::Profile) })
}

async fn create(State(app): State<App>, guard: Guard, Form(form): Form<SetUpForm>) -> Result<Response, Problem> {
    let (asker, say) = (guard.gate.asker(), guard.layout.say);
    let on = (Act::SetUpApp, app.links.second_factor());
    let not_changed = |why| problem(&app, why, on.0, &on.1);
    let (enrolment, sentence) = match app.factors.set_up(asker, &form.token, &form.code).await {
        Ok(codes) => return Ok(CodesPage::shows(guard.layout, codes)),
        Err(FactorProblem::WrongCode) => (app.factors.again(asker, &form.token), say.code_wrong()),
        Err(FactorProblem::PageTooOld) => (app.factors.begin(asker).await, say.factor_too_old()),
        Err(why) => return Err(not_changed(why)),
    };
    let enrolment = enrolment.map_err(not_changed)?;
    let page = page(&app, guard, enrolment, Field::default().wrong(sentence))?;
    Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, page))
}
