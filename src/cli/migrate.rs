//! `nyckel migrate`: brings the database up to date, which `serve` does too when it starts.

use std::process::ExitCode;

use super::desk::Desk;
use super::say;
use crate::store::Purpose;

pub(super) async fn run() -> anyhow::Result<ExitCode> {
    Desk::laid(Purpose::Serve).await?.cleared().await;
    say("The database is up to date.");
    Ok(ExitCode::SUCCESS)
}
