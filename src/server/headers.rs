//! The security headers, on every answer.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY_NAME, REFERRER_POLICY, SET_COOKIE,
};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use super::door::Door;
use super::origin::OwnNames;

/// Everything comes from the panel itself; nothing is framed or loaded from elsewhere, and what else is allowed is named.
macro_rules! policy {
    ($script:literal, $image:literal) => {
        concat!(
            "default-src 'none'; script-src 'self'",
            $script,
            "; style-src 'self'; img-src 'self'",
            $image,
            "; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
             require-trusted-types-for 'script'; trusted-types 'none'"
        )
    };
}

/// Nothing is inline.
const CONTENT_SECURITY_POLICY: &str = policy!("", "");

/// Owners' pages open with two requests on a phone: the script without which a second tap could cost them the password stands
/// in the page, by its hash, and so does the icon.
const OWNERS_POLICY: &str = policy!(" 'sha256-Hs+yevSr+ng80IhRL0sILVZbHoUC6lm2IqoN2hn8zvM='", " data:");

const PERMISSIONS_POLICY: &str = "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), clipboard-write=(self), \
    display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), \
    identity-credentials-get=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), \
    payment=(), picture-in-picture=(), publickey-credentials-create=(self), publickey-credentials-get=(self), \
    screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

/// `no-referrer` would make browsers send `Origin: null` with our own forms, hence `same-origin`.
const ALWAYS: [(&str, &str); 8] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("permissions-policy", PERMISSIONS_POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
];

/// Where the address itself opens something. Its page asks for style sheets, scripts and icons without it; what is named of
/// where they are asked from is the origin alone, so that forms still tell theirs.
const SECRET_PATHS: [&str; 3] = ["/hand-over/", "/invitations/", "/sign-in/link/"];

/// Adds the headers.
pub async fn add(State((door, own)): State<(Door, OwnNames)>, request: Request, next: Next) -> Response {
    let is_ours = own.are_asked_for(&request);
    let is_secret = SECRET_PATHS.iter().any(|path| request.uri().path().starts_with(path));
    let is_owners = door.is_for_owners(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if is_owners {
        headers.insert(CONTENT_SECURITY_POLICY_NAME, HeaderValue::from_static(OWNERS_POLICY));
    }
    if is_secret {
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
    }
    let is_public = headers.get(CACHE_CONTROL).is_some_and(|kept| kept.as_bytes().starts_with(b"public"));
    // A cache would hand the cookie on to others.
    if !headers.contains_key(CACHE_CONTROL) || is_public && headers.contains_key(SET_COOKIE) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if own.are_https() {
        // Under a foreign name, such as that of a mail domain, it would bind what isn't ours.
        if let Some(hsts) = door.hsts.filter(|_| is_ours) {
            headers.insert("strict-transport-security", HeaderValue::from_static(hsts));
        }
        secure_cookies(&mut response);
    }
    response
}

/// The same as the lines of a head, for what is answered before a request is known.
pub fn lines(door: &Door) -> Arc<str> {
    let hsts = door.hsts.map(|hsts| ("strict-transport-security", hsts));
    let more = [("cache-control", "no-store")].into_iter().chain(hsts);
    let lines = ALWAYS.into_iter().chain(more).flat_map(|(name, value)| [name, ": ", value, "\r\n"]);
    lines.collect::<String>().into()
}

/// `tower-sessions` removes its cookie without `Secure`; a browser would then keep a `__Host-` cookie.
fn secure_cookies(response: &mut Response) {
    let cookies: Vec<_> = response.headers().get_all(SET_COOKIE).iter().cloned().collect();
    response.headers_mut().remove(SET_COOKIE);
    for cookie in cookies {
        let text = cookie.to_str().unwrap_or_default();
        let is_secure = text.split(';').any(|part| part.trim().eq_ignore_ascii_case("secure"));
        let secured = if is_secure { Ok(cookie) } else { HeaderValue::from_str(&format!("{text}; Secure; HttpOnly")) };
        if let Ok(cookie) = secured {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::digest::{SHA256, digest};
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::OWNERS_POLICY;
    #[test]
    fn the_script_in_the_owners_page_is_the_one_that_its_policy_names() {
        let hash = STANDARD.encode(digest(&SHA256, include_str!("../../static/js/page/once.js").trim_end().as_bytes()));
        assert!(OWNERS_POLICY.contains(&format!("'sha256-{hash}'")), "name it: {hash}");
    }
}
