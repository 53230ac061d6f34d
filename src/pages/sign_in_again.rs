//! Proving anew who one is, before something that is done with care. The session goes on with a new cookie.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use secrecy::SecretString;
use serde::Deserialize;
use tower_sessions::Session;

use super::faults::{Filled, Place, answer};
use super::field::Field;
use super::forms::Form;
use super::guard::Guard;
use super::sign_in::{Refusal, not_signed_in};
use super::visit::Visitor;
use super::{App, Layout, Problem};
use crate::access::Asker;
use crate::model::{Act, Ways};
use crate::services::Failure;
use crate::services::sign_ins::NotSignedIn;

pub fn routes() -> Router<App> {
    Router::new().route("/sign-in/again", get(show).post(create))
}

#[derive(Deserialize)]
struct Question {
    next: Option<String>,
    /// The one act that the proof is for; without it, it is fresh for a while.
    #[serde(rename = "for")]
    act: Option<String>,
}

#[derive(Deserialize)]
struct AgainForm {
    /// The password, or a code.
    password: SecretString,
    next: Option<String>,
    #[serde(rename = "for")]
    act: Option<String>,
}

#[derive(Template, WebTemplate)]
#[template(path = "sign_in_again.html")]
struct AgainPage {
    layout: Layout,
    name: String,
    /// What is to be done.
    act: Option<Act>,
    /// Whether a code is asked for, and not the password.
    by_code: bool,
    /// What there is besides recovery codes, where it is a code.
    ways: Ways,
    /// Where they are asked instead: what people call the provider of single sign-on.
    provider: Option<String>,
    next: String,
    /// The password, or a code.
    password: Field,
    problem: Option<String>,
}

impl AgainPage {
    const fn problem_id(&self) -> &'static str {
        if self.problem.is_some() { "problem" } else { "" }
    }
}

impl Filled for AgainPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        vec![Place::new("password", self.layout.say.password(), &mut self.password)]
    }
}

async fn show(State(app): State<App>, guard: Guard, Query(question): Query<Question>) -> Result<AgainPage, Problem> {
    let next = question.next.and_then(|next| app.links.own(&next)).unwrap_or_default();
    page(&app, guard, Aim { act: act(question.act), next }, None).await
}

/// What the proof is for, and where the person goes on with it.
pub(super) struct Aim {
    pub act: Option<Act>,
    pub next: String,
}

/// The act that a form says it is for.
pub(super) fn act(named: Option<String>) -> Option<Act> {
    Act::named(named?.as_str())
}

async fn page(app: &App, guard: Guard, aim: Aim, problem: Option<String>) -> Result<AgainPage, Problem> {
    let Aim { act, next } = aim;
    let staff = &guard.gate.asker().staff;
    let (name, by_code) = (staff.name.to_string(), staff.second_factor);
    let provider = app.single_sign_on.as_ref().filter(|_| staff.single_sign_on).map(|sso| sso.name.clone());
    let ways = app.passkeys.ways(&staff.id).await.map_err(Failure::from)?;
    let password = Field::default().focused();
    Ok(AgainPage { layout: guard.layout, name, act, by_code, ways, provider, next, password, problem })
}

/// The page again, with what was refused.
pub(super) async fn refused_again(
    app: &App,
    guard: Guard,
    refused: NotSignedIn,
    aim: Aim,
) -> Result<Response, Problem> {
    let refusal = not_proved(&guard.layout, refused)?;
    self::refused(app, guard, aim, refusal).await
}

/// The page again, with a sentence that says why nothing is proved.
pub(super) async fn refused(app: &App, guard: Guard, aim: Aim, refusal: Refusal) -> Result<Response, Problem> {
    Ok(answer(refusal.status, page(app, guard, aim, Some(refusal.sentence)).await?))
}

/// The status and the sentence of an answer that proved nothing. Who is asking is known, so only the answer is wrong.
pub(super) fn not_proved(layout: &Layout, refused: NotSignedIn) -> Result<Refusal, Problem> {
    match refused {
        NotSignedIn::Wrong => {
            let sentence = layout.say.password_wrong().to_owned();
            Ok(Refusal { status: StatusCode::UNPROCESSABLE_ENTITY, sentence })
        }
        refused => not_signed_in(layout, refused),
    }
}

/// Gives the asker's session a new cookie.
pub(super) async fn renew(app: &App, session: &Session, asker: &Asker, proves: bool) -> Result<(), Problem> {
    let key = asker.session().ok_or(Problem::Internal)?;
    app.sessions.renew(session, key, proves).await.map_err(|error| {
        tracing::error!(%error, "a session could not be given a new cookie");
        Problem::Internal
    })
}

/// Does so where its person has proved who they are in the form of a reset, and now sees what came of it. Where that fails they
/// see it all the same, and are asked again before long.
pub(super) async fn renew_where_proved(app: &App, session: &Session, asker: &Asker) {
    let renewed = match app.resets.admission.was_proved_for_it(asker).await {
        Ok(false) => Ok(()),
        Ok(true) => renew(app, session, asker, true).await,
        Err(error) => Err(Failure::from(error).into()),
    };
    renewed
        .unwrap_or_else(|_| tracing::warn!("a session keeps its cookie although its person has proved who they are"));
}

async fn create(
    State(app): State<App>,
    visitor: Visitor,
    guard: Result<Guard, Problem>,
    session: Session,
    Form(form): Form<AgainForm>,
) -> Result<Response, Problem> {
    let next = form.next.and_then(|next| app.links.own(&next)).unwrap_or_else(|| app.links.overview());
    let guard = match guard {
        // The same form posted twice: the first one has changed the cookie. Who is not signed in is led on from there.
        Err(Problem::SignIn(_)) => return Ok(Redirect::to(&next).into_response()),
        guard => guard?,
    };
    let (asker, act) = (guard.gate.asker(), act(form.act));
    let proved = match act {
        Some(act) => app.sign_ins.prove_for(asker, act, form.password, &visitor.origin).await,
        None => app.sign_ins.prove(asker, form.password, &visitor.origin).await,
    };
    match proved {
        Ok(()) => {
            renew(&app, &session, asker, true).await?;
            Ok(Redirect::to(&next).into_response())
        }
        Err(refused) => refused_again(&app, guard, refused, Aim { act, next }).await,
    }
}
