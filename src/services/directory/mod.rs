//! The directory: what GleSYS told us of domains, accounts and aliases, kept in memory so that pages and the search are
//! quick, and so that there is something to read, with its age, when GleSYS does not answer.

mod reads;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Semaphore;

use super::Failure;
use crate::access::{CanIn, CanSome, ViewMail};
use crate::glesys;
use crate::model::{Account, Address, Alias, Clock, DomainName, DomainSummary, Mailbox, ProjectOverview, Usage};

/// How long a page waits for a newer answer where it has an older one, and for what it can do without.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a page waits that is worth nothing without a fresh answer: the reading half's own limit, and a little.
const LONG_PATIENCE: Duration = Duration::from_secs(11);
/// How many of the reads that keep the directory up run at once; pages' own reads need places too.
const READS: usize = 3;
/// How many hits a search shows.
const HITS: usize = 50;
/// What one domain holds, as read at one moment.
#[derive(Debug)]
struct Listing {
    mailboxes: Vec<Entry>,
    read_at: Timestamp,
}

#[derive(Debug)]
struct Entry {
    mailbox: Mailbox,
    /// Everything a search may match, in lower case.
    haystack: String,
}

#[derive(Default)]
struct Known {
    overview: Option<(ProjectOverview, Timestamp)>,
    listings: BTreeMap<DomainName, Arc<Listing>>,
    usages: HashMap<Address, (Usage, Timestamp)>,
    /// Until when a domain isn't asked for again after a failure.
    paused: HashMap<DomainName, Timestamp>,
    /// One reader at a time a domain.
    reading: HashMap<DomainName, Arc<tokio::sync::Mutex<()>>>,
    /// Until when pages don't wait for answers, because one did not come in time.
    slow_until: Option<Timestamp>,
}

/// How sure it is that what a page tells is what is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Read within the last minute.
    Fresh,
    /// Older; GleSYS is slow, and the newer answer was not waited for.
    Late,
    /// Older; GleSYS does not answer.
    Old,
}

/// The list of domains, as far as the asker may see it.
#[derive(Debug)]
pub struct DirectoryView {
    pub domains: Vec<DomainSummary>,
    /// When the list was read; `None` when GleSYS has never answered.
    pub read_at: Option<Timestamp>,
    /// How many of these domains can be searched already.
    pub searchable: usize,
}

/// A domain's accounts and aliases.
#[derive(Debug)]
pub struct DomainView {
    pub accounts: Vec<Account>,
    pub aliases: Vec<Alias>,
    pub read_at: Timestamp,
    pub freshness: Freshness,
}

/// One account and what belongs to it.
#[derive(Debug)]
pub struct AccountView {
    pub account: Account,
    pub usage: Option<Usage>,
    /// The aliases of its domain that lead here.
    pub led_by: Vec<Alias>,
    pub read_at: Timestamp,
    pub freshness: Freshness,
}

/// The directory. Cloned freely.
#[derive(Clone)]
pub struct Directory(Arc<Inner>);

struct Inner {
    reader: glesys::Reader,
    clock: Clock,
    places: Semaphore,
    overview_turn: tokio::sync::Mutex<()>,
    known: Mutex<Known>,
}

impl Directory {
    pub fn new(reader: glesys::Reader, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            reader,
            clock,
            places: Semaphore::new(READS),
            overview_turn: tokio::sync::Mutex::default(),
            known: Mutex::default(),
        }))
    }

    /// The domains that the asker may see; without an answer of GleSYS the list is empty and says so.
    pub async fn overview(&self, can: &CanSome<ViewMail>) -> DirectoryView {
        self.refresh_overview().await;
        let known = self.known();
        let Some((overview, read_at)) = &known.overview else {
            return DirectoryView { domains: Vec::new(), read_at: None, searchable: 0 };
        };
        let mut domains: Vec<_> = overview.domains.iter().filter(|d| can.covers(&d.name)).cloned().collect();
        domains.sort_by(|a, b| a.name.cmp(&b.name));
        let searchable = domains.iter().filter(|d| known.listings.contains_key(&d.name)).count();
        DirectoryView { domains, read_at: Some(*read_at), searchable }
    }

    /// Finds accounts and aliases by any part of address, display name or alias target, best first, without waiting for
    /// GleSYS; only a whole address that is not known yet is asked for.
    pub async fn search(&self, can: &CanSome<ViewMail>, query: &str) -> Vec<Mailbox> {
        let query = query.trim().to_lowercase();
        if query.is_empty() {
            return Vec::new();
        }
        let hits = self.find_known(can, &query);
        if hits.is_empty()
            && let Ok(address) = Address::parse(&query)
            && can.covers(address.domain())
        {
            return self.find(&address, PATIENCE).await.ok().flatten().into_iter().collect();
        }
        hits
    }

    fn find_known(&self, can: &CanSome<ViewMail>, query: &str) -> Vec<Mailbox> {
        let listings: Vec<_> = self
            .known()
            .listings
            .iter()
            .filter(|(domain, _)| can.covers(domain))
            .map(|(_, listing)| listing.clone())
            .collect();
        let entries = listings.iter().flat_map(|listing| &listing.mailboxes);
        let mut found: Vec<_> = entries.filter(|entry| entry.haystack.contains(query)).collect();
        found.sort_by_cached_key(|entry| (rank(entry, query), address_of(&entry.mailbox).clone()));
        found.into_iter().take(HITS).map(|entry| entry.mailbox.clone()).collect()
    }

    /// What a domain holds.
    ///
    /// # Errors
    /// [`Failure::NoSuchDomain`]; [`Failure::Glesys`] when GleSYS doesn't answer and nothing is known.
    pub async fn domain(&self, can: &CanIn<ViewMail>) -> Result<DomainView, Failure> {
        let (listing, freshness) = self.listing(can.domain(), PATIENCE).await?;
        let mut view = DomainView { accounts: Vec::new(), aliases: Vec::new(), read_at: listing.read_at, freshness };
        for entry in &listing.mailboxes {
            match &entry.mailbox {
                Mailbox::Account(account) => view.accounts.push(Account::clone(account)),
                Mailbox::Alias(alias) => view.aliases.push(alias.clone()),
            }
        }
        Ok(view)
    }

    /// Whether a domain was hosted at GleSYS when the list was last read; while none was read, it may be.
    pub fn hosts(&self, can: &CanIn<ViewMail>) -> bool {
        let known = self.known();
        known.overview.as_ref().is_none_or(|(list, _)| list.domains.iter().any(|domain| domain.name == *can.domain()))
    }

    /// An account with what belongs to it.
    ///
    /// # Errors
    /// [`Failure::NoSuchAccount`]; [`Failure::IsAlias`]; otherwise as [`Directory::domain`].
    pub async fn account(&self, can: &CanIn<ViewMail>, address: &Address) -> Result<AccountView, Failure> {
        can.is_for(address)?;
        let (account, listing, freshness) = self.account_within(address, PATIENCE).await?;
        Ok(AccountView {
            usage: self.usage(address).await,
            led_by: aliases_to(&listing, address),
            account,
            read_at: listing.read_at,
            freshness,
        })
    }

    /// Whether the address is an account now; for a page that needs it fresh and so waits longer for a slow GleSYS.
    ///
    /// # Errors
    /// As [`Directory::account`]; [`Failure::OutOfDate`] when GleSYS doesn't answer.
    pub async fn is_account_now(&self, can: &CanIn<ViewMail>, address: &Address) -> Result<(), Failure> {
        can.is_for(address)?;
        let (_, listing, freshness) = self.account_within(address, LONG_PATIENCE).await?;
        if freshness == Freshness::Fresh { Ok(()) } else { Err(Failure::OutOfDate { since: listing.read_at }) }
    }

    /// The account, the listing of its domain, and how fresh this is.
    async fn account_within(
        &self,
        address: &Address,
        patience: Duration,
    ) -> Result<(Account, Arc<Listing>, Freshness), Failure> {
        let (listing, mut freshness) = self.listing(address.domain(), patience).await?;
        let known = listing.mailboxes.iter().find(|entry| address_of(&entry.mailbox) == address);
        let mailbox = if let Some(entry) = known {
            entry.mailbox.clone()
        } else {
            // It may have been made since the domain was read.
            let found = self.find(address, patience).await?;
            freshness = Freshness::Fresh;
            found.ok_or_else(|| Failure::NoSuchAccount(address.clone()))?
        };
        match mailbox {
            Mailbox::Alias(alias) => Err(Failure::IsAlias { address: alias.address, targets: alias.targets }),
            Mailbox::Account(account) => Ok((*account, listing, freshness)),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The address of an account or alias.
pub const fn address_of(mailbox: &Mailbox) -> &Address {
    match mailbox {
        Mailbox::Account(account) => &account.address,
        Mailbox::Alias(alias) => &alias.address,
    }
}

fn entry(mailbox: Mailbox) -> Entry {
    let address = address_of(&mailbox);
    let (name, targets) = match &mailbox {
        Mailbox::Account(account) => (&account.display_name, String::new()),
        Mailbox::Alias(alias) => (&alias.display_name, alias.targets.join(" ")),
    };
    let haystack = format!("{address} {} {name} {targets}", address.readable()).to_lowercase();
    Entry { mailbox, haystack }
}

/// Best first: the address begins so, a part of it begins so, anything else; accounts before aliases.
fn rank(entry: &Entry, query: &str) -> (u8, bool) {
    let address = address_of(&entry.mailbox);
    let begins = |text: &str| text.starts_with(query);
    let place = match () {
        () if address.as_str() == query => 0,
        () if begins(address.as_str()) => 1,
        () if address.local().split(['.', '-', '_', '+']).any(begins) => 2,
        () => 3,
    };
    (place, matches!(entry.mailbox, Mailbox::Alias(_)))
}

fn aliases_to(listing: &Listing, address: &Address) -> Vec<Alias> {
    let leads_here = |alias: &Alias| alias.targets.iter().any(|t| Address::parse(t).is_ok_and(|t| t == *address));
    let aliases = listing.mailboxes.iter().filter_map(|entry| match &entry.mailbox {
        Mailbox::Alias(alias) if leads_here(alias) => Some(alias.clone()),
        _ => None,
    });
    aliases.collect()
}
