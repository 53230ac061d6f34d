//! Only our own pages may change anything, and only under our own name.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::Url;

use crate::model::AuditKind;
use crate::pages::{App, Problem, Visit};

/// What the panel is called: from the configured public URL, never from a request.
#[derive(Clone)]
pub struct OwnNames {
    /// `https://nyckel.example.se`.
    origin: Arc<str>,
    /// `nyckel.example.se`, with the port where it isn't the usual one.
    host: Arc<str>,
    app: App,
}

impl OwnNames {
    pub fn new(public_url: &Url, app: App) -> Self {
        let host = public_url.host_str().unwrap_or_default();
        let host = public_url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        Self { origin: public_url.origin().ascii_serialization().into(), host: host.into(), app }
    }

    /// Whether people reach the panel over https.
    pub fn are_https(&self) -> bool {
        self.origin.starts_with("https:")
    }

    /// Whether a request is meant for us.
    pub fn are_asked_for(&self, request: &Request) -> bool {
        // An absolute request target outranks the header (RFC 9112, section 3.2.2).
        let target = request.uri().authority().map(Authority::as_str);
        let mut hosts = request.headers().get_all(HOST).iter();
        let header = hosts.next().and_then(|host| host.to_str().ok()).filter(|_| hosts.next().is_none());
        target.or(header).is_some_and(|host| host.eq_ignore_ascii_case(&self.host))
    }
}

/// Lets a request through if it is meant for us and, where it may change something, comes from us.
pub async fn check(State(own): State<OwnNames>, request: Request, next: Next) -> Response {
    if !own.are_asked_for(&request) {
        return Problem::ForeignHost.into_response();
    }
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if is_safe || is_from_us(&own, request.headers()) {
        return next.run(request).await;
    }
    if let Some(visit) = request.extensions().get::<Visit>() {
        let event = visit.origin.event(AuditKind::OriginRefused, own.app.clock.now());
        own.app.audit.record_or_log(&event).await;
    }
    Problem::ForeignOrigin.into_response()
}

/// Fetch Metadata where the browser sends it, `Origin` as well where it is there; with neither, nothing speaks for the
/// request.
fn is_from_us(own: &OwnNames, headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(|site| site == "same-origin");
    let origin = headers.get(ORIGIN).map(|origin| origin.as_bytes() == own.origin.as_bytes());
    match (site, origin) {
        (None, None) => false,
        (site, origin) => site.unwrap_or(true) && origin.unwrap_or(true),
    }
}
