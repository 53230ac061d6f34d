//! The ledger, the memory and the faults over HTTP, for a test whose simulator is another process.
//!
//! All under `/simulator`, which GleSYS doesn't have, without a key, and only for callers on the same machine; others
//! are treated like any caller of an unknown function.
//!
//! - `GET /simulator/calls` · `GET /simulator/accounts/{address}` · `GET /simulator/state`
//! - `POST /simulator/faults` (a [`Wish`], e.g. `{"function": "email/list", "fault": "half-answer", "times": {"count": 3}}`) · `DELETE /simulator/faults`
//! - `POST /simulator/passwords` (`["next", "and then"]`)
//! - `POST /simulator/denied` (`["email/resetpassword"]`, replaces what was denied)

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Simulator;
use super::arguments::segments;
use super::faults::Wish;
use super::state::key;

/// The answer, if the request is for this module and from this machine.
pub fn answer(simulator: &Simulator, parts: &Parts, body: &[u8]) -> Option<Response> {
    let path: Vec<String> = segments(&parts.uri).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let ["simulator", rest @ ..] = path.as_slice() else { return None };
    let ConnectInfo(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    if !peer.ip().to_canonical().is_loopback() {
        return None;
    }
    let (status, body) = match (parts.method.as_str(), rest) {
        ("GET", ["calls"]) => found(json!(simulator.calls())),
        ("GET", ["state"]) => found(json!(simulator.state())),
        ("GET", ["accounts", address]) => account(simulator, address),
        ("POST", ["faults"]) => take(body, |wish: Wish| simulator.book().plans.grant(wish)),
        ("DELETE", ["faults"]) => {
            simulator.heal();
            (StatusCode::OK, Value::Null)
        }
        ("POST", ["passwords"]) => {
            take(body, |next: Vec<String>| next.iter().for_each(|password| simulator.next_password(password)))
        }
        ("POST", ["denied"]) => take(body, |names: Vec<String>| simulator.book().denied = names.into_iter().collect()),
        _ => (StatusCode::NOT_FOUND, json!("The simulator has no such page or method.")),
    };
    let mut answer = Response::new(Body::from(body.to_string()));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Some(answer)
}

const fn found(value: Value) -> (StatusCode, Value) {
    (StatusCode::OK, value)
}

fn account(simulator: &Simulator, address: &str) -> (StatusCode, Value) {
    match simulator.password_of(address) {
        Some(password) => found(json!({ "address": key(address), "password": password })),
        None => (StatusCode::NOT_FOUND, json!("There is no such account.")),
    }
}

fn take<T: DeserializeOwned>(body: &[u8], use_it: impl FnOnce(T)) -> (StatusCode, Value) {
    match serde_json::from_slice(body) {
        Ok(value) => {
            use_it(value);
            (StatusCode::OK, Value::Null)
        }
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, json!(format!("Not understood: {error}."))),
    }
}
