//! Reads the arguments, runs storms one after the other, and says how they went.

use std::io::Write;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::time::Instant;

use super::rng::Rng;
use super::stalled::Place;
use super::{audit, crash, crowd, disk, flood, gone, links, panel, race, rollback, sign_ins, soak, stalled, stop};

const USAGE: &str = "\
usage: cargo test [--release] --test storm -- [STORM… [--rounds N] [--seconds N] [--seed N]]

  crash     SIGKILL under load                              full: --rounds 500
  stop      SIGTERM under load                              full: --rounds 200
  rollback  an older copy of the database put back          full: --rounds 100
  rollback-pg  the same over PostgreSQL                     full: --rounds 100
  race      races on one process                            full: --rounds 10000
  replicas  races on two replicas over PostgreSQL           full: --rounds 10000
  links     links for owners, read, guessed at, revoked       full: --rounds 10000
  links-pg  the same on two replicas over PostgreSQL        full: --rounds 10000
  disk      a disk that is full, locked, read-only, broken  (as root)
  gone      a GleSYS that hangs, is slow, is dead           full: --seconds 20
  crowd     idle sockets, slow and malformed requests       full: --rounds 5000
  stalled   clients that stall in every way, guess and post  full: --rounds 2000
  stalled-pg  the same on two replicas over PostgreSQL      full: --rounds 2000
  stalled-door  the same at the owners' door                full: --rounds 2000
  sign-ins  guesses, names told apart, signing out in races  full: --rounds 10000
  flood     memory under wrong sign-ins                     full: --rounds 1000
  soak      everything mixed, for a time                    full: --seconds 600
  audit     a long audit: verified, exported, looked through  full: --rounds 1000000
  audit-pg  the same on PostgreSQL                          full: --rounds 1000000

Without a storm all of them but stalled-door run at a small size. replicas,
rollback-pg, links-pg, stalled-pg and audit-pg need NYCKEL_TEST_POSTGRES, the address of an empty cluster.
";

/// What a storm came to: a row of docs/reliability.md.
pub struct Told {
    pub promise: &'static str,
    pub what: &'static str,
    pub count: String,
    pub result: String,
}

const STORMS: [&str; 19] = [
    "crash",
    "stop",
    "rollback",
    "rollback-pg",
    "race",
    "replicas",
    "links",
    "links-pg",
    "disk",
    "gone",
    "crowd",
    "stalled",
    "stalled-pg",
    "stalled-door",
    "sign-ins",
    "flood",
    "soak",
    "audit",
    "audit-pg",
];

/// At a small size it says no more than what stories tell.
const BY_NAME_ALONE: &str = "stalled-door";

/// Writes a line; a closed pipe is nobody's problem.
pub fn say(line: &str) {
    drop(writeln!(std::io::stdout(), "{line}"));
}

struct Arguments {
    storms: Vec<String>,
    /// No name was given.
    all: bool,
    rounds: Option<u64>,
    seconds: Option<u64>,
    seed: u64,
}

/// Runs what the arguments name.
pub fn run() -> ExitCode {
    let arguments = match read(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(said) => {
            say(&said);
            return if said == USAGE { ExitCode::SUCCESS } else { ExitCode::from(2) };
        }
    };
    panel::lifts_limits();
    let is_chosen = |storm: &&str| {
        (arguments.all && *storm != BY_NAME_ALONE) || arguments.storms.iter().any(|chosen| chosen == storm)
    };
    let chosen: Vec<&str> = STORMS.into_iter().filter(is_chosen).collect();
    let (mut passed, mut failed, mut ignored) = (0, 0, 0);
    for storm in chosen {
        say(&format!("{storm}: seed {}", arguments.seed));
        let begun = Instant::now();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let raging = AssertUnwindSafe(|| runtime.block_on(rage(storm, &arguments)));
        match std::panic::catch_unwind(raging) {
            Ok(Some(told)) => {
                passed += 1;
                let (seed, date) = (arguments.seed, jiff::Zoned::now().date());
                let Told { promise, what, count, result } = told;
                say(&format!("| {promise} | {what} | {count} | {result} | {seed} | {date} |"));
                say(&format!("{storm}: ok in {:.0} s", begun.elapsed().as_secs_f64()));
            }
            Ok(None) => ignored += 1,
            Err(_) => {
                failed += 1;
                say(&format!("{storm}: FAILED"));
            }
        }
        runtime.shutdown_background();
    }
    let word = if failed == 0 { "ok" } else { "FAILED" };
    say(&format!("\ntest result: {word}. {passed} passed; {failed} failed; {ignored} ignored"));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn rage(storm: &str, arguments: &Arguments) -> Option<Told> {
    let rng = Rng::new(arguments.seed);
    let (rounds, seconds) = (arguments.rounds, arguments.seconds);
    let is_full = rounds.or(seconds).is_some();
    let late = if is_full { 4 } else { 0 };
    match storm {
        "crash" => Some(Box::pin(crash::kills(rounds.unwrap_or(6), is_full, rng)).await),
        "stop" => Some(Box::pin(stop::stops(rounds.unwrap_or(4), is_full, rng)).await),
        "rollback" => Box::pin(rollback::comes(rounds.unwrap_or(2), false, rng)).await,
        "rollback-pg" => {
            skipped(Box::pin(rollback::comes(rounds.unwrap_or(2), true, rng)).await, "NYCKEL_TEST_POSTGRES")
        }
        "race" => Box::pin(race::races(rounds.unwrap_or(40), false, late, rng)).await,
        "replicas" => {
            skipped(Box::pin(race::races(rounds.unwrap_or(40), true, late, rng)).await, "NYCKEL_TEST_POSTGRES")
        }
        "links" => Box::pin(links::are_read(rounds.unwrap_or(24), false, rng)).await,
        "links-pg" => skipped(Box::pin(links::are_read(rounds.unwrap_or(24), true, rng)).await, "NYCKEL_TEST_POSTGRES"),
        "disk" => skipped(Box::pin(disk::fails(rng)).await, "root, who may mount"),
        "gone" => Some(Box::pin(gone::goes(seconds.unwrap_or(3), rng)).await),
        "crowd" => Some(Box::pin(crowd::comes(rounds.unwrap_or(300), rng)).await),
        "stalled" => Box::pin(stalled::come(rounds.unwrap_or(160), Place::Panel, rng)).await,
        "stalled-pg" => {
            skipped(Box::pin(stalled::come(rounds.unwrap_or(160), Place::Replicas, rng)).await, "NYCKEL_TEST_POSTGRES")
        }
        "stalled-door" => Box::pin(stalled::come(rounds.unwrap_or(160), Place::OwnersDoor, rng)).await,
        "sign-ins" => Box::pin(sign_ins::are_attacked(rounds.unwrap_or(20), rng)).await,
        "flood" => Box::pin(flood::comes(rounds.unwrap_or(100), rng)).await,
        "audit" => Box::pin(audit::grows(rounds.unwrap_or(2000), false, rng)).await,
        "audit-pg" => skipped(Box::pin(audit::grows(rounds.unwrap_or(2000), true, rng)).await, "NYCKEL_TEST_POSTGRES"),
        _ => Some(Box::pin(soak::soaks(seconds.unwrap_or(5), is_full, rng)).await),
    }
}

fn skipped(told: Option<Told>, lacks: &str) -> Option<Told> {
    if told.is_none() {
        say(&format!("skipped: it needs {lacks}"));
    }
    told
}

fn read(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut arguments = Arguments { storms: Vec::new(), all: true, rounds: None, seconds: None, seed: 1 };
    while let Some(word) = words.next() {
        let mut number = || words.next().and_then(|n| n.parse().ok()).ok_or(format!("{word} wants a number"));
        match word.as_str() {
            "--help" | "-h" => return Err(USAGE.to_owned()),
            "--rounds" => arguments.rounds = Some(number()?),
            "--seconds" => arguments.seconds = Some(number()?),
            "--seed" => arguments.seed = number()?,
            // What `cargo test NAME -- --nocapture` hands to every target: a name that is no storm's chooses none.
            "--test-threads" => drop(number()?),
            "--quiet" | "-q" | "--nocapture" | "--exact" | "--test-threads=1" => {}
            option if option.starts_with('-') => return Err(format!("{option} is no option; see --help")),
            name => {
                arguments.all = false;
                arguments.storms.push(name.to_owned());
            }
        }
    }
    Ok(arguments)
}
