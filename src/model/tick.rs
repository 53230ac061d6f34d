//! What came before what, and how long ago it certainly was, by no machine's clock.
//!
//! Whatever needs a place in the order takes a [`Tick`] in the transaction that writes it; writers take turns, on all
//! replicas, so a later tick is a later write. A process that has seen a tick knows by its own uptime how long ago at
//! least that was ([`Hindsight`]), whoever wrote it and whatever the clocks say. What it has not seen for long enough
//! counts as new: after a start, everything does for that long once more.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Clock;

/// A place in the order in which things were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tick(pub i64);

/// What a process has seen of the order, and when. Cloned freely; clones share it.
#[derive(Clone, Debug)]
pub struct Hindsight {
    clock: Clock,
    seen: Arc<Mutex<VecDeque<Seen>>>,
}

/// By this uptime, this tick was written.
#[derive(Clone, Copy, Debug)]
struct Seen {
    at: Duration,
    tick: Tick,
    /// The uptime of the first sighting that this one took in.
    from: Duration,
}

/// Sightings this near to each other are kept as the later one.
const GRAIN: Duration = Duration::from_secs(1);
/// How far back a process remembers: as long as the longest time that is asked for, and little enough to keep.
pub const REMEMBERED: Duration = Duration::from_hours(1);

impl Hindsight {
    pub fn new(clock: Clock) -> Self {
        Self { clock, seen: Arc::default() }
    }

    /// Something with this tick was found in the database, where it is durable.
    pub fn saw(&self, tick: Tick) {
        // After the look: by now, if not before, it was there.
        let at = self.clock.uptime();
        let mut seen = self.seen();
        match seen.back_mut() {
            // Anyone who looked earlier may come here later.
            Some(last) if tick <= last.tick || at < last.at => return,
            Some(last) if at.saturating_sub(last.from) < GRAIN => {
                (last.at, last.tick) = (at, tick);
                return;
            }
            _ => seen.push_back(Seen { at, tick, from: at }),
        }
        while seen.get(1).is_some_and(|second| at.saturating_sub(second.at) >= REMEMBERED) {
            seen.pop_front();
        }
    }

    /// The last tick that this process has seen.
    pub fn last(&self) -> Option<Tick> {
        self.seen().back().map(|seen| seen.tick)
    }

    /// How much is left of a time that began with this tick; nothing once it certainly has passed.
    pub fn left(&self, tick: Tick, of: Duration) -> Option<Duration> {
        let now = self.clock.uptime();
        let seen = self.seen();
        let first = seen.partition_point(|seen| seen.tick < tick);
        let age = seen.get(first).map_or(Duration::ZERO, |seen| now.saturating_sub(seen.at));
        of.checked_sub(age).filter(|left| !left.is_zero())
    }

    /// The last tick that certainly is so old, or else the first one that was seen at all; and which of the two it is.
    pub fn before(&self, ago: Duration) -> Option<(Tick, bool)> {
        let now = self.clock.uptime();
        let seen = self.seen();
        let later = seen.partition_point(|seen| now.saturating_sub(seen.at) >= ago);
        seen.get(later.saturating_sub(1)).map(|seen| (seen.tick, later > 0))
    }

    fn seen(&self) -> MutexGuard<'_, VecDeque<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
