//! An operation: one attempt to change something at GleSYS, with one id and one outcome.

use jiff::Timestamp;

use super::{Address, AuditEvent, AuditKind, SessionId, StaffId, Tick};

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

/// What an operation does at GleSYS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OperationKind {
    ResetPassword,
    CreateAccount,
    EditAccount,
    DeleteAccount,
    CreateAlias,
    EditAlias,
    DeleteAlias,
}

impl OperationKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::ResetPassword,
        Self::CreateAccount,
        Self::EditAccount,
        Self::DeleteAccount,
        Self::CreateAlias,
        Self::EditAlias,
        Self::DeleteAlias,
    ];

    /// The name that the database uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ResetPassword => "reset_password",
            Self::CreateAccount => "create_account",
            Self::EditAccount => "edit_account",
            Self::DeleteAccount => "delete_account",
            Self::CreateAlias => "create_alias",
            Self::EditAlias => "edit_alias",
            Self::DeleteAlias => "delete_alias",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The function of GleSYS's API that does it.
    pub const fn function(self) -> &'static str {
        match self {
            Self::ResetPassword => "email/resetpassword",
            Self::CreateAccount => "email/createaccount",
            Self::EditAccount => "email/editaccount",
            Self::DeleteAccount | Self::DeleteAlias => "email/delete",
            Self::CreateAlias => "email/createalias",
            Self::EditAlias => "email/editalias",
        }
    }

    /// Whether GleSYS generates a password, which is shown once.
    pub const fn makes_a_password(self) -> bool {
        matches!(self, Self::ResetPassword | Self::CreateAccount)
    }

    /// Whether a password that was made before is worth nothing afterwards.
    pub const fn voids_the_password(self) -> bool {
        matches!(self, Self::ResetPassword | Self::CreateAccount | Self::DeleteAccount)
    }

    /// Whether its page only asks whether to do it, so that the page is void once something else has happened.
    pub const fn is_confirmed(self) -> bool {
        matches!(self, Self::ResetPassword | Self::DeleteAccount | Self::DeleteAlias)
    }

    /// Whether it is about an alias.
    pub const fn is_about_an_alias(self) -> bool {
        matches!(self, Self::CreateAlias | Self::EditAlias | Self::DeleteAlias)
    }

    /// What the audit calls its beginning.
    pub const fn intent(self) -> AuditKind {
        match self {
            Self::ResetPassword => AuditKind::ResetIntent,
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
            _ => AuditKind::ChangeRefused,
        }
    }
}

/// Where an operation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationState {
    /// Recorded; the call is on its way or about to be.
    InFlight,
    /// GleSYS did it and said so.
    Done,
    /// GleSYS answered that it did not do it.
    Refused,
    /// GleSYS was never reached.
    NotSent,
    /// Nobody knows whether GleSYS did it.
    Unknown,
}

impl OperationState {
    const ALL: [Self; 5] = [Self::InFlight, Self::Done, Self::Refused, Self::NotSent, Self::Unknown];
    /// How an operation can have ended, in the order of the audit page's filter.
    pub const ENDED: [Self; 4] = [Self::Done, Self::Refused, Self::NotSent, Self::Unknown];

    /// The name that the database and the audit use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InFlight => "in_flight",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::NotSent => "not_sent",
            Self::Unknown => "unknown",
        }
    }

    /// The state of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// How an operation ended, as it is recorded: never with the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub state: OperationState,
    /// Why, as a short code that `texts` turns into a sentence (`no_permission`, `timeout`, …); `None` when done.
    pub reason: Option<String>,
}

impl Outcome {
    /// The state and the reason behind it, as the audit keeps them: `done`, `unknown: timeout`.
    pub fn code(&self) -> String {
        let state = self.state.name();
        self.reason.as_ref().map_or_else(|| state.to_owned(), |reason| format!("{state}: {reason}"))
    }
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
    /// The session that confirmed it and alone may see the password.
    pub session: SessionId,
    /// Reason or ticket, as the staff member gave it.
    pub ticket: Option<String>,
    pub state: OperationState,
    /// See [`Outcome::reason`].
    pub reason: Option<String>,
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
    /// An event about this operation that comes of time passing, told under the name of who began it.
    pub fn event(&self, kind: AuditKind, at: Timestamp) -> AuditEvent {
        AuditEvent {
            staff: Some(self.staff.clone()),
            staff_name: Some(self.staff_name.clone()),
            address: Some(self.address.clone()),
            operation: Some(self.id.clone()),
            ..AuditEvent::new(kind, at)
        }
    }
}
