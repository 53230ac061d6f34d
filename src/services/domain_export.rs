//! A domain's accounts and aliases as a file: recorded before the first byte leaves, then written piece by piece.

use jiff::Timestamp;

use super::csv::Csv;
use super::directory::choice::{Choice, Chosen};
use super::lock_outs::LockOuts;
use super::{Audit, Directory, Failure, Resets};
use crate::access::{CanIn, ViewMail};
use crate::model::{Account, Alias, AuditEvent, AuditKind, Fact, Facts, LockedOut, Quota, Usage};

/// How many rows are written at a time.
const AT_A_TIME: usize = 500;
const COLUMNS: [&str; 13] = [
    "kind",
    "address",
    "display_name",
    "leads_to",
    "quota_gib",
    "used_mib",
    "auto_reply",
    "antispam_level",
    "antivirus",
    "reject_spam",
    "created",
    "modified",
    "locked_out",
];

/// An export under way.
pub struct DomainExport {
    directory: Directory,
    csv: Csv,
    chosen: Chosen,
    lock_outs: LockOuts,
    written: Option<usize>,
}

impl DomainExport {
    /// Begins an export of what fits. It is in the audit once this returns.
    ///
    /// # Errors
    /// [`Failure::Store`]: it could not be recorded, so there is none. Otherwise as [`Directory::domain`].
    pub async fn begin(
        resets: &Resets,
        audit: &Audit,
        can: &CanIn<ViewMail>,
        choice: &Choice,
        csv: Csv,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let directory = &resets.directory;
        let view = directory.domain(can).await?;
        let chosen = resets.choose(can, &view, choice).await?;
        let lock_outs = resets.lock_outs_in(can, view.accounts()).await?;
        let event = can.asker().event(AuditKind::DomainExported, now);
        let facts = facts(choice, &chosen).with(Fact::Format, csv.name());
        audit.record(&AuditEvent { domain: Some(can.domain().clone()), facts, ..event }).await?;
        Ok(Self { directory: directory.clone(), csv, chosen, lock_outs, written: None })
    }
}

impl Iterator for DomainExport {
    type Item = String;

    /// The next piece of text.
    fn next(&mut self) -> Option<String> {
        let Some(from) = self.written else {
            self.written = Some(0);
            return Some(self.csv.begin(&COLUMNS));
        };
        let rows = from..from + AT_A_TIME;
        self.written = Some(rows.end);
        let (accounts, aliases) = (self.chosen.accounts(&rows), self.chosen.aliases(&rows));
        let usages = self.directory.known_usages(&accounts);
        let csv = self.csv;
        let line = |(account, usage)| account_line(csv, account, usage, self.lock_outs.of(account));
        let accounts = accounts.into_iter().zip(usages).map(line);
        let text: String = accounts.chain(aliases.into_iter().map(|alias| alias_line(csv, alias))).collect();
        (!text.is_empty()).then_some(text)
    }
}

fn account_line(csv: Csv, account: &Account, usage: Option<Usage>, locked_out: LockedOut) -> String {
    let yes_no = |told: Option<bool>| told.map_or("", |yes| if yes { "yes" } else { "no" });
    let text = |value: Option<String>| value.unwrap_or_default();
    csv.line(&[
        "account",
        account.address.as_str(),
        &account.display_name,
        "",
        &text(Some(account.quota).filter(|quota| *quota != Quota::NotKnown).map(Quota::code)),
        &text(usage.map(|usage| usage.used_mib.to_string())),
        yes_no(account.auto_reply.on),
        &text(account.antispam_level.map(|level| level.to_string())),
        yes_no(account.antivirus),
        yes_no(account.reject_spam),
        &text(account.created.map(|at| at.to_string())),
        &text(account.modified.map(|at| at.to_string())),
        locked_out.code(),
    ])
}

fn alias_line(csv: Csv, alias: &Alias) -> String {
    let targets = alias.targets.as_ref().map(|targets| targets.join(",")).unwrap_or_default();
    csv.line(&["alias", alias.address.as_str(), &alias.display_name, &targets, "", "", "", "", "", "", "", "", ""])
}

/// What was asked for, for the audit.
fn facts(choice: &Choice, chosen: &Chosen) -> Facts {
    Facts::new()
        .with(Fact::Accounts, chosen.accounts_count())
        .with(Fact::Aliases, chosen.aliases_count())
        .with_some(Fact::FilterNearFull, choice.near_full.then_some(true))
        .with_some(Fact::FilterAnswering, choice.auto_reply.then_some(true))
        .with_some(Fact::FilterLockedOut, choice.locked_out.then_some(true))
        .with_some(Fact::FilterText, Some(choice.text.as_str()).filter(|text| !text.is_empty()))
}
