//! `nyckel accept-rollback`: goes on with the database as it is, after an older copy was put back or it was changed past the
//! panel.

use std::io::{self, BufRead, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;

use super::{configured, must_be_there, say, system_entropy};
use crate::access::{Can, Gate, ManageStaff};
use crate::config::{Config, Needs};
use crate::model::{Clock, StaffName};
use crate::server;
use crate::services::StaffBook;
use crate::services::rollback::{Copy, WayIn};
use crate::services::staff::describe_all;

#[derive(Args, Debug)]
pub(super) struct AcceptRollback {
    /// Somebody who goes on, with what the copy says they may do; may be given several times. At least one is an admin.
    #[arg(long, value_name = "NAME", value_parser = StaffName::parse)]
    keep: Vec<StaffName>,
    /// Don't ask.
    #[arg(long)]
    yes: bool,
}

pub(super) async fn run(asked: AcceptRollback) -> anyhow::Result<ExitCode> {
    let config = match configured(Needs::DatabaseOnly) {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    must_be_there(&config)?;
    let store = server::open_copy(&config, Clock::system(), system_entropy()).await?;
    let clock = Clock::system();
    let can: Can<ManageStaff> =
        Gate::of_the_command_line_run_by(clock.now(), Some(super::os_user::told())).context("no gate")?.can()?;
    let book = server::staff_book(&config, store.clone(), clock, system_entropy());
    let done = accept(&book, &can, &asked, &config).await;
    let is_noted = store.head_is_noted();
    store.close().await;
    done?;
    if !is_noted {
        bail!(
            "it was accepted, but audit-head can't be written, so that an older copy would not be noticed: let the panel write \
             to {}, and start it",
            config.data_dir.display()
        );
    }
    Ok(ExitCode::SUCCESS)
}

async fn accept(
    book: &StaffBook,
    can: &Can<ManageStaff>,
    asked: &AcceptRollback,
    config: &Config,
) -> anyhow::Result<()> {
    let copy = book.look_at_copy(can, &asked.keep).await?;
    describe(&copy);
    if !asked.yes {
        must_be_meant()?;
    }
    let beginning = book.accept_copy(can, copy).await.context("nothing was accepted")?;
    say(&format!("Accepted. This is beginning {} of the database.", beginning.era));
    for way in &beginning.ways_in {
        say(&match way {
            WayIn::Invitation(invitation) => format!(
                "{} sets a new password once, within 24 hours, at\n{}",
                invitation.name,
                server::invitation(config, &invitation.token)
            ),
            WayIn::Link(name, token) => {
                format!("{name} can sign in once, within 15 minutes, at\n{}", server::sign_in_link(config, token))
            }
            WayIn::Provider(name) => format!("{name} signs in by single sign-on as before."),
            WayIn::None(name) => format!("{name} can't sign in while passwords are switched off."),
        });
    }
    Ok(())
}

/// What is about to count.
fn describe(copy: &Copy) {
    let head = copy.held.short();
    say(&match &copy.broken {
        None => format!("The audit of this copy verifies; it ends at {head}."),
        Some(broken) => {
            format!("The audit of this copy holds to {head}. What comes after it will never verify: {broken}.")
        }
    });
    if let Some(noted) = copy.noted.as_ref().filter(|noted| **noted != copy.held) {
        say(&format!("The head that was noted last is {}: what lies between is lost.", noted.short()));
    }
    say("These go on, with what this copy says they may do:");
    for staff in &copy.kept {
        let elsewhere = if staff.single_sign_on { "  (single sign-on)" } else { "" };
        let edited = if copy.edited.contains(&staff.name) { "  (changed past the panel)" } else { "" };
        say(&format!("  {}  {}{elsewhere}{edited}", staff.name, describe_all(&staff.grants)));
    }
    let others: Vec<_> = copy.others.iter().filter(|staff| staff.disabled_at.is_none()).collect();
    if !others.is_empty() {
        let names: Vec<_> = others.iter().map(|staff| staff.name.as_str()).collect();
        say(&format!("These are disabled until an admin lets them in again: {}", names.join(", ")));
    }
    say(
        "All sessions, passwords, passkeys, apps, codes and links end. What ran is unknown, and what waited is not shown.",
    );
}

fn must_be_meant() -> anyhow::Result<()> {
    let input = io::stdin();
    if !input.is_terminal() {
        bail!("nothing was changed: this asks on a terminal, or takes --yes");
    }
    write!(io::stderr(), "Go on? Write yes: ")?;
    let mut line = String::new();
    input.lock().read_line(&mut line)?;
    if line.trim() == "yes" { Ok(()) } else { bail!("nothing was changed") }
}
