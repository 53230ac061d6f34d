//! Pages about domains.

pub(super) mod show;
