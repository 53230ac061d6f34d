//! One line a request: the route's pattern, status, time, staff id and reference. No addresses, no query, no names.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;

use super::client::{self, Peer};
use crate::model::Entropy;
use crate::pages::Visit;
use crate::services::sign_ins::Origin;

/// What a visit is made of.
#[derive(Clone)]
pub struct Visits {
    pub trusted_proxies: Arc<[IpNet]>,
    pub entropy: Entropy,
}

/// On the answer to somebody who is signed in.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn;

/// Gives the request its [`Visit`], and logs the answer.
pub async fn log(State(visits): State<Visits>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().copied();
    let (client, doubt) = client::address(peer, request.headers(), &visits.trusted_proxies);
    if let Some(doubt) = doubt {
        doubt.tell();
    }
    let visit = Visit::new(Origin { client, reference: reference(&visits.entropy), device: None });
    request.extensions_mut().insert(visit.clone());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let begun = Instant::now();

    let mut response = next.run(request).await;

    let staff = visit.staff();
    tracing::info!(
        %method,
        route = route.as_ref().map_or("-", MatchedPath::as_str),
        status = response.status().as_u16(),
        ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        staff = staff.as_ref().map(|id| id.0.as_str()),
        reference = visit.origin.reference,
        "answered"
    );
    if staff.is_some() {
        response.extensions_mut().insert(SignedIn);
    }
    if let Ok(reference) = HeaderValue::from_str(&visit.origin.reference) {
        response.headers_mut().insert("x-request-id", reference);
    }
    response
}

/// Twelve signs in groups of four, which can be read out over the telephone: no l, i, o or u.
fn reference(entropy: &Entropy) -> String {
    const SIGNS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    entropy.groups::<12>(SIGNS)
}
