//! The time of day, passed in so that tests can turn it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// Tells the time. Cloned freely; all clones of a turned clock tell the same.
#[derive(Clone, Debug)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The machine's clock.
    pub const fn system() -> Self {
        Self(None)
    }

    /// A clock that stands still until somebody turns it with [`Clock::turn`].
    pub fn standing(at: Timestamp) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at.as_millisecond()))))
    }

    /// Turns a standing clock on by so many seconds; the machine's clock is left alone.
    pub fn turn(&self, seconds: i64) {
        if let Some(millis) = &self.0 {
            millis.fetch_add(seconds * 1000, Ordering::SeqCst);
        }
    }

    /// Now, in whole milliseconds, which is what the store keeps.
    pub fn now(&self) -> Timestamp {
        let millis = match &self.0 {
            Some(millis) => millis.load(Ordering::SeqCst),
            None =>
            {
                #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
                Timestamp::now().as_millisecond()
            }
        };
        Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}
