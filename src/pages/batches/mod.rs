//! Pages about changes of several accounts.

mod confirm;
mod links;
pub(super) mod show;
