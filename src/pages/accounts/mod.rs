//! Pages about accounts.

pub(super) mod reset;
pub(super) mod show;
