//! Nyckel: a self-hosted panel through which a company's staff reset the passwords of email accounts hosted at GleSYS.
//!
//! One crate, one direction: a room imports rooms further up this list, never down. `tests/house.rs` checks it.

pub mod model;

pub mod glesys;
pub mod oidc;
pub mod simulator;
pub mod smtp;
pub mod store;
pub mod texts;

pub mod access;
pub mod services;

pub mod config;
pub mod pages;
pub mod server;

pub mod cli;
