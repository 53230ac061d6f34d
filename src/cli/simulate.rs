//! `nyckel simulate-glesys`: the simulator alone.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use tokio::net::TcpListener;

use super::signals::Stop;
use super::{log, say, system_entropy};
use crate::config::LogFormat;
use crate::model::Clock;
use crate::simulator::{DEMO_KEY, PROJECT, Simulator, State};

pub(super) async fn run(listen: SocketAddr, file: Option<&Path>, accounts: u32, seed: u64) -> anyhow::Result<ExitCode> {
    log::begin("warn", LogFormat::Text);
    let state = match file {
        Some(file) => {
            let text = std::fs::read_to_string(file).with_context(|| format!("{} can't be read", file.display()))?;
            State::from_json(&text).with_context(|| format!("{} is not a state of the simulator", file.display()))?
        }
        None => State::generated(accounts as usize, seed),
    };
    let listener = TcpListener::bind(listen).await;
    let listener = listener.with_context(|| format!("the address {listen} can't be listened on"))?;
    say(&format!("Simulated GleSYS: http://{}/  (project {PROJECT}, key {DEMO_KEY})", listener.local_addr()?));
    let mut stop = Stop::listens();
    Simulator::new(state, Clock::system(), system_entropy()).serve(listener, stop.is_asked()).await?;
    Ok(ExitCode::SUCCESS)
}
