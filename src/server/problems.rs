//! Renders problems: a handler's own, bare errors of the framework, panics. The cause is logged once, with the
//! reference that the page shows, and is never on the page.

use std::any::Any;
use std::time::Duration;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::door::{Door, Serves};
use crate::pages::{Layout, Problem, Visit, astray, language, nowhere};
use crate::services::Failure;

/// How long a request may take: more than the slowest read at GleSYS. A reset never takes its request that long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Renders what went wrong.
pub async fn render(State(door): State<Door>, request: Request, next: Next) -> Response {
    let visit = request.extensions().get::<Visit>().cloned();
    let language = language(request.headers());
    let is_for_owners = door.is_for_owners(request.uri().path());
    let app = &door.app;
    let response = next.run(request).await;
    let (Some(visit), Some(problem)) = (visit, problem_of(&response)) else { return response };
    let reference = visit.origin.reference.clone();
    log(&problem, &reference);
    let status = problem.status();
    // Where owners have a door, a link that leads to none of their pages will not do so another time.
    // Under a name that is not the door's none leads anywhere.
    let is_nowhere = match problem {
        Problem::NotFound => door.serves != Serves::Everything,
        Problem::ForeignHost => true,
        _ => false,
    };
    let page = if is_for_owners && is_nowhere {
        nowhere(app, language, &visit).render()
    } else if is_for_owners {
        astray(app, language, &visit).render()
    } else {
        let layout = visit.layout().unwrap_or_else(|| Layout::for_visitor(app, language));
        problem.page(layout, reference).render()
    };
    let mut rendered = match page {
        Ok(page) => {
            (status, [(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], page).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a problem page could not be rendered");
            status.into_response()
        }
    };
    if let Some(allow) = response.headers().get("allow") {
        rendered.headers_mut().insert("allow", allow.clone());
    }
    if let Some(onward) = problem.onward().and_then(|link| HeaderValue::from_str(&format!("0; url={link}")).ok()) {
        rendered.headers_mut().insert("refresh", onward);
    }
    if let Some(seconds) = problem.retry_after() {
        rendered.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    rendered
}

/// Ends what takes too long.
pub async fn time_out(request: Request, next: Next) -> Response {
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::TooSlow.into_response(),
    }
}

/// Turns a panic into a problem. Its message went to the log through the panic hook.
pub fn panicked(_panic: Box<dyn Any + Send + 'static>) -> Response {
    Problem::Internal.into_response()
}

fn problem_of(response: &Response) -> Option<Problem> {
    if let Some(problem) = response.extensions().get::<Problem>() {
        return Some(problem.clone());
    }
    // Pages bring their own content; what has none comes from the framework.
    if response.headers().get(CONTENT_TYPE).is_some_and(|content| content.as_bytes().starts_with(b"text/html")) {
        return None;
    }
    match response.status() {
        StatusCode::NOT_FOUND => Some(Problem::NotFound),
        StatusCode::METHOD_NOT_ALLOWED => Some(Problem::MethodNotAllowed),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Problem::TooLarge),
        StatusCode::INTERNAL_SERVER_ERROR => Some(Problem::Internal),
        status if status.is_client_error() => Some(Problem::Unreadable),
        _ => None,
    }
}

fn log(problem: &Problem, reference: &str) {
    let Problem::Failure(failure) = problem else { return };
    match &**failure {
        Failure::Store(error) => tracing::error!(reference, %error, "the database failed"),
        Failure::Glesys(error) => tracing::warn!(reference, %error, "GleSYS failed"),
        failure => tracing::debug!(reference, reason = failure.code(), "refused"),
    }
}
