//! Our own changes, put into the directory as soon as GleSYS has confirmed them.
//!
//! A read that was asked for before such a change may bring the state before it: the change is then made once more in
//! what the read brought. The ledger's owner calls this after each confirmed change.

use std::sync::Arc;

use super::Directory;
use super::listing::{Change, Listing};
use crate::model::{Account, Address, Alias, DomainName, Mailbox, Overview};

impl Directory {
    /// An account was made or changed, and is now this.
    pub fn put_account(&self, account: Account) {
        self.take_over(Change::Put(Mailbox::Account(Box::new(account))));
    }

    /// An alias was made or changed, and is now this.
    pub fn put_alias(&self, alias: Alias) {
        self.take_over(Change::Put(Mailbox::Alias(alias)));
    }

    /// An account or alias is gone; of two with one address the next page asks which.
    pub fn remove(&self, address: &Address) {
        if self.last_read(address.domain()).is_some_and(|listing| listing.mailboxes(address).len() > 1) {
            return self.doubt(address.domain());
        }
        self.take_over(Change::Removed(address.clone()));
    }

    /// Something was tried in this domain of which nobody knows whether it was made: the next page asks GleSYS.
    pub fn doubt(&self, domain: &DomainName) {
        let mut known = self.known();
        if let Some(held) = known.domains.get_mut(domain) {
            held.doubted = true;
        }
        if let Some(reading) = known.reading.get_mut(domain) {
            reading.doubted = true;
        }
    }

    fn take_over(&self, change: Change) {
        let mut known = self.known();
        let known = &mut *known;
        let domain = change.address().domain();
        // Of a domain that was never read nobody knows.
        let mut has_moved = true;
        if let Some(held) = known.domains.get_mut(domain) {
            let listing = Arc::new(held.listing.after(std::slice::from_ref(&change)));
            has_moved = held.listing.counts() != listing.counts();
            if let Some((overview, _)) = &mut known.overview {
                recount(overview, change.address(), &held.listing, &listing);
            }
            held.take(listing);
        }
        known.moves += u64::from(has_moved);
        if let Some(reading) = known.reading.get_mut(domain) {
            reading.changes.push(change);
        }
    }
}

/// Counts what came and what went in the overview too.
fn recount(overview: &mut Overview, address: &Address, before: &Listing, after: &Listing) {
    let moved = |count: &mut Option<u64>, before: usize, after: usize| {
        let as_count = |len: usize| u64::try_from(len).unwrap_or(u64::MAX);
        *count = count.map(|count| count.saturating_add(as_count(after)).saturating_sub(as_count(before)));
    };
    if let Some(project) = overview.counts_of_mut(address.domain()) {
        moved(&mut project.accounts, before.accounts.len(), after.accounts.len());
        moved(&mut project.aliases, before.aliases.len(), after.aliases.len());
    }
    if let Some(domain) = overview.domains.iter_mut().find(|domain| domain.name == *address.domain()) {
        moved(&mut domain.accounts, before.accounts.len(), after.accounts.len());
        moved(&mut domain.aliases, before.aliases.len(), after.aliases.len());
    }
}
