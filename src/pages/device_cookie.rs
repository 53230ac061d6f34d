//! The cookie of a known device: it outlives sign-outs, opens nothing, and is not the session's.

use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::{App, cookies};
use crate::access::device::{KNOWN_FOR, hash};
use crate::model::DeviceHash;

const PURPOSE: &str = "device";

/// The device that the browser says it is.
pub(super) fn read(app: &App, headers: &HeaderMap) -> Option<DeviceHash> {
    cookies::read(app, headers, PURPOSE).map(hash)
}

/// An answer that lets the browser keep the cookie.
pub(super) fn keep(app: &App, cookie: &str, answer: impl IntoResponse) -> Response {
    cookies::keep(app, PURPOSE, cookie, KNOWN_FOR, answer)
}
