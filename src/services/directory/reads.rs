//! What the directory asks of GleSYS, and when: in the background again and again, and for a page that finds what is
//! known too old.
//!
//! Every read runs in a task of its own: it goes on when a page's patience ends, so that the next page has its answer
//! and the client learns whether GleSYS answers at all. While GleSYS is slow or away pages don't wait; the background
//! asks every ten seconds and finds out when that is over.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::listing::Listing;
use super::{Age, Directory, DomainView, Held, LONG_PATIENCE, PATIENCE};
use crate::glesys::{self, LIST, PROBE_EVERY};
use crate::model::clock::age;
use crate::model::{Address, DomainName, Mailbox, Overview, Tick, WhyRefused, WhyUnknown};
use crate::services::Failure;

/// For how long what was read counts as what is.
const FRESH: SignedDuration = SignedDuration::from_secs(60);
/// How long a domain is left alone after reading it failed, where there is something older to show.
const PAUSE: Duration = Duration::from_secs(10);
/// How long pages don't wait after an answer did not come in time.
const SLOW: Duration = Duration::from_secs(30);
/// How often everything is read again in the background, in steps of [`PROBE_EVERY`].
const EVERY: u32 = 30;

impl Directory {
    /// Reads everything now and again every five minutes; drop the future to stop it.
    pub async fn keep_up(&self) {
        loop {
            let all_read = self.read_all().await;
            for _ in 0..EVERY {
                tokio::time::sleep(PROBE_EVERY).await;
                let is_over = self.is_slow() && self.answers_quickly().await;
                if !all_read || is_over || self.0.reader.finds_one_back().await {
                    break;
                }
            }
        }
    }

    /// Reads the list of domains and every domain, a few at a time. What can't be read stays as it was. Returns whether
    /// all could be read.
    pub async fn read_all(&self) -> bool {
        let domains = match self.read_overview().await {
            Ok(overview) => overview.domains,
            Err(error) => {
                tracing::warn!(%error, "the list of domains could not be read");
                return false;
            }
        };
        let mut reads = tokio::task::JoinSet::new();
        for domain in domains {
            let this = self.clone();
            reads.spawn(async move {
                let _place = this.0.places.acquire().await;
                this.read_listing(&domain.name).await.map(drop)
            });
        }
        let failed = reads.join_all().await.into_iter().filter(|read| self.went_wrong(read)).count();
        if failed > 0 {
            tracing::warn!(failed, "some domains could not be read; the last known data stay");
        }
        failed == 0
    }

    /// Whether reading a domain failed, other than by its project being left alone while others are not.
    fn went_wrong(&self, read: &Result<(), Failure>) -> bool {
        let is_left_alone =
            matches!(read, Err(Failure::Glesys(glesys::Error::Away { .. }))) && !self.0.reader.is_away();
        read.is_err() && !is_left_alone
    }

    /// Whether pages had better not wait for GleSYS.
    pub(in crate::services) fn is_slow(&self) -> bool {
        let now = self.0.clock.uptime();
        self.0.reader.is_away() || self.known().slow_until.is_some_and(|until| until > now)
    }

    async fn answers_quickly(&self) -> bool {
        let this = self.clone();
        let answers = matches!(self.within(PATIENCE, async move { this.read_overview().await }).await, Some(Ok(_)));
        if answers {
            self.known().slow_until = None;
        }
        answers
    }

    /// What a read gives, if it does so in time; it goes on in any case.
    pub(in crate::services) async fn within<T: Send + 'static>(
        &self,
        patience: Duration,
        read: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let read = tokio::spawn(read);
        if let Ok(answer) = tokio::time::timeout(patience, read).await {
            return answer.ok();
        }
        let until = self.0.clock.uptime() + SLOW;
        self.known().slow_until = Some(until);
        None
    }

    fn is_fresh(&self, read_at: Timestamp) -> bool {
        age(read_at, self.0.clock.now()).is_some_and(|age| age < FRESH)
    }

    /// Whether what was read then is to be read again.
    pub(in crate::services) fn is_old(&self, read_at: Option<Timestamp>) -> bool {
        read_at.is_none_or(|read_at| !self.is_fresh(read_at))
    }

    /// Reads the list of domains again if GleSYS has not been asked for it for a while, and answers quickly.
    pub(in crate::services) async fn refresh_overview(&self) {
        let (told_at, now) = (self.known().overview_told_at, self.0.clock.uptime());
        if told_at.is_none_or(|at| now.saturating_sub(at) >= FRESH.unsigned_abs()) && !self.is_slow() {
            let this = self.clone();
            self.within(PATIENCE, async move { this.read_overview().await }).await;
        }
    }

    /// What a domain holds, and how fresh that is. An older answer is better than none and than a long wait.
    pub(super) async fn listing(&self, domain: &DomainName, patience: Duration) -> Result<DomainView, Failure> {
        let view = |listing: Arc<Listing>, age| DomainView { read_at: listing.read_at, listing, age };
        let now = self.0.clock.uptime();
        let (known, paused, doubted) = {
            let known = self.known();
            let held = known.domains.get(domain);
            let paused = held.and_then(|held| held.paused_until).is_some_and(|until| until > now);
            (held.map(|held| held.listing.clone()), paused, held.is_some_and(|held| held.doubted))
        };
        let (this, wanted) = (self.clone(), domain.clone());
        let read = async move { this.read_listing(&wanted).await };
        let Some(known) = known else {
            let listing = self.within(LONG_PATIENCE, read).await.unwrap_or_else(|| Err(late().into()))?;
            return Ok(view(listing, Age::Fresh));
        };
        if self.is_fresh(known.read_at) && !doubted {
            return Ok(view(known, Age::Fresh));
        }
        if paused {
            return Ok(view(known, Age::Old));
        }
        if patience <= PATIENCE && self.is_slow() {
            let age = if self.0.reader.is_away() { Age::Old } else { Age::Late };
            return Ok(view(known, age));
        }
        match self.within(patience, read).await {
            Some(Ok(listing)) => Ok(view(listing, Age::Fresh)),
            Some(Err(Failure::NoSuchDomain(domain))) => Err(Failure::NoSuchDomain(domain)),
            Some(Err(_)) => {
                if let Some(held) = self.known().domains.get_mut(domain) {
                    held.paused_until = Some(now + PAUSE);
                }
                Ok(view(known, Age::Old))
            }
            None => Ok(view(known, Age::Late)),
        }
    }

    /// Asks for one address by itself, the account first; not while pages had better not wait, unless this one is worth nothing without.
    pub(super) async fn find(&self, address: &Address, patience: Duration) -> Result<Vec<Mailbox>, glesys::Error> {
        if patience <= PATIENCE && self.is_slow() {
            return Err(if self.0.reader.is_away() { glesys::Error::Away { function: LIST } } else { late() });
        }
        let (this, wanted) = (self.clone(), address.clone());
        self.within(patience, async move { this.0.reader.find(&wanted).await }).await.unwrap_or_else(|| Err(late()))
    }

    async fn read_overview(&self) -> Result<Overview, glesys::Error> {
        let asked_at = self.0.clock.uptime();
        let _turn = self.0.overview_turn.lock().await;
        // Anyone who was waiting takes what the one before has read.
        let before = {
            let known = self.known();
            if let Some((overview, _)) = known.overview.as_ref().filter(|_| known.overview_told_at > Some(asked_at)) {
                return Ok(overview.clone());
            }
            known.moves
        };
        let mut overview = self.0.reader.overview().await?;
        overview.domains.sort_by(|a, b| a.name.cmp(&b.name));
        let told_at = self.0.clock.now();
        let mut known = self.known();
        known.overview_told_at = Some(self.0.clock.uptime());
        if let Some((known, _)) = known.overview.as_ref().filter(|_| known.moves != before) {
            // Whether it counts what was changed meanwhile can't be told; the next one will.
            return Ok(known.clone());
        }
        known.domains.retain(|name, _| overview.domains.iter().any(|domain| domain.name == *name));
        known.overview = Some((overview.clone(), told_at));
        Ok(overview)
    }

    async fn read_listing(&self, domain: &DomainName) -> Result<Arc<Listing>, Failure> {
        let place = Place::at(self, domain);
        let _turn = place.turn.lock().await;
        {
            let mut known = self.known();
            let known = &mut *known;
            let reading = known.reading.entry(domain.clone()).or_default();
            // Anyone who was waiting takes what the one before has read, unless that is in doubt already.
            let read = known.domains.get(domain).filter(|held| reading.times > place.times && !held.doubted);
            if let Some(held) = read {
                return Ok(held.listing.clone());
            }
            reading.changes.clear();
            reading.doubted = false;
        }
        let asked_after = self.0.hindsight.last();
        let listed = match self.0.reader.list(domain).await {
            Err(glesys::Error::Refused { why: WhyRefused::UnknownAddress, .. } | glesys::Error::NoProject { .. }) => {
                self.known().domains.remove(domain);
                return Err(Failure::NoSuchDomain(domain.clone()));
            }
            answer => answer?,
        };
        Ok(self.take_in(domain, asked_after, Listing::new(listed, self.0.clock.now())))
    }

    fn take_in(&self, domain: &DomainName, asked_after: Option<Tick>, read: Listing) -> Arc<Listing> {
        let mut known = self.known();
        let known = &mut *known;
        let reading = known.reading.entry(domain.clone()).or_default();
        reading.times += 1;
        let listing = Arc::new(if reading.changes.is_empty() { read } else { read.after(&reading.changes) });
        let held = known.domains.entry(domain.clone()).or_insert_with(|| Held::new(listing.clone()));
        held.take(listing.clone());
        held.doubted = reading.doubted;
        held.asked_after = asked_after;
        held.own.retain(|address, _| listing.has(address));
        listing
    }
}

/// A place among those who want to read a domain. The last to leave takes the list of them along.
struct Place {
    directory: Directory,
    domain: DomainName,
    turn: Arc<tokio::sync::Mutex<()>>,
    /// How often it had been read before.
    times: u64,
}

impl Place {
    fn at(directory: &Directory, domain: &DomainName) -> Self {
        let mut known = directory.known();
        let reading = known.reading.entry(domain.clone()).or_default();
        let (turn, times) = (reading.turn.clone(), reading.times);
        drop(known);
        Self { directory: directory.clone(), domain: domain.clone(), turn, times }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut known = self.directory.known();
        // The list's own, and this one.
        if Arc::strong_count(&self.turn) <= 2 {
            known.reading.remove(&self.domain);
        }
    }
}

const fn late() -> glesys::Error {
    glesys::Error::Unknown { function: LIST, http: None, code: None, why: WhyUnknown::Timeout }
}
