//! `nyckel staff …`: the staff without a browser.

use std::io::{self, BufRead, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clap::Subcommand;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::desk::Desk;
use super::say;
use crate::access::{Can, ManageStaff};
use crate::config::without_mark;
use crate::model::{DisplayName, DomainName, Domains, Grant, NewStaff, Role, StaffId, StaffName, moment};
use crate::server;
use crate::services::StaffBook;
use crate::services::staff::{Ending, describe_all};
use crate::store::Purpose;

#[derive(Debug, Subcommand)]
pub(super) enum StaffCommand {
    /// Add a staff member. The password is read from standard input.
    Add {
        name: String,
        /// What colleagues see, such as "Eva Lind"; left out, it is the name.
        #[arg(long, value_name = "NAME")]
        display_name: Option<String>,
        /// viewer, operator, manager, auditor or admin.
        #[arg(long, value_parser = read_role)]
        role: Role,
        /// Where the role holds; may be given several times. Left out, it holds in every domain.
        #[arg(long = "domain", value_name = "DOMAIN")]
        domains: Vec<String>,
        /// Read the password from standard input without asking.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Give a staff member another name to sign in with. They stay signed in.
    Rename { name: String, new_name: String },
    /// Set what colleagues see a staff member called; left out, it is the name they sign in with.
    SetDisplayName { name: String, display_name: Option<String> },
    /// List everybody with their roles.
    List,
    /// Disable a staff member and end their sessions at once.
    Disable { name: String },
    /// Let a disabled staff member in again.
    Enable { name: String },
    /// Make a link that lets an admin in once, within 15 minutes, even where passwords are switched off. It asks for their
    /// second factor, if they have one; `reset-second-factor` takes away what is lost.
    SignInLink { name: String },
    /// Take a staff member's second factors away, passkeys too, because they are lost, and end their sessions.
    ResetSecondFactor { name: String },
    /// End all sessions of a staff member and, if wanted, what they sign in with besides their password.
    SignOut {
        name: String,
        #[command(flatten)]
        factors: Factors,
    },
    /// Set a staff member's password and end their sessions. The password is read from standard input. Passkeys and the app
    /// stay unless told otherwise.
    SetPassword {
        name: String,
        #[command(flatten)]
        factors: Factors,
        /// Read the password from standard input without asking.
        #[arg(long)]
        password_stdin: bool,
    },
}

/// What ends with somebody's sessions.
#[derive(Debug, clap::Args)]
pub(super) struct Factors {
    /// Remove passkeys, the app and recovery codes that came since then: 2026-11-23 or "2026-11-23 14:02", in the time zone
    /// of TZ.
    #[arg(long, value_name = "TIME", conflicts_with = "all_factors", value_parser = read_moment)]
    factors_since: Option<Timestamp>,
    /// Remove all passkeys, the app and all recovery codes.
    #[arg(long)]
    all_factors: bool,
}

impl Factors {
    fn ending(&self) -> Ending {
        match self.factors_since {
            Some(moment) => Ending::FactorsSince(moment),
            None if self.all_factors => Ending::AllFactors,
            None => Ending::Sessions,
        }
    }
}

fn read_moment(text: &str) -> Result<Timestamp, String> {
    moment::beginning(text, &TimeZone::system()).ok_or_else(|| "write 2026-11-23 or \"2026-11-23 14:02\"".to_owned())
}

pub(super) async fn run(command: StaffCommand) -> anyhow::Result<ExitCode> {
    // Anyone who adds somebody may begin with a new database; nobody else looks for anybody in one.
    let adds = matches!(command, StaffCommand::Add { .. });
    let desk = Desk::laid(if adds { Purpose::Serve } else { Purpose::Work }).await?;
    let done = carry_out(command, &desk).await;
    desk.cleared().await;
    done?;
    Ok(ExitCode::SUCCESS)
}

async fn carry_out(command: StaffCommand, desk: &Desk) -> anyhow::Result<()> {
    let (book, can) = (&desk.staff_book(), &desk.gate.can()?);
    match command {
        StaffCommand::Add { name, display_name, role, domains, password_stdin } => {
            let display_name = read_display_name(display_name.as_deref())?;
            let new = NewStaff { name: StaffName::parse(&name)?, display_name, grants: grants(role, &domains)? };
            book.add(can, &new, read_password(password_stdin)?).await?;
            say(&format!("{} was added.", new.name));
        }
        StaffCommand::Rename { name, new_name } => {
            let (name, new_name) = (StaffName::parse(&name)?, StaffName::parse(&new_name)?);
            let staff = book.member(can, &book.named(can, &name).await?).await?.staff;
            book.set_names(can, &staff.id, &new_name, staff.display_name.as_ref()).await?;
            say(&format!("{name} signs in as {new_name} from now on."));
        }
        StaffCommand::SetDisplayName { name, display_name } => {
            let (name, display_name) = (StaffName::parse(&name)?, read_display_name(display_name.as_deref())?);
            book.set_names(can, &book.named(can, &name).await?, &name, display_name.as_ref()).await?;
            let told = display_name.map_or_else(|| name.to_string(), |told| told.to_string());
            say(&format!("Others are told that {name} is called {told}."));
        }
        StaffCommand::List => list(book, can).await?,
        StaffCommand::Disable { name } => {
            let name = StaffName::parse(&name)?;
            book.disable(can, &book.named(can, &name).await?).await?;
            say(&format!("{name} is disabled and signed out everywhere."));
        }
        StaffCommand::Enable { name } => {
            let name = StaffName::parse(&name)?;
            book.enable(can, &book.named(can, &name).await?).await?;
            say(&format!("{name} can sign in again."));
        }
        StaffCommand::SignInLink { name } => {
            let name = StaffName::parse(&name)?;
            let token = book.make_sign_in_link(can, &book.named(can, &name).await?).await?;
            let link = server::sign_in_link(&desk.config, &token);
            say(&format!("{name} can sign in once, within 15 minutes, at\n{link}"));
            desk.hint_at_address();
        }
        StaffCommand::ResetSecondFactor { name } => {
            let name = StaffName::parse(&name)?;
            book.reset_second_factor(can, &book.named(can, &name).await?).await?;
            say(&format!("{name} signs in without a second factor and is signed out everywhere."));
        }
        StaffCommand::SignOut { name, factors } => {
            let name = StaffName::parse(&name)?;
            let id = book.named(can, &name).await?;
            end(book, can, &id, &name, factors.ending()).await?;
            say(&format!("{name} is signed out everywhere."));
        }
        StaffCommand::SetPassword { name, factors, password_stdin } => {
            let name = StaffName::parse(&name)?;
            let id = book.named(can, &name).await?;
            book.set_password(can, &id, read_password(password_stdin)?).await?;
            say(&format!("{name} has a new password and is signed out everywhere."));
            end(book, can, &id, &name, factors.ending()).await?;
        }
    }
    Ok(())
}

async fn list(book: &StaffBook, can: &Can<ManageStaff>) -> anyhow::Result<()> {
    for person in book.list(can).await? {
        let disabled = person.staff.disabled_at.map_or("", |_| "  (disabled)");
        let told = person.staff.display_name.as_ref().map_or_else(String::new, |told| format!("  ({told})"));
        let elsewhere = if person.staff.single_sign_on { "  (single sign-on)" } else { "" };
        let (name, grants) = (&person.staff.name, describe_all(&person.staff.grants));
        say(&format!("{name}{told}  {grants}{elsewhere}{disabled}"));
    }
    Ok(())
}

/// Ends what is to end, and says what was removed and what still signs them in besides the password.
async fn end(
    book: &StaffBook,
    can: &Can<ManageStaff>,
    id: &StaffId,
    name: &StaffName,
    ending: Ending,
) -> anyhow::Result<()> {
    let removed = book.end_sessions(can, id, ending).await?;
    for label in &removed.passkeys {
        say(&format!("Removed the passkey {label:?}."));
    }
    if removed.app {
        say("Removed the app for codes.");
    }
    let held = book.held(can, id).await?;
    if held.has_factors() {
        let app = if held.app.is_some() { " and an app for codes" } else { "" };
        say(&format!(
            "What stays: {} passkeys{app}. To remove them: nyckel staff sign-out {name} --all-factors",
            held.passkeys.len()
        ));
    }
    Ok(())
}

fn read_role(text: &str) -> Result<Role, String> {
    let roles: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
    Role::named(text).ok_or_else(|| format!("a role is one of {}", roles.join(", ")))
}

fn read_display_name(text: Option<&str>) -> anyhow::Result<Option<DisplayName>> {
    Ok(DisplayName::parse(text.unwrap_or_default())?)
}

fn grants(role: Role, domains: &[String]) -> anyhow::Result<Vec<Grant>> {
    if domains.is_empty() {
        return Ok(vec![Grant { role, domains: Domains::All }]);
    }
    let grant = |text: &String| {
        let domain = DomainName::parse(text).map_err(|_| anyhow!("{text} is not a domain"))?;
        Ok(Grant { role, domains: Domains::One(domain) })
    };
    domains.iter().map(grant).collect()
}

/// One line of standard input. A terminal shows what is typed, so people are told to use a pipe there.
fn read_password(without_asking: bool) -> anyhow::Result<SecretString> {
    let input = io::stdin();
    if input.is_terminal() {
        if without_asking {
            bail!("--password-stdin wants the password through a pipe: nyckel staff … --password-stdin < file");
        }
        write!(io::stderr(), "Password (it shows as you type): ")?;
    }
    let mut line = Zeroizing::new(Vec::new());
    input.lock().read_until(b'\n', &mut line).context("the password could not be read from standard input")?;
    password_of(&line).map(SecretString::from)
}

/// The password that a line holds, which an editor may have begun with its byte order mark.
fn password_of(line: &[u8]) -> anyhow::Result<&str> {
    match str::from_utf8(line) {
        // Without a mark, UTF-16 is characters with zeros between them.
        Ok(line) if !line.contains('\0') => Ok(without_mark(line).trim_end_matches(['\r', '\n'])),
        _ => bail!("the password is not in UTF-8; save its file as UTF-8, or write it there with: printf '%s'"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_read_without_the_mark_of_an_editor_and_only_from_utf_8() {
        for line in ["\u{feff}Hemligt\r\n", "Hemligt\n", "Hemligt"] {
            assert_eq!(password_of(line.as_bytes()).unwrap(), "Hemligt");
        }
        for utf_16 in [&b"\xff\xfeH\0e\0\n"[..], b"H\0e\0\n", b"\xfe\xff\0H\0e\0\n"] {
            let said = password_of(utf_16).unwrap_err().to_string();
            assert!(said.contains("save its file as UTF-8"), "{said}");
        }
    }
}
