//! Pages about changes of several accounts.

mod confirm;
pub(super) mod show;
