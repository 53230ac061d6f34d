//! Pages about changes of several accounts.

pub(super) mod show;
