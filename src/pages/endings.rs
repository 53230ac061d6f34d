//! Signing out everywhere, and taking away what was added: the fields, which an admin's page has too, and the page of one's
//! own.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use secrecy::SecretString;
use serde::Deserialize;
use tower_sessions::Session;

use super::drafts::left;
use super::faults::{Filled, Place, answer};
use super::field::Field;
use super::forms::{Fields, Form, field};
use super::guard::Guard;
use super::layout::At;
use super::notice::AGAIN;
use super::proof::{Asked, ProofField, is_empty, prove};
use super::sign_in::Refusal;
use super::staff::problem;
use super::visit::Visitor;
use super::{App, Layout, Problem};
use crate::model::{Act, moment};
use crate::services::staff::{Ending, StaffProblem};
use crate::texts::Texts;

pub fn routes() -> Router<App> {
    Router::new().route("/profile/end-everything", get(ask).post(end))
}

/// The fields as a browser sends them.
#[derive(Deserialize)]
pub(super) struct EndingForm {
    /// `all`, `since`, or nothing for sessions alone.
    factors: Option<String>,
    since: Option<String>,
    proof: Option<SecretString>,
}

impl EndingForm {
    /// What ends; `None` when the moment can't be read.
    pub fn read(&self, app: &App) -> Option<Ending> {
        match self.factors.as_deref() {
            Some("all") => Some(Ending::AllFactors),
            Some("since") => {
                moment::beginning(self.since.as_deref().unwrap_or_default(), &app.zone).map(Ending::FactorsSince)
            }
            _ => Some(Ending::Sessions),
        }
    }
}

/// The fields as they stand.
#[derive(Default)]
pub(super) struct EndingFields {
    pub factors: String,
    pub since: Field,
}

impl EndingFields {
    /// As they were posted.
    pub fn typed(form: EndingForm) -> Self {
        Self { factors: form.factors.unwrap_or_default(), since: Field::of(form.since.unwrap_or_default()) }
    }

    /// The one that can be wrong.
    pub fn place(&mut self, say: Texts) -> Place<'_> {
        Place::new("since", say.endings_moment(), &mut self.since)
    }

    /// As they were posted, with a moment that can't be read.
    pub fn wrong(form: EndingForm, say: Texts) -> Self {
        let typed = Self::typed(form);
        Self { since: typed.since.wrong(say.bad_filter_time()), ..typed }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "end_everything.html")]
struct EndPage {
    layout: Layout,
    endings: EndingFields,
    proof: ProofField,
}

impl Filled for EndPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        let say = self.layout.say;
        [self.endings.place(say)].into_iter().chain(self.proof.place(say)).collect()
    }
}

async fn ask(State(app): State<App>, guard: Guard, Query(question): Query<Fields>) -> Result<EndPage, Problem> {
    let endings = match left(&app, &guard, &app.links.end_everything(), &question).await? {
        Some(typed) => {
            EndingFields { factors: field(&typed, "factors").to_owned(), since: Field::of(field(&typed, "since")) }
        }
        None => EndingFields { factors: "all".to_owned(), ..EndingFields::default() },
    };
    page(&app, guard, endings).await
}

async fn page(app: &App, guard: Guard, endings: EndingFields) -> Result<EndPage, Problem> {
    let proof = ProofField::of(app, &guard, Act::EndFactors, &app.links.end_everything()).await?;
    Ok(EndPage { layout: guard.layout.at(At::Profile), endings, proof })
}

async fn end(
    State(app): State<App>,
    visitor: Visitor,
    guard: Guard,
    session: Session,
    Form(mut form): Form<EndingForm>,
) -> Result<Response, Problem> {
    let Some(ending) = form.read(&app) else {
        let say = guard.layout.say;
        let is_proof_missing = is_empty(form.proof.as_ref());
        let mut page = page(&app, guard, EndingFields::wrong(form, say)).await?;
        if is_proof_missing {
            page.proof = page.proof.wrong(say.proof_missing().to_owned());
        }
        return Ok(answer(AGAIN, page));
    };
    let proved = prove(&app, &guard, &session, Act::EndFactors, form.proof.take(), &visitor.origin).await?;
    if let Err(Refusal { status, sentence }) = proved {
        let page = page(&app, guard, EndingFields::typed(form)).await?;
        return Ok(answer(status, EndPage { proof: page.proof.wrong(sentence), ..page }));
    }
    match app.staff.end_everything_own(guard.gate.asker(), ending).await {
        Ok(()) => Ok(Redirect::to(&format!("{}?done=everything-ended", app.links.profile())).into_response()),
        Err(StaffProblem::NotProved) => {
            Err(Problem::SignIn(app.links.prove(Act::EndFactors, &app.links.end_everything())))
        }
        Err(why) => Err(problem(&app, why, &app.links.profile())),
    }
}
