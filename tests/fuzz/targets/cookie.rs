//! Whatever comes as a cookie: nobody is signed in by it, and nothing fails.

use super::panel::PANEL;
use axum::http::HeaderValue;

/// The bytes are the cookies.
pub fn check(cookie: &[u8]) {
    // The server reads no other bytes as a header.
    if HeaderValue::from_bytes(cookie).is_err() || std::str::from_utf8(cookie).is_ok_and(|c| c.contains(&PANEL.cookie))
    {
        return;
    }
    let answer = PANEL.answers("GET", "/", cookie, Vec::new());
    assert_eq!(answer.status(), 303);
    assert!(answer.headers()["location"].as_bytes().starts_with(b"/sign-in"));
}
