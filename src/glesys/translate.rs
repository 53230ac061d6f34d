//! From GleSYS's values to ours; used by the calls.
//!
//! Texts stay as they are, however hostile: they are data for pages that escape. A row whose address is none is left out
//! and counted in one warning.

use jiff::Timestamp;

use super::lenient::Scalar;
use super::overview::Told;
use super::wire;
use crate::model::{Account, Address, Alias, AutoReply, DomainName, DomainSummary, Mailbox, ProjectCounts, Usage};

/// Accounts first, then aliases.
pub(super) fn mailboxes(function: &'static str, domain: &DomainName, list: wire::Mailboxes) -> Vec<Mailbox> {
    let told = list.emailaccounts.0.len() + list.emailaliases.0.len();
    let accounts = list.emailaccounts.0.into_iter().filter_map(|row| account(domain, row));
    let aliases = list.emailaliases.0.into_iter().filter_map(|row| alias(domain, row));
    let mailboxes: Vec<Mailbox> = accounts.chain(aliases).collect();
    warn(function, told - mailboxes.len());
    mailboxes
}

pub(super) fn overview(function: &'static str, summary: &wire::Summary, rows: Vec<wire::Domain>) -> Told {
    let told = rows.len();
    let domains: Vec<DomainSummary> = rows.into_iter().filter_map(domain_summary).collect();
    warn(function, told - domains.len());
    let counts = ProjectCounts {
        accounts: summary.accounts.count().unwrap_or(0),
        max_accounts: summary.maxaccounts.count().unwrap_or(0),
        aliases: summary.aliases.count().unwrap_or(0),
        max_aliases: summary.maxaliases.count().unwrap_or(0),
    };
    Told { counts, domains }
}

/// `None` when GleSYS left one of the numbers out. A quota below zero is an unlimited one, which we write 0.
pub(super) fn usage(quota: &wire::Quota) -> Option<Usage> {
    Some(Usage { used_mib: quota.usedquotainmib.count()?, quota_gib: quota.quotaingib.count()? })
}

fn warn(function: &'static str, left_out: usize) {
    if left_out > 0 {
        tracing::warn!(function, left_out, "GleSYS told of domains or addresses that are none; they are left out");
    }
}

fn domain_summary(row: wire::Domain) -> Option<DomainSummary> {
    let name = DomainName::parse(&row.domainname.text()?).ok()?;
    let (accounts, aliases) = (row.accounts.count().unwrap_or(0), row.aliases.count().unwrap_or(0));
    Some(DomainSummary { name, accounts, aliases, project: None })
}

/// Rights are given by domain, so nothing of another domain may slip in through a list.
fn address(domain: &DomainName, text: Scalar) -> Option<Address> {
    let address = Address::parse(&text.text()?).ok()?;
    (address.domain() == domain).then_some(address)
}

/// An account of this domain; what there is of a password is dropped.
pub(super) fn account<P>(domain: &DomainName, row: wire::Account<P>) -> Option<Mailbox> {
    let address = address(domain, row.emailaccount)?;
    let level = row.antispamlevel.count().unwrap_or(0).min(5);
    Some(Mailbox::Account(Box::new(Account {
        display_name: row.displayname.text().unwrap_or_else(|| address.readable()),
        address,
        quota_gib: row.quotaingib.count().unwrap_or(0),
        antispam_level: u8::try_from(level).unwrap_or(5),
        antivirus: row.antivirus.flag(),
        reject_spam: row.rejectspam.flag(),
        auto_reply: AutoReply {
            on: row.autorespond.flag(),
            message: row.autorespondmessage.text().filter(|message| !message.is_empty()),
            keeps_mail: row.autorespondsaveemail.flag(),
        },
        created: time(row.created),
        modified: time(row.modified),
    })))
}

/// An alias of this domain.
pub(super) fn alias(domain: &DomainName, row: wire::Alias) -> Option<Mailbox> {
    let address = address(domain, row.emailalias)?;
    let goto = row.goto.text().unwrap_or_default();
    Some(Mailbox::Alias(Alias {
        display_name: row.displayname.text().unwrap_or_else(|| address.readable()),
        address,
        targets: goto.split(',').map(str::trim).filter(|target| !target.is_empty()).map(str::to_owned).collect(),
    }))
}

fn time(text: Scalar) -> Option<Timestamp> {
    text.text()?.trim().parse().ok()
}
