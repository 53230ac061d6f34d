//! Pages about the audit.

pub(super) mod export;
mod filter;
pub(super) mod show;
