//! What only reads: `overview`, `list`, `quota`, `costs`.

use serde_json::{Value, json};

use super::Desk;
use super::accounts::is_called;
use crate::model::{Address, DomainName};
use crate::simulator::envelope::{Payload, Refusal};
use crate::simulator::moment::iso;
use crate::simulator::state::{Forward, Mailbox, Told, answers_to, domain_key, key};

/// Counts of the project and one page of its domains.
pub fn overview(desk: &mut Desk<'_>) -> Result<Payload, Refusal> {
    let filter = desk.arguments.text("filter").map(|filter| domain_key(&filter));
    let page = desk.arguments.number("page", 1..=1_000_000)?.unwrap_or(1);
    let state = &*desk.state;
    let found: Vec<_> =
        state.domains.iter().filter(|(name, _)| filter.as_ref().is_none_or(|part| name.contains(part))).collect();
    let before = usize::try_from(page - 1).unwrap_or(usize::MAX).saturating_mul(state.perpage);
    let rows: Vec<Value> = found
        .iter()
        .skip(before)
        .take(state.perpage)
        .map(|(name, domain)| {
            let row = json!({
                "domainname": name,
                "displayname": domain.displayname.clone().unwrap_or_else(|| readable_domain(name)),
                "accounts": domain.accounts.len() + domain.oddaccounts.len(),
                "aliases": domain.aliases.len() + domain.oddaliases.len(),
            });
            telling(row, &domain.told)
        })
        .collect();
    let overview = json!({
        "summary": {
            "accounts": state.accounts(),
            "maxaccounts": state.maxaccounts,
            "aliases": state.aliases(),
            "maxaliases": state.maxaliases,
        },
        "domains": rows,
        "meta": { "page": page, "total": found.len(), "perpage": state.perpage.min(found.len()) },
    });
    Ok(vec![("overview", overview)])
}

/// All accounts and aliases of a domain, or the one whose whole address is the filter.
pub fn list(desk: &mut Desk<'_>) -> Result<Payload, Refusal> {
    let name = desk.arguments.required("domainname")?;
    let filter = desk.arguments.text("filter").filter(|text| !text.is_empty());
    let domain = desk.state.domains.get(&domain_key(&name)).ok_or_else(|| Refusal::unknown("domain", &name))?;
    let wanted = filter.as_ref().map(|text| (text, key(text)));
    let fits = |address: &String, told: &Told, field: &str| {
        wanted.as_ref().is_none_or(|(text, key)| key == address && answers_to(told, field, text))
    };
    let accounts = domain.accounts.iter().filter(|(address, account)| fits(address, &account.told, "emailaccount"));
    let accounts: Vec<Value> = accounts.map(|(address, account)| account_object(address, account)).collect();
    let aliases = domain.aliases.iter().filter(|(address, alias)| fits(address, &alias.told, "emailalias"));
    let aliases: Vec<Value> = aliases.map(|(address, alias)| alias_object(address, alias)).collect();
    let odd = |rows: &[Value]| if filter.is_none() { rows.to_vec() } else { Vec::new() };
    let accounts = [accounts, odd(&domain.oddaccounts)].concat();
    let aliases = [aliases, odd(&domain.oddaliases)].concat();
    Ok(vec![("list", json!({ "emailaccounts": accounts, "emailaliases": aliases }))])
}

/// How full one account is. Used is in MiB, the quota in GiB.
pub fn quota(desk: &mut Desk<'_>) -> Result<Payload, Refusal> {
    let address = desk.arguments.required("emailaccount")?;
    let account = desk.state.mailbox(&address).filter(|account| is_called(account, &address));
    let account = account.ok_or_else(|| Refusal::unknown("email account", &address))?;
    let quota = json!({
        "emailaccount": key(&address),
        "usedquotainmib": account.usedquotainmib,
        "quotaingib": account.quotaingib,
    });
    let quota = telling(quota, &account.told);
    Ok(vec![("quota", quota)])
}

/// What the email service costs. Words, free amounts and the mix of numbers and texts are those of the Go client's tests.
#[expect(clippy::unnecessary_wraps, reason = "one signature for all functions")]
pub fn costs(desk: &mut Desk<'_>) -> Result<Payload, Refusal> {
    let accounts = desk.state.accounts();
    let quota: u64 =
        desk.state.domains.values().flat_map(|domain| domain.accounts.values()).map(|account| account.quotaingib).sum();
    let costs = json!({
        "quota": { "amount": quota, "cost": { "amount": quota.saturating_sub(10) * 2, "currency": "SEK" } },
        "accounts": { "amount": accounts, "cost": { "amount": accounts.saturating_sub(50) * 10, "currency": "SEK" } },
    });
    let pricelist = json!({
        "quota": { "amount": "2.00", "currency": "SEK", "unit": "GB", "freeamount": 10 },
        "accounts": { "amount": 10, "currency": "SEK", "unit": "accounts", "freeamount": 50 },
    });
    Ok(vec![("costs", costs), ("pricelist", pricelist)])
}

/// The account object, without its password.
pub fn account_object(address: &str, account: &Mailbox) -> Value {
    let object = json!({
        "emailaccount": address,
        "displayname": account.displayname.clone().unwrap_or_else(|| readable(address)),
        "quotaingib": account.quotaingib,
        "antispamlevel": account.antispamlevel,
        "antivirus": yes_no(account.antivirus),
        "autorespond": yes_no(account.autorespond),
        "autorespondmessage": account.autorespondmessage,
        "autorespondsaveemail": yes_no(account.autorespondsaveemail),
        "rejectspam": yes_no(account.rejectspam),
        "created": iso(account.created),
        "modified": account.modified.map(iso),
    });
    telling(object, &account.told)
}

/// The alias object.
pub fn alias_object(address: &str, alias: &Forward) -> Value {
    let object = json!({
        "emailalias": address,
        "displayname": alias.displayname.clone().unwrap_or_else(|| readable(address)),
        "goto": alias.goto,
    });
    telling(object, &alias.told)
}

/// The object with what is told in the place of some of its fields.
fn telling(mut object: Value, told: &Told) -> Value {
    for (field, value) in told {
        match (object.as_object_mut(), value) {
            (Some(object), Some(value)) => drop(object.insert(field.clone(), value.clone())),
            (Some(object), None) => drop(object.remove(field)),
            (None, _) => {}
        }
    }
    object
}

fn readable(address: &str) -> String {
    // Decoding takes most of a long list's time, and hardly any address needs it.
    let punycode = address.contains("xn--").then(|| Address::parse(address));
    punycode.and_then(Result::ok).map_or_else(|| address.to_owned(), |address| address.readable())
}

fn readable_domain(name: &str) -> String {
    DomainName::parse(name).map_or_else(|_| name.to_owned(), |name| name.readable())
}

const fn yes_no(truth: bool) -> &'static str {
    if truth { "yes" } else { "no" }
}
