//! The routes behind their layers.
//!
//! From the outside in: visit and request log, security headers, problem pages, panics, time-out, body limit, own name
//! and origin, session, what was typed too late, routes. What is refused further in still gets its page, its headers and its line in the log.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::{Request, Uri};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use tower::ServiceExt;
use tower::util::BoxCloneSyncService;
use tower_http::catch_panic::CatchPanicLayer;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};

use super::client::Doubts;
use super::door::{Door, Serves};
use super::origin::{self, OwnNames};
use super::request_log::{self, Visits};
use super::{Built, assets, headers, health, problems};
use crate::pages;

/// The largest form is a few hundred bytes.
const LARGEST_BODY: usize = 64 * 1024;

/// What is asked for by number or under other names than the panel's, and so without the path that it lives under.
const UNDER_ANY_NAME: [&str; 4] =
    ["/healthz", "/readyz", "/mail/config-v1.1.xml", "/.well-known/autoconfig/mail/config-v1.1.xml"];

/// A door as a service for requests.
pub type Service = BoxCloneSyncService<Request<Body>, Response, Infallible>;

/// The panel's own door.
pub fn panel(built: &Built) -> Service {
    let door = &built.panel;
    let own = OwnNames::of(door);
    let is_https = own.are_https();
    let sessions = SessionManagerLayer::new(door.app.sessions.clone())
        .with_name(if is_https { "__Host-nyckel" } else { "nyckel" })
        .with_secure(is_https)
        .with_http_only(true)
        .with_same_site(SameSite::Strict)
        .with_path("/")
        .with_expiry(Expiry::OnSessionEnd);
    let guarded = pages::routes()
        .route("/static/{*path}", get(assets::show))
        .fallback(pages::nothing_here)
        .layer(from_fn_with_state(door.app.clone(), pages::keep_typed))
        .layer(sessions)
        .layer(from_fn_with_state(own.clone(), origin::check))
        .layer(from_fn(pages::address_without_nul))
        .with_state(door.app.clone());
    // Probes come by number and port, not by our name.
    let probes = Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .with_state(built.clone());
    let router = probes.merge(guarded);
    let router = if door.serves == Serves::Everything { router.merge(for_owners(door, &own)) } else { router };
    behind_layers(built, door, own, router)
}

/// The door of the owners of mailboxes, where they have one.
pub fn owners(built: &Built) -> Option<Service> {
    let door = built.owners.as_ref()?;
    let own = OwnNames::of(door);
    let rest = Router::new()
        .route("/static/{*path}", get(assets::show))
        .fallback(pages::nothing_here)
        .layer(from_fn_with_state(own.clone(), origin::check))
        .with_state(door.app.clone());
    let router = for_owners(door, &own).merge(rest);
    Some(behind_layers(built, door, own, router))
}

/// What owners of mailboxes and their mail programs ask for. They have no session, and nobody's is to be seen there.
fn for_owners(door: &Door, own: &OwnNames) -> Router {
    let pages = pages::owner_routes()
        .merge(pages::public_routes())
        .layer(from_fn_with_state(own.clone(), origin::check))
        .layer(from_fn(pages::address_without_nul));
    // Mail programs ask under names of the mail domains.
    pages.merge(pages::autoconfig_routes()).with_state(door.app.clone())
}

fn behind_layers(built: &Built, door: &Door, own: OwnNames, router: Router) -> Service {
    let visits = Visits {
        trusted_proxies: built.trusted_proxies.clone(),
        entropy: built.entropy.clone(),
        strangers: door.strangers.clone(),
        doubts: Doubts::default(),
    };
    let router = router
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn(problems::time_out))
        .layer(CatchPanicLayer::custom(problems::panicked))
        .layer(from_fn_with_state(door.clone(), problems::render))
        .layer(from_fn_with_state((door.clone(), own), headers::add))
        .layer(from_fn_with_state(visits, request_log::log));
    let base = door.app.links.base().to_owned();
    BoxCloneSyncService::new(router.map_request(move |request| rebase(&base, request)))
}

/// Takes the path that the panel lives under off a request's, so that routes need not know it. What is not below it
/// becomes a path that no route has, but for the probes and for what mail programs ask.
fn rebase(base: &str, mut request: Request<Body>) -> Request<Body> {
    let path = request.uri().path();
    if base.is_empty() || UNDER_ANY_NAME.contains(&path) {
        return request;
    }
    let rest = path.strip_prefix(base).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let path = match rest {
        Some("") => "/",
        Some(rest) => rest,
        None => "/-",
    };
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = format!("{path}{query}").parse().ok();
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
    request
}
