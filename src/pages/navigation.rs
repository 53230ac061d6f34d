//! What a browser says of itself about a request (Fetch Metadata): whether a person goes somewhere, and where from.

use axum::http::HeaderMap;

/// Where a person comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// A page of the panel, a bookmark or the address bar.
    Here,
    /// A link on another site.
    Elsewhere,
}

/// Where a person's own navigation comes from, if it is one. Prefetches, previews and scripts don't say so.
pub fn navigation(headers: &HeaderMap) -> Option<From> {
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_ahead_of_time =
        ["purpose", "sec-purpose", "x-moz", "x-purpose"].iter().any(|name| headers.contains_key(*name));
    if is_ahead_of_time || said("sec-fetch-mode") != "navigate" || said("sec-fetch-dest") != "document" {
        return None;
    }
    match said("sec-fetch-site") {
        "same-origin" | "none" => Some(From::Here),
        "cross-site" => Some(From::Elsewhere),
        _ => None,
    }
}
