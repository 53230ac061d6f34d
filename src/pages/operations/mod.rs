//! Pages about operations that were begun: one address for every kind.

mod by_link;
pub(super) mod characters;
mod no_password;
mod outcome;
pub(super) mod show;

pub(super) use self::outcome::why_not_done;
