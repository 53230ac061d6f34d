//! One line a request: the route's pattern, status, time, staff id and reference. No addresses, no query, no names. Of what
//! strangers cause only the first few have one; the rest is summed up ([`Strangers`]).

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;

use super::client::{self, Doubts, Peer};
use super::strangers::{Kind, Strangers};
use crate::model::Entropy;
use crate::pages::Visit;
use crate::services::sign_ins::Origin;

/// What a visit is made of.
#[derive(Clone)]
pub struct Visits {
    pub trusted_proxies: Arc<[IpNet]>,
    pub entropy: Entropy,
    pub strangers: Strangers,
    pub doubts: Doubts,
}

/// On the answer to somebody who is signed in.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn;

/// Gives the request its [`Visit`], and logs the answer.
pub async fn log(State(visits): State<Visits>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().copied();
    let (client, doubt) = client::address(peer, request.headers(), &visits.trusted_proxies);
    if let Some(doubt) = doubt {
        visits.doubts.tell(doubt, peer);
    }
    let visit = Visit::new(Origin { client, reference: reference(&visits.entropy), device: None });
    request.extensions_mut().insert(visit.clone());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let begun = Instant::now();

    let mut response = next.run(request).await;

    let staff = visit.staff();
    let (route, status) = (route.as_ref().map_or("-", MatchedPath::as_str), response.status().as_u16());
    let is_told = staff.is_some()
        || is_trouble(&response)
        || visits.strangers.count(Kind { route: route.to_owned(), status }, client);
    if is_told {
        tracing::info!(
            method = name_of(&method),
            route,
            status,
            ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            staff = staff.as_ref().map(|id| id.0.as_str()),
            reference = visit.origin.reference,
            "answered"
        );
    }
    if staff.is_some() {
        response.extensions_mut().insert(SignedIn);
    }
    if let Ok(reference) = HeaderValue::from_str(&visit.origin.reference) {
        response.headers_mut().insert("x-request-id", reference);
    }
    response
}

/// Whether something is wrong with the panel. That it is crowded is the strangers' doing, and says when to come back.
fn is_trouble(response: &Response) -> bool {
    let is_crowded =
        response.status() == StatusCode::SERVICE_UNAVAILABLE && response.headers().contains_key(RETRY_AFTER);
    response.status().is_server_error() && !is_crowded
}

/// A method that has a name; others are as long as somebody likes.
fn name_of(method: &Method) -> &str {
    const NAMED: [Method; 9] = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::CONNECT,
        Method::TRACE,
    ];
    if NAMED.contains(method) { method.as_str() } else { "-" }
}

/// Twelve characters in groups of four, which can be read out over the telephone: no l, i, o or u.
fn reference(entropy: &Entropy) -> String {
    const CHARACTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    entropy.groups::<12>(CHARACTERS)
}
