//! `nyckel check`: every problem of the configuration at once, then the database, a read at GleSYS and
//! the provider of single sign-on, each by itself.

use std::process::ExitCode;

use anyhow::anyhow;

use super::{configured, say};
use crate::config::{Config, Needs};
use crate::model::{Clock, Language};
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
    let mut found = vec![("database", database(&config).await), ("GleSYS", glesys(&config).await)];
    if config.single_sign_on.is_some() {
        found.push(("single sign-on", single_sign_on(&config).await));
    }
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

async fn single_sign_on(config: &Config) -> anyhow::Result<()> {
    let provider = server::oidc_provider(config, Clock::system())?;
    match provider {
        Some(provider) => Ok(provider.probe().await?),
        None => Ok(()),
    }
}

async fn glesys(config: &Config) -> anyhow::Result<()> {
    let answer = server::glesys_reader(config)?.probe().await;
    answer.map_err(|error| anyhow!("{} ({error})", Texts(Language::English).reason(error.reason(), error.function())))
}
