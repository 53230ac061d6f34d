//! By which text GleSYS calls an account or an alias. It may list capital letters, and calls name each by exactly the text
//! that was listed; everywhere else in the panel an address has one canonical form.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::{Address, DomainName, Mailbox};

/// What is called by a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Called {
    Account(Address),
    Alias(Address),
}

impl Called {
    pub fn of(mailbox: &Mailbox) -> Self {
        match mailbox {
            Mailbox::Account(account) => Self::Account(account.address.clone()),
            Mailbox::Alias(alias) => Self::Alias(alias.address.clone()),
        }
    }

    const fn address(&self) -> &Address {
        match self {
            Self::Account(address) | Self::Alias(address) => address,
        }
    }
}

/// Whatever is called by another text than its address, as last read.
#[derive(Default)]
pub(super) struct Spellings(Mutex<Known>);

#[derive(Default)]
struct Known {
    spelt: HashMap<Called, String>,
    /// Of these domains it is known what is spelt otherwise.
    domains: HashSet<DomainName>,
}

impl Spellings {
    /// A whole domain was read: what is not among this is called by its address.
    pub fn of_domain(&self, domain: &DomainName, spelt: Vec<(Called, String)>) {
        let mut known = self.known();
        known.spelt.retain(|called, _| called.address().domain() != domain);
        known.spelt.extend(spelt);
        known.domains.insert(domain.clone());
    }

    /// Whether the domain was read, so that what is not spelt otherwise is called by its address.
    pub fn are_known_in(&self, domain: &DomainName) -> bool {
        self.known().domains.contains(domain)
    }

    /// A few were read.
    pub fn of_some(&self, spelt: Vec<(Called, String)>) {
        self.known().spelt.extend(spelt);
    }

    /// Something was made or is gone: what is there from now on is called by its address.
    pub fn forget(&self, called: &Called) {
        self.known().spelt.remove(called);
    }

    /// The text by which something is called.
    pub fn text(&self, called: &Called) -> String {
        self.known().spelt.get(called).map_or_else(|| called.address().to_string(), Clone::clone)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
