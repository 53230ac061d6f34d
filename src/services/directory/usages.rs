//! How full accounts are. GleSYS reports it one account a call, so it is read when a page wants to know, a few accounts at a
//! time, while the page is long on its way; it shows what is known by then.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::listing::Listing;
use super::{Directory, Held, Known};
use crate::glesys;
use crate::model::clock::age;
use crate::model::{Account, Address, Usage, WhyRefused};

/// For how long an account is taken to be as full as it was.
const KEPT: SignedDuration = SignedDuration::from_mins(10);
/// How many are read at once.
const AT_ONCE: usize = 2;
/// How many wait at most; a page that is shown again wants the rest again.
const LONGEST: usize = 5000;
/// How long nothing is read after GleSYS refused or did not answer.
const PAUSE: Duration = Duration::from_mins(1);
/// How long the page of one account waits for what was never read.
const PATIENCE: Duration = Duration::from_millis(500);

/// The accounts whose usage shall be read, first come, first served.
#[derive(Default)]
pub(super) struct UsageQueue {
    waiting: VecDeque<Address>,
    /// Those that wait and those that are being read.
    wanted: HashSet<Address>,
    readers: usize,
    paused_until: Option<Duration>,
}

impl Held {
    pub fn new(listing: Arc<Listing>) -> Self {
        let (usages, own) = (HashMap::new(), HashMap::new());
        Self { listing, usages, paused_until: None, doubted: false, asked_after: None, own }
    }

    /// Takes a newer listing, and forgets what belonged to accounts that are gone.
    pub fn take(&mut self, listing: Arc<Listing>) {
        self.usages.retain(|address, (usage, _)| {
            let account = listing.account(address);
            if let (Some(usage), Some(account)) = (usage, account) {
                usage.quota = account.quota;
            }
            account.is_some()
        });
        self.listing = listing;
        self.paused_until = None;
    }
}

/// How full an account is, where GleSYS says it, and when it was read.
type Told = (Option<Usage>, Timestamp);

impl Known {
    fn usages(&self, accounts: &[&Account]) -> Vec<Option<Told>> {
        let held = accounts.first().and_then(|account| self.domains.get(account.address.domain()));
        accounts.iter().map(|account| held?.usages.get(&account.address).copied()).collect()
    }

    pub(super) fn is_asking_usages(&self) -> bool {
        !self.queue.wanted.is_empty()
    }
}

impl Directory {
    /// How full accounts of one domain are, as far as is known.
    pub(in crate::services) fn known_usages(&self, accounts: &[&Account]) -> Vec<Option<Usage>> {
        self.known().usages(accounts).into_iter().map(|told| told?.0).collect()
    }

    /// The same; what is not known, or no longer, is read soon.
    pub(super) fn usages_of(&self, accounts: &[&Account]) -> Vec<Option<Usage>> {
        let now = self.0.clock.now();
        let mut known = self.known();
        let usages = known.usages(accounts);
        let is_old = |told: &Option<Told>| told.is_none_or(|(_, at)| age(at, now).is_none_or(|age| age >= KEPT));
        let old = accounts.iter().zip(&usages).filter(|(_, usage)| is_old(usage)).map(|(account, _)| &account.address);
        known.queue.join(old);
        drop(known);
        self.serve_queue();
        usages.into_iter().map(|told| told?.0).collect()
    }

    /// How full one account is. What was never read is waited for, a little.
    pub async fn usage(&self, account: &Account) -> Option<Usage> {
        let now = self.0.clock.uptime();
        let (known, is_paused) = {
            let known = self.known();
            (known.usages(&[account])[0], known.queue.paused_until.is_some_and(|until| until > now))
        };
        if known.is_some() || is_paused || self.is_slow() {
            return self.usages_of(&[account])[0];
        }
        let (this, wanted) = (self.clone(), account.address.clone());
        let read = tokio::spawn(async move { this.read_usage(&wanted).await });
        tokio::time::timeout(PATIENCE, read).await.ok()?.ok()?.ok()?
    }

    /// Has the queue served, unless that is being done or is of no use now.
    fn serve_queue(&self) {
        let (is_slow, now) = (self.is_slow(), self.0.clock.uptime());
        let mut known = self.known();
        let queue = &mut known.queue;
        if is_slow || queue.paused_until.is_some_and(|until| until > now) {
            queue.give_up();
        }
        while queue.readers < AT_ONCE.min(queue.waiting.len()) {
            queue.readers += 1;
            let this = self.clone();
            tokio::spawn(async move {
                while let Some(address) = this.next_in_queue() {
                    // What went wrong has paused the queue, where that is of use.
                    let _ = this.read_usage(&address).await;
                    this.known().queue.wanted.remove(&address);
                }
            });
        }
    }

    /// The next account; `None` sends the reader home.
    fn next_in_queue(&self) -> Option<Address> {
        let mut known = self.known();
        let next = known.queue.waiting.pop_front();
        if next.is_none() {
            known.queue.readers -= 1;
        }
        next
    }

    /// How full an account is; `None` where GleSYS does not say.
    async fn read_usage(&self, address: &Address) -> Result<Option<Usage>, glesys::Error> {
        let read = self.0.reader.usage(address).await;
        let now = self.0.clock.now();
        let mut known = self.known();
        // Only this one account is gone; anything else would meet the others too.
        let is_gone = matches!(&read, Err(glesys::Error::Refused { why: WhyRefused::UnknownAddress, .. }));
        if read.is_err() && !is_gone {
            known.queue.paused_until = Some(self.0.clock.uptime() + PAUSE);
            known.queue.give_up();
        }
        let read = read?;
        let Some(held) = known.domains.get_mut(address.domain()) else { return Ok(read) };
        // The quota may have been changed since GleSYS was asked; the account has the newest.
        let Some(account) = held.listing.account(address) else { return Ok(read) };
        let usage = read.map(|read| Usage { quota: account.quota, ..read });
        held.usages.insert(address.clone(), (usage, now));
        Ok(usage)
    }
}

impl UsageQueue {
    fn join<'a>(&mut self, addresses: impl Iterator<Item = &'a Address>) {
        for address in addresses {
            if self.waiting.len() < LONGEST && self.wanted.insert(address.clone()) {
                self.waiting.push_back(address.clone());
            }
        }
    }

    fn give_up(&mut self) {
        for address in self.waiting.drain(..) {
            self.wanted.remove(&address);
        }
    }
}
