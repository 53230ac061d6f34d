//! Pages about domains.

pub(super) mod bulk;
pub(super) mod export;
mod list;
pub(super) mod show;
