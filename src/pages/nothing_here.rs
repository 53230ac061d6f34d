//! What no route has. Whoever is signed in stays so on the page that says it: with its header, in their language.

use axum::extract::State;
use axum::http::{Method, Uri};
use axum::response::Redirect;

use super::guard::Guard;
use super::{App, Problem};

/// An address with a slash too many leads to the page; for any other there is none. The guard is asked for what it learns of the
/// visitor, and turns nobody away here.
pub async fn nothing_here(
    State(app): State<App>,
    _whoever: Result<Guard, Problem>,
    method: Method,
    uri: Uri,
) -> Result<Redirect, Problem> {
    let path = uri.path().trim_end_matches('/');
    if !method.is_safe() || path.is_empty() || path.len() == uri.path().len() {
        return Err(Problem::NotFound);
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Ok(Redirect::temporary(&app.links.public_page(&format!("{path}{query}"))))
}
