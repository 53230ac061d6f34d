//! What takes two people: asking a colleague, and answering one.

mod ask;
mod show;

use axum::Router;

use super::{App, Layout};
use crate::model::Joint;

pub use self::ask::ask_first;

pub fn routes() -> Router<App> {
    Router::new().merge(ask::routes()).merge(show::routes())
}

/// What is to be done, and to what, for a heading.
pub(super) fn said(layout: &Layout, joint: &Joint) -> (String, String) {
    let say = layout.say;
    match joint {
        Joint::On { kind, address, .. } => (say.asked_for(*kind).to_owned(), address.readable()),
        Joint::Batch { domain, action, accounts, .. } => {
            (say.batch_action(*action), say.asked_accounts(*accounts, &domain.readable()))
        }
    }
}
