//! The pages for owners of mailboxes, who have no sign-in here: what they hold is a link and a code. The pages read no
//! cookie and set none, lead nowhere into the panel, and change nothing when they are only looked at.

mod shown;

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use jiff::Timestamp;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::faults::{Filled, Place, answer};
use super::field::Field;
use super::forms::Form;
use super::visit::{Visit, language};
use super::{App, Layout};
use crate::model::owner_link::typed_code;
use crate::model::{HelpDesk, Language};
use crate::services::Failure;
use crate::services::hand_overs::{Found, Tried};
use shown::PasswordPage;

/// The routes, which `server` keeps apart from sessions.
pub fn owner_routes() -> Router<App> {
    Router::new().route("/hand-over/{link}", get(show).post(read))
}

/// Where they are.
const BELOW: &str = "/hand-over/";

/// Whether whoever asks for this path is an owner, also where no page of theirs is reached.
pub fn is_for_owners(path: &str) -> bool {
    path.starts_with(BELOW)
}

/// What an owner is told of a request that did not reach their page, or got no answer there.
pub fn astray(app: &App, language: Language, visit: &Visit) -> impl Template {
    let layout = Layout::for_visitor(app, language);
    let say = layout.say;
    let said = (say.owner_failed_title(), say.owner_astray().to_owned(), say.owner_astray_do());
    said_page(app, layout, visit, said)
}

/// What an owner is told where there is none of their pages.
pub fn nowhere(app: &App, language: Language, visit: &Visit) -> impl Template {
    let layout = Layout::for_visitor(app, language);
    let say = layout.say;
    let said = (say.owner_refused_title(), say.owner_nowhere().to_owned(), say.owner_refused_do());
    said_page(app, layout, visit, said)
}

/// In how many seconds a program may try again where too many are here.
const BUSY_FOR: u32 = 5;

#[derive(Deserialize)]
struct CodeForm {
    #[serde(default)]
    code: Zeroizing<String>,
}

#[derive(Template, WebTemplate)]
#[template(path = "owners/code.html")]
struct CodePage {
    layout: Layout,
    desk: HelpDesk,
    code: Field,
    until: Timestamp,
}

impl Filled for CodePage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        vec![Place::new("code", self.layout.say.owner_code_field(), &mut self.code)]
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "owners/said.html")]
struct SaidPage {
    layout: Layout,
    desk: HelpDesk,
    title: &'static str,
    happened: String,
    to_do: &'static str,
    reference: String,
}

async fn show(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    Path(link): Path<String>,
) -> Response {
    let link = Zeroizing::new(link);
    let layout = Layout::for_visitor(&app, language(&headers));
    match app.hand_overs.look(&link, &visit.origin).await {
        Ok(found) => found_page(&app, layout, &visit, found, Field::default().focused()).into_response(),
        Err(failure) => failed(&app, layout, &visit, &failure),
    }
}

async fn read(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    Path(link): Path<String>,
    Form(form): Form<CodeForm>,
) -> Response {
    let link = Zeroizing::new(link);
    let layout = Layout::for_visitor(&app, language(&headers));
    let Some(code) = typed_code(&form.code) else {
        let code = Field::default().wrong(layout.say.owner_code_unfit());
        return match app.hand_overs.look(&link, &visit.origin).await {
            Ok(found) => found_page(&app, layout, &visit, found, code),
            Err(failure) => failed(&app, layout, &visit, &failure),
        };
    };
    match app.hand_overs.read(link, code, &visit.origin).await {
        Ok(tried) => tried_page(&app, layout, &visit, tried),
        Err(failure) => failed(&app, layout, &visit, &failure),
    }
}

fn tried_page(app: &App, layout: Layout, visit: &Visit, tried: Tried) -> Response {
    let say = layout.say;
    match tried {
        // Chromium keeps a page for Back, `no-store` or not, only if it came with 200.
        Tried::Password(operation, password) => {
            let settings = app.mail.of(operation.address.domain()).cloned();
            let page = PasswordPage::of(layout, app.help_desk.clone(), *operation, settings, password);
            (StatusCode::CREATED, page).into_response()
        }
        Tried::Wrong { left, until } => {
            let code = Field::default().wrong(say.owner_code_wrong(left));
            found_page(app, layout, visit, Found::Waiting(until), code)
        }
        Tried::Void => {
            let said = (say.owner_void_title(), say.owner_void().to_owned(), say.owner_refused_do());
            (StatusCode::GONE, said_page(app, layout, visit, said)).into_response()
        }
        Tried::Read(at) => found_page(app, layout, visit, Found::Read(at), Field::default()),
        Tried::Refused => found_page(app, layout, visit, Found::Refused, Field::default()),
    }
}

fn found_page(app: &App, layout: Layout, visit: &Visit, found: Found, code: Field) -> Response {
    let say = layout.say;
    match found {
        Found::Waiting(until) => {
            let status = if code.is_wrong() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            answer(status, CodePage { layout, desk: app.help_desk.clone(), code, until })
        }
        Found::Read(at) => {
            let happened = say.owner_read(&layout.times.full(&at));
            let said = (say.owner_read_title(), happened, say.owner_read_do());
            (StatusCode::GONE, said_page(app, layout, visit, said)).into_response()
        }
        Found::Refused => {
            let said = (say.owner_refused_title(), say.owner_refused().to_owned(), say.owner_refused_do());
            (StatusCode::NOT_FOUND, said_page(app, layout, visit, said)).into_response()
        }
    }
}

fn failed(app: &App, layout: Layout, visit: &Visit, failure: &Failure) -> Response {
    let (say, reference) = (layout.say, visit.origin.reference.as_str());
    let (status, retry) = (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, BUSY_FOR)]);
    if matches!(failure, Failure::Busy) {
        let said = (say.owner_busy_title(), say.owner_busy().to_owned(), say.owner_again_do());
        return (status, retry, said_page(app, layout, visit, said)).into_response();
    }
    tracing::error!(reference, code = failure.code(), error = %failure, "an owner could not be answered");
    let said = (say.owner_failed_title(), say.owner_failed().to_owned(), say.owner_again_do());
    (status, said_page(app, layout, visit, said)).into_response()
}

fn said_page(
    app: &App,
    layout: Layout,
    visit: &Visit,
    (title, happened, to_do): (&'static str, String, &'static str),
) -> SaidPage {
    let (desk, reference) = (app.help_desk.clone(), visit.origin.reference.clone());
    SaidPage { layout, desk, title, happened, to_do, reference }
}
