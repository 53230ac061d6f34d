//! How an operation ended: one of the three worlds, and why. `glesys` says it of a call, the ledger of what it did not
//! send or gave up, and the store keeps it under the names that stand here.

use super::OperationState;
use super::coded::coded;

coded! {
    /// Why GleSYS refused, as far as status and text tell. Sources name few of its texts, so any of these may be rougher
    /// than the truth; that it *was* refused never depends on them.
    pub enum WhyRefused {
        /// 401 without a clearer word. GleSYS's bare "Access Denied" may also mean a key that allows too little.
        WrongKey = "wrong_key",
        /// The key does not allow this function.
        NoPermission = "no_permission",
        /// The key does not allow the network address that we call from.
        IpNotAllowed = "ip_not_allowed",
        /// GleSYS does not know the address or domain.
        UnknownAddress = "not_found",
        /// The address is taken already.
        Exists = "exists",
        /// The project has as many as it may have.
        LimitReached = "limit",
        /// GleSYS did not like the quota.
        Quota = "quota",
        /// GleSYS did not like the arguments.
        Invalid = "invalid",
        /// Something is locked for the moment.
        Locked = "locked",
        /// Too many calls.
        TooManyCalls = "too_many_calls",
        /// The answer is not GleSYS's: a wrong URL, a proxy or a firewall.
        NotTheApi = "not_the_api",
        /// Refused in any other way.
        Other = "refused",
    }
}

coded! {
    /// Why GleSYS was not asked.
    pub enum WhyNotSent {
        /// No connection came about.
        NoConnection = "connect",
        /// GleSYS failed several times in a row and is left alone.
        Away = "away",
        /// Too many changes run at once.
        Busy = "busy",
        /// The domain is in none of the projects.
        NoProject = "no_project",
        /// The domain is in two projects.
        Contested = "contested",
        /// The panel was held up for longer than the operation may take.
        TooLate = "too_late",
        /// The database failed before the intent was certainly durable.
        NotRecorded = "not_recorded",
    }
}

coded! {
    /// Why nobody knows.
    pub enum WhyUnknown {
        /// Our patience ended, or the other side's (408).
        Timeout = "timeout",
        /// The connection broke before the answer was whole.
        ConnectionLost = "connection_lost",
        /// A 3xx, which is never followed.
        Redirect = "redirect",
        /// A 5xx in the HTTP status or in the envelope.
        ServerError = "server_error",
        /// An answer that can't be read, contradicts itself or lacks what was asked for.
        Unusable = "unusable_answer",
        /// An answer over the cap.
        TooLarge = "answer_too_large",
        /// The panel was stopped before it could record the answer.
        LeaseRanOut = "lease_ran_out",
        /// An older copy of the database was put back.
        RolledBack = "rolled_back",
    }
}

coded! {
    /// Why something is not known to be done. The names of the three are all different.
    pub enum WhyNot {} or {
        Refused(WhyRefused),
        NotSent(WhyNotSent),
        Unknown(WhyUnknown),
    }
}

impl WhyNot {
    /// Which of the three worlds it is.
    pub const fn state(self) -> OperationState {
        match self {
            Self::Refused(_) => OperationState::Refused,
            Self::NotSent(_) => OperationState::NotSent,
            Self::Unknown(_) => OperationState::Unknown,
        }
    }
}

/// How an operation ended, as it is recorded: never with the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    Not(WhyNot),
    /// Another version of the panel recorded a reason that this one does not know. Kept as it was written.
    Foreign {
        state: OperationState,
        reason: String,
    },
}

impl Outcome {
    /// Reads what the store keeps; `None` of what runs.
    pub fn read(state: OperationState, reason: Option<String>) -> Option<Self> {
        match state {
            OperationState::InFlight => return None,
            OperationState::Done => return Some(Self::Done),
            OperationState::Refused | OperationState::NotSent | OperationState::Unknown => {}
        }
        let reason = reason.unwrap_or_default();
        let known = WhyNot::named(&reason).filter(|why| why.state() == state);
        Some(known.map_or(Self::Foreign { state, reason }, Self::Not))
    }

    pub const fn state(&self) -> OperationState {
        match self {
            Self::Done => OperationState::Done,
            Self::Not(why) => why.state(),
            Self::Foreign { state, .. } => *state,
        }
    }

    /// The reason's name, as it is kept; `None` when it was done.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Done => None,
            Self::Not(why) => Some(why.name()),
            Self::Foreign { reason, .. } => Some(reason),
        }
    }

    /// The state and the reason behind it, as the audit keeps them: `done`, `unknown: timeout`.
    pub fn code(&self) -> String {
        let state = self.state().name();
        self.reason().map_or_else(|| state.to_owned(), |reason| format!("{state}: {reason}"))
    }
}

#[cfg(test)]
impl WhyNot {
    /// Every reason.
    pub fn all() -> Vec<Self> {
        let refused = WhyRefused::ALL.into_iter().map(Self::Refused);
        let not_sent = WhyNotSent::ALL.into_iter().map(Self::NotSent);
        refused.chain(not_sent).chain(WhyUnknown::ALL.into_iter().map(Self::Unknown)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_outcome_is_read_as_it_was_written() {
        let mut names = BTreeSet::new();
        for why in WhyNot::all() {
            assert!(names.insert(why.name()), "{} stands for two reasons", why.name());
            assert_eq!(Outcome::read(why.state(), Some(why.name().to_owned())), Some(Outcome::Not(why)));
        }
        assert_eq!(names.len(), WhyRefused::ALL.len() + WhyNotSent::ALL.len() + WhyUnknown::ALL.len());
        assert_eq!(Outcome::read(OperationState::Done, None), Some(Outcome::Done));
        assert_eq!(Outcome::read(OperationState::InFlight, None), None);
    }

    #[test]
    fn a_reason_that_this_version_does_not_know_is_kept_as_it_was_written() {
        // The second is known, but of another world.
        for (state, reason) in [(OperationState::Refused, "frozen"), (OperationState::NotSent, "timeout")] {
            let read = Outcome::read(state, Some(reason.to_owned())).unwrap();
            assert_eq!(read, Outcome::Foreign { state, reason: reason.to_owned() });
            assert_eq!((read.state(), read.reason()), (state, Some(reason)));
        }
    }
}
