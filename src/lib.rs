//! Nyckel: a self-hosted panel through which a company's staff reset the passwords of email accounts hosted at GleSYS.
//!
//! One crate, one direction: a room imports rooms further down this list, never up. `tests/house.rs` checks it.

pub mod glesys;
pub mod model;
pub mod simulator;
