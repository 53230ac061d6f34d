//! Pages about resets that were begun.

pub(super) mod show;
mod signs;
