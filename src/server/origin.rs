//! Only our own pages may change anything, and only under our own name.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::{Authority, PathAndQuery};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::door::{Door, Serves};
use crate::model::AuditKind;
use crate::model::shown::shown_in_line;
use crate::pages::{App, Problem, Visit};

/// What a door is called: from its configured URL, never from a request.
#[derive(Clone)]
pub struct OwnNames {
    /// `https://nyckel.example.se`.
    origin: Arc<str>,
    /// `nyckel.example.se`, with the port where it isn't the usual one.
    host: Arc<str>,
    /// The usual port, which may be written out as well.
    usual_port: Option<u16>,
    app: App,
    /// The setting that names them.
    setting: &'static str,
    /// When the log last named a foreign host.
    named_at: Arc<Mutex<Option<Instant>>>,
}

/// How often the log names one: strangers can send as many as they like.
const NAMED_EVERY: Duration = Duration::from_mins(1);

impl OwnNames {
    pub fn of(door: &Door) -> Self {
        let (public_url, app) = (&door.url, door.app.clone());
        let setting = if door.serves == Serves::Owners { "NYCKEL_OWNERS_URL" } else { "NYCKEL_PUBLIC_URL" };
        let host = public_url.host_str().unwrap_or_default();
        let host = public_url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let usual_port = public_url.port().is_none().then(|| public_url.port_or_known_default()).flatten();
        let origin = public_url.origin().ascii_serialization().into();
        Self { origin, host: host.into(), usual_port, app, setting, named_at: Arc::default() }
    }

    /// Whether people reach the panel over https.
    pub fn are_https(&self) -> bool {
        self.origin.starts_with("https:")
    }

    /// Whether a request is meant for us.
    pub fn are_asked_for(&self, request: &Request) -> bool {
        asked_for(request).is_some_and(|host| self.are(host))
    }

    /// Whether a host is ours: with the usual port written out or not, and with the dot that ends every full name or not.
    fn are(&self, host: &str) -> bool {
        let port = self.usual_port.map(|port| format!(":{port}"));
        let host = port.and_then(|port| host.strip_suffix(&port)).unwrap_or(host);
        let (name, port) =
            host.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')).map_or((host, None), |(n, p)| (n, Some(p)));
        let name = name.strip_suffix('.').unwrap_or(name);
        let host = port.map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
        host.eq_ignore_ascii_case(&self.host)
    }

    /// Names both hosts in the log, since it is most likely a setting: now and then, as often as it may happen.
    fn name_foreign(&self, host: &str) {
        let mut named_at = self.named_at.lock().unwrap_or_else(PoisonError::into_inner);
        if named_at.is_none_or(|at| at.elapsed() >= NAMED_EVERY) {
            *named_at = Some(Instant::now());
            let asked_for: String = host.chars().take(100).collect();
            tracing::warn!(
                asked_for,
                own = &*self.host,
                "a request for another host was refused; if people do reach the panel by that name, set {} to it, or have \
                 the proxy pass the own one on as Host",
                self.setting
            );
        }
    }
}

/// The one host that a request is for.
fn asked_for(request: &Request) -> Option<&str> {
    // An absolute request target outranks the header (RFC 9112, section 3.2.2).
    let target = request.uri().authority().map(Authority::as_str);
    let mut hosts = request.headers().get_all(HOST).iter();
    let header = hosts.next().and_then(|host| host.to_str().ok()).filter(|_| hosts.next().is_none());
    target.or(header)
}

/// Whether a host's name ends with the dot that every full name may end with.
fn is_dotted(host: &str) -> bool {
    host.rsplit_once(':').map_or(host, |(name, _)| name).ends_with('.')
}

/// What was asked for, for the log, in whatever bytes.
fn told(request: &Request) -> String {
    let headers = request.headers().get_all(HOST).iter().map(|host| String::from_utf8_lossy(host.as_bytes()));
    let target = request.uri().authority().map(|target| Cow::Borrowed(target.as_str()));
    let hosts = target.map_or_else(|| headers.collect(), |target| vec![target]);
    if hosts.is_empty() { "none".to_owned() } else { shown_in_line(&hosts.join(", ")) }
}

/// Lets a request through if it is meant for us and, where it may change something, comes from us.
pub async fn check(State(own): State<OwnNames>, request: Request, next: Next) -> Response {
    let Some(host) = asked_for(&request).filter(|host| own.are(host)) else {
        own.name_foreign(&told(&request));
        return Problem::ForeignHost.into_response();
    };
    // Under the name with a dot a browser says of our own pages that they are another site's, and has other cookies.
    if is_dotted(host) && matches!(*request.method(), Method::GET | Method::HEAD) {
        let path = request.uri().path_and_query().map_or("/", PathAndQuery::as_str);
        return Redirect::permanent(&own.app.links.public_page(path)).into_response();
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
