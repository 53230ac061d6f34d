//! The command line: reads the arguments and the environment, calls the room that does it, says how it went.
//!
//! Exit codes: 0 done, 1 it failed, 2 the arguments, the configuration or the database can't be used.

mod accept_rollback;
mod audit;
mod check;
mod demo;
mod demo_owner;
mod desk;
mod healthcheck;
mod log;
mod migrate;
mod os_user;
mod serve;
mod signals;
mod simulate;
mod staff;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Config, Needs, Problems};
use crate::model::Entropy;
use crate::model::shown::{shown, shown_in_line};
use crate::store;

/// A panel through which staff reset the passwords of email accounts hosted at GleSYS.
///
/// Settings come from NYCKEL_… environment variables; README.md lists them.
#[derive(Debug, Parser)]
#[command(version, about, long_about, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the panel, and the pages for owners of mailboxes on a listener of their own where that is set.
    ///
    /// SIGTERM or SIGINT stops it in order; a second one ends the wait before that. SIGHUP has the API key at GleSYS and the
    /// secret of single sign-on read again.
    Serve,
    /// Try the panel with a simulated GleSYS and made-up accounts; needs no configuration, keeps nothing.
    Demo {
        /// Where to serve the panel.
        #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
        listen: SocketAddr,
    },
    /// Check the configuration, the database, what is read at GleSYS, and the mail server; report every problem at once.
    Check,
    /// Bring the database up to date.
    Migrate,
    /// Add, list, disable staff members or set their passwords.
    #[command(subcommand)]
    Staff(staff::StaffCommand),
    /// Verify the audit, or take it along as CSV or JSON Lines.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Go on with the database as it is, after an older copy of it was put back or it was changed past the panel.
    ///
    /// Whatever let anybody in when a copy was made may have ended since, so all of it ends: sessions, passwords, passkeys,
    /// apps, recovery codes, invitations and links. Operations that ran are unknown, passwords that waited are not shown.
    /// Everybody is disabled but those who are kept; each of these gets an invitation, which is printed, or signs in by single
    /// sign-on as before. What the database says of their roles counts from then on, so it is shown before anything is done;
    /// without --keep that is all that happens.
    ///
    /// It is recorded as a new beginning of the audit, from which `nyckel audit verify` goes on. A database of another secret
    /// key is refused.
    AcceptRollback(accept_rollback::AcceptRollback),
    /// Serve a simulated GleSYS alone (project cl12345, key demo-key).
    SimulateGlesys {
        /// Where to serve it; only this machine may reach its ledger.
        #[arg(long, default_value = "127.0.0.1:8090", value_name = "ADDRESS")]
        listen: SocketAddr,
        /// A JSON file to begin with; left out, accounts are made up.
        #[arg(long, value_name = "FILE")]
        state: Option<PathBuf>,
        /// How many accounts to make up, at most 100000.
        #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(0..=100_000))]
        accounts: u32,
        /// The same seed makes the same accounts.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Ask a running panel whether it is alive; for container health checks.
    Healthcheck,
}

/// Runs the program.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&anyhow::anyhow!("the program can't start its threads: {error}")),
    };
    let result = runtime.block_on(carry_out(arguments.command));
    runtime.shutdown_background();
    result.unwrap_or_else(|error| failed(&error))
}

async fn carry_out(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve => Box::pin(serve::run()).await,
        Command::Demo { listen } => Box::pin(demo::run(listen)).await,
        Command::Check => check::run().await,
        Command::Migrate => migrate::run().await,
        Command::Staff(command) => staff::run(command).await,
        Command::Audit(command) => audit::run(command).await,
        Command::AcceptRollback(asked) => accept_rollback::run(asked).await,
        Command::SimulateGlesys { listen, state, accounts, seed } => {
            simulate::run(listen, state.as_deref(), accounts, seed).await
        }
        Command::Healthcheck => healthcheck::run().await,
    }
}

/// The operating system's randomness.
fn system_entropy() -> Entropy {
    Entropy::new(|bytes| {
        // The generator is seeded once and does not fail after that; going on without it would be the worst there is.
        if aws_lc_rs::rand::fill(bytes).is_err() {
            std::process::abort();
        }
    })
}

/// Reads the configuration from the environment.
fn configured(needs: Needs) -> Result<Config, Problems> {
    // What the panel writes is for its own eyes.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let vars =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Config::read(vars, needs, &system_entropy())
}

fn failed(error: &anyhow::Error) -> ExitCode {
    complain(error);
    refused_or_failed(error)
}

fn complain(error: &anyhow::Error) -> ExitCode {
    warn(&told(error));
    ExitCode::FAILURE
}

/// Why something failed; on the terminal, people may be named.
fn told(error: &anyhow::Error) -> String {
    let refusal = error.chain().find_map(|cause| match cause.downcast_ref() {
        Some(store::Error::Refused(refusal)) => refusal.about(),
        _ => None,
    });
    refusal.map_or_else(|| format!("{error:#}"), |name| format!("{error:#} ({})", shown_in_line(name)))
}

/// A database that is refused is as good as a wrong configuration: trying again is of no use.
fn refused_or_failed(error: &anyhow::Error) -> ExitCode {
    let refused = error.chain().any(|cause| matches!(cause.downcast_ref(), Some(store::Error::Refused(_))));
    if refused || error.is::<Problems>() { ExitCode::from(2) } else { ExitCode::FAILURE }
}

/// Writes a line to standard output, in which names and the like are only shown; a closed pipe is nobody's problem.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{}", shown(line));
}

/// The same to standard error.
fn warn(line: &str) {
    let _ = writeln!(io::stderr(), "{}", shown(line));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::audit::verify::NotVerified;
    use crate::services::rollback::NotAccepted;
    use crate::services::staff::StaffProblem;
    use crate::store::{Error, Refusal};

    #[test]
    fn a_database_that_is_refused_ends_every_command_with_2_whoever_found_it() {
        let refused = || Error::from(Refusal::Gone);
        let found: [anyhow::Error; 6] = [
            refused().into(),
            StaffProblem::from(refused()).into(),
            NotVerified::from(refused()).into(),
            NotAccepted::from(refused()).into(),
            NotAccepted::from(NotVerified::from(refused())).into(),
            NotAccepted::from(StaffProblem::from(refused())).into(),
        ];
        for error in found {
            assert_eq!(refused_or_failed(&error), ExitCode::from(2), "{error:?}");
            assert_eq!(told(&error).matches("the database is not there").count(), 1, "{}", told(&error));
        }
        let away = NotAccepted::from(Error::Away("nobody answers".to_owned()));
        assert_eq!(refused_or_failed(&away.into()), ExitCode::FAILURE);
    }
}
