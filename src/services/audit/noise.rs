//! Refusals, of which anybody can cause as many as they like: the first few of each kind, by each person or from each
//! network, are recorded singly; the rest of the quarter of an hour becomes a row that says how many there were. So nobody
//! can fill the audit, and nothing goes unsaid. Whether a name exists decides nothing here: it would be told by time.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::access::throttle;
use crate::model::network::household;
use crate::model::{AuditEvent, AuditKind, Fact};

/// How many of one cause are recorded singly in a window: from a network, and by somebody on the staff.
const SINGLY: u64 = 5;
const SINGLY_BY_STAFF: u64 = 10;
/// How many rows one network can cause singly in a window.
const OF_A_NETWORK: usize = 20;
/// How many rows all strangers together can cause singly in a window.
const OF_STRANGERS: usize = 150;
/// How many causes of strangers are told apart in a window.
const TOLD_APART: usize = 256;

/// Refusals of the window that runs, and sums of those before that are still to be recorded. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Noise(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    window: Timestamp,
    made: HashMap<Cause, Sum>,
    /// Rows that strangers caused singly in this window, by network.
    networks: HashMap<String, usize>,
    /// Sums of windows that are over, and are still to be recorded.
    sums: Vec<AuditEvent>,
}

/// What is counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Cause {
    kind: AuditKind,
    outcome: Option<String>,
    who: Who,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Who {
    Staff(String),
    /// A network, and the name that was tried, whether somebody has it or not.
    Tries {
        network: String,
        name: Option<String>,
    },
    /// A name that somebody has, tried from anywhere.
    Name(String),
    Network(String),
    /// Strangers, when there are too many to tell them apart.
    Crowd,
}

#[derive(Debug)]
struct Sum {
    /// What the row says, but for how many there were.
    row: AuditEvent,
    singly: u64,
    further: u64,
}

impl Noise {
    /// Whether a refusal like this one would be recorded singly.
    pub fn is_news(&self, event: &AuditEvent) -> bool {
        let mut counts = self.counts();
        counts.begin(throttle::start_of_window(event.at), event.at);
        counts.has_room(&Cause::of(event))
    }

    /// Counts a refusal; whether it is recorded singly.
    pub fn count(&self, event: &AuditEvent) -> bool {
        let mut counts = self.counts();
        counts.begin(throttle::start_of_window(event.at), event.at);
        let cause = Cause::of(event);
        let singly = counts.has_room(&cause);
        if singly {
            if let Who::Tries { network, .. } = &cause.who {
                *counts.networks.entry(network.clone()).or_default() += 1;
            }
            counts.sum(cause, event).singly += 1;
        } else {
            let cause = counts.wider(cause, event);
            counts.sum(cause, event).further += 1;
        }
        singly
    }

    /// The sums that are to be recorded: those of windows that are over, or all.
    pub fn take(&self, now: Timestamp, all: bool) -> Vec<AuditEvent> {
        let mut counts = self.counts();
        if all {
            counts.end(now);
        }
        counts.begin(throttle::start_of_window(now), now);
        std::mem::take(&mut counts.sums)
    }

    /// Takes sums back that could not be recorded.
    pub fn keep(&self, sums: Vec<AuditEvent>) {
        self.counts().sums.extend(sums);
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    fn has_room(&self, cause: &Cause) -> bool {
        let singly = self.made.get(cause).map_or(0, |sum| sum.singly);
        match &cause.who {
            Who::Staff(_) => singly < SINGLY_BY_STAFF,
            Who::Tries { network, .. } => {
                let made = self.networks.get(network).copied().unwrap_or(0);
                singly < SINGLY && made < OF_A_NETWORK && self.networks.values().sum::<usize>() < OF_STRANGERS
            }
            Who::Name(_) | Who::Network(_) | Who::Crowd => false,
        }
    }

    /// Under what a refusal is counted that is not recorded singly.
    fn wider(&self, cause: Cause, event: &AuditEvent) -> Cause {
        let Who::Tries { network, .. } = &cause.who else { return cause };
        if self.made.contains_key(&cause) {
            return cause;
        }
        let who = event.staff_name.clone().map_or_else(|| Who::Network(network.clone()), Who::Name);
        let wider = Cause { who, ..cause };
        let has_place = self.made.contains_key(&wider) || self.made.len() < TOLD_APART;
        if has_place { wider } else { Cause { who: Who::Crowd, ..wider } }
    }

    fn sum(&mut self, cause: Cause, event: &AuditEvent) -> &mut Sum {
        let row = cause.row(event);
        self.made.entry(cause).or_insert(Sum { row, singly: 0, further: 0 })
    }

    /// Goes on to another window, which may also be an earlier one, where the clock was put back.
    fn begin(&mut self, window: Timestamp, now: Timestamp) {
        if self.window != window {
            self.end(now);
            self.window = window;
        }
    }

    fn end(&mut self, now: Timestamp) {
        let ended = self.made.drain().map(|(_, sum)| sum).filter(|sum| sum.further > 0);
        self.sums.extend(ended.map(|sum| sum.told(now)));
        self.networks.clear();
    }
}

impl Cause {
    fn of(event: &AuditEvent) -> Self {
        let client = || event.client.as_deref().and_then(|client| client.parse::<IpAddr>().ok());
        let who = match (&event.actor, client()) {
            (Some(actor), _) => Who::Staff(actor.kept().to_owned()),
            (None, Some(client)) => {
                // Past the limit the name makes no difference, and nobody has looked whether somebody has it.
                let name = event.staff_name.clone().or_else(|| event.facts.text(Fact::UnknownName).map(str::to_owned));
                let name = name.filter(|_| event.kind == AuditKind::SignInFailed);
                Who::Tries { network: household(client), name }
            }
            (None, None) => Who::Crowd,
        };
        Self { kind: event.kind, outcome: event.outcome.clone(), who }
    }

    /// The row of its sum, as far as it goes for all of them.
    fn row(&self, event: &AuditEvent) -> AuditEvent {
        let bare = AuditEvent { outcome: self.outcome.clone(), ..AuditEvent::new(self.kind, event.at) };
        match &self.who {
            Who::Staff(_) => AuditEvent { actor: event.actor.clone(), staff_name: event.staff_name.clone(), ..bare },
            Who::Tries { network, name } => {
                let (staff_name, facts) = (event.staff_name.clone(), event.facts.clone());
                let named = AuditEvent { staff_name, facts, client: Some(network.clone()), ..bare.clone() };
                if name.is_some() { named } else { AuditEvent { client: Some(network.clone()), ..bare } }
            }
            Who::Name(name) => AuditEvent { staff_name: Some(name.clone()), ..bare },
            Who::Network(network) => AuditEvent { client: Some(network.clone()), ..bare },
            Who::Crowd => bare,
        }
    }
}

impl Sum {
    fn told(self, now: Timestamp) -> AuditEvent {
        let since = throttle::start_of_window(self.row.at);
        AuditEvent { at: now, ..self.row }.with(Fact::Further, self.further).with(Fact::Since, since.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts::Value;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn tried(name: usize, network: usize, at: Timestamp) -> AuditEvent {
        let client = Some(format!("10.0.{}.{}", network / 256, network % 256));
        AuditEvent { client, ..AuditEvent::new(AuditKind::SignInFailed, at) }.with(Fact::UnknownName, name.to_string())
    }

    fn further(sums: &[AuditEvent]) -> usize {
        let number = |sum: &AuditEvent| match sum.facts.get(Fact::Further) {
            Some(Value::Number(further)) => usize::try_from(*further).unwrap(),
            other => panic!("{other:?}"),
        };
        sums.iter().map(number).sum()
    }

    #[test]
    fn nothing_goes_unsaid_and_there_is_an_end_to_the_rows_whoever_comes() {
        for (names, networks) in [(1, 1), (500, 1), (1, 5000), (37, 5000)] {
            let noise = Noise::default();
            let singly = (0..20_000).filter(|n| noise.count(&tried(n % names, n % networks, at(1)))).count();
            let sums = noise.take(at(900), false);
            assert!(singly <= OF_STRANGERS && sums.len() <= TOLD_APART + 2, "{names}, {networks}: {singly} {sums:?}");
            assert_eq!(singly + further(&sums), 20_000);
            assert!(noise.take(at(1800), true).is_empty());
        }
    }

    #[test]
    fn a_sum_comes_when_its_window_ends_whichever_way_the_clock_goes() {
        for later in [900, -900] {
            let noise = Noise::default();
            for _ in 0..8 {
                noise.count(&tried(1, 1, at(10_000)));
            }
            assert!(noise.take(at(10_001), false).is_empty());
            noise.count(&tried(1, 1, at(10_000 + later)));
            let sums = noise.take(at(10_000 + later), false);
            let said = r#"{"unknown_name":"1","further":3,"since":"1970-01-01T02:45:00Z"}"#;
            assert_eq!((sums.len(), sums[0].facts.kept().as_deref()), (1, Some(said)));
            assert_eq!(sums[0].client.as_deref(), Some("10.0.0.1"));
            noise.keep(sums);
            assert_eq!(noise.take(at(10_000 + later), false).len(), 1, "what could not be recorded is kept");
        }
    }
}
