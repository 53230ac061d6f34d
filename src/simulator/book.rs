//! What the simulator keeps under its one lock, and how a call is carried out in it.
//!
//! State, ledger and plans change together here, so that no observer sees one without the other.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use super::api::{Desk, Function};
use super::arguments::Arguments;
use super::envelope::{Payload, Refusal};
use super::faults::{Fault, Planned, Plans};
use super::ledger::Ledger;
use super::passwords::Passwords;
use super::state::{State, key};
use super::{DEMO_KEY, PROJECT};
use crate::model::Entropy;

/// Everything that changes.
pub struct Book {
    pub state: State,
    pub ledger: Ledger,
    pub plans: Plans,
    pub passwords: Passwords,
    pub denied: BTreeSet<String>,
    pub project: String,
    pub key: String,
    entropy: Entropy,
    deferred: Vec<Deferred>,
}

/// A change that is made when its time has come.
struct Deferred {
    due: Timestamp,
    call: usize,
    function: &'static Function,
    arguments: Arguments,
}

impl Book {
    pub fn new(state: State, entropy: Entropy) -> Self {
        Self {
            state,
            ledger: Ledger::default(),
            plans: Plans::default(),
            passwords: Passwords::new(entropy.clone()),
            denied: BTreeSet::new(),
            project: PROJECT.to_owned(),
            key: DEMO_KEY.to_owned(),
            entropy,
            deferred: Vec::new(),
        }
    }

    /// Makes the deferred changes whose time has come. Anyone who opens the book does this first.
    pub fn catch_up(&mut self, now: Timestamp) {
        while let Some(place) = self.deferred.iter().position(|deferred| deferred.due <= now) {
            let Deferred { due, call, function, arguments } = self.deferred.remove(place);
            // Nobody hears the outcome; the ledger keeps it.
            let _ = self.apply(call, function, &arguments, due);
        }
    }

    /// Notes a call that came in; its number.
    pub fn note(&mut self, function: &str, arguments: &Arguments, at: Timestamp) -> usize {
        self.ledger.open(function, subject(arguments), at)
    }

    /// Carries an admitted call out, unless a planned fault says that nothing happens (yet).
    pub fn work(&mut self, call: usize, function: &'static Function, arguments: &Arguments, at: Timestamp) -> Work {
        let planned = self.plans.next(function.name, &self.entropy);
        let Some(planned) = planned else {
            return Work { outcome: self.apply(call, function, arguments, at), planned: None };
        };
        self.ledger.complete(call, |call| call.fault = Some(format!("{:?}", planned.fault)));
        if let (true, Fault::Deferred(wait)) = (planned.applies, &planned.fault) {
            let due = at.saturating_add(*wait).unwrap_or(at);
            self.deferred.push(Deferred { due, call, function, arguments: arguments.clone() });
        }
        let now = planned.applies && !matches!(planned.fault, Fault::LateEffect(_) | Fault::Deferred(_));
        let outcome =
            if now { self.apply(call, function, arguments, at) } else { Err(Refusal::new(500, "Internal error\n")) };
        Work { outcome, planned: Some(planned) }
    }

    /// Runs the function on the state and completes the ledger.
    pub fn apply(
        &mut self,
        call: usize,
        function: &Function,
        arguments: &Arguments,
        at: Timestamp,
    ) -> Result<Payload, Refusal> {
        let mut desk = Desk {
            state: &mut self.state,
            arguments,
            passwords: &mut self.passwords,
            project: &self.project,
            denied: &self.denied,
            now: at.as_second(),
            made: None,
        };
        let outcome = (function.run)(&mut desk);
        let made = desk.made.take();
        self.ledger.complete(call, |call| {
            call.applied = outcome.is_ok();
            call.refused = outcome.as_ref().err().map(|refusal| refusal.http);
            call.password = made;
        });
        outcome
    }

    /// What `debug.input` repeats: the arguments in clear, and for a caller who is known the project.
    pub fn echo(&self, arguments: &Arguments, known: bool) -> serde_json::Map<String, Value> {
        let mut echo = arguments.all().clone();
        if known {
            echo.insert("projectkey".to_owned(), Value::from(self.project.as_str()));
            echo.insert("organizationnumber".to_owned(), Value::from("12345"));
        }
        echo
    }
}

/// The address or domain that a call is about.
pub fn subject(arguments: &Arguments) -> Option<String> {
    let about = ["emailaccount", "emailalias", "email", "domainname"];
    about.iter().find_map(|name| arguments.text(name)).map(|address| key(&address))
}

/// What came of a call, before anything bends the answer.
pub struct Work {
    pub outcome: Result<Payload, Refusal>,
    pub planned: Option<Planned>,
}
