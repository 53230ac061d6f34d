//! An approval: what somebody asks of a colleague before they may do it, because the company wants two people for it. It is
//! good for one thing, once and for a while, and never given by who asked.

use jiff::{SignedDuration, Timestamp};

use super::clock::Ends;
use super::coded::coded;
use super::{
    Address, AuditKind, Batch, BatchAction, BatchId, CallerCheck, DomainName, Elapsed, Fact, Facts, Grounds, HandOver,
    OperationKind, StaffId,
};

/// How long a colleague has to answer.
pub const ASKED_FOR: SignedDuration = SignedDuration::from_hours(4);
/// How long what was approved may wait to be done.
pub const GIVEN_FOR: SignedDuration = SignedDuration::from_mins(30);
/// How many of somebody's approvals may be open at once.
pub const MOST_OPEN: usize = 50;
/// The longest word of a refusal, in characters.
pub const LONGEST_WORD: usize = 200;

/// The id of an approval, a `UUIDv7`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalId(String);

/// Why a text is no approval's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an approval's id")]
pub struct NotAnApprovalId;

impl ApprovalId {
    /// Reads an id from a link or from the database.
    ///
    /// # Errors
    /// [`NotAnApprovalId`] when it is no UUID.
    pub fn parse(text: &str) -> Result<Self, NotAnApprovalId> {
        uuid::Uuid::try_parse(text).map(|id| Self(id.to_string())).map_err(|_| NotAnApprovalId)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

coded! {
    /// Where an approval stands.
    pub enum ApprovalState {
        /// It waits for a colleague.
        Asked = "asked",
        /// A colleague gave it; what was asked for may be done.
        Given = "given",
        /// It was done.
        Used = "used",
        /// A colleague said no.
        Refused = "refused",
        /// Anyone who asked took the question back.
        Withdrawn = "withdrawn",
        /// Nobody answered in time, or what was approved was not done in time.
        Ended = "ended",
        /// The database was accepted as it is, and may be from before it ended.
        Forgotten = "forgotten",
    }
}

impl ApprovalState {
    /// Whether something can still come of it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Asked | Self::Given)
    }

    /// What the audit calls it. That one is used stands in the row of what was done.
    pub const fn told(self) -> Option<AuditKind> {
        match self {
            Self::Asked => Some(AuditKind::ApprovalAsked),
            Self::Given => Some(AuditKind::ApprovalGiven),
            Self::Used => None,
            Self::Refused => Some(AuditKind::ApprovalRefused),
            Self::Withdrawn => Some(AuditKind::ApprovalWithdrawn),
            Self::Ended => Some(AuditKind::ApprovalEnded),
            Self::Forgotten => Some(AuditKind::ApprovalForgotten),
        }
    }
}

/// What is to be done by two people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joint {
    /// An operation on an address, with the way in which a new password is handed over.
    On { kind: OperationKind, address: Address, way: Option<HandOver> },
    /// A batch of so many accounts, which stand in it.
    Batch { id: BatchId, domain: DomainName, action: BatchAction, accounts: i64 },
}

impl Joint {
    /// A batch that is to be begun. How many accounts it has does not name it.
    pub fn of_batch(batch: &Batch, accounts: usize) -> Self {
        let accounts = i64::try_from(accounts).unwrap_or(i64::MAX);
        Self::Batch { id: batch.id.clone(), domain: batch.domain.clone(), action: batch.action, accounts }
    }

    pub const fn domain(&self) -> &DomainName {
        match self {
            Self::On { address, .. } => address.domain(),
            Self::Batch { domain, .. } => domain,
        }
    }

    /// What is made of it at GleSYS.
    pub const fn kind(&self) -> OperationKind {
        match self {
            Self::On { kind, .. } => *kind,
            Self::Batch { action, .. } => action.kind(),
        }
    }

    /// What it is done to, as the database keeps it: an address, or the id of a batch.
    pub fn about(&self) -> &str {
        match self {
            Self::On { address, .. } => address.as_str(),
            Self::Batch { id, .. } => id.as_str(),
        }
    }

    /// What is done, as the database keeps it.
    pub fn code(&self) -> String {
        match self {
            Self::On { kind, .. } => kind.name().to_owned(),
            Self::Batch { action, .. } => action.code(),
        }
    }

    pub const fn address(&self) -> Option<&Address> {
        match self {
            Self::On { address, .. } => Some(address),
            Self::Batch { .. } => None,
        }
    }

    pub const fn way(&self) -> Option<HandOver> {
        match self {
            Self::On { way, .. } => *way,
            Self::Batch { .. } => None,
        }
    }

    fn facts(&self) -> Facts {
        let facts = Facts::new().with(Fact::AskedFor, self.kind().name());
        match self {
            Self::On { way, .. } => facts.with_some(Fact::HandOver, way.map(HandOver::name)),
            Self::Batch { id, action, accounts, .. } => {
                facts.and(action.facts()).with(Fact::Batch, id.as_str()).with(Fact::Accounts, *accounts)
            }
        }
    }
}

/// An approval as it stands in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    pub id: ApprovalId,
    pub joint: Joint,
    pub asked_by: StaffId,
    /// The sign-in name of who asked, as it is now.
    pub asked_name: String,
    /// What people are told they are called.
    pub asked_as: String,
    /// Their reason or ticket, which is that of what is done.
    pub ticket: String,
    /// How they checked who asks them, which is that of what is done, where that is asked for.
    pub caller: Option<CallerCheck>,
    pub asked_at: Timestamp,
    pub state: ApprovalState,
    /// Who gave or refused it.
    pub decided_by: Option<StaffId>,
    /// What people are told they are called.
    pub decided_as: Option<String>,
    pub decided_at: Option<Timestamp>,
    /// What was said with a refusal.
    pub word: Option<String>,
    /// Names what it was used for.
    pub nonce: Option<String>,
    /// Of a batch: a digest of what it does to which accounts.
    pub selection: Option<Vec<u8>>,
    /// When it is over if nothing comes of it.
    pub ends_at: Timestamp,
    /// When it has certainly lasted as long as it may, whatever clocks say.
    pub over: Elapsed,
    /// When it was used or ended.
    pub closed_at: Option<Timestamp>,
}

impl Approval {
    /// Whether its time is not over yet.
    pub fn is_in_time(&self, now: Timestamp, elapsed: Elapsed) -> bool {
        let lasts = if self.state == ApprovalState::Asked { ASKED_FOR } else { GIVEN_FOR };
        Ends::to_come(lasts, now).hold(self.ends_at) && elapsed < self.over
    }

    /// How it stands: one whose time is over has ended, whether that is recorded yet or not.
    pub fn stands(&self, now: Timestamp, elapsed: Elapsed) -> ApprovalState {
        let is_over = self.state.is_open() && !self.is_in_time(now, elapsed);
        if is_over { ApprovalState::Ended } else { self.state }
    }

    /// What the audit keeps of it.
    pub fn facts(&self) -> Facts {
        let grounds = Grounds { ticket: Some(self.ticket.clone()), caller: self.caller.clone() };
        let facts = self.joint.facts().with(Fact::Approval, self.id.as_str());
        facts.and(grounds.facts()).with_some(Fact::Word, self.word.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_over_by_the_clock_or_by_how_much_time_has_passed() {
        let at = |minutes: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);
        let address = Address::parse("vd@example.se").unwrap();
        let joint = Joint::On { kind: OperationKind::ResetPassword, address, way: Some(HandOver::Shown) };
        let approval = Approval {
            id: ApprovalId::parse("019ab000-0000-7000-8000-000000000001").unwrap(),
            joint,
            asked_by: StaffId("eva".to_owned()),
            asked_name: "eva".to_owned(),
            asked_as: "Eva".to_owned(),
            ticket: "812".to_owned(),
            caller: None,
            asked_at: at(0),
            state: ApprovalState::Given,
            decided_by: None,
            decided_as: None,
            decided_at: None,
            word: None,
            nonce: None,
            selection: None,
            ends_at: at(30),
            over: Elapsed(1000),
            closed_at: None,
        };
        let stands = |minutes, elapsed| approval.stands(at(minutes), Elapsed(elapsed));
        assert_eq!(stands(29, 999), ApprovalState::Given);
        assert_eq!(stands(30, 0), ApprovalState::Ended);
        assert_eq!(stands(29, 1000), ApprovalState::Ended);
        assert_eq!(stands(-6, 0), ApprovalState::Ended, "the clock was set back");
        let used = Approval { state: ApprovalState::Used, ..approval.clone() };
        assert_eq!(used.stands(at(60), Elapsed(0)), ApprovalState::Used);
    }
}
