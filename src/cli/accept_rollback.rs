//! `nyckel accept-rollback`: goes on with the database as it is, after an older copy was put back or it was changed past the
//! panel.

use std::io::{self, BufRead, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;

use super::desk::Desk;
use super::say;
use crate::model::{Staff, StaffName};
use crate::server;
use crate::services::rollback::{Copy, WayIn};
use crate::services::staff::describe_all;
use crate::store::{Purpose, Refusal};

#[derive(Args, Debug)]
pub(super) struct AcceptRollback {
    /// Somebody who goes on, with what the database says they may do; may be given several times. At least one is an admin.
    #[arg(long, value_name = "NAME", value_parser = StaffName::parse)]
    keep: Vec<StaffName>,
    /// Don't ask.
    #[arg(long)]
    yes: bool,
}

pub(super) async fn run(asked: AcceptRollback) -> anyhow::Result<ExitCode> {
    let desk = Desk::laid(Purpose::Accept).await?;
    let done = accept(&desk, &asked).await;
    let is_noted = desk.cleared().await;
    done?;
    Ok(if is_noted { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn accept(desk: &Desk, asked: &AcceptRollback) -> anyhow::Result<()> {
    let (book, can) = (desk.staff_book(), desk.gate.can()?);
    let copy = book.look_at_copy(&can, &asked.keep).await?;
    describe(&copy);
    if copy.is_as_left() {
        say("Nothing has to be accepted, and nothing was changed.");
        return Ok(());
    }
    list(&copy);
    copy.must_keep_an_admin()?;
    say(
        "All sessions, passwords, passkeys, apps, codes and links end. What ran is unknown, and what waited is not shown.",
    );
    if !asked.yes {
        must_be_meant()?;
    }
    let ways_in = book.accept_copy(&can, copy).await?;
    say("Accepted: this is the database from now on.");
    for way in &ways_in {
        say(&match way {
            WayIn::Invitation(invitation) => format!(
                "{} sets a new password once, within 24 hours, at\n{}",
                invitation.name,
                server::invitation(&desk.config, &invitation.token)
            ),
            WayIn::Link(name, token) => {
                format!("{name} can sign in once, within 15 minutes, at\n{}", server::sign_in_link(&desk.config, token))
            }
            WayIn::Provider(name) => format!("{name} signs in by single sign-on as before."),
            WayIn::None(name) => format!("{name} can't sign in while passwords are switched off."),
        });
    }
    if ways_in.iter().any(|way| matches!(way, WayIn::Invitation(_) | WayIn::Link(..))) {
        desk.hint_at_address();
    }
    Ok(())
}

/// What was found.
fn describe(copy: &Copy) {
    say(&case_of(copy));
    let head = copy.held.short();
    say(&match &copy.broken {
        None => format!("Its audit verifies and ends at {head}."),
        Some(broken) => format!("Its audit holds to {head}. What comes after it will never verify: {broken}."),
    });
}

/// Who is about to count, and for what.
fn list(copy: &Copy) {
    let line = |staff: &Staff| {
        let elsewhere = if staff.single_sign_on { "  (single sign-on)" } else { "" };
        let edited = if copy.edited.contains(&staff.name) { "  (changed past the panel)" } else { "" };
        format!("  {}  {}{elsewhere}{edited}", staff.name, describe_all(&staff.grants))
    };
    for (title, staff) in [
        ("These go on, with what this database says they may do:", &copy.kept),
        ("These are disabled until an admin lets them in again:", &copy.others),
    ] {
        let lines: Vec<_> = staff.iter().filter(|staff| staff.disabled_at.is_none()).map(line).collect();
        if !lines.is_empty() {
            say(&format!("{title}\n{}", lines.join("\n")));
        }
    }
}

/// What was found, and so what accepting means.
fn case_of(copy: &Copy) -> String {
    match (&copy.refused, &copy.noted) {
        (None, Some(_)) if copy.broken.is_none() => "This database is the newest and as the panel left it.".to_owned(),
        (None, None) if copy.broken.is_none() => {
            "This database is as the panel left it, but audit-head is missing, so that nobody can tell whether it is the newest."
                .to_owned()
        }
        (Some(Refusal::OlderCopy(_)), Some(noted)) => format!(
            "This database is an older copy, or rows of its audit were removed: the head that was noted last is {}, and what \
             came since is lost.",
            noted.short()
        ),
        (Some(Refusal::OtherDatabase), _) => {
            "This database is another one than audit-head in the data directory tells of, so \
             that nobody can tell whether it is the newest of its own."
                .to_owned()
        }
        (Some(Refusal::HeadMissing), _) => {
            "audit-head is missing, so that nobody can tell whether this database is the newest.".to_owned()
        }
        (Some(Refusal::HeadDamaged), _) => {
            "audit-head is damaged, so that nobody can tell whether this database is the newest.".to_owned()
        }
        _ => "This database was changed past the panel.".to_owned(),
    }
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
