//! Where somebody is led who asked for a page without being signed in, or before they have set up a second factor.

use axum::http::Method;
use axum::http::header::REFERER;
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;

use super::navigation::{From, navigation};
use super::{App, Problem};

/// Of a route: its page can be shown but once, and what another site leads to must not use that up without a click.
#[derive(Clone, Copy)]
pub struct ShownOnce;

/// After signing in, a person lands where they were going, and nothing that they sent was done: they send it anew. Who came
/// without a cookie, over a link from another site, takes one more step first: only from here does the browser send it.
pub(super) fn turned_away(parts: &Parts, app: &App, has_cookie: bool) -> Problem {
    let path = parts.uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let there = format!("{}{path}", app.links.base());
    if parts.method != Method::GET {
        let form = page_of_form(parts, app).unwrap_or_else(|| app.links.overview());
        return Problem::SignIn(app.links.sign_in_undone(&form, false));
    }
    match app.links.own(&there) {
        Some(link) if navigation(&parts.headers) == Some(From::Elsewhere) && !has_cookie => {
            Problem::FromElsewhere { link, by_itself: parts.extensions.get::<ShownOnce>().is_none() }
        }
        Some(there) if path != "/" => Problem::SignIn(app.links.sign_in_then(&there)),
        _ => Problem::SignIn(app.links.sign_in()),
    }
}

/// The page of ours that a form was posted from.
fn page_of_form(parts: &Parts, app: &App) -> Option<String> {
    let page = parts.headers.get(REFERER)?.to_str().ok()?;
    app.links.own(page.strip_prefix(&app.links.absolute(""))?)
}

/// Whether a page is there for those who must set up a second factor before anything else.
pub(super) fn is_for_newcomers(parts: &Parts) -> bool {
    let path = parts.uri.path();
    ["/profile/second-factor", "/sign-in/again", "/sign-out"].contains(&path)
        || path.starts_with("/profile/passkeys/new")
}
