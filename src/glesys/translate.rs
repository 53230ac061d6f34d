//! From GleSYS's values to ours; used by the calls.
//!
//! Texts stay as they are, however hostile: they are data for pages that escape. A row that can't be handled is left
//! out, with the reason, and counted in one warning.

use std::collections::HashSet;

use jiff::Timestamp;

use super::email::Listed;
use super::lenient::Scalar;
use super::overview::Told;
use super::rows::{Cut, RowOf};
use super::spelling::Called;
use super::wire;
use crate::model::account_settings::MOST_ANTISPAM;
use crate::model::address::targets_in;
use crate::model::{
    Account, Address, Alias, AutoReply, DomainName, DomainSummary, Function, LeftOut, LeftOutDomain, Mailbox,
    ProjectCounts, Quota, Usage, WhyUnfit, mended,
};

/// How many rows that are no objects are shown one by one.
const MOST_ODD: usize = 1000;

/// A row of a domain's list, with the text by which GleSYS calls it, or why it is left out.
pub(super) type Row = Result<(Mailbox, String), LeftOut>;

/// Reads a row.
pub(super) fn row(domain: &DomainName, cut: &Cut<'_>) -> Row {
    let unfit = |of, why| LeftOut::new("", of == RowOf::Alias, why);
    match *cut {
        Cut::Lost(of) => Err(unfit(of, WhyUnfit::TooLong)),
        Cut::Row(of @ RowOf::Account, row) => {
            let row = mended::parse::<wire::Account>(row).ok_or_else(|| unfit(of, WhyUnfit::NotReadable))?;
            let called = row.emailaccount.clone().text().unwrap_or_default();
            Ok((account(domain, row)?, called))
        }
        Cut::Row(of @ RowOf::Alias, row) => {
            let row = mended::parse::<wire::Alias>(row).ok_or_else(|| unfit(of, WhyUnfit::NotReadable))?;
            let called = row.emailalias.clone().text().unwrap_or_default();
            Ok((alias(domain, row)?, called))
        }
    }
}

/// The rows that could be read, accounts first, and those that are left out, with what is called by another text than its
/// address.
pub(super) fn listed(
    function: &'static Function,
    answer: wire::ListAnswer,
    rows: Vec<Row>,
) -> (Listed, Vec<(Called, String)>) {
    let (mut mailboxes, mut left_out) = (Vec::with_capacity(rows.len()), Vec::new());
    let (mut seen, mut spelt) = (HashSet::with_capacity(rows.len()), Vec::new());
    for row in rows {
        match row {
            Ok((mailbox, called)) if seen.insert(Called::of(&mailbox)) => {
                if called != mailbox.address().as_str() {
                    spelt.push((Called::of(&mailbox), called));
                }
                mailboxes.push(mailbox);
            }
            Ok((mailbox, called)) => {
                left_out.push(LeftOut::new(&called, matches!(mailbox, Mailbox::Alias(_)), WhyUnfit::Twice));
            }
            Err(row) => left_out.push(row),
        }
    }
    mailboxes.sort_by_key(|mailbox| matches!(mailbox, Mailbox::Alias(_)));
    let rest = answer.list.0.unwrap_or_default();
    for (rows, is_alias) in [(rest.emailaccounts, false), (rest.emailaliases, true)] {
        let odd = rows.0.iter().filter(|row| row.0.is_none()).take(MOST_ODD);
        left_out.extend(odd.map(|_| LeftOut::new("", is_alias, WhyUnfit::NotReadable)));
    }
    warn(function, left_out.len());
    (Listed { mailboxes, left_out }, spelt)
}

pub(super) fn overview(function: &'static Function, summary: &wire::Summary, rows: Vec<wire::Domain>) -> Told {
    let (mut domains, mut left_out) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        match domain_summary(row) {
            Ok(domain) => domains.push(domain),
            Err(row) => left_out.push(row),
        }
    }
    warn(function, left_out.len());
    // A limit of nothing is none.
    let limit = |told: &Scalar| told.count().filter(|most| *most > 0);
    let counts = ProjectCounts {
        accounts: summary.accounts.count(),
        max_accounts: limit(&summary.maxaccounts),
        aliases: summary.aliases.count(),
        max_aliases: limit(&summary.maxaliases),
    };
    Told { counts, domains, left_out }
}

/// `None` when GleSYS does not say how much is used.
pub(super) fn usage(told: &wire::Quota) -> Option<Usage> {
    Some(Usage { used_mib: told.usedquotainmib.count()?, quota: quota(&told.quotaingib) })
}

/// A quota below zero is how much software says *unlimited*. What can't be read is never taken for a number.
fn quota(told: &Scalar) -> Quota {
    let says_unlimited = || told.clone().text().is_some_and(|text| text.trim().eq_ignore_ascii_case("unlimited"));
    match told.number().map(u64::try_from) {
        Some(Ok(gib)) => Quota::Gib(gib),
        Some(Err(_)) => Quota::Unlimited,
        None if says_unlimited() => Quota::Unlimited,
        None => Quota::NotKnown,
    }
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

/// What tells a domain from the others: its name, however it is written, or what stands in its place.
pub(super) fn domain_of(row: &wire::Domain) -> String {
    let text = row.domainname.clone().text().unwrap_or_default();
    DomainName::parse(&text).map_or(text, |name| name.to_string())
}

fn domain_summary(row: wire::Domain) -> Result<DomainSummary, LeftOutDomain> {
    let text = row.domainname.text().unwrap_or_default();
    let name = DomainName::parse(&text).map_err(|_| LeftOutDomain::new(&text))?;
    let (accounts, aliases) = (row.accounts.count(), row.aliases.count());
    Ok(DomainSummary { name, accounts, aliases, project: None })
}

fn address(domain: &DomainName, told: Scalar, is_alias: bool) -> Result<Address, LeftOut> {
    let text = told.text().unwrap_or_default();
    match Address::parse(&text) {
        Ok(address) if address.domain() == domain => Ok(address),
        Ok(_) => Err(LeftOut::new(&text, is_alias, WhyUnfit::OtherDomain)),
        Err(_) => Err(LeftOut::new(&text, is_alias, WhyUnfit::NotAnAddress)),
    }
}

/// An account of this domain; what there is of a password is dropped.
pub(super) fn account<P>(domain: &DomainName, row: wire::Account<P>) -> Result<Mailbox, LeftOut> {
    let address = address(domain, row.emailaccount, false)?;
    let level = row.antispamlevel.number().and_then(|level| u8::try_from(level).ok());
    Ok(Mailbox::Account(Box::new(Account {
        display_name: row.displayname.text().unwrap_or_else(|| address.readable()),
        address,
        quota: quota(&row.quotaingib),
        antispam_level: level.filter(|level| *level <= MOST_ANTISPAM),
        antivirus: row.antivirus.flag(),
        reject_spam: row.rejectspam.flag(),
        auto_reply: AutoReply {
            on: row.autorespond.flag(),
            message: if row.autorespondmessage == Scalar::Null {
                Some(String::new())
            } else {
                row.autorespondmessage.text()
            },
            keeps_mail: row.autorespondsaveemail.flag(),
        },
        created: time(row.created),
        modified: time(row.modified),
    })))
}

/// An alias of this domain.
pub(super) fn alias(domain: &DomainName, row: wire::Alias) -> Result<Mailbox, LeftOut> {
    let address = address(domain, row.emailalias, true)?;
    let targets = |goto: String| targets_in(&goto, &[',']).into_iter().map(str::to_owned).collect();
    Ok(Mailbox::Alias(Alias {
        display_name: row.displayname.text().unwrap_or_else(|| address.readable()),
        address,
        targets: row.goto.words().map(targets),
    }))
}

fn time(text: Scalar) -> Option<Timestamp> {
    text.text()?.trim().parse().ok()
}
