//! `nyckel demo`: simulator and panel together, with made-up accounts and one staff member a role, over a data directory
//! that goes with the program.

use std::env;
use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use secrecy::SecretString;
use tokio::net::TcpListener;

use super::signals::Stop;
use super::{demo_owner, log, say, serve, system_entropy};
use crate::access::Gate;
use crate::config::{Config, LogFormat, Needs, Problems};
use crate::model::{Clock, Domains, Entropy, Grant, NewStaff, Role, StaffName};
use crate::server::{self, Built};
use crate::simulator::{DEMO_KEY, PROJECT, Simulator, State};

/// How many email accounts there are, and the seed that they are made from.
const ACCOUNTS: (usize, u64) = (300, 1);

/// The settings that a demo takes from its surroundings: rules that need nothing else, and what owners are shown.
const TAKEN: [&str; 16] = [
    "NYCKEL_BULK_RESETS_PER_STAFF",
    "NYCKEL_BULK_RESETS_TOTAL",
    "NYCKEL_CALLER_CHECKS_FILE",
    "NYCKEL_COMPANY",
    "NYCKEL_FRESH_SIGN_IN",
    "NYCKEL_HAND_OVER",
    "NYCKEL_HELP_LINE",
    "NYCKEL_LINK_LASTS",
    "NYCKEL_LOCK_OUTS_PER_STAFF",
    "NYCKEL_LOCK_OUTS_TOTAL",
    "NYCKEL_NEVER_SHOWN",
    "NYCKEL_REQUIRE_SECOND_FACTOR",
    "NYCKEL_RESET_REASON",
    "NYCKEL_RESET_REASON_PATTERN",
    "NYCKEL_SECOND_PERSON",
    "NYCKEL_TICKET_URL",
];

pub(super) async fn run(listen: SocketAddr) -> anyhow::Result<ExitCode> {
    log::begin("warn", LogFormat::Text);
    let entropy = system_entropy();
    let listener = TcpListener::bind(listen).await.with_context(|| {
        format!("the address {listen} can't be listened on; give another one with --listen 127.0.0.1:8081")
    })?;
    let panel = listener.local_addr()?;
    let public_url = public_url(panel);
    let (dir, simulator) = (data_dir(&entropy)?, simulator(&entropy).await?);
    let config = config(panel, &public_url, simulator, &dir, &entropy)?;
    let built = serve::build(&config).await?;
    let staff = add_staff(&config, &built, &entropy).await?;
    // The first page shall have something to find.
    built.app.directory.read_all().await;
    say(&format!("Nyckel demo\n  Panel:      {public_url}/"));
    say(&format!("  Simulator:  http://{simulator}/  (project {PROJECT}, key {DEMO_KEY})"));
    for (name, password) in &staff {
        say(&format!("  Sign in as  {name:<9} {name:<9} {password}"));
    }
    let mut stop = Stop::listens();
    let served = server::run(built, listener, async || stop.is_asked().await);
    let ((), served) = tokio::join!(tells_the_owner(&public_url, &staff), served);
    fs::remove_dir_all(&dir).with_context(|| format!("{} could not be removed", dir.display()))?;
    served?;
    Ok(ExitCode::SUCCESS)
}

/// What the owner of one mailbox sees, where links are offered.
async fn tells_the_owner(panel: &str, staff: &[(StaffName, String)]) {
    let Some((name, password)) = staff.iter().find(|(name, _)| name.as_str() == Role::Manager.name()) else { return };
    match demo_owner::hands_over(panel, name.as_str(), password).await {
        Ok((link, code)) => say(&format!("  An owner:   {link}  (code {code})")),
        Err(_) => say(
            "  An owner:   none, because these settings ask for more than the demo states by itself, or offer no link",
        ),
    }
}

/// By name where there is one, because passkeys need it.
fn public_url(panel: SocketAddr) -> String {
    if panel.ip() == IpAddr::from([127, 0, 0, 1]) {
        format!("http://localhost:{}", panel.port())
    } else {
        format!("http://{panel}")
    }
}

fn data_dir(entropy: &Entropy) -> anyhow::Result<PathBuf> {
    let dir = env::temp_dir().join(format!("nyckel-demo-{}", words(entropy)));
    fs::DirBuilder::new().mode(0o700).create(&dir).with_context(|| format!("{} can't be made", dir.display()))?;
    Ok(dir)
}

async fn simulator(entropy: &Entropy) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    let address = listener.local_addr()?;
    let (accounts, seed) = ACCOUNTS;
    let simulator = Simulator::new(State::generated(accounts, seed), Clock::system(), entropy.clone());
    tokio::spawn(async move {
        if let Err(error) = simulator.serve(listener, std::future::pending()).await {
            tracing::error!(%error, "the simulator stopped");
        }
    });
    Ok(address)
}

fn config(
    panel: SocketAddr,
    public_url: &str,
    simulator: SocketAddr,
    dir: &Path,
    entropy: &Entropy,
) -> Result<Config, Problems> {
    let vars = [
        ("NYCKEL_LISTEN", panel.to_string()),
        ("NYCKEL_PUBLIC_URL", public_url.to_owned()),
        ("NYCKEL_DATA_DIR", dir.display().to_string()),
        ("NYCKEL_GLESYS_URL", format!("http://{simulator}")),
        ("NYCKEL_GLESYS_PROJECT", PROJECT.to_owned()),
        ("NYCKEL_GLESYS_API_KEY", DEMO_KEY.to_owned()),
        ("NYCKEL_MAIL_IMAP", "imap.mail.example:993/tls".to_owned()),
        ("NYCKEL_MAIL_SMTP", "smtp.mail.example:587/starttls".to_owned()),
        ("NYCKEL_MAIL_WEBMAIL", "https://webmail.mail.example".to_owned()),
        ("NYCKEL_COMPANY", "Example Company".to_owned()),
        ("NYCKEL_HELP_LINE", "08-123 45 67".to_owned()),
    ];
    let vars = vars.map(|(name, value)| (name.to_owned(), value)).into_iter();
    let vars = vars.chain(env::vars().filter(|(name, _)| TAKEN.contains(&name.as_str())));
    Config::read(vars, Needs::Everything, entropy)
}

async fn add_staff(config: &Config, built: &Built, entropy: &Entropy) -> anyhow::Result<Vec<(StaffName, String)>> {
    let clock = Clock::system();
    let book = server::staff_book(config, built.store.clone(), clock.clone(), entropy.clone());
    let can = Gate::of_the_command_line().context("no gate")?.can()?;
    let mut staff = Vec::new();
    for role in Role::ALL {
        let (name, password) = (StaffName::parse(role.name())?, words(entropy));
        let grants = vec![Grant { role, domains: Domains::All }];
        let new = NewStaff { name: name.clone(), display_name: None, grants };
        book.add(&can, &new, SecretString::from(password.clone()))
            .await
            .with_context(|| format!("{name} could not be added for {}", config.public_url))?;
        staff.push((name, password));
    }
    Ok(staff)
}

/// Four groups of four characters that are easy to type.
fn words(entropy: &Entropy) -> String {
    const SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    entropy.groups::<16>(SIGNS)
}
