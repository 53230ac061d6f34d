//! Storms: the real program under load, killed, raced, starved and crowded, against a simulated GleSYS whose ledger says
//! what really happened.
//!
//! `cargo test --test storm -- --help` says how. Without arguments every storm runs at a small size. Each prints its seed;
//! with the same seed the same choices are made, though machines never run twice alike.

#[cfg(test)]
mod approvals;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod balancer;
#[cfg(test)]
mod batch_verdict;
#[cfg(test)]
mod batches;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod canary;
#[cfg(test)]
mod changes;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod crowd;
#[cfg(test)]
mod database;
#[cfg(test)]
mod disk;
#[cfg(test)]
mod duties;
#[cfg(test)]
mod duty_verdict;
#[cfg(test)]
mod files;
#[cfg(test)]
mod flood;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod gone;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod letters;
#[cfg(test)]
mod links;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod owners;
#[cfg(test)]
mod panel;
#[cfg(test)]
mod people;
#[cfg(test)]
mod race;
#[cfg(test)]
mod rng;
#[cfg(test)]
mod rollback;
#[cfg(test)]
mod rounds;
#[cfg(test)]
mod run;
#[cfg(test)]
mod sign_ins;
#[cfg(test)]
mod soak;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod stalled;
#[cfg(test)]
mod stop;
#[cfg(test)]
mod verdict;
#[cfg(test)]
mod wishes;

fn main() -> std::process::ExitCode {
    run::run()
}
