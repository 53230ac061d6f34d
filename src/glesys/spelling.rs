//! By which text GleSYS calls an account or an alias. It may list capital letters, and calls name each by exactly the text
//! that was listed; everywhere else in the panel an address has one canonical form.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

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
pub(super) struct Spellings(Mutex<HashMap<Called, String>>);

impl Spellings {
    /// A whole domain was read: what is not among this is called by its address.
    pub fn of_domain(&self, domain: &DomainName, spelt: Vec<(Called, String)>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|called, _| called.address().domain() != domain);
        known.extend(spelt);
    }

    /// A few were read.
    pub fn of_some(&self, spelt: Vec<(Called, String)>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(spelt);
    }

    /// Something was made or is gone: what is there from now on is called by its address.
    pub fn forget(&self, called: &Called) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(called);
    }

    /// The text by which something is called.
    pub fn text(&self, called: &Called) -> String {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(called).map_or_else(|| called.address().to_string(), Clone::clone)
    }
}
