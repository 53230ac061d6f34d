//! The panel's cookies besides the session's: small texts for one purpose each.

use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use cookie::{Cookie, SameSite};
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
    let headers = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
    let cookies = headers.flat_map(Cookie::split_parse).flatten();
    let mut own = cookies.filter(|cookie| cookie.name() == name).filter_map(|cookie| cookie.value_raw());
    own.find(|value| value.len() <= LONGEST)
}

/// An answer that lets the browser keep a text.
pub(super) fn keep(app: &App, purpose: &str, text: &str, lasts: SignedDuration, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    let cookie = Cookie::build((name(app, purpose), text)).path("/").http_only(true).same_site(SameSite::Strict);
    let cookie = cookie.secure(app.links.is_https()).max_age(time::Duration::seconds(lasts.as_secs()));
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}
