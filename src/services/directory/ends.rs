//! Where mail ends, through any number of aliases: whatever of that lies outside the company's domains, and what nobody
//! here knows.

use std::collections::BTreeSet;

use super::Directory;
use crate::access::{CanSome, ViewMail};
use crate::model::address::of_target;
use crate::model::{Address, Alias, DomainName};

/// Where mail ends, if it is not an account of the company's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// Outside the company's domains, or at what is no address.
    Outside(String),
    /// At an address of the company's of which it is not known what stands there, so that it may lead anywhere.
    Unknown(Address),
}

/// How many addresses are followed; what leads to more may lead anywhere.
const MOST: usize = 1000;

impl Directory {
    /// Where mail to an alias ends that leads to these targets, as far as that is no account of the company's.
    pub fn ends(&self, alias: &Address, targets: &[String]) -> BTreeSet<End> {
        self.follow(alias, targets, |_| true)
    }

    /// Whether an alias leads to anything outside the company's domains, or to what is no address, itself or through others
    /// that the asker may see. While GleSYS has named no domain, only its own is known to be the company's.
    pub fn leads_outside(&self, see: &CanSome<ViewMail>, alias: &Alias) -> bool {
        let ends =
            self.follow(&alias.address, alias.targets.as_deref().unwrap_or_default(), |domain| see.covers(domain));
        ends.iter().any(|end| matches!(end, End::Outside(_)))
    }

    /// Goes from target to target, through aliases in domains where that `may` be done.
    fn follow(&self, alias: &Address, targets: &[String], may: impl Fn(&DomainName) -> bool) -> BTreeSet<End> {
        // What the alias itself led to until now doesn't count, should a way come back to it.
        let (mut seen, mut ends) = (BTreeSet::from([alias.clone()]), BTreeSet::new());
        let mut ahead = targets.to_vec();
        while let Some(target) = ahead.pop() {
            if self.is_outside(&target, alias.domain()) {
                ends.insert(End::Outside(of_target(&target).map_or(target, |address| address.to_string())));
                continue;
            }
            let address = of_target(&target).filter(|address| may(address.domain()));
            let Some(address) = address.filter(|address| seen.insert(address.clone())) else { continue };
            if seen.len() > MOST {
                ends.insert(End::Unknown(address));
                break;
            }
            let (next, is_known) = self.led_on(&address);
            ahead.extend(next);
            if !is_known {
                ends.insert(End::Unknown(address));
            }
        }
        ends
    }

    /// Whether mail to one address comes to another, itself or through aliases, as far as is known: also through one that takes
    /// what comes to no other address of its domain.
    pub fn comes_to(&self, from: &Address, to: &Address) -> bool {
        let (mut seen, mut ahead) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(address) = ahead.pop() {
            if address == *to || address.mailbox() == *to {
                return true;
            }
            if !seen.insert(address.clone()) || seen.len() > MOST {
                continue;
            }
            for stands in self.takes_mail_to(&address) {
                let (next, _) = self.led_on(&stands);
                ahead.extend(next.iter().filter_map(|target| of_target(target)));
                ahead.extend((stands != address).then_some(stands));
            }
        }
        false
    }

    /// Whether an address is of a domain of the company's of which all is known, and nothing there takes mail to it.
    pub fn has_none_at(&self, address: &Address) -> bool {
        let is_all_known = self.last_read(address.domain()).is_some_and(|listing| listing.left_out.is_empty());
        is_all_known && self.takes_mail_to(address).is_empty()
    }

    /// What takes mail to an address of the company's: itself, or where nothing stands there, what does without its tag, or what
    /// takes all the rest.
    fn takes_mail_to(&self, address: &Address) -> Vec<Address> {
        let Some(listing) = self.last_read(address.domain()) else { return Vec::new() };
        let all = ["", "*"].map(|local| Address::parse(&format!("{local}@{}", address.domain())).ok());
        let places = [Some(address.clone()), Some(address.mailbox())].into_iter().chain(all).flatten();
        places.filter(|place| listing.has(place)).take(1).collect()
    }

    /// Where an address of the company's leads on to as far as is known, and whether that is all.
    fn led_on(&self, address: &Address) -> (Vec<String>, bool) {
        let known = self.known();
        let Some(held) = known.domains.get(address.domain()) else { return (Vec::new(), false) };
        let alias = held.listing.alias(address);
        let next = alias.and_then(|alias| alias.targets.clone());
        let is_known = held.listing.left_out.is_empty() || held.listing.has(address);
        let is_told = next.is_some() || alias.is_none();
        (next.unwrap_or_default(), is_known && is_told && !held.doubted)
    }
}
