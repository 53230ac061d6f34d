//! The cookie of a known device: it outlives sign-outs, opens nothing, and is not the session's.

use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, Response};

use super::App;
use crate::access::device::{KNOWN_FOR, hash};
use crate::model::DeviceHash;

/// The longest that is looked at.
const LONGEST: usize = 64;

fn name(app: &App) -> &'static str {
    if app.links.is_https() { "__Host-nyckel-device" } else { "nyckel-device" }
}

/// The device that the browser says it is.
pub(super) fn read(app: &App, headers: &HeaderMap) -> Option<DeviceHash> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
    let mut pairs = cookies.flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(own, value)| *own == name(app) && value.len() <= LONGEST)?;
    Some(hash(value))
}

/// An answer that lets the browser keep the cookie.
pub(super) fn keep(app: &App, cookie: &str, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    let secure = if app.links.is_https() { "; Secure" } else { "" };
    let seconds = KNOWN_FOR.as_secs();
    let text = format!("{}={cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}", name(app));
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}
