//! What the simulated GleSYS remembers: domains, accounts and aliases, as plain maps.
//!
//! Tests and the demo build one with [`State::generated`], [`State::from_json`] or, step by step, from
//! [`State::empty`]. Keys are lower-case addresses with the domain as punycode. Nothing is checked beyond that, so
//! that a test can put any hostile text where GleSYS could send one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::moment;
use crate::model::{Address, DomainName};

/// The whole project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// How many accounts the project may have.
    pub maxaccounts: usize,
    /// How many aliases the project may have.
    pub maxaliases: usize,
    /// How many domains stand on a page of `overview`.
    pub perpage: usize,
    pub domains: BTreeMap<String, Domain>,
}

/// A mail domain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Domain {
    /// Overrides the readable name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub displayname: Option<String>,
    pub accounts: BTreeMap<String, Mailbox>,
    pub aliases: BTreeMap<String, Forward>,
    /// What `overview` tells in a field's place; `None` leaves the field out.
    #[serde(skip_serializing_if = "Told::is_empty")]
    pub told: Told,
    /// Rows that `list` tells of besides, whatever they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub oddaccounts: Vec<Value>,
    /// The same among the aliases.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub oddaliases: Vec<Value>,
}

/// An email account. Field names are GleSYS's; a yes/no is a `bool` here.
#[expect(clippy::struct_excessive_bools, reason = "four independent settings of the vendor's")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mailbox {
    /// What opens the mailbox now.
    pub password: String,
    /// Overrides the readable address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub displayname: Option<String>,
    pub quotaingib: u64,
    pub usedquotainmib: u64,
    /// 0 to 5.
    pub antispamlevel: u64,
    pub antivirus: bool,
    pub autorespond: bool,
    pub autorespondmessage: Option<String>,
    pub autorespondsaveemail: bool,
    pub rejectspam: bool,
    /// Seconds since 1970.
    #[serde(with = "moment")]
    pub created: i64,
    /// Seconds since 1970.
    #[serde(with = "moment::optional")]
    pub modified: Option<i64>,
    /// What is told in a field's place until it is changed; `None` leaves the field out. An account whose address is told
    /// in another spelling answers to that one alone.
    #[serde(skip_serializing_if = "Told::is_empty")]
    pub told: Told,
}

/// What is told in the place of fields.
pub type Told = BTreeMap<String, Option<Value>>;

/// An email alias.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Forward {
    /// The targets, separated by commas.
    pub goto: String,
    /// Overrides the readable address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub displayname: Option<String>,
    /// As of an account.
    #[serde(skip_serializing_if = "Told::is_empty")]
    pub told: Told,
}

/// Why a text is no state; the message is a sentence for the person who wrote the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAState(String);

/// 15 January 2024, noon: when everything was created of which nothing else is known.
const LONG_AGO: i64 = 1_705_316_400;

impl Default for State {
    fn default() -> Self {
        Self { maxaccounts: 2000, maxaliases: 10_000, perpage: 30, domains: BTreeMap::new() }
    }
}

impl Default for Mailbox {
    /// An account as `createaccount` makes it without options (from GleSYS's terraform acceptance tests).
    fn default() -> Self {
        Self {
            password: "initial".to_owned(),
            displayname: None,
            quotaingib: 1,
            usedquotainmib: 0,
            antispamlevel: 3,
            antivirus: true,
            autorespond: false,
            autorespondmessage: None,
            autorespondsaveemail: true,
            rejectspam: false,
            created: LONG_AGO,
            modified: None,
            told: Told::new(),
        }
    }
}

impl State {
    /// A project without any domain.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Reads a state that [`State::to_json`] or a person wrote. Everything but addresses may be left out:
    /// `{"domains": {"example.se": {"accounts": {"anna@example.se": {}}}}}`.
    ///
    /// # Errors
    /// [`NotAState`] when the text isn't JSON of this shape or an address stands under another domain.
    pub fn from_json(text: &str) -> Result<Self, NotAState> {
        let read: Self =
            serde_json::from_str(text).map_err(|error| NotAState(format!("The state can't be read: {error}.")))?;
        let mut state = Self { domains: BTreeMap::new(), ..read };
        for (name, domain) in read.domains {
            let name = domain_key(&name);
            let accounts = domain.accounts.into_iter().map(|(address, account)| (key(&address), account)).collect();
            let aliases = domain.aliases.into_iter().map(|(address, alias)| (key(&address), alias)).collect();
            let domain = Domain { accounts, aliases, ..domain };
            if let Some(stray) = domain.accounts.keys().chain(domain.aliases.keys()).find(|a| domain_of(a) != name) {
                return Err(NotAState(format!("The address {stray} stands under the domain {name}.")));
            }
            state.domains.insert(name, domain);
        }
        Ok(state)
    }

    /// The state as JSON, readable by people and by [`State::from_json`]. Holds the simulated passwords.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Adds a domain, perhaps an empty one.
    #[must_use]
    pub fn domain(mut self, name: &str) -> Self {
        self.domains.entry(domain_key(name)).or_default();
        self
    }

    /// Adds an account with GleSYS's defaults and the password `initial`, and its domain.
    #[must_use]
    pub fn account(self, address: &str) -> Self {
        self.account_with(address, |_| ())
    }

    /// Adds an account and changes what it should have differently.
    #[must_use]
    pub fn account_with(mut self, address: &str, change: impl FnOnce(&mut Mailbox)) -> Self {
        let mut account = Mailbox::default();
        change(&mut account);
        let address = key(address);
        self.domains.entry(domain_of(&address).to_owned()).or_default().accounts.insert(address, account);
        self
    }

    /// Adds an alias and its domain; `goto` may hold several targets, separated by commas.
    #[must_use]
    pub fn alias(self, address: &str, goto: &str) -> Self {
        self.alias_with(address, goto, |_| ())
    }

    /// Adds an alias and changes what it should have differently.
    #[must_use]
    pub fn alias_with(mut self, address: &str, goto: &str, change: impl FnOnce(&mut Forward)) -> Self {
        let address = key(address);
        let mut forward = Forward { goto: goto.to_owned(), ..Forward::default() };
        change(&mut forward);
        self.domains.entry(domain_of(&address).to_owned()).or_default().aliases.insert(address, forward);
        self
    }

    /// Sets how many accounts and aliases the project may have.
    #[must_use]
    pub fn limits(self, maxaccounts: usize, maxaliases: usize) -> Self {
        Self { maxaccounts, maxaliases, ..self }
    }

    /// How many accounts there are.
    pub fn accounts(&self) -> usize {
        self.domains.values().map(|domain| domain.accounts.len()).sum()
    }

    /// How many aliases there are.
    pub fn aliases(&self) -> usize {
        self.domains.values().map(|domain| domain.aliases.len()).sum()
    }

    /// The account with this address, however it is written.
    pub fn mailbox(&self, address: &str) -> Option<&Mailbox> {
        let address = key(address);
        self.domains.get(domain_of(&address))?.accounts.get(&address)
    }

    pub(super) fn mailbox_mut(&mut self, address: &str) -> Option<&mut Mailbox> {
        self.domains.get_mut(domain_of(address))?.accounts.get_mut(address)
    }
}

/// The form under which an address is kept: lower case, the domain as punycode where it is a domain at all.
pub fn key(address: &str) -> String {
    Address::parse(address).map_or_else(|_| address.trim().to_lowercase(), |address| address.as_str().to_owned())
}

/// The form under which a domain is kept.
pub fn domain_key(name: &str) -> String {
    DomainName::parse(name).map_or_else(|_| name.trim().to_lowercase(), |name| name.as_str().to_owned())
}

/// Whether a caller means, by this text, what is told like this: where the field holds another spelling, only that one.
pub fn answers_to(told: &Told, field: &str, text: &str) -> bool {
    told.get(field).and_then(Option::as_ref).and_then(Value::as_str).is_none_or(|spelt| spelt == text)
}

/// The part of a kept address behind the `@`.
pub fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_survives_its_json() {
        let state = State::empty()
            .account_with("Anna@Räksmörgås.se", |account| account.modified = Some(1_700_000_000))
            .alias("info@example.se", "anna@räksmörgås.se")
            .domain("empty.se")
            .limits(7, 8);
        assert_eq!(State::from_json(&state.to_json()).unwrap(), state);
        assert!(state.mailbox("anna@xn--rksmrgs-5wao1o.SE").is_some());
    }

    #[test]
    fn a_person_may_leave_out_what_has_a_default() {
        let state = State::from_json(r#"{"domains": {"Example.se": {"accounts": {"Anna@example.se": {}}}}}"#).unwrap();
        assert_eq!(state, State::empty().account("anna@example.se"));
    }

    #[test]
    fn what_is_no_state_is_refused_with_a_sentence() {
        let stray = r#"{"domains": {"example.se": {"accounts": {"anna@example.com": {}}}}}"#;
        let sentence = State::from_json(stray).unwrap_err().to_string();
        assert_eq!(sentence, "The address anna@example.com stands under the domain example.se.");
        let misspelt = State::from_json(r#"{"domain": {}}"#).unwrap_err().to_string();
        assert!(misspelt.starts_with("The state can't be read: unknown field `domain`"), "{misspelt}");
    }
}
