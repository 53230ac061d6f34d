//! What people see: one module a use case, with its routes, form, template and handlers.
//!
//! `server` puts the routes behind its layers. Pages ask the gate for a right, call a service with it, and say what came
//! of it in the person's language. They know no database and no wire type.

mod accounts;
mod aliases;
mod app;
mod approvals;
mod audit;
mod batches;
mod client_settings;
mod cookies;
mod costs;
mod device_cookie;
mod domains;
mod drafts;
mod endings;
mod escape;
mod faults;
mod field;
mod forms;
mod guard;
mod invitations;
mod keys;
mod landing;
mod lately;
mod layout;
mod links;
mod navigation;
mod nothing_here;
mod notice;
mod operations;
mod overview;
mod owners;
mod passkeys;
mod problem;
mod profile;
mod proof;
mod qr;
mod second_factor;
mod setup;
mod sign_in;
mod sign_in_again;
mod sign_in_link;
mod single_sign_on;
mod staff;
mod stating;
mod ticket;
mod times;
mod told;
mod turned_away;
mod visit;

use axum::Router;

pub use app::{App, Panel};
pub use client_settings::{autoconfig_routes, public_routes};
pub use drafts::keep_typed;
pub use forms::address_without_nul;
pub use layout::Layout;
pub use links::Links;
pub use nothing_here::nothing_here;
pub use owners::{astray, is_for_owners, nowhere, owner_routes};
pub use problem::{Problem, ProblemPage};
pub use visit::{Visit, language};

/// Every route of the panel that is for staff, without layers.
pub fn routes() -> Router<App> {
    Router::new()
        .merge(overview::routes())
        .merge(sign_in::routes())
        .merge(sign_in_again::routes())
        .merge(sign_in_link::routes())
        .merge(single_sign_on::routes())
        .merge(setup::routes())
        .merge(invitations::routes())
        .merge(profile::routes())
        .merge(told::routes())
        .merge(endings::routes())
        .merge(passkeys::routes())
        .merge(staff::routes())
        .merge(costs::routes())
        .merge(keys::routes())
        .merge(domains::show::routes())
        .merge(domains::bulk::routes())
        .merge(batches::show::routes())
        .merge(domains::export::routes())
        .merge(accounts::routes())
        .merge(client_settings::routes())
        .merge(aliases::show::routes())
        .merge(aliases::new::routes())
        .merge(aliases::edit::routes())
        .merge(aliases::delete::routes())
        .merge(operations::show::routes())
        .merge(approvals::routes())
        .merge(audit::show::routes())
        .merge(audit::export::routes())
}
