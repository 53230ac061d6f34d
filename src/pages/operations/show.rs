//! Where everybody is led who begins an operation: it is running, it has ended like this, or here is its password.
//!
//! Every one of these pages answers with success: the page is about an operation and is there. An error status would
//! invite a proxy to put its own page in place of the one that says whether the password still works.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use tower_sessions::Session;

use super::by_link::{self, ByLinkPage, LinkAndCodePage};
use super::characters::{self, Character};
use super::no_password::{not_reset_page, not_shown_page, shown_page, unknown_page};
use super::outcome::outcome_page;
use crate::access::{ResetPasswords, ViewMail};
use crate::model::{OneTimePassword, Operation, OperationId, OperationKind};
use crate::pages::guard::Guard;
use crate::pages::navigation::{From, navigation};
use crate::pages::sign_in_again::renew_where_proved;
use crate::pages::turned_away::ShownOnce;
use crate::pages::{App, Layout, Problem};
use crate::services::operations::reveals::{ResultState, ResultView};
use crate::texts::{Reading, Texts};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/operations/{operation}", get(show).post(reveal).layer(Extension(ShownOnce)))
        .route("/operations/{operation}/seen", post(seen))
        .merge(by_link::routes())
        .route("/resets/{operation}", get(moved))
}

#[derive(Template, WebTemplate)]
#[template(path = "operations/working.html")]
struct WorkingPage {
    layout: Layout,
    operation: Operation,
    lead: &'static str,
    wait: &'static str,
    leave: &'static str,
}

#[derive(Template, WebTemplate)]
#[template(path = "operations/ready.html")]
struct ReadyPage {
    layout: Layout,
    operation: Operation,
    title: &'static str,
    lead: &'static str,
    until: String,
    button: &'static str,
}

#[derive(Template, WebTemplate)]
#[template(path = "operations/password.html")]
struct PasswordPage {
    layout: Layout,
    operation: Operation,
    lead: &'static str,
    shown_once: String,
    caller_text: &'static str,
    groups: Vec<Vec<Character>>,
    readings: [Reading; 2],
    has_odd: bool,
}

async fn show(
    State(app): State<App>,
    guard: Guard,
    Path(id): Path<String>,
    method: Method,
    session: Session,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // Nothing else can use up the one showing.
    if method == Method::GET && navigation(&headers) == Some(From::Here) {
        return reveal(State(app), guard, Path(id), session).await;
    }
    let id = OperationId::parse(&id).map_err(|_| Problem::NotFound)?;
    let can = guard.granted(&app, guard.gate.can_some::<ViewMail>()).await?;
    let view = app.reveals.look(&can, &id).await?;
    Ok(page(guard, view))
}

/// Shows the password, if it waits for this session; otherwise says how the reset stands.
async fn reveal(
    State(app): State<App>,
    guard: Guard,
    Path(id): Path<String>,
    session: Session,
) -> Result<Response, Problem> {
    let id = OperationId::parse(&id).map_err(|_| Problem::NotFound)?;
    let see = guard.granted(&app, guard.gate.can_some::<ViewMail>()).await?;
    let view = match guard.gate.can_some::<ResetPasswords>() {
        Ok(can) => app.reveals.show(&see, &can, &id).await?,
        Err(_) => app.reveals.look(&see, &id).await?,
    };
    if !matches!(view.state, ResultState::Working | ResultState::Ready) {
        renew_where_proved(&app, &session, guard.gate.asker()).await;
    }
    Ok(page(guard, view))
}

async fn seen(State(app): State<App>, guard: Guard, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let id = OperationId::parse(&id).map_err(|_| Problem::NotFound)?;
    let can = guard.granted(&app, guard.gate.can_some::<ViewMail>()).await?;
    app.reveals.seen(&can, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The address that the page of a reset had before.
async fn moved(State(app): State<App>, Path(id): Path<String>) -> Result<Redirect, Problem> {
    let id = OperationId::parse(&id).map_err(|_| Problem::NotFound)?;
    Ok(Redirect::permanent(&app.links.operation(&id)))
}

fn page(guard: Guard, view: ResultView) -> Response {
    let ResultView { operation, state, own, cools_until, aftermath } = view;
    let may_reset = guard.gate.can_in::<ResetPasswords>(operation.address.domain()).is_ok();
    let (layout, is_reset) = (guard.layout, operation.kind == OperationKind::ResetPassword);
    match state {
        ResultState::Working => working_page(layout, operation).into_response(),
        ResultState::Ready => ReadyPage::of(layout, operation).into_response(),
        // Chromium keeps a page for Back, `no-store` or not, only if it came with 200; without JavaScript nothing wipes it.
        ResultState::Password(password) => {
            (StatusCode::CREATED, PasswordPage::of(layout, operation, password)).into_response()
        }
        ResultState::LinkAndCode(both) => {
            (StatusCode::CREATED, LinkAndCodePage::of(layout, operation, &both)).into_response()
        }
        ResultState::ByLink => ByLinkPage::of(layout, operation, &aftermath, may_reset).into_response(),
        ResultState::Shown(at) => shown_page(layout, operation, at, own).offering(may_reset).into_response(),
        ResultState::NotShown(why) => not_shown_page(layout, operation, why).offering(may_reset).into_response(),
        ResultState::NotReset if is_reset => {
            not_reset_page(layout, operation, &aftermath).offering(may_reset).into_response()
        }
        ResultState::Unknown if is_reset => {
            unknown_page(layout, operation, &aftermath, cools_until).offering(may_reset).into_response()
        }
        ResultState::Made | ResultState::NotReset | ResultState::Unknown => {
            outcome_page(layout, operation, &aftermath, own, cools_until, may_reset).into_response()
        }
    }
}

fn working_page(layout: Layout, operation: Operation) -> WorkingPage {
    let say = layout.say;
    let (lead, wait, leave) = match operation.kind {
        OperationKind::ResetPassword => (say.working(), say.working_wait(), say.leave(operation.goes_by_link())),
        _ => (say.change_working(), say.change_working_wait(), say.change_working_leave()),
    };
    WorkingPage { layout, operation, lead, wait, leave }
}

impl ReadyPage {
    fn of(layout: Layout, operation: Operation) -> Self {
        let say = layout.say;
        let until = layout.times.clock(&operation.sealed_until.unwrap_or(layout.times.now));
        let (title, lead, until, button) = if operation.goes_by_link() {
            (say.both_ready(), say.both_ready_for(), say.both_ready_lead(&until), say.show_both())
        } else {
            (say.ready(), say.ready_for(), say.ready_lead(&until), say.show_password())
        };
        Self { layout, operation, title, lead, until, button }
    }
}

impl PasswordPage {
    fn of(layout: Layout, operation: Operation, password: OneTimePassword) -> Self {
        let password = password.reveal();
        let say = layout.say;
        let made_at = operation.ended_at.unwrap_or(layout.times.now);
        let (lead, shown_once, caller_text) = if operation.kind == OperationKind::ResetPassword {
            let shown_once = say.shown_this_once(&layout.times.clock_with_seconds(&made_at));
            (say.new_password_for(), shown_once, say.caller_text())
        } else {
            (say.new_account_password_for(), say.created_shown_once().to_owned(), say.new_account_caller_text())
        };
        Self {
            groups: characters::groups(&password, layout.say),
            readings: Texts::readings(&password),
            has_odd: characters::has_odd(&password),
            lead,
            shown_once,
            caller_text,
            layout,
            operation,
        }
    }
}
