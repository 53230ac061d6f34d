//! Pages about aliases.

pub(super) mod show;
