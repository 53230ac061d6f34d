//! The targets, for the fuzzer's programs.

#[path = "../targets/mod.rs"]
pub mod targets;
