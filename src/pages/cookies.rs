//! The panel's cookies besides the session's: small texts for one purpose each.

use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;

use super::App;

/// The longest that is looked at.
const LONGEST: usize = 64;

/// `nyckel-` and what it is for; over https only the panel itself can set it.
fn name(app: &App, purpose: &str) -> String {
    let prefix = if app.links.is_https() { "__Host-" } else { "" };
    format!("{prefix}nyckel-{purpose}")
}

/// What the browser has kept for this purpose.
pub(super) fn read<'a>(app: &App, headers: &'a HeaderMap, purpose: &str) -> Option<&'a str> {
    let name = name(app, purpose);
    let cookies = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
    let mut pairs = cookies.flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(own, value)| *own == name && value.len() <= LONGEST).map(|(_, value)| value)
}

/// An answer that lets the browser keep a text.
pub(super) fn keep(
    app: &App,
    (purpose, text): (&str, &str),
    lasts: SignedDuration,
    answer: impl IntoResponse,
) -> Response {
    let mut response = answer.into_response();
    let secure = if app.links.is_https() { "; Secure" } else { "" };
    let (name, seconds) = (name(app, purpose), lasts.as_secs());
    let text = format!("{name}={text}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}
