//! `nyckel check`: every problem of the configuration at once, then the database and a read at GleSYS, each by itself.

use std::process::ExitCode;

use anyhow::anyhow;

use super::{configured, say};
use crate::config::{Config, Needs};
use crate::model::Language;
use crate::server;
use crate::texts::Texts;

pub(super) async fn run() -> anyhow::Result<ExitCode> {
    let config = match configured(Needs::Everything) {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    for warning in &config.warnings {
        say(&format!("warning: {warning}"));
    }
    say("configuration: good");
    let found = [("database", database(&config).await), ("GleSYS", glesys(&config).await)];
    for (what, result) in &found {
        match result {
            Ok(()) => say(&format!("{what}: good")),
            Err(error) => say(&format!("{what}: {error:#}")),
        }
    }
    let is_good = found.iter().all(|(_, result)| result.is_ok());
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn database(config: &Config) -> anyhow::Result<()> {
    let store = server::open_store(config).await?;
    let answer = async { store.read().await?.ping().await }.await;
    store.close().await;
    Ok(answer?)
}

async fn glesys(config: &Config) -> anyhow::Result<()> {
    let answer = server::glesys_reader(config)?.probe().await;
    answer.map_err(|error| anyhow!("{} ({error})", Texts(Language::English).reason(error.reason(), error.function())))
}
