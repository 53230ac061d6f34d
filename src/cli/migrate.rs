//! `nyckel migrate`: brings the database up to date, which `serve` does too when it starts.

use std::process::ExitCode;

use super::{configured, say, system_entropy};
use crate::config::Needs;
use crate::model::Clock;
use crate::server;

pub(super) async fn run() -> anyhow::Result<ExitCode> {
    let config = match configured(Needs::DatabaseOnly) {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    server::open_store(&config, Clock::system(), system_entropy()).await?.close().await;
    say("The database is up to date.");
    Ok(ExitCode::SUCCESS)
}
