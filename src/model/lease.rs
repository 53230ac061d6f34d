//! How long an operation may run and an address rests after one, by no clock that anyone can set.
//!
//! Whoever runs an operation counts from before its intent was durable and never calls GleSYS so late that the call could
//! outlast the lease. Everybody else counts from when they saw it in the database, which was later, and so gives it up
//! only when that is past. The same goes for the cool-down: it lasts from when this process saw how the operation ended.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Clock, Hindsight, Operation, OperationState};

/// How long an operation may stay in flight: the call's 30 s and time to record how it ended.
const LEASE: Duration = Duration::from_secs(45);
/// How long an account rests after an operation whose outcome is unknown, so that a late effect can't void the next one.
const COOL_DOWN: Duration = Duration::from_mins(1);

/// The lease of an operation that runs here.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    uptime: Duration,
    /// The time of day at which it began.
    pub at: Timestamp,
}

impl Lease {
    /// Begins now, which has to be before the operation is recorded.
    pub fn begins(clock: &Clock) -> Self {
        Self { uptime: clock.uptime(), at: clock.now() }
    }

    /// Whether it holds for so long still. A machine that was asleep may not have counted that time; then the time of day
    /// tells.
    pub fn has(self, left: Duration, clock: &Clock) -> bool {
        let by_day = Duration::try_from(clock.now().duration_since(self.at)).unwrap_or_default();
        by_day.max(clock.uptime().saturating_sub(self.uptime)) + left <= LEASE
    }
}

impl Operation {
    /// Whether one that is in flight has certainly outlived its lease.
    pub fn has_outlived_its_lease(&self, hindsight: &Hindsight) -> bool {
        hindsight.left(self.begun_tick, LEASE).is_none()
    }

    /// When the address may be changed again, if that is still to come.
    pub fn cools_until(&self, hindsight: &Hindsight, clock: &Clock) -> Option<Timestamp> {
        if self.state() != OperationState::Unknown {
            return None;
        }
        // Where a version of the panel ended it that gave no tick, the end came before the lease did.
        let (since, rests) = self.ended_tick.map_or((self.begun_tick, LEASE + COOL_DOWN), |ended| (ended, COOL_DOWN));
        hindsight.saw(since);
        let left = hindsight.left(since, rests)?;
        Some(clock.now() + SignedDuration::try_from(left).unwrap_or_default())
    }
}
