//! From GleSYS's values to ours; used by the calls.
//!
//! Texts stay as they are, however hostile: they are data for pages that escape. A row whose address is none is left out
//! and counted in one warning.

use jiff::Timestamp;

use super::email::Listed;
use super::lenient::Scalar;
use super::overview::Told;
use super::rows::RowOf;
use super::wire;
use crate::model::{
    Account, Address, Alias, AutoReply, DomainName, DomainSummary, Function, Mailbox, ProjectCounts, Usage,
};

/// A row of a domain's list, if it can be read.
pub(super) fn row(domain: &DomainName, of: RowOf, row: &[u8]) -> Option<Mailbox> {
    // The parser's error is dropped, as it may quote the row.
    match of {
        RowOf::Account => account(domain, serde_json::from_slice::<wire::Account>(row).ok()?),
        RowOf::Alias => alias(domain, serde_json::from_slice(row).ok()?),
    }
}

/// The rows that could be read, accounts first, and how many there are besides.
pub(super) fn listed(
    function: &'static Function,
    (answer, mut mailboxes, lost): (wire::ListAnswer, Vec<Mailbox>, usize),
) -> Listed {
    mailboxes.sort_by_key(|mailbox| matches!(mailbox, Mailbox::Alias(_)));
    let left_out = lost + answer.list.emailaccounts.0.len() + answer.list.emailaliases.0.len();
    warn(function, left_out);
    Listed { mailboxes, left_out }
}

pub(super) fn overview(function: &'static Function, summary: &wire::Summary, rows: Vec<wire::Domain>) -> Told {
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

fn warn(function: &'static Function, left_out: usize) {
    if left_out > 0 {
        tracing::warn!(
            function = function.name,
            left_out,
            "GleSYS told of domains or addresses that are none or can't be read; they are left out"
        );
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
