//! What owners of mailboxes enter in their mail programs: for staff beside an account, and for anybody without signing in.
//!
//! What strangers can ask for comes from the configuration alone. It is the same for every address of a domain, whether
//! it exists or not, costs no question to the database or to GleSYS, and holds nothing that they sent but the name of
//! the domain, in its one canonical form.

mod documents;
mod public;
mod show;

use axum::Router;

use super::App;

pub fn routes() -> Router<App> {
    show::routes()
}

/// The page that anybody may see, and its documents.
pub fn public_routes() -> Router<App> {
    public::routes()
}

/// The routes that mail programs ask under a name of the mail domain, such as `autoconfig.example.se`. `server` puts them
/// outside the check of the panel's own name: nothing in the answer depends on it, and nobody can change anything there.
pub fn autoconfig_routes() -> Router<App> {
    public::autoconfig_routes()
}
