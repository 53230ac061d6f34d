//! Signing in at the company's provider, and proving anew there who one is.
//!
//! Both begin with a form of ours, whose answer leads on: browsers apply our policy for forms to every redirect, wherever
//! the provider leads. Who comes back gets a page of ours that posts what they brought. So nothing is done by a GET, and
//! every cookie of ours can be SameSite=Strict: the request that needs them comes from our own page.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use tower_sessions::Session;

use super::forms::Form;
use super::guard::Guard;
use super::landing::land;
use super::sign_in::Refusal;
use super::sign_in_again::{Aim, renew};
use super::visit::Visitor;
use super::{App, Layout, Problem, cookies, sign_in, sign_in_again};
use crate::access::flow::{FLOW_LASTS, FlowCookie};
use crate::model::Act;
use crate::services::sign_ins::single_sign_on::{CameBack, Finished, Refused, WayThere};
use crate::services::{Failure, SingleSignOn};

const PURPOSE: &str = "sso";

pub fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in/sso", post(begin))
        .route("/sign-in/sso/again", post(begin_again))
        .route("/sign-in/sso/callback", get(show).post(finish))
}

#[derive(Deserialize)]
struct BeginForm {
    next: Option<String>,
    /// The one act that a new proof is for.
    #[serde(rename = "for")]
    act: Option<String>,
}

/// What the provider sends people back with.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    state: String,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

/// The page between here and the provider.
#[derive(Template, WebTemplate)]
#[template(path = "single_sign_on/there.html")]
struct TherePage {
    layout: Layout,
    provider: String,
    url: String,
}

/// The page between the provider and here.
#[derive(Template, WebTemplate)]
#[template(path = "single_sign_on/back.html")]
struct BackPage {
    layout: Layout,
    answer: Answer,
}

fn configured(app: &App) -> Result<&SingleSignOn, Problem> {
    app.single_sign_on.as_ref().ok_or(Problem::NotFound)
}

async fn begin(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(form): Form<BeginForm>,
) -> Result<Response, Problem> {
    let next = form.next.and_then(|next| app.links.own(&next));
    let begun = configured(&app)?.begin(None, cookie(&app, &headers), None, next.clone(), &visitor.origin).await;
    match begun {
        Ok(way) => there(&app, visitor.layout, way),
        Err(refused) => say_refused(&app, visitor, next, refused),
    }
}

async fn begin_again(
    State(app): State<App>,
    visitor: Visitor,
    guard: Guard,
    headers: HeaderMap,
    Form(form): Form<BeginForm>,
) -> Result<Response, Problem> {
    let asker = guard.gate.asker();
    if !asker.staff.single_sign_on {
        return Err(Problem::NotFound);
    }
    let next = form.next.and_then(|next| app.links.own(&next));
    let (act, cookie) = (sign_in_again::act(form.act), cookie(&app, &headers));
    match configured(&app)?.begin(Some(asker), cookie, act, next.clone(), &visitor.origin).await {
        Ok(way) => there(&app, guard.layout, way),
        Err(refused) => say_not_proved(&app, guard, act, next, refused).await,
    }
}

fn there(app: &App, layout: Layout, way: WayThere) -> Result<Response, Problem> {
    let url = String::from(way.url);
    let refresh = format!("0; url={url}");
    let page = TherePage { layout, provider: configured(app)?.name.clone(), url };
    Ok(cookies::keep(app, PURPOSE, way.cookie.text(), FLOW_LASTS, ([("refresh", refresh)], page)))
}

fn cookie(app: &App, headers: &HeaderMap) -> Option<FlowCookie> {
    cookies::read(app, headers, PURPOSE).and_then(FlowCookie::read)
}

/// Changes nothing: the page posts what it was asked with.
async fn show(State(app): State<App>, visitor: Visitor, Query(answer): Query<Answer>) -> Result<BackPage, Problem> {
    configured(&app)?;
    Ok(BackPage { layout: visitor.layout, answer })
}

async fn finish(
    State(app): State<App>,
    visitor: Visitor,
    guard: Result<Guard, Problem>,
    session: Session,
    headers: HeaderMap,
    Form(answer): Form<Answer>,
) -> Result<Response, Problem> {
    let sso = configured(&app)?;
    let back = CameBack {
        state: &answer.state,
        code: answer.code.as_deref(),
        issuer: answer.iss.as_deref(),
        error: answer.error.as_deref(),
        from: &visitor.origin,
    };
    let guard = guard.ok();
    let asker = guard.as_ref().map(|guard| guard.gate.asker());
    let finished = sso.finish(cookie(&app, &headers).as_ref(), back, asker).await;
    let to = |next: Option<String>| next.unwrap_or_else(|| app.links.overview());
    match (finished, guard) {
        (Ok(Finished::SignedIn { proved, next }), _) => {
            let begun = land(&app, &session, &proved, &visitor, next.as_deref()).await?;
            begun.map_or_else(|| say_refused(&app, visitor, next, Refused::SignedOut), Ok)
        }
        (Ok(Finished::ProvedAgain { next }), Some(guard)) => {
            renew(&app, &session, guard.gate.asker(), true).await?;
            Ok(Redirect::to(&to(next)).into_response())
        }
        // The same form posted twice: the first one has let them in.
        (Err((Refused::NoSuchFlow, _)), Some(_)) => Ok(Redirect::to(&to(None)).into_response()),
        (Err((Refused::SignedOut, Some(next))), _) => Err(Problem::SignIn(app.links.sign_in_then(&next))),
        (Err((refused, next)), Some(guard)) if guard.gate.asker().staff.single_sign_on => {
            // The way is used up; they set out for the same again from where they were going.
            say_not_proved(&app, guard, None, next, refused).await
        }
        (Err((refused, next)), _) => say_refused(&app, visitor, next, refused),
        (Ok(Finished::ProvedAgain { .. }), None) => Err(Problem::SignIn(app.links.sign_in())),
    }
}

fn say_refused(app: &App, visitor: Visitor, next: Option<String>, refused: Refused) -> Result<Response, Problem> {
    let refusal = refusal(app, &visitor.layout, refused)?;
    Ok(sign_in::refused(app, visitor.layout, next, refusal))
}

async fn say_not_proved(
    app: &App,
    guard: Guard,
    act: Option<Act>,
    next: Option<String>,
    refused: Refused,
) -> Result<Response, Problem> {
    let refusal = refusal(app, &guard.layout, refused)?;
    sign_in_again::refused(app, guard, Aim { act, next: next.unwrap_or_default() }, refusal).await
}

fn refusal(app: &App, layout: &Layout, refused: Refused) -> Result<Refusal, Problem> {
    let (say, name) = (layout.say, configured(app)?.name.as_str());
    let no = StatusCode::FORBIDDEN;
    let (status, sentence) = match refused {
        Refused::TooMany { until } => {
            (StatusCode::TOO_MANY_REQUESTS, say.sign_in_too_many(&layout.times.clock(&until)))
        }
        Refused::NoSuchFlow => (StatusCode::UNPROCESSABLE_ENTITY, say.sso_no_such_flow().to_owned()),
        Refused::Denied => (no, say.sso_denied(name)),
        Refused::Error(code) if code.is_away() => (StatusCode::SERVICE_UNAVAILABLE, say.sso_away(name)),
        Refused::Error(_) => (StatusCode::BAD_GATEWAY, say.sso_error(name)),
        Refused::Provider(error) if error.is_away() => (StatusCode::SERVICE_UNAVAILABLE, say.sso_away(name)),
        Refused::Provider(error) if error.is_a_no() => (StatusCode::BAD_GATEWAY, say.sso_error(name)),
        Refused::Provider(error) if error.is_too_weak() => (no, say.sso_too_weak(name)),
        Refused::Provider(_) => (StatusCode::BAD_GATEWAY, say.sso_not_believed(name)),
        Refused::NoGroup => (no, say.sso_no_group(name)),
        Refused::GroupsMissing | Refused::GroupsElsewhere | Refused::GroupsUnreadable => {
            (no, say.sso_groups_not_told(name))
        }
        Refused::Disabled => (no, say.sso_disabled().to_owned()),
        Refused::EmailNotVerified => (no, say.sso_email_not_verified(name)),
        Refused::NoName => (no, say.sso_no_name(name)),
        Refused::NameTaken => (no, say.sso_name_taken().to_owned()),
        Refused::NotAnew => (no, say.sso_not_anew(name)),
        Refused::NoAuthTime => (no, say.sso_no_auth_time(name)),
        Refused::SomebodyElse => (no, say.sso_somebody_else(name)),
        Refused::SignedOut => (no, say.sign_in_first().to_owned()),
        Refused::Store(error) => return Err(Failure::from(error).into()),
    };
    Ok(Refusal { status, sentence })
}
