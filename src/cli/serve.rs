//! `nyckel serve`.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, anyhow};
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use zeroize::Zeroizing;

use super::check::{claimed_twice, too_few_people};
use super::desk::leads_here_only;
use super::signals::{HangUp, Stop};
use super::{configured, log, system_entropy, warn};
use crate::config::{Config, LogFormat, Needs, Problems};
use crate::glesys::Timing;
use crate::model::Clock;
use crate::server::{self, Built, Listeners};
use crate::store::Purpose;

/// How long the start waits for the projects' lists of domains.
const PROJECTS_WITHIN: Duration = Duration::from_secs(10);

pub(super) async fn run() -> anyhow::Result<ExitCode> {
    let config = configured(Needs::Everything)?;
    log::begin(&config.log, config.log_format);
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    keep_memory_private();
    take_all_descriptors();
    let panel = listen("NYCKEL_LISTEN", config.listen).await?;
    let owners = match &config.owners {
        Some(door) => Some(listen("NYCKEL_PUBLIC_LISTEN", door.listen).await?),
        None => None,
    };
    let (mut stop, hang_up) = (Stop::listens(), HangUp::listens());
    refuse_domains_claimed_twice(&config).await?;
    let built = build(&config).await?;
    if let Some(warning) = too_few_people(&config, &built.store).await? {
        tracing::warn!("{warning}");
    }
    tell_of_setup(&built, &config).await?;
    tracing::info!(address = %config.listen, public_url = %config.public_url, "serving");
    if let Some(door) = &config.owners {
        tracing::info!(address = %door.listen, owners_url = %door.url, "serving owners of mailboxes");
    }
    let renews = renews(built.clone(), hang_up);
    let served = server::run(built, Listeners { panel, owners }, async || stop.is_asked().await);
    tokio::select! {
        served = served => served?,
        () = renews => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads the secrets again whenever SIGHUP comes; a terminal that goes away takes nothing with it. Never ends.
async fn renews(built: Built, mut hang_up: HangUp) {
    loop {
        hang_up.comes().await;
        tracing::info!("SIGHUP came: the API key at GleSYS and the secret of single sign-on are read again");
        // Nothing is made of it but those, so it only looks.
        match configured(Needs::Looking) {
            Ok(config) => built.renew(&config, &Clock::system()).await,
            Err(Problems(problems)) => {
                let problems = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
                tracing::error!(problems, "the configuration can't be read again; everything stays as it is");
            }
        }
    }
}

async fn listen(setting: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).await;
    listener.with_context(|| format!("{setting}: the address {address} can't be listened on"))
}

/// With several projects: nobody knows where to send a change in a domain that is in two of them. What GleSYS does not say
/// in time is found later, and such a domain is then not served.
async fn refuse_domains_claimed_twice(config: &Config) -> anyhow::Result<()> {
    if config.glesys_projects.len() < 2 {
        return Ok(());
    }
    let reader = server::glesys_reader(config)?;
    let contested = tokio::time::timeout(PROJECTS_WITHIN, reader.contested()).await.unwrap_or_default();
    let sentences: Vec<_> = contested.iter().map(claimed_twice).collect();
    if sentences.is_empty() { Ok(()) } else { Err(anyhow!(sentences.join("\n"))) }
}

/// Builds the panel of a configuration, with the machine's clock and randomness.
pub(super) async fn build(config: &Config) -> anyhow::Result<Built> {
    let store = server::open_store(config, Purpose::Serve, Clock::system(), system_entropy()).await?;
    store.must_be_as_left().await?;
    Ok(Built::new(config, store, &Timing::default(), Clock::system(), system_entropy())?)
}

/// A core dump or a debugger would see passwords on their way.
fn keep_memory_private() {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
        tracing::warn!(%error, "core dumps could not be switched off");
    }
}

/// Many systems give a process 1024 descriptors unless it asks for those that it may have.
fn take_all_descriptors() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        tracing::warn!(%error, descriptors = current, "no more descriptors could be had");
    }
}

/// The token goes to the terminal, whatever is logged; there it is one more line for whoever reads JSON.
async fn tell_of_setup(built: &Built, config: &Config) -> anyhow::Result<()> {
    let Some(token) = built.app.sign_ins.open_setup().await? else { return Ok(()) };
    let (address, token) = (config.public_url.join(&built.app.links.setup())?, token.expose_secret());
    let (mut out, hint) = (io::stderr(), leads_here_only(config));
    match config.log_format {
        LogFormat::Text => {
            writeln!(out, "Nobody is on the staff yet. Create the first admin at {address}\nSetup code: {token}")?;
            if let Some(hint) = &hint {
                warn(hint);
            }
        }
        LogFormat::Json => {
            let line = serde_json::json!({
                "timestamp": Clock::system().now().to_string(),
                "level": "WARN",
                "message": "nobody is on the staff yet; create the first admin at this address with this setup code",
                "address": address.as_str(),
                "setup_code": token,
                "hint": hint,
                "target": module_path!(),
            });
            writeln!(out, "{}", Zeroizing::new(line.to_string()).as_str())?;
        }
    }
    Ok(())
}
