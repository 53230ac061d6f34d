//! Who goes first where `places` has none left: whoever has kept the panel waiting longest. Finding them costs the same
//! however many are there: each has a place in line by what was last known of them, and is looked at when they come first.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use ipnet::IpNet;
use tokio::time::Instant;

/// After what time somebody whom the panel was answering is looked at again.
const BUSY_FOR: Duration = Duration::from_millis(100);

/// How well somebody is known. Nobody goes for the sake of somebody less known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// A stranger who has said nothing yet, and for whom next to nothing is kept.
    Silent,
    Stranger,
    SignedIn,
    Proxy,
}

/// Everybody, by rank, and strangers by network too.
#[derive(Default)]
pub struct Queues {
    ranks: [Waiting; 4],
    networks: HashMap<IpNet, Waiting>,
}

/// Since when, and whom.
type Waiting = BTreeSet<(Instant, u64)>;

/// Where somebody stands.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    pub rank: Rank,
    /// `None` where it is a trusted proxy.
    pub network: Option<IpNet>,
    pub since: Instant,
    pub number: u64,
}

impl Queues {
    pub fn add(&mut self, spot: Spot) {
        let entry = (spot.since, spot.number);
        self.line(spot.rank).insert(entry);
        if let (Rank::Silent | Rank::Stranger, Some(network)) = (spot.rank, spot.network) {
            self.networks.entry(network).or_default().insert(entry);
        }
    }

    pub fn remove(&mut self, spot: Spot) {
        let entry = (spot.since, spot.number);
        self.line(spot.rank).remove(&entry);
        if let (Rank::Silent | Rank::Stranger, Some(network)) = (spot.rank, spot.network)
            && let Some(line) = self.networks.get_mut(&network)
        {
            line.remove(&entry);
            if line.is_empty() {
                self.networks.remove(&network);
            }
        }
    }

    pub fn strangers(&self) -> usize {
        self.of(Rank::Silent) + self.of(Rank::Stranger)
    }

    pub fn of(&self, rank: Rank) -> usize {
        self.ranks[rank as usize].len()
    }

    /// Who is first of that rank, or of the strangers of that network, but for those who were looked at just now.
    pub fn first(&self, rank: Rank, network: Option<IpNet>, now: Instant) -> Option<u64> {
        let line = match network {
            Some(network) => self.networks.get(&network)?,
            None => &self.ranks[rank as usize],
        };
        line.first().filter(|(since, _)| *since <= now).map(|(_, number)| *number)
    }

    fn line(&mut self, rank: Rank) -> &mut Waiting {
        &mut self.ranks[rank as usize]
    }
}

impl Spot {
    /// Where somebody who comes first stands by what is known now; `None` where they have waited that long, and go.
    pub fn moved(self, waits_since: Option<Instant>, now: Instant) -> Option<Self> {
        match waits_since {
            Some(since) if since <= self.since => None,
            Some(since) => Some(Self { since, ..self }),
            None => Some(Self { since: now + BUSY_FOR, ..self }),
        }
    }
}
