//! The time of day, and how long something takes: passed in so that tests can turn both.
//!
//! The time of day is for people, and for what only has a time; whoever sets the machine's clock moves it in either
//! direction. How long something takes is measured by [`Clock::uptime`], which no setting moves. What came before what
//! is known from neither but from a [`super::Tick`].

use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

/// How far the clocks of two replicas, or of one before and after it was set, may be apart. What was written by a clock
/// that went further ahead counts as over.
pub const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Says what time it is. Cloned freely; all clones of a turned clock say the same.
#[derive(Clone, Debug)]
pub struct Clock(Option<Turned>);

/// In milliseconds.
#[derive(Clone, Debug)]
struct Turned {
    passed: Arc<AtomicI64>,
    /// The time of day when nothing had passed.
    set_to: Arc<AtomicI64>,
}

impl Clock {
    /// The machine's clock.
    pub const fn system() -> Self {
        Self(None)
    }

    /// A clock that stands still until somebody turns it with [`Clock::turn`].
    pub fn standing(at: Timestamp) -> Self {
        Self(Some(Turned { passed: Arc::default(), set_to: Arc::new(at.as_millisecond().into()) }))
    }

    /// Another machine's clock, which is ahead by so many seconds. Time passes for both at once.
    #[must_use]
    pub fn apart(&self, seconds: i64) -> Self {
        Self(self.0.as_ref().map(|Turned { passed, set_to }| {
            let set_to = set_to.load(Ordering::SeqCst) + seconds * 1000;
            Turned { passed: passed.clone(), set_to: Arc::new(set_to.into()) }
        }))
    }

    /// Lets so many seconds pass on a standing clock; the machine's clock is left alone.
    pub fn turn(&self, seconds: i64) {
        if let Some(standing) = &self.0 {
            standing.passed.fetch_add(seconds * 1000, Ordering::SeqCst);
        }
    }

    /// Sets a standing clock on or back by so many seconds, in which no time passes.
    pub fn set_by(&self, seconds: i64) {
        if let Some(standing) = &self.0 {
            standing.set_to.fetch_add(seconds * 1000, Ordering::SeqCst);
        }
    }

    /// Now, in whole milliseconds, which is what the store keeps.
    pub fn now(&self) -> Timestamp {
        let millis = match &self.0 {
            Some(standing) => standing.set_to.load(Ordering::SeqCst) + standing.passed.load(Ordering::SeqCst),
            None =>
            {
                #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
                Timestamp::now().as_millisecond()
            }
        };
        Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// How much time has passed since this process first asked. It only ever grows, whatever the time of day does.
    pub fn uptime(&self) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        match &self.0 {
            Some(standing) => {
                Duration::from_millis(standing.passed.load(Ordering::SeqCst).try_into().unwrap_or_default())
            }
            None => START.elapsed(),
        }
    }
}

/// How old something is that began then. `None` where that lies further in the future than clocks are apart: a clock that
/// went wrong wrote it, and nobody knows how old it is.
pub fn age(began: Timestamp, now: Timestamp) -> Option<SignedDuration> {
    let age = now.duration_since(began);
    (age >= -SKEW).then(|| age.max(SignedDuration::ZERO))
}

/// Between which moments, the second included, the ends lie of what goes on now.
#[derive(Clone, Copy, Debug)]
pub struct Ends {
    pub after: Timestamp,
    pub until: Timestamp,
}

impl Ends {
    /// Of what lasts so long. Later ones were written by a clock that went wrong.
    pub fn to_come(lasts: SignedDuration, now: Timestamp) -> Self {
        Self { after: now, until: now + lasts + SKEW }
    }

    /// Whether something that ends then goes on now.
    pub fn hold(&self, end: Timestamp) -> bool {
        self.after < end && end <= self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_set_without_time_passing_and_time_passes_for_all_clocks() {
        let clock = Clock::standing(Timestamp::UNIX_EPOCH);
        let other = clock.apart(-2);
        clock.turn(10);
        clock.set_by(-3600);
        assert_eq!((clock.now().as_second(), clock.uptime().as_secs()), (10 - 3600, 10));
        assert_eq!((other.now().as_second(), other.uptime().as_secs()), (8, 10));
        assert!(Clock::system().uptime() <= Clock::system().uptime());
    }

    #[test]
    fn of_what_lies_too_far_in_the_future_nobody_knows_the_age() {
        let began = Timestamp::UNIX_EPOCH;
        let age = |seconds| age(began, began + SignedDuration::from_secs(seconds)).map(|age| age.as_secs());
        assert_eq!([-86_400, -301, -300, 0, 7].map(age), [None, None, Some(0), Some(0), Some(7)]);
    }
}
