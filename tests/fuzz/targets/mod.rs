//! What is fed, and what must hold: a target a file, each a `check` of bytes. `tests/fuzz/main.rs` runs them as tests,
//! `fuzz_targets` under the fuzzer.

pub mod confirmation;
pub mod cookie;
pub mod csv;
pub mod form;
pub mod forwarding;
pub mod glesys_answer;
pub mod names;
mod panel;
