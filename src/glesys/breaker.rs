//! The breaker: a GleSYS that failed several times in a row is left alone, but for a question now and then, until it
//! answers again.
//!
//! Both halves of the client share it through their [`super::Connection`]. While it is open no change can get its turn,
//! so that none is recorded and begun only to fail.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use crate::model::Clock;

/// So many failures in a row open it. One that began before the last answer came says nothing about now and is not counted.
const FAILURES: u32 = 3;
/// How often one question is let through while it is open.
pub const PROBE_EVERY: Duration = Duration::from_secs(10);

/// Whether GleSYS answers, as far as the last calls show. Clones share it.
#[derive(Clone, Debug)]
pub struct Breaker {
    /// What people call the project, where there are several.
    project: Option<Arc<str>>,
    clock: Clock,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// In a row.
    failures: u32,
    /// At which uptime the next question is let through; `None` while it is closed.
    probe_at: Option<Duration>,
    answered_at: Option<Duration>,
}

impl Breaker {
    pub fn new(clock: Clock) -> Self {
        Self { project: None, clock, state: Arc::default() }
    }

    /// The same, of one of several projects, which the log then names.
    #[must_use]
    pub fn of_project(self, label: &str) -> Self {
        Self { project: Some(label.into()), ..self }
    }

    /// Whether GleSYS is being left alone.
    pub fn is_open(&self) -> bool {
        self.state().probe_at.is_some()
    }

    /// Whether a question may be asked now. While the breaker is open, that is one every [`PROBE_EVERY`].
    pub(super) fn lets_ask(&self) -> bool {
        let now = self.clock.uptime();
        let mut state = self.state();
        match state.probe_at {
            None => true,
            Some(at) if at <= now => {
                state.probe_at = Some(now + PROBE_EVERY);
                true
            }
            Some(_) => false,
        }
    }

    /// GleSYS answered, if only to refuse.
    pub(super) fn answered(&self) {
        let answered_at = Some(self.clock.uptime());
        let mut state = self.state();
        if state.probe_at.is_some() {
            tracing::info!(project = self.project.as_deref(), "GleSYS answers again");
        }
        *state = State { answered_at, ..State::default() };
    }

    /// The time of day.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// When a call begins, for [`Breaker::failed`].
    pub(super) fn uptime(&self) -> Duration {
        self.clock.uptime()
    }

    /// In a call that began then GleSYS could not be reached, or gave no usable answer.
    pub(super) fn failed(&self, begun_at: Duration) {
        let now = self.clock.uptime();
        let mut state = self.state();
        if state.answered_at.is_some_and(|answered_at| answered_at > begun_at) {
            return;
        }
        state.failures = state.failures.saturating_add(1);
        if state.failures >= FAILURES && state.probe_at.is_none() {
            state.probe_at = Some(now + PROBE_EVERY);
            tracing::warn!(
                project = self.project.as_deref(),
                failures = state.failures,
                "GleSYS does not answer; it is left alone but for a question now and then"
            );
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_after_three_failures_in_a_row_and_lets_a_question_through_every_ten_seconds() {
        let clock = Clock::standing(Timestamp::UNIX_EPOCH);
        let breaker = Breaker::new(clock.clone());
        breaker.failed(clock.uptime());
        breaker.failed(clock.uptime());
        breaker.answered();
        breaker.failed(clock.uptime());
        breaker.failed(clock.uptime());
        assert!(!breaker.is_open() && breaker.lets_ask());
        breaker.failed(clock.uptime());
        assert!(breaker.is_open() && !breaker.lets_ask());
        clock.turn(10);
        assert!(breaker.lets_ask(), "the probe");
        assert!(!breaker.lets_ask(), "one is enough");
        breaker.failed(clock.uptime());
        clock.turn(10);
        clock.set_by(-86_400);
        assert!(breaker.lets_ask(), "whatever the time of day");
        breaker.answered();
        assert!(!breaker.is_open() && breaker.lets_ask());
    }

    #[test]
    fn a_call_that_hung_while_others_were_answered_says_nothing_about_now() {
        let clock = Clock::standing(Timestamp::UNIX_EPOCH);
        let breaker = Breaker::new(clock.clone());
        let begun_at = clock.uptime();
        clock.turn(30);
        breaker.answered();
        for _ in 0..9 {
            breaker.failed(begun_at);
        }
        assert!(!breaker.is_open());
    }
}
