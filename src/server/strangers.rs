//! The log lines of requests that nobody who is signed in makes, of which anybody can cause as many as they like: the first
//! few of each kind from each network stand singly, the rest of five minutes becomes a line that says how many there were. So
//! nobody can fill the log, nor push out of it what others did.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::model::Clock;
use crate::model::network::neighbourhood;

const WINDOW: Duration = Duration::from_mins(5);
/// How many lines of one kind a network causes singly in a window, and how many of all kinds.
const SINGLY: usize = 10;
const OF_A_NETWORK: usize = 30;
/// How many lines all strangers together cause singly in a window.
const OF_STRANGERS: usize = 150;
/// How many kinds have a sum of their own in a window.
const TOLD_APART: usize = 50;

/// What was asked for, and how it was answered. Of both there are only so many.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Kind {
    pub route: String,
    pub status: u16,
}

/// Counts the lines. Clones share them.
#[derive(Clone)]
pub struct Strangers(Arc<Shared>);

struct Shared {
    clock: Clock,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    window: u128,
    /// What stands in the log singly, by network.
    singly: HashMap<String, HashMap<Kind, usize>>,
    further: HashMap<Kind, usize>,
}

impl Strangers {
    pub fn new(clock: Clock) -> Self {
        Self(Arc::new(Shared { clock, counts: Mutex::default() }))
    }

    /// Counts an answer to somebody there; whether it gets a line of its own.
    pub fn count(&self, kind: Kind, client: IpAddr) -> bool {
        self.tell_what_is_over();
        self.counts().count(kind, neighbourhood(client).to_string())
    }

    /// Logs the sums of a window that is over, for as long as it runs.
    pub async fn keep_up(&self) {
        loop {
            tokio::time::sleep(WINDOW / 10).await;
            self.tell_what_is_over();
        }
    }

    /// Logs all sums, because the panel stops.
    pub fn tell_all(&self) {
        let sums = self.counts().end();
        tell(sums);
    }

    fn tell_what_is_over(&self) {
        let window = self.0.clock.uptime().as_millis() / WINDOW.as_millis();
        let sums = self.counts().begin(window);
        tell(sums);
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn tell(sums: HashMap<Kind, usize>) {
    for (Kind { route, status }, further) in sums {
        tracing::info!(route, status, further, "answered further strangers");
    }
}

impl Counts {
    fn count(&mut self, kind: Kind, network: String) -> bool {
        let all: usize = self.singly.values().flat_map(HashMap::values).sum();
        let made = self.singly.get(&network);
        let of_network: usize = made.map_or(0, |made| made.values().sum());
        let of_kind = made.and_then(|made| made.get(&kind)).copied().unwrap_or(0);
        let is_singly = all < OF_STRANGERS && of_network < OF_A_NETWORK && of_kind < SINGLY;
        if is_singly {
            *self.singly.entry(network).or_default().entry(kind).or_default() += 1;
        } else {
            let has_place = self.further.contains_key(&kind) || self.further.len() < TOLD_APART;
            let kind = if has_place { kind } else { Kind { route: "*".to_owned(), status: 0 } };
            *self.further.entry(kind).or_default() += 1;
        }
        is_singly
    }

    /// Goes on to another window; the sums of the one before it.
    fn begin(&mut self, window: u128) -> HashMap<Kind, usize> {
        if self.window == window {
            return HashMap::new();
        }
        self.window = window;
        self.end()
    }

    fn end(&mut self) -> HashMap<Kind, usize> {
        self.singly.clear();
        std::mem::take(&mut self.further)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(n: usize) -> Kind {
        Kind { route: format!("/{n}"), status: 404 }
    }

    #[test]
    fn nothing_goes_uncounted_and_there_is_an_end_to_the_lines_and_to_what_is_remembered() {
        for (kinds, networks) in [(1, 1), (500, 1), (1, 5000), (37, 5000)] {
            let mut counts = Counts::default();
            let singly = (0..20_000).filter(|n| counts.count(kind(n % kinds), (n % networks).to_string())).count();
            assert!(counts.singly.len() <= OF_STRANGERS && counts.further.len() <= TOLD_APART + 1);
            let sums = counts.begin(1);
            assert!((1..=OF_STRANGERS).contains(&singly), "{kinds}, {networks}: {singly}");
            assert_eq!(singly + sums.values().sum::<usize>(), 20_000);
            assert!(counts.begin(2).is_empty());
        }
    }

    #[test]
    fn one_network_leaves_lines_to_others() {
        let mut counts = Counts::default();
        let loud = (0..1000).filter(|n| counts.count(kind(n % 10), "loud".to_owned())).count();
        assert_eq!(loud, OF_A_NETWORK);
        assert!(counts.count(kind(1), "quiet".to_owned()));
    }

    #[test]
    fn a_new_window_begins_anew() {
        let clock = Clock::standing(jiff::Timestamp::UNIX_EPOCH);
        let strangers = Strangers::new(clock.clone());
        let counted = || (0..100).filter(|_| strangers.count(kind(1), IpAddr::from([192, 0, 2, 1]))).count();
        assert_eq!(counted(), SINGLY);
        clock.set_by(3600);
        assert_eq!(counted(), 0, "no time has passed");
        clock.turn(300);
        assert_eq!(counted(), SINGLY);
    }
}
