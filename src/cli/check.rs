//! `nyckel check`: every problem at once, then the database and a read at GleSYS.

use std::process::ExitCode;

use super::{configured, say, serve};
use crate::config::Needs;

pub(super) async fn run() -> anyhow::Result<ExitCode> {
    let config = match configured(Needs::Everything) {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    for warning in &config.warnings {
        say(&format!("warning: {warning}"));
    }
    say("configuration: good");
    let built = match serve::build(&config).await {
        Ok(built) => built,
        Err(error) => {
            say(&format!("database: {error:#}"));
            return Ok(ExitCode::FAILURE);
        }
    };
    say("database: good");
    let answer = built.reader.probe().await;
    built.store.close().await;
    match answer {
        Ok(()) => {
            say("GleSYS: good");
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            let sentence =
                crate::texts::Texts(crate::model::Language::English).reason(error.reason(), error.function());
            say(&format!("GleSYS: {sentence} ({error})"));
            Ok(ExitCode::FAILURE)
        }
    }
}
