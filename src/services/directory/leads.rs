//! Where aliases lead, as far as the asker may see it. What stands in other domains is not distinguished from what is not
//! known at all.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::listing::Listing;
use super::{Age, Directory, PATIENCE};
use crate::access::{CanIn, CanSome, Right, ViewMail};
use crate::model::address::of_target;
use crate::model::{Address, Alias, DomainName};

/// What is known to stand at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stands {
    Account,
    Alias(Alias),
    /// An account, and an alias that has the same address.
    Both(Alias),
    /// Its domain was read and has nothing there.
    Nothing,
    /// Its domain is not hosted here, was never read, or is not the asker's to see.
    Elsewhere,
}

impl Directory {
    /// What is known to stand at an address.
    pub fn stands(&self, see: &CanSome<ViewMail>, address: &Address) -> Stands {
        let listing = self.last_read(address.domain()).filter(|_| see.covers(address.domain()));
        let Some(listing) = listing else { return Stands::Elsewhere };
        match (listing.account(address), listing.alias(address).cloned()) {
            (Some(_), None) => Stands::Account,
            (None, Some(alias)) => Stands::Alias(alias),
            (Some(_), Some(alias)) => Stands::Both(alias),
            (None, None) => Stands::Nothing,
        }
    }

    /// Those of the addresses at which nothing stands, in domains that are hosted here; read anew where that is old.
    pub async fn nothing_at(&self, see: &CanSome<ViewMail>, addresses: &[Address]) -> Vec<Address> {
        let mut sure = BTreeSet::new();
        let domains: BTreeSet<&DomainName> = addresses.iter().map(Address::domain).collect();
        for domain in domains.into_iter().filter(|domain| see.covers(domain) && self.last_read(domain).is_some()) {
            if self.listing(domain, PATIENCE).await.is_ok_and(|view| view.age == Age::Fresh) {
                sure.insert(domain.clone());
            }
        }
        let is_empty = |address: &&Address| self.stands(see, address) == Stands::Nothing;
        addresses.iter().filter(|address| sure.contains(address.domain())).filter(is_empty).cloned().collect()
    }

    /// Whether a target of an alias in this domain lies outside the company's domains.
    pub fn is_outside(&self, target: &str, own: &DomainName) -> bool {
        of_target(target).is_none_or(|to| to.domain() != own && !self.is_ours(to.domain()))
    }

    /// The aliases that lead to an address, in all domains that the asker may see.
    pub fn aliases_to(&self, see: &CanSome<ViewMail>, address: &Address) -> Vec<Alias> {
        let listings: Vec<_> = {
            let known = self.known();
            let domains = known.domains.iter().filter(|(domain, _)| see.covers(domain));
            domains.map(|(_, held)| held.listing.clone()).collect()
        };
        listings.iter().flat_map(|listing| listing.aliases_to(address)).collect()
    }

    /// How many other aliases there are of which it is not known whether they lead to an address, as GleSYS does not say it or
    /// they can't be read, and how many domains whose aliases are not known yet; in all domains that the asker may see.
    pub fn may_lead_to(&self, see: &CanSome<ViewMail>, address: &Address) -> (usize, usize) {
        let known = self.known();
        let untold = |listing: &Listing| {
            let is_untold = |alias: &&Alias| alias.targets.is_none() && alias.address != *address;
            let unread = listing.left_out.iter().filter(|row| row.is_alias).count();
            listing.aliases.iter().filter(is_untold).count() + unread
        };
        let read = known.domains.iter().filter(|(domain, _)| see.covers(domain));
        let aliases = read.map(|(_, held)| untold(&held.listing)).sum();
        let listed = known.overview.iter().flat_map(|(overview, _)| &overview.domains);
        let unread = listed.filter(|domain| see.covers(&domain.name) && !known.domains.contains_key(&domain.name));
        (aliases, unread.count())
    }

    /// The aliases by which mail to `from` comes to `to`, both included; `None` where it does not.
    pub fn way(&self, see: &CanSome<ViewMail>, from: &Address, to: &Address) -> Option<Vec<Address>> {
        let mut seen = BTreeSet::from([from.clone()]);
        let mut ways = vec![vec![from.clone()]];
        while let Some(way) = ways.pop() {
            let last = way.last()?;
            if last == to {
                return Some(way);
            }
            let (Stands::Alias(alias) | Stands::Both(alias)) = self.stands(see, last) else { continue };
            let targets = alias.targets.iter().flatten().filter_map(|target| of_target(target));
            for target in targets.filter(|target| seen.insert(target.clone())) {
                ways.push(way.iter().cloned().chain([target]).collect());
            }
        }
        None
    }

    /// How many aliases the domain's project may have, if it has that many.
    pub async fn full_of_aliases<R: Right>(&self, can: &CanIn<R>) -> Option<u64> {
        self.refresh_overview().await;
        self.counts_of(can.domain())?.reached_aliases()
    }

    pub(super) fn last_read(&self, domain: &DomainName) -> Option<Arc<Listing>> {
        self.known().domains.get(domain).map(|held| held.listing.clone())
    }
}
