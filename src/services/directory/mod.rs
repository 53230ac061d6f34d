//! The directory: what GleSYS reported of domains, accounts and aliases, kept in memory so that pages and the search are
//! quick, and so that there is something to read, with its age, when GleSYS does not answer.

mod at;
mod changes;
pub mod choice;
mod ends;
mod leads;
mod listing;
mod near;
mod pasted;
mod reads;
mod replicas;
mod search;
mod text;
mod usages;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Semaphore;

use self::listing::{Change, Listing};
use self::search::Hit;
use self::usages::UsageQueue;
use super::Failure;
use crate::access::{Can, CanIn, CanSome, Right, ViewMail};
use crate::glesys;
use crate::model::{
    Account, Address, Clock, ContestedDomain, DomainName, DomainSummary, Hindsight, LeftOut, LeftOutDomain, Mailbox,
    OperationId, Overview, Project, ProjectCounts, Tick, Usage,
};

pub use self::at::{Found, Freshness};
pub use self::ends::End;
pub use self::leads::Stands;
pub use self::pasted::{cut, first_pasted};
pub use self::search::HITS as MOST_HITS;

/// How long a page waits for a newer answer where it has an older one, and for what it can do without.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);
/// How long a page waits that is worth nothing without a fresh answer: the reading half's own limit, and a little.
const LONG_PATIENCE: Duration = Duration::from_secs(11);
/// How many of the reads that keep the directory up run at once; pages' own reads need places too.
const READS: usize = 3;

/// What is known. Only domains and accounts that GleSYS reported have a place here, whatever people ask for.
#[derive(Default)]
struct Known {
    overview: Option<(Overview, Timestamp)>,
    /// At which uptime the last answer about it came, whether it could be taken or not.
    overview_told_at: Option<Duration>,
    domains: BTreeMap<DomainName, Held>,
    /// The domains that are being read, each by one reader at a time.
    reading: HashMap<DomainName, UnderWay>,
    /// How many changes were put in so far that may have moved a count of the overview.
    moves: u64,
    /// Until which uptime pages don't wait for answers, because one did not come in time.
    slow_until: Option<Duration>,
    /// The accounts whose usage shall be read.
    queue: UsageQueue,
}

/// A domain that was read.
struct Held {
    listing: Arc<Listing>,
    usages: HashMap<Address, (Option<Usage>, Timestamp)>,
    /// Until which uptime it isn't asked for again after a failure.
    paused_until: Option<Duration>,
    /// Whether a change was tried of which nobody knows whether it was made, so that this may be out of date already.
    doubted: bool,
    /// What was seen of the order of operations when the question was sent whose answer this is.
    asked_after: Option<Tick>,
    /// The last operation on an address that was carried out here, which what is known tells of already.
    own: HashMap<Address, OperationId>,
}

/// A domain that is being read.
#[derive(Default)]
struct UnderWay {
    turn: Arc<tokio::sync::Mutex<()>>,
    /// How often it was read since the first of those who wait came.
    times: u64,
    /// What was changed since the question was sent, which the answer may not know.
    changes: Vec<Change>,
    /// Whether, since the question was sent, something was tried of which nobody knows whether it was made.
    doubted: bool,
}

/// How old what a page shows is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// Read within the last minute.
    Fresh,
    /// Older; GleSYS is slow, and the newer answer was not waited for.
    Late,
    /// Older; GleSYS does not answer.
    Old,
}

/// The list of domains, as far as the asker may see it.
#[derive(Debug, Default)]
pub struct DirectoryView {
    pub domains: Vec<DomainSummary>,
    /// Those that are not served, because several projects have them.
    pub contested: Vec<ContestedDomain>,
    /// What stands among the domains and can't be handled. Only who may see all of them may see it.
    pub left_out: Vec<LeftOutDomain>,
    /// When the list was read; `None` when GleSYS has never answered.
    pub read_at: Option<Timestamp>,
    /// How many of these domains can be searched already.
    pub searchable: usize,
}

/// A domain's accounts and aliases; [`Directory::choose`] gives them.
#[derive(Debug)]
pub struct DomainView {
    listing: Arc<Listing>,
    pub read_at: Timestamp,
    pub age: Age,
}

impl DomainView {
    /// How many accounts and aliases there are in all.
    pub fn counts(&self) -> (usize, usize) {
        self.listing.counts()
    }

    /// What GleSYS lists besides and can't be handled.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.listing.left_out
    }

    /// Every account, in the order of addresses.
    pub fn accounts(&self) -> &[Account] {
        &self.listing.accounts
    }
}

/// The directory. Cloned freely.
#[derive(Clone)]
pub struct Directory(Arc<Inner>);

struct Inner {
    reader: glesys::Reader,
    clock: Clock,
    hindsight: Hindsight,
    places: Semaphore,
    overview_turn: tokio::sync::Mutex<()>,
    known: Mutex<Known>,
}

/// How much is kept, not what.
impl fmt::Debug for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.known();
        let sum = |count: fn(&Held) -> usize| known.domains.values().map(count).sum::<usize>();
        f.debug_struct("Directory")
            .field("domains", &known.domains.len())
            .field("accounts", &sum(|held| held.listing.accounts.len()))
            .field("aliases", &sum(|held| held.listing.aliases.len()))
            .field("usages", &sum(|held| held.usages.len()))
            .field("reading", &known.reading.len())
            .finish_non_exhaustive()
    }
}

impl Directory {
    pub fn new(reader: glesys::Reader, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            reader,
            hindsight: Hindsight::new(clock.clone()),
            clock,
            places: Semaphore::new(READS),
            overview_turn: tokio::sync::Mutex::default(),
            known: Mutex::default(),
        }))
    }

    /// What this process has seen of the order of operations.
    pub fn hindsight(&self) -> &Hindsight {
        &self.0.hindsight
    }

    /// The domains that the asker may see; without an answer of GleSYS the list is empty and says so.
    pub async fn overview(&self, can: &CanSome<ViewMail>) -> DirectoryView {
        self.refresh_overview().await;
        let known = self.known();
        let Some((overview, read_at)) = &known.overview else {
            return DirectoryView::default();
        };
        let domains: Vec<_> = overview.domains.iter().filter(|d| can.covers(&d.name)).cloned().collect();
        let searchable = domains.iter().filter(|d| known.domains.contains_key(&d.name)).count();
        let contested = overview.contested.iter().filter(|d| can.covers(&d.name)).cloned().collect();
        let left_out = if can.covers_all() { overview.left_out.clone() } else { Vec::new() };
        DirectoryView { domains, contested, left_out, read_at: Some(*read_at), searchable }
    }

    /// What is known of the domains that the asker may see.
    fn listings(&self, can: &CanSome<ViewMail>) -> Vec<Arc<Listing>> {
        let known = self.known();
        let domains = known.domains.iter().filter(|(domain, _)| can.covers(domain));
        domains.map(|(_, held)| held.listing.clone()).collect()
    }

    /// What is one letter away from what was looked for, best first; of several addresses that were pasted nothing is.
    pub fn neighbours(&self, can: &CanSome<ViewMail>, query: &str) -> Vec<Mailbox> {
        let asked = pasted::queries(query);
        let [asked] = &*asked else { return Vec::new() };
        near::near(&self.listings(can), asked).iter().map(Hit::mailbox).collect()
    }

    /// Finds accounts and aliases by any part of address, display name or alias target, best first, without waiting for
    /// GleSYS; only a whole address that is not known yet is asked for.
    pub async fn search(&self, can: &CanSome<ViewMail>, query: &str) -> Vec<Mailbox> {
        let asked = pasted::queries(query);
        let listings = self.listings(can);
        let found = asked.iter().flat_map(|query| search::search(&listings, query));
        let mut seen = BTreeSet::new();
        let hits: Vec<_> =
            found.filter(|hit| seen.insert(hit.which())).take(MOST_HITS).map(|hit| hit.mailbox()).collect();
        if hits.is_empty()
            && let [asked] = &*asked
            && let Some(Ok(address)) = asked.only_typed().map(Address::proper)
            && can.covers(address.domain())
        {
            return self.find(&address, PATIENCE).await.unwrap_or_default();
        }
        hits
    }

    /// What a domain holds.
    ///
    /// # Errors
    /// [`Failure::NoSuchDomain`]; [`Failure::Glesys`] when GleSYS doesn't answer and nothing is known.
    pub async fn domain(&self, can: &CanIn<ViewMail>) -> Result<DomainView, Failure> {
        self.listing(can.domain(), PATIENCE).await
    }

    /// Whether a domain was hosted at GleSYS when the list was last read; while none was read, it may be.
    pub fn hosts(&self, can: &CanIn<ViewMail>) -> bool {
        let known = self.known();
        known.overview.as_ref().is_none_or(|(list, _)| list.domains.iter().any(|domain| domain.name == *can.domain()))
    }

    /// Whether a domain is the company's: hosted in one of its projects when the list was last read, or in several.
    pub fn is_ours(&self, domain: &DomainName) -> bool {
        self.known().overview.as_ref().is_some_and(|(overview, _)| {
            let contested = overview.contested.iter().map(|contested| &contested.name);
            overview.domains.iter().map(|hosted| &hosted.name).chain(contested).any(|name| name == domain)
        })
    }

    /// How many accounts the domain's project may have, if it has that many, as far as GleSYS has reported within the last
    /// minute.
    pub async fn reached_limit<R: Right>(&self, can: &CanIn<R>) -> Option<u64> {
        self.refresh_overview().await;
        self.counts_of(can.domain())?.reached_accounts()
    }

    /// The counts and limits of a domain's project, as last read.
    pub fn project(&self, _can: &Can<ViewMail>, domain: &DomainName) -> Option<ProjectCounts> {
        self.counts_of(domain)
    }

    /// What the project of a domain has and may have, as last read.
    fn counts_of(&self, domain: &DomainName) -> Option<ProjectCounts> {
        self.known().overview.as_ref().and_then(|(overview, _)| overview.counts_of(domain))
    }

    /// A project as the overview tells of it, as last read.
    pub(in crate::services) fn project_named(&self, label: &str) -> Option<Project> {
        let known = self.known();
        let (overview, _) = known.overview.as_ref()?;
        overview.projects.iter().find(|project| project.label == label).cloned()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
