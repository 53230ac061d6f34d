//! Signing in and out.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use secrecy::SecretString;
use serde::Deserialize;
use tower_sessions::Session;

use super::faults::{Filled, Place, answer};
use super::field::Field;
use super::forms::Form;
use super::guard::Guard;
use super::landing::land;
use super::navigation::{From, navigation};
use super::notice::AGAIN;
use super::proof::is_empty;
use super::visit::Visitor;
use super::{App, Layout, Problem};
use crate::model::Ways;
use crate::services::Failure;
use crate::services::sign_ins::{NotSignedIn, SignIn};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in", get(show).post(create))
        .route("/sign-in/code", post(finish))
        .route("/sign-out", post(destroy))
}

#[derive(Deserialize)]
struct Question {
    next: Option<String>,
    /// Somebody has just signed out.
    out: Option<String>,
    /// Somebody has just used their invitation.
    welcome: Option<String>,
    /// Something was posted that was not done; what was typed is `kept`, or `lost`.
    undone: Option<String>,
}

#[derive(Deserialize)]
struct SignInForm {
    name: String,
    password: SecretString,
    next: Option<String>,
}

/// What the page says above the form.
enum Notice {
    None,
    SignedOut,
    Welcome,
    SignInFirst,
    /// What was posted was not done; whether what was typed is kept.
    NothingDone {
        is_kept: bool,
    },
    Error(String),
    Limited(String),
}

#[derive(Template, WebTemplate)]
#[template(path = "sign_in.html")]
struct SignInPage {
    layout: Layout,
    name: Field,
    password: Field,
    next: String,
    notice: Notice,
    /// What people call the provider of single sign-on.
    provider: Option<String>,
    /// Whether a password of ours will do.
    is_local: bool,
    passkeys_on: bool,
}

impl SignInPage {
    fn new(app: &App, layout: Layout, next: String, notice: Notice) -> Self {
        let provider = app.single_sign_on.as_ref().map(|sso| sso.name.clone());
        let (is_local, passkeys_on) = (app.sign_ins.are_local(), app.sign_ins.are_local() && app.passkeys.are_on());
        let (name, password) = (Field::default().focused(), Field::default());
        Self { layout, name, password, next, notice, provider, is_local, passkeys_on }
    }

    /// The page for somebody whose name is known.
    fn named(self, name: String) -> Self {
        if name.is_empty() { self } else { Self { name: Field::of(name), password: self.password.focused(), ..self } }
    }

    /// The page with what is missing.
    fn lacking(mut self, name: String, is_password_missing: bool) -> Self {
        let say = self.layout.say;
        self.name = Field::of(name);
        if self.name.value.trim().is_empty() {
            self.name = self.name.wrong(say.name_missing());
        }
        if is_password_missing {
            self.password = self.password.wrong(say.password_missing());
        }
        self
    }

    const fn problem_id(&self) -> &'static str {
        if matches!(self.notice, Notice::Error(_) | Notice::Limited(_)) { "problem" } else { "" }
    }
}

impl Filled for SignInPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        let say = self.layout.say;
        vec![Place::new("name", say.name(), &mut self.name), Place::new("password", say.password(), &mut self.password)]
    }
}

#[derive(Deserialize)]
struct CodeForm {
    token: String,
    code: String,
    next: Option<String>,
}

/// Why nobody was signed in, as they read it.
pub(super) struct Refusal {
    pub status: StatusCode,
    pub sentence: String,
}

/// The first half of a sign-in that has two, and where the person goes on after the second.
pub(super) struct Half {
    pub token: String,
    pub next: String,
}

/// The second half of a sign-in.
#[derive(Template, WebTemplate)]
#[template(path = "sign_in_code.html")]
struct CodePage {
    layout: Layout,
    token: String,
    next: String,
    /// What there is besides recovery codes.
    ways: Ways,
    code: Field,
    problem: Option<String>,
}

impl CodePage {
    const fn problem_id(&self) -> &'static str {
        if self.problem.is_some() { "problem" } else { "" }
    }
}

impl Filled for CodePage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        vec![Place::new("code", self.layout.say.code_label(), &mut self.code)]
    }
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    session: Session,
    Query(question): Query<Question>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if app.sign_ins.setup_is_open().await.map_err(Failure::from)? {
        return Ok(Redirect::to(&app.links.setup()).into_response());
    }
    let next = question.next.as_deref().and_then(|next| app.links.own(next)).unwrap_or_default();
    if is_for_nobody_new(&app, &session, &question, &headers).await? {
        let there = if next.is_empty() { app.links.overview() } else { next };
        return Ok(Redirect::to(&there).into_response());
    }
    let notice = match &question {
        Question { out: Some(_), .. } => Notice::SignedOut,
        Question { welcome: Some(_), .. } => Notice::Welcome,
        Question { undone: Some(undone), .. } => Notice::NothingDone { is_kept: undone == "kept" },
        _ if next.is_empty() => Notice::None,
        _ => Notice::SignInFirst,
    };
    Ok(SignInPage::new(&app, visitor.layout, next, notice).into_response())
}

/// Whether somebody goes on instead of signing in: who is signed in, and who may be and came over a link from another site,
/// which brings no cookie. The page that they were going to turns them away if need be.
async fn is_for_nobody_new(
    app: &App,
    session: &Session,
    question: &Question,
    headers: &HeaderMap,
) -> Result<bool, Problem> {
    // The page has something else to say, of another person's invitation for instance.
    let is_plain = matches!(question, Question { out: None, welcome: None, undone: None, .. });
    match session.id() {
        Some(id) if is_plain => Ok(app.sessions.signed_in(id).await.map_err(Failure::from)?.is_some()),
        _ => Ok(is_plain && navigation(headers) == Some(From::Elsewhere)),
    }
}

async fn create(
    State(app): State<App>,
    visitor: Visitor,
    session: Session,
    Form(form): Form<SignInForm>,
) -> Result<Response, Problem> {
    let next = form.next.and_then(|next| app.links.own(&next));
    let is_password_missing = is_empty(Some(&form.password));
    if is_password_missing || form.name.trim().is_empty() {
        let page = SignInPage::new(&app, visitor.layout, next.unwrap_or_default(), Notice::None);
        return Ok(answer(AGAIN, page.lacking(form.name, is_password_missing)));
    }
    let refused = match app.sign_ins.sign_in(&form.name, form.password, &visitor.origin).await {
        Ok(SignIn::Halfway(token)) => {
            let half = Half { token, next: next.unwrap_or_default() };
            let page = half_page(&app, visitor.layout, half, None).await?;
            return Ok(page.into_response());
        }
        Ok(SignIn::Whole(proved)) => {
            if let Some(begun) = land(&app, &session, &proved, &visitor, next.as_deref()).await? {
                return Ok(begun);
            }
            NotSignedIn::Wrong
        }
        Err(refused) => refused,
    };
    sign_in_page_again(&app, visitor.layout, refused, form.name, next)
}

/// The sign-in page again, with what was refused.
pub(super) fn sign_in_page_again(
    app: &App,
    layout: Layout,
    refused: NotSignedIn,
    name: String,
    next: Option<String>,
) -> Result<Response, Problem> {
    let refusal = not_signed_in(&layout, refused)?;
    Ok(page_again(app, layout, name, next, refusal))
}

/// The page again, with a sentence that says why nobody was signed in.
pub(super) fn refused(app: &App, layout: Layout, next: Option<String>, refusal: Refusal) -> Response {
    page_again(app, layout, String::new(), next, refusal)
}

fn page_again(app: &App, layout: Layout, name: String, next: Option<String>, refusal: Refusal) -> Response {
    let Refusal { status, sentence } = refusal;
    let is_limited = status == StatusCode::TOO_MANY_REQUESTS;
    let notice = if is_limited { Notice::Limited(sentence) } else { Notice::Error(sentence) };
    answer(status, SignInPage::new(app, layout, next.unwrap_or_default(), notice).named(name))
}

async fn finish(
    State(app): State<App>,
    visitor: Visitor,
    session: Session,
    Form(form): Form<CodeForm>,
) -> Result<Response, Problem> {
    let next = form.next.and_then(|next| app.links.own(&next));
    let refused = match app.sign_ins.finish(&form.token, &form.code, &visitor.origin).await {
        Ok(proved) => {
            if let Some(begun) = land(&app, &session, &proved, &visitor, next.as_deref()).await? {
                return Ok(begun);
            }
            NotSignedIn::HalfTooOld
        }
        Err(refused) => refused,
    };
    // The half was good for this one code.
    let name = app.sign_ins.name_of_half(&form.token).await.map_or_else(String::new, |name| name.to_string());
    let layout = visitor.layout;
    if matches!(refused, NotSignedIn::WrongCode) {
        let say = layout.say;
        let is_of_link = app.sign_ins.is_half_of_link(&form.token);
        let sentence = if is_of_link { say.code_wrong_open_link() } else { say.code_wrong_begin_anew() }.to_owned();
        let refusal = Refusal { status: StatusCode::UNPROCESSABLE_ENTITY, sentence };
        return Ok(page_again(&app, layout, name, next, refusal));
    }
    sign_in_page_again(&app, layout, refused, name, next)
}

/// The second half again, with what was refused; from the beginning where the first half does not count any more.
pub(super) async fn half_again(
    app: &App,
    layout: Layout,
    refused: NotSignedIn,
    half: Half,
) -> Result<Response, Problem> {
    let begins_anew = matches!(refused, NotSignedIn::HalfTooOld | NotSignedIn::LocalOff);
    let refusal = not_signed_in(&layout, refused)?;
    if begins_anew {
        return Ok(self::refused(app, layout, Some(half.next), refusal));
    }
    let Refusal { status, sentence } = refusal;
    Ok(answer(status, half_page(app, layout, half, Some(sentence)).await?))
}

/// Asks for the second half, when the first was no password.
pub(super) async fn second_half(app: &App, layout: Layout, token: String) -> Result<Response, Problem> {
    Ok(half_page(app, layout, Half { token, next: String::new() }, None).await?.into_response())
}

async fn half_page(app: &App, layout: Layout, half: Half, problem: Option<String>) -> Result<CodePage, Problem> {
    let Half { token, next } = half;
    let ways = app.sign_ins.ways_to_finish(&token).await.map_err(Failure::from)?;
    Ok(CodePage { layout, token, next, ways, code: Field::default().focused(), problem })
}

/// The status and the sentence of a sign-in that was refused.
pub(super) fn not_signed_in(layout: &Layout, refused: NotSignedIn) -> Result<Refusal, Problem> {
    let say = layout.say;
    let (status, sentence) = match refused {
        NotSignedIn::Wrong => (StatusCode::UNPROCESSABLE_ENTITY, say.sign_in_wrong().to_owned()),
        NotSignedIn::WrongCode => (StatusCode::UNPROCESSABLE_ENTITY, say.code_wrong().to_owned()),
        NotSignedIn::WrongPasskey => (StatusCode::UNPROCESSABLE_ENTITY, say.passkey_wrong().to_owned()),
        NotSignedIn::HalfTooOld => (StatusCode::UNPROCESSABLE_ENTITY, say.half_not_good().to_owned()),
        NotSignedIn::LocalOff => (StatusCode::FORBIDDEN, say.local_off().to_owned()),
        NotSignedIn::TooMany { until } => {
            (StatusCode::TOO_MANY_REQUESTS, say.sign_in_too_many(&layout.times.clock_or_day(&until)))
        }
        NotSignedIn::Busy(_) => return Err(Failure::Busy.into()),
        NotSignedIn::Unchecked => (StatusCode::SERVICE_UNAVAILABLE, say.sign_in_unchecked().to_owned()),
        NotSignedIn::Store(error) => return Err(Failure::from(error).into()),
    };
    Ok(Refusal { status, sentence })
}

async fn destroy(State(app): State<App>, guard: Guard, session: Session) -> Result<Redirect, Problem> {
    app.sign_ins.sign_out(guard.gate.asker()).await.map_err(Failure::from)?;
    session.flush().await.map_err(|error| {
        tracing::error!(%error, "a session could not be ended");
        Problem::Internal
    })?;
    Ok(Redirect::to(&format!("{}?out=1", app.links.sign_in())))
}
