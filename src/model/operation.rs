//! An operation: one attempt to change something at GleSYS, with one id and one outcome.

use jiff::Timestamp;

use super::coded::coded;
use super::{
    Actor, Address, ApprovalId, AuditEvent, AuditKind, BatchId, Grounds, HandOver, LetterState, LinkEnd, LinkMail,
    Outcome, OwnerLink, SessionId, StaffId, Tick, WhyNot,
};

/// The id of an operation, a `UUIDv7`; also the reference that staff and auditors quote.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationId(String);

/// Why a text is no operation id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an operation id")]
pub struct NotAnOperationId;

impl OperationId {
    /// Reads an id from a link or from the database.
    ///
    /// # Errors
    /// [`NotAnOperationId`] when it is no UUID.
    pub fn parse(text: &str) -> Result<Self, NotAnOperationId> {
        uuid::Uuid::try_parse(text).map(|id| Self(id.to_string())).map_err(|_| NotAnOperationId)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

coded! {
    /// What an operation does at GleSYS.
    pub enum OperationKind {
        ResetPassword = "reset_password",
        /// A reset whose password nobody gets.
        LockOut = "lock_out",
        CreateAccount = "create_account",
        EditAccount = "edit_account",
        DeleteAccount = "delete_account",
        CreateAlias = "create_alias",
        EditAlias = "edit_alias",
        DeleteAlias = "delete_alias",
    }
}

impl OperationKind {
    /// Whether GleSYS generates a password, which is shown once.
    pub const fn makes_a_password(self) -> bool {
        matches!(self, Self::ResetPassword | Self::CreateAccount)
    }

    /// Whether a password that was made before is worth nothing afterwards.
    pub const fn voids_the_password(self) -> bool {
        matches!(self, Self::ResetPassword | Self::LockOut | Self::CreateAccount | Self::DeleteAccount)
    }

    /// Whether its page only asks whether to do it, so that the page is void once something else has happened.
    pub const fn is_confirmed(self) -> bool {
        matches!(self, Self::ResetPassword | Self::LockOut | Self::DeleteAccount | Self::DeleteAlias)
    }

    /// Whether it is about an alias.
    pub const fn is_about_an_alias(self) -> bool {
        matches!(self, Self::CreateAlias | Self::EditAlias | Self::DeleteAlias)
    }

    /// What the audit calls its beginning.
    pub const fn intent(self) -> AuditKind {
        match self {
            Self::ResetPassword => AuditKind::ResetIntent,
            Self::LockOut => AuditKind::LockOutIntent,
            Self::CreateAccount => AuditKind::AccountCreateIntent,
            Self::EditAccount => AuditKind::AccountEditIntent,
            Self::DeleteAccount => AuditKind::AccountDeleteIntent,
            Self::CreateAlias => AuditKind::AliasCreateIntent,
            Self::EditAlias => AuditKind::AliasEditIntent,
            Self::DeleteAlias => AuditKind::AliasDeleteIntent,
        }
    }

    /// What the audit calls its end.
    pub const fn outcome(self) -> AuditKind {
        match self {
            Self::ResetPassword => AuditKind::ResetOutcome,
            Self::LockOut => AuditKind::LockOutOutcome,
            Self::CreateAccount => AuditKind::AccountCreateOutcome,
            Self::EditAccount => AuditKind::AccountEditOutcome,
            Self::DeleteAccount => AuditKind::AccountDeleteOutcome,
            Self::CreateAlias => AuditKind::AliasCreateOutcome,
            Self::EditAlias => AuditKind::AliasEditOutcome,
            Self::DeleteAlias => AuditKind::AliasDeleteOutcome,
        }
    }

    /// What the audit calls it when it was not begun.
    pub const fn refusal(self) -> AuditKind {
        match self {
            Self::ResetPassword => AuditKind::ResetRefused,
            Self::LockOut => AuditKind::LockOutRefused,
            _ => AuditKind::ChangeRefused,
        }
    }
}

coded! {
    /// Where an operation stands.
    pub enum OperationState {
        /// Recorded; the call is on its way or about to be.
        InFlight = "in_flight",
        /// GleSYS did it and said so.
        Done = "done",
        /// GleSYS answered that it did not do it.
        Refused = "refused",
        /// GleSYS was never reached.
        NotSent = "not_sent",
        /// Nobody knows whether GleSYS did it.
        Unknown = "unknown",
    }
}

impl OperationState {
    /// How an operation can have ended, in the order of the audit page's filter.
    pub const ENDED: [Self; 4] = [Self::Done, Self::Refused, Self::NotSent, Self::Unknown];
}

/// Who alone may be shown what an operation made, because they alone hold the key to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The session that confirmed it.
    Session(SessionId),
}

/// What an operation came of, where that has a page of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CameOf {
    /// The change of several accounts that it was part of.
    pub batch: Option<BatchId>,
    /// The approval of a second person with which it was done.
    pub approval: Option<ApprovalId>,
}

/// An operation as it stands in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    pub id: OperationId,
    pub kind: OperationKind,
    pub address: Address,
    pub staff: StaffId,
    /// The sign-in name of the staff member, as it is now.
    pub staff_name: String,
    /// What people are told the staff member is called.
    pub told_as: String,
    /// Who alone may be shown the password.
    pub holder: Holder,
    /// When GleSYS had made the account, as far as was known.
    pub account_created: Option<Timestamp>,
    /// Why it was done, and how the staff member checked who asked.
    pub grounds: Grounds,
    pub came_of: CameOf,
    /// How the new password is handed over, where one is made.
    pub hand_over: Option<HandOver>,
    /// What is known of the owner's link, once the password went that way.
    pub link: Option<OwnerLink>,
    /// What became of the message to the mailbox, where one is sent of it.
    pub letter: Option<LetterState>,
    /// What became of the mailing of the owner's link, where that was asked for.
    pub link_mail: Option<LinkMail>,
    /// How it ended; `None` while it runs.
    pub outcome: Option<Outcome>,
    /// When it began, for people; `begun_tick` tells what it came before and after.
    pub begun_at: Timestamp,
    pub begun_tick: Tick,
    pub ended_at: Option<Timestamp>,
    /// `None` where a version of the panel ended it that went by the clock.
    pub ended_tick: Option<Tick>,
    /// When the password was given to a page.
    pub shown_at: Option<Timestamp>,
    /// When that page said that it was really displayed.
    pub seen_at: Option<Timestamp>,
    /// Until when a password that was not shown yet can be shown; `None` when there is none.
    pub sealed_until: Option<Timestamp>,
    /// When the password was forgotten without anybody knowing whether it had been shown.
    pub forgotten_at: Option<Timestamp>,
}

impl Operation {
    /// Where it stands.
    pub const fn state(&self) -> OperationState {
        if let Some(outcome) = &self.outcome { outcome.state() } else { OperationState::InFlight }
    }

    /// Whether it has ended and certainly changed nothing.
    pub const fn is_not_done(&self) -> bool {
        matches!(self.state(), OperationState::Refused | OperationState::NotSent)
    }

    /// Whether a password that was made before may be worth nothing since.
    pub const fn may_have_voided_the_password(&self) -> bool {
        self.kind.voids_the_password() && !self.is_not_done()
    }

    /// Whether it was done to the account that GleSYS made then, and not to one that had the address before.
    pub fn is_of_account_made(&self, created: Option<Timestamp>) -> bool {
        self.account_created.zip(created).is_none_or(|(was, is)| was == is)
    }

    /// Why it is not known to be done, where this version knows the reason.
    pub const fn why_not(&self) -> Option<WhyNot> {
        if let Some(Outcome::Not(why)) = &self.outcome { Some(*why) } else { None }
    }

    /// Whether its password goes to the owner by link, so that staff never see it.
    pub fn goes_by_link(&self) -> bool {
        self.hand_over == Some(HandOver::Link)
    }

    /// Whether link and code of it wait for this holder, as far as it tells itself.
    pub fn is_ready_for(&self, holder: Option<&Holder>, now: Timestamp) -> bool {
        let is_theirs = holder == Some(&self.holder) && self.shown_at.is_none();
        is_theirs && self.goes_by_link() && self.sealed_until.is_some() && self.link_ended_by(now).is_none()
    }

    /// How the owner's link has ended by now, also where that is not recorded yet; `None` while it waits.
    pub fn link_ended_by(&self, now: Timestamp) -> Option<LinkEnd> {
        let link = self.link.as_ref()?;
        let is_shown = self.shown_at.is_some() || self.sealed_until.is_some_and(|until| until > now);
        match link.ended {
            Some((end, _)) => Some(end),
            None if link.has_had_its_tries() => Some(LinkEnd::WrongCodes),
            None if link.expires_at <= now || !is_shown => Some(LinkEnd::Expired),
            None => None,
        }
    }

    /// An event about this operation that comes of time passing, told under the name of who began it.
    pub fn event(&self, kind: AuditKind, at: Timestamp) -> AuditEvent {
        AuditEvent {
            actor: Some(Actor::Staff(self.staff.clone())),
            staff_name: Some(self.staff_name.clone()),
            address: Some(self.address.clone()),
            operation: Some(self.id.clone()),
            ..AuditEvent::new(kind, at)
        }
    }
}
