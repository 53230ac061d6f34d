//! `nyckel audit …`: verifying the audit's chain, and taking the audit along.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};
use jiff::tz::TimeZone;

use super::desk::Desk;
use super::{complain, say};
use crate::access::{Can, ReadAudit};
use crate::model::{Address, AuditKind, Clock, DomainName, Language, LoggedHead, OperationState, StaffName, moment};
use crate::services::Audit;
use crate::services::audit::AuditFilter;
use crate::services::audit::format::Format;
use crate::services::audit::verify::Accepted;
use crate::store::Purpose;

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Follow the audit's chain from the first row to the last, and name the first place where it breaks.
    ///
    /// Finds rows that were changed, deleted, inserted or put in another order, and a tail that was cut. Then compares what
    /// everybody may do and signs in with to what the audit recorded last, and names the first person where it differs.
    /// Exit code 0: everything verifies; 1: it does not; 2: the database is refused. Rows that did not verify when
    /// `nyckel accept-rollback` took the database as it was are named and passed over: all before them and all since must verify.
    ///
    /// Whoever may write to the database can cut the tail and put the head back to the row before, or put back an older copy,
    /// which leaves a chain that verifies. Both show against what was noted elsewhere: audit-head in the data directory, which
    /// every command compares first, and the log, where the panel tells the head at its start and stop and every five minutes,
    /// as "the head of the audit head=SEQ:MAC".
    Verify {
        /// A head that was logged earlier; the chain must still go through it. The first 16 digits of the MAC are enough.
        #[arg(long, value_name = "SEQ:MAC")]
        head: Option<LoggedHead>,
    },
    /// Write the audit to standard output, oldest row first. The export is itself recorded, before it begins.
    ///
    /// CSV is for spreadsheets: an apostrophe stands before what one would take for a formula. JSON Lines has every value
    /// as it is kept, and each row's MAC.
    Export(Export),
}

#[derive(Args, Debug)]
pub(super) struct Export {
    /// csv, excel (the same for Excel in English) or jsonl.
    #[arg(long, value_parser = read_format)]
    format: Format,
    /// Only what this person did or was refused; for a failed sign-in the name that was tried.
    #[arg(long, value_name = "NAME", value_parser = StaffName::parse)]
    person: Option<StaffName>,
    /// Only what is about this email account.
    #[arg(long, value_name = "ADDRESS", value_parser = Address::parse)]
    account: Option<Address>,
    /// Only what is about this domain or an account in it.
    #[arg(long, value_parser = DomainName::parse)]
    domain: Option<DomainName>,
    /// Only this kind of event, such as reset.shown.
    #[arg(long, value_parser = read_kind)]
    kind: Option<AuditKind>,
    /// How the operation ended: `done`, `refused`, `not_sent` or `unknown`.
    #[arg(long, value_name = "STATE", value_parser = read_state)]
    outcome: Option<OperationState>,
    /// Only from this day or moment on: 2026-11-23 or "2026-11-23 14:02", in the time zone of TZ.
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Only up to this day or moment; it counts to its end.
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
}

pub(super) async fn run(command: AuditCommand) -> anyhow::Result<ExitCode> {
    // An empty audit that was made this moment would verify.
    let desk = Desk::laid(Purpose::Work).await?;
    let (audit, can) = (Audit::new(desk.store.clone()), desk.gate.can()?);
    let done = match command {
        AuditCommand::Verify { head } => verify(&audit, &can, head).await,
        AuditCommand::Export(asked) => export(&audit, &can, asked, &desk.clock).await,
    };
    desk.cleared().await;
    // The database was taken; whatever is wrong with it is the answer.
    Ok(done.map_or_else(|error| complain(&error), |()| ExitCode::SUCCESS))
}

async fn verify(audit: &Audit, can: &Can<ReadAudit>, noted: Option<LoggedHead>) -> anyhow::Result<()> {
    let verified = audit.verify(can, noted).await?;
    for Accepted { row, lost } in &verified.accepted {
        say(&match lost {
            Some((from, to)) => format!(
                "Rows {} to {} do not verify and never will; row {}, which does, accepted the database as it was.",
                grouped(*from),
                grouped(*to),
                grouped(*row)
            ),
            None => format!("Row {} accepted the database as it was; all rows before it verify.", grouped(*row)),
        });
    }
    say(&format!("{} rows verify; the head is {}", grouped(verified.rows()), verified.head.short()));
    say("What people may do and sign in with is what the audit recorded last.");
    Ok(())
}

/// `12 345`.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| str::from_utf8(group).ok()).collect();
    groups.join(" ")
}

async fn export(audit: &Audit, can: &Can<ReadAudit>, asked: Export, clock: &Clock) -> anyhow::Result<()> {
    let zone = TimeZone::system();
    let time = |text: Option<&str>, read: fn(&str, &TimeZone) -> Option<jiff::Timestamp>| {
        let wrong = |text| format!("{text:?} is no time; write 2026-11-23 or \"2026-11-23 14:02\"");
        text.map(|text| read(text, &zone).with_context(|| wrong(text))).transpose()
    };
    let filter = AuditFilter {
        kind: asked.kind,
        staff_name: asked.person.map(|name| name.to_string()),
        address: asked.account,
        domain: asked.domain,
        state: asked.outcome,
        from: time(asked.from.as_deref(), moment::beginning)?,
        until: time(asked.to.as_deref(), moment::end)?,
        after: None,
        before: None,
    };
    let mut export = audit.export(can, filter, asked.format, clock.now()).await?;
    let mut out = BufWriter::new(io::stdout().lock());
    while let Some(piece) = export.next().await? {
        match out.write_all(piece.as_bytes()).and_then(|()| out.flush()) {
            // Anyone who reads has read enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            written => written.context("the export could not be written")?,
        }
    }
    Ok(())
}

fn read_format(text: &str) -> Result<Format, &'static str> {
    Format::named(text, Language::English).ok_or("a format is csv, excel or jsonl")
}

fn read_kind(text: &str) -> Result<AuditKind, String> {
    let kinds: Vec<&str> = AuditKind::ALL.iter().map(|kind| kind.name()).collect();
    AuditKind::named(text).ok_or_else(|| format!("a kind is one of {}", kinds.join(", ")))
}

fn read_state(text: &str) -> Result<OperationState, &'static str> {
    let state = OperationState::named(text).filter(|state| OperationState::ENDED.contains(state));
    state.ok_or("an outcome is done, refused, not_sent or unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_are_told_in_groups() {
        assert_eq!([0, 999, 12_345, 1_000_000].map(grouped), ["0", "999", "12 345", "1 000 000"]);
    }
}
