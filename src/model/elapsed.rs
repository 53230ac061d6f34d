//! How much time has certainly passed, for all replicas together, by no machine's clock.
//!
//! The database keeps a mark. Every few seconds each process moves it on by as long as it has itself waited, by its uptime,
//! since it saw the mark where it stands. So the mark never goes faster than time does, whatever the clocks say and
//! however many processes there are; it stands still while none runs. What is limited to so much in so long counts in it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::SignedDuration;

use super::Clock;

/// So many milliseconds, from a beginning that means nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Elapsed(pub i64);

impl Elapsed {
    /// So long before.
    #[must_use]
    pub fn less(self, time: SignedDuration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(time.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long ago that was.
    pub const fn since(self, then: Self) -> SignedDuration {
        SignedDuration::from_millis(self.0.saturating_sub(then.0))
    }

    /// When the window began that this lies in, of windows that are so long, and how long it still lasts.
    pub fn window(self, lasts: SignedDuration) -> (Self, SignedDuration) {
        let into = SignedDuration::from_millis(self.0.rem_euclid(i64::try_from(lasts.as_millis()).unwrap_or(i64::MAX)));
        (self.less(into), lasts - into)
    }

    /// So long after.
    #[must_use]
    pub fn plus(self, time: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(time.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// What a process has seen of the mark. Cloned freely; clones share it.
#[derive(Clone, Debug)]
pub struct Stopwatch {
    clock: Clock,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    mark: Elapsed,
    /// By this uptime it was not there yet.
    not_at: Duration,
    /// By this one it was.
    at: Duration,
    /// The last one at which it was looked.
    looked: Duration,
}

impl Stopwatch {
    /// One that has seen nothing yet.
    pub fn new(clock: Clock) -> Self {
        let now = clock.uptime();
        let seen = Seen { mark: Elapsed(i64::MIN), not_at: now, at: now, looked: now };
        Self { clock, seen: Arc::new(seen.into()) }
    }

    /// Before a look at the mark, for [`Stopwatch::saw`].
    pub fn looks(&self) -> Duration {
        self.clock.uptime()
    }

    /// The mark was found there, where it is durable, by a look that began then.
    pub fn saw(&self, mark: Elapsed, looked: Duration) {
        let at = self.clock.uptime();
        let mut seen = self.seen();
        if mark > seen.mark {
            (seen.mark, seen.not_at, seen.at) = (mark, seen.looked, at);
        }
        // Anyone who looked earlier may come here later, with a mark that has moved on since.
        if mark == seen.mark {
            seen.looked = seen.looked.max(looked);
        }
    }

    /// What time it is at least: since whatever counts from [`Stopwatch::at_most`], no more than this has passed.
    pub fn at_least(&self) -> Elapsed {
        let seen = self.seen();
        seen.mark.plus(self.clock.uptime().saturating_sub(seen.at))
    }

    /// What time it is at most, whoever moves the mark on next.
    pub fn at_most(&self) -> Elapsed {
        let seen = self.seen();
        seen.mark.plus(self.clock.uptime().saturating_sub(seen.not_at))
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn windows_follow_each_other() {
        let window = |millis, minutes| Elapsed(millis).window(SignedDuration::from_mins(minutes));
        assert_eq!(window(0, 1), (Elapsed(0), SignedDuration::from_mins(1)));
        assert_eq!(window(60_001, 1), (Elapsed(60_000), SignedDuration::from_millis(59_999)));
        assert_eq!(window(-1, 1), (Elapsed(-60_000), SignedDuration::from_millis(1)));
    }

    #[test]
    fn what_was_not_seen_counts_as_short_for_who_waits_and_as_long_for_who_begins() {
        let clock = Clock::standing(Timestamp::UNIX_EPOCH);
        let watch = Stopwatch::new(clock.clone());
        let saw = |mark| watch.saw(Elapsed(mark), watch.looks());
        saw(1000);
        clock.turn(4);
        clock.set_by(-3600);
        assert_eq!((watch.at_least(), watch.at_most()), (Elapsed(5000), Elapsed(5000)));
        saw(1000);
        clock.turn(5);
        // Somebody else has moved it on, nobody here knows when.
        saw(9000);
        assert_eq!((watch.at_least(), watch.at_most()), (Elapsed(9000), Elapsed(14_000)));
        clock.turn(1);
        saw(1000);
        assert_eq!(
            (watch.at_least(), watch.at_most()),
            (Elapsed(10_000), Elapsed(15_000)),
            "an older look says nothing"
        );
    }
}
