//! What can go wrong on the way: faults that a test plans for a function, and when they strike.
//!
//! `door` asks [`Plans::next`] for each call that got past the door; `sabotage` carries the fault out. Every fault
//! has its own answer to "was the change made?", which a test may turn round with [`Fault::applying`].

use std::time::Duration;

use serde::Deserialize;

use crate::model::Entropy;

/// A disturbance. Over HTTP its name is in kebab-case and durations are milliseconds: `"hang-after"`, `{"slow": 200}`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Fault {
    /// Does it and answers late.
    Slow(#[serde(deserialize_with = "milliseconds")] Duration),
    /// Does it and answers byte by byte, with this pause before each.
    Drip(#[serde(deserialize_with = "milliseconds")] Duration),
    /// Doesn't do it and never answers.
    HangBefore,
    /// Does it and never answers.
    HangAfter,
    /// Doesn't do it and resets the connection.
    CloseBefore,
    /// Does it and resets the connection.
    CloseAfter,
    /// Doesn't do it and ends the connection in good order, without an answer.
    EndBefore,
    /// Does it and ends the connection in good order, without an answer.
    EndAfter,
    /// Never answers, and does it this long after the caller gave up.
    LateEffect(#[serde(deserialize_with = "milliseconds")] Duration),
    /// Never answers, and does it once the simulator's own clock says that so much has passed since the call came in.
    Deferred(#[serde(deserialize_with = "milliseconds")] Duration),
    /// Does it and sends half of the answer's head.
    HalfHead,
    /// Does it and sends half of the answer's body.
    HalfAnswer,
    /// Does it and sends bytes that are no HTTP.
    NotHttp,
    /// Does it and sends bytes that are no JSON, but claim to be.
    Garbage,
    /// Does it and sends nothing in the body.
    EmptyBody,
    /// Does it and sends a page of something in between.
    Html,
    /// Does it and answers in XML, whatever was asked for.
    Xml,
    /// Doesn't do it and redirects with this status, to the same address unless another is given.
    Redirect { http: u16, to: Option<String> },
    /// Doesn't do it and answers with this status, with or without the envelope around the text.
    Status { http: u16, code: u16, text: String, envelope: bool },
    /// Does it, and HTTP status and envelope disagree.
    CodeMismatch { http: u16, code: u16 },
    /// Does it and answers rightly, but with so many more bytes.
    Huge(u64),
    /// Does it and answers with a small gzip that becomes so many bytes.
    GzipBomb(u64),
    /// Does it and sends the password (or whatever the answer brings) in a wrong type.
    WrongType(Wrong),
    /// Does it, sends exactly this text, whatever it is, and then does this to the connection.
    Raw { says: String, then: Then },
}

/// What becomes of a connection after [`Fault::Raw`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Then {
    /// It ends in good order.
    End,
    /// It stays, silent, until the caller leaves.
    Stay,
}

/// What stands where the password should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wrong {
    Number,
    Bool,
    Null,
    Object,
    List,
    Empty,
    Missing,
}

/// A fault, and whether the change is made all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    pub fault: Fault,
    /// Whether GleSYS does what was asked. Where a fault needs an answer and nothing was done, that is an error 500.
    pub applies: bool,
    /// How long the fault waits before it strikes (after the change, if that is made).
    pub delay: Duration,
}

/// How often a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Times {
    Once,
    Count(u32),
    Always,
    /// At each call with this probability, 0 to 1.
    Chance(f64),
}

impl Fault {
    /// Whether the change is made unless the test says otherwise.
    pub const fn applies(&self) -> bool {
        !matches!(
            self,
            Self::HangBefore | Self::CloseBefore | Self::EndBefore | Self::Redirect { .. } | Self::Status { .. }
        )
    }

    /// The same fault with the change made, or not.
    pub fn applying(self, applies: bool) -> Planned {
        Planned { applies, ..self.into() }
    }

    /// The same fault after a wait.
    pub fn after(self, delay: Duration) -> Planned {
        Planned { delay, ..self.into() }
    }
}

impl From<Fault> for Planned {
    fn from(fault: Fault) -> Self {
        let applies = fault.applies();
        Self { fault, applies, delay: Duration::ZERO }
    }
}

/// A fault as it is planned over HTTP: `{"function": "email/resetpassword", "fault": "hang-after"}`; see the fields
/// for what else may stand there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// Every function when left out.
    function: Option<String>,
    fault: Fault,
    /// `"once"` when left out; else `"always"`, `{"count": 3}` or `{"chance": 0.1}`.
    times: Option<Times>,
    /// Turns round whether the change is made.
    applies: Option<bool>,
    /// Milliseconds to wait before the fault strikes.
    #[serde(default, deserialize_with = "milliseconds")]
    delay: Duration,
}

/// Everything that is planned, in the order in which it was planned.
#[derive(Debug, Default)]
pub struct Plans(Vec<Plan>);

#[derive(Debug)]
struct Plan {
    function: Option<String>,
    planned: Planned,
    times: Times,
}

impl Plans {
    /// Plans a fault for one function, or for all.
    pub fn add(&mut self, function: Option<&str>, planned: Planned, times: Times) {
        self.0.push(Plan { function: function.map(str::to_owned), planned, times });
    }

    /// Plans what somebody asked for over HTTP.
    pub fn grant(&mut self, wish: Wish) {
        let applies = wish.applies.unwrap_or_else(|| wish.fault.applies());
        let planned = Planned { fault: wish.fault, applies, delay: wish.delay };
        self.add(wish.function.as_deref(), planned, wish.times.unwrap_or(Times::Once));
    }

    /// Forgets every plan.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The fault that strikes this call: the earliest planned one that still has a turn.
    pub fn next(&mut self, function: &str, entropy: &Entropy) -> Option<Planned> {
        let strikes = |plan: &Plan| {
            plan.function.as_ref().is_none_or(|name| name == function)
                && match plan.times {
                    Times::Chance(probability) => {
                        f64::from(u32::from_le_bytes(entropy.bytes())) < probability * 2_f64.powi(32)
                    }
                    Times::Once | Times::Count(_) | Times::Always => true,
                }
        };
        let place = self.0.iter().position(strikes)?;
        let plan = self.0.get_mut(place)?;
        let planned = plan.planned.clone();
        match plan.times {
            Times::Count(count) if count > 1 => plan.times = Times::Count(count - 1),
            Times::Once | Times::Count(_) => drop(self.0.remove(place)),
            Times::Always | Times::Chance(_) => (),
        }
        Some(planned)
    }
}

fn milliseconds<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plans(entropy: u8, plan: &[(Fault, Times)]) -> (Plans, Entropy) {
        let mut plans = Plans::default();
        for (fault, times) in plan {
            plans.add(Some("email/list"), fault.clone().into(), *times);
        }
        (plans, Entropy::new(move |bytes| bytes.fill(entropy)))
    }

    #[test]
    fn faults_strike_in_order_and_as_often_as_planned() {
        let (mut plans, entropy) =
            plans(0, &[(Fault::Html, Times::Once), (Fault::Garbage, Times::Count(2)), (Fault::Xml, Times::Always)]);
        let struck: Vec<_> = (0..5).filter_map(|_| plans.next("email/list", &entropy)).map(|p| p.fault).collect();
        assert_eq!(struck, [Fault::Html, Fault::Garbage, Fault::Garbage, Fault::Xml, Fault::Xml]);
        assert_eq!(plans.next("email/overview", &entropy), None);
    }

    #[test]
    fn a_chance_is_drawn_anew_each_time() {
        let (mut low, entropy) = plans(0x40, &[(Fault::Html, Times::Chance(0.3))]);
        assert!(low.next("email/list", &entropy).is_some());
        let (mut high, entropy) = plans(0x80, &[(Fault::Html, Times::Chance(0.3))]);
        assert!(high.next("email/list", &entropy).is_none());
    }

    #[test]
    fn a_fault_can_be_wished_for_in_json() {
        let mut plans = Plans::default();
        let text = r#"{"function": "email/list", "fault": {"slow": 200}, "times": {"count": 2}, "applies": false}"#;
        plans.grant(serde_json::from_str(text).unwrap());
        plans.grant(serde_json::from_str(r#"{"fault": "hang-after"}"#).unwrap());
        let entropy = Entropy::new(|_| ());
        let slow = Fault::Slow(Duration::from_millis(200)).applying(false);
        assert_eq!(plans.next("email/list", &entropy), Some(slow));
        assert_eq!(plans.next("email/costs", &entropy), Some(Fault::HangAfter.into()));
    }
}
