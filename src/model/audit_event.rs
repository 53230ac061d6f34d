//! What the audit records.

use jiff::Timestamp;

use super::facts::Value;
use super::{Address, DomainName, Fact, Facts, OperationId, StaffId, StaffName};

/// The kinds of event, one for each thing that an auditor may ask about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditKind {
    SignedIn,
    SignInFailed,
    SignInLimited,
    PasswordRight,
    CodesGuessed,
    ProvedAgain,
    SignedOut,
    SetUp,
    StaffAdded,
    StaffInvited,
    InvitationUsed,
    GrantsChanged,
    StaffRenamed,
    DisplayNameSet,
    StaffDisabled,
    StaffEnabled,
    PasswordSet,
    SessionsEnded,
    SignInLinkMade,
    SecondFactorSet,
    SecondFactorRemoved,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    StaffTied,
    EditFound,
    RollbackAccepted,
    RightDenied,
    OriginRefused,
    ResetRefused,
    ResetIntent,
    ResetOutcome,
    ResetShown,
    ResetSeen,
    ResetExpired,
    /// The database was accepted as it is, and may be from before the password was shown.
    ResetForgotten,
    AccountCreateIntent,
    AccountCreateOutcome,
    AccountEditIntent,
    AccountEditOutcome,
    AccountDeleteIntent,
    AccountDeleteOutcome,
    AliasCreateIntent,
    AliasCreateOutcome,
    AliasEditIntent,
    AliasEditOutcome,
    AliasDeleteIntent,
    AliasDeleteOutcome,
    ChangeRefused,
    BatchBegun,
    BatchStopped,
    AuditExported,
    DomainExported,
}

impl AuditKind {
    /// Every kind, in the order of the audit page's filter.
    pub const ALL: [Self; 52] = [
        Self::SignedIn,
        Self::SignInFailed,
        Self::SignInLimited,
        Self::PasswordRight,
        Self::CodesGuessed,
        Self::ProvedAgain,
        Self::SignedOut,
        Self::SetUp,
        Self::StaffAdded,
        Self::StaffInvited,
        Self::InvitationUsed,
        Self::GrantsChanged,
        Self::StaffRenamed,
        Self::DisplayNameSet,
        Self::StaffDisabled,
        Self::StaffEnabled,
        Self::PasswordSet,
        Self::SessionsEnded,
        Self::SignInLinkMade,
        Self::SecondFactorSet,
        Self::SecondFactorRemoved,
        Self::RecoveryCodesMade,
        Self::RecoveryCodeUsed,
        Self::StaffTied,
        Self::EditFound,
        Self::RollbackAccepted,
        Self::RightDenied,
        Self::OriginRefused,
        Self::ResetRefused,
        Self::ResetIntent,
        Self::ResetOutcome,
        Self::ResetShown,
        Self::ResetSeen,
        Self::ResetExpired,
        Self::ResetForgotten,
        Self::AccountCreateIntent,
        Self::AccountCreateOutcome,
        Self::AccountEditIntent,
        Self::AccountEditOutcome,
        Self::AccountDeleteIntent,
        Self::AccountDeleteOutcome,
        Self::AliasCreateIntent,
        Self::AliasCreateOutcome,
        Self::AliasEditIntent,
        Self::AliasEditOutcome,
        Self::AliasDeleteIntent,
        Self::AliasDeleteOutcome,
        Self::ChangeRefused,
        Self::BatchBegun,
        Self::BatchStopped,
        Self::AuditExported,
        Self::DomainExported,
    ];

    /// The name that the database uses: what it is about, a dot, what happened.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignedIn => "session.signed_in",
            Self::SignInFailed => "session.failed",
            Self::SignInLimited => "session.limited",
            Self::PasswordRight => "session.password_right",
            Self::CodesGuessed => "session.codes_guessed",
            Self::ProvedAgain => "session.proved",
            Self::SignedOut => "session.signed_out",
            Self::SetUp => "staff.set_up",
            Self::StaffAdded => "staff.added",
            Self::StaffInvited => "staff.invited",
            Self::InvitationUsed => "staff.invitation_used",
            Self::GrantsChanged => "staff.grants_changed",
            Self::StaffRenamed => "staff.renamed",
            Self::DisplayNameSet => "staff.display_name_set",
            Self::StaffDisabled => "staff.disabled",
            Self::StaffEnabled => "staff.enabled",
            Self::PasswordSet => "staff.password_set",
            Self::SessionsEnded => "staff.sessions_ended",
            Self::SignInLinkMade => "staff.sign_in_link_made",
            Self::SecondFactorSet => "staff.second_factor_set",
            Self::SecondFactorRemoved => "staff.second_factor_removed",
            Self::RecoveryCodesMade => "staff.recovery_codes_made",
            Self::RecoveryCodeUsed => "staff.recovery_code_used",
            Self::StaffTied => "staff.tied",
            Self::EditFound => "staff.edit_found",
            Self::RollbackAccepted => "audit.rollback_accepted",
            Self::RightDenied => "access.denied",
            Self::OriginRefused => "access.origin_refused",
            Self::ResetRefused => "reset.refused",
            Self::ResetIntent => "reset.intent",
            Self::ResetOutcome => "reset.outcome",
            Self::ResetShown => "reset.shown",
            Self::ResetSeen => "reset.seen",
            Self::ResetExpired => "reset.expired",
            Self::ResetForgotten => "reset.forgotten",
            Self::AccountCreateIntent => "account.create_intent",
            Self::AccountCreateOutcome => "account.create_outcome",
            Self::AccountEditIntent => "account.edit_intent",
            Self::AccountEditOutcome => "account.edit_outcome",
            Self::AccountDeleteIntent => "account.delete_intent",
            Self::AccountDeleteOutcome => "account.delete_outcome",
            Self::AliasCreateIntent => "alias.create_intent",
            Self::AliasCreateOutcome => "alias.create_outcome",
            Self::AliasEditIntent => "alias.edit_intent",
            Self::AliasEditOutcome => "alias.edit_outcome",
            Self::AliasDeleteIntent => "alias.delete_intent",
            Self::AliasDeleteOutcome => "alias.delete_outcome",
            Self::ChangeRefused => "change.refused",
            Self::BatchBegun => "batch.begun",
            Self::BatchStopped => "batch.stopped",
            Self::AuditExported => "audit.exported",
            Self::DomainExported => "domain.exported",
        }
    }

    /// Whether it only says that nothing was done. Anybody can cause as many of these as they like.
    pub const fn is_refusal(self) -> bool {
        matches!(
            self,
            Self::SignInFailed
                | Self::SignInLimited
                | Self::RightDenied
                | Self::OriginRefused
                | Self::ResetRefused
                | Self::ChangeRefused
        )
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One event, as a service hands it to the store. Never holds a password, a cookie or a token.
#[derive(Clone, Debug)]
pub struct AuditEvent {
    pub kind: AuditKind,
    pub at: Timestamp,
    /// Who did it: id where known.
    pub staff: Option<StaffId>,
    /// Who did it, as the name was then; for a failed sign-in the name that was tried.
    pub staff_name: Option<String>,
    pub address: Option<Address>,
    pub domain: Option<DomainName>,
    pub operation: Option<OperationId>,
    /// How it ended, or why it was refused: a short code.
    pub outcome: Option<String>,
    /// Anything else worth knowing: a ticket, what changed from what to what.
    pub facts: Facts,
    /// Where from: the client's network address.
    pub client: Option<String>,
    /// The reference that the page and the log carry.
    pub reference: Option<String>,
}

impl AuditEvent {
    /// An event of which so far only the kind and the time are known.
    pub const fn new(kind: AuditKind, at: Timestamp) -> Self {
        Self {
            kind,
            at,
            staff: None,
            staff_name: None,
            address: None,
            domain: None,
            operation: None,
            outcome: None,
            facts: Facts::new(),
            client: None,
            reference: None,
        }
    }
}

impl AuditEvent {
    /// The same, told under the name of who did it.
    #[must_use]
    pub fn by(self, staff: StaffId, name: &StaffName) -> Self {
        Self { staff: Some(staff), staff_name: Some(name.to_string()), ..self }
    }

    /// The same with one more fact.
    #[must_use]
    pub fn with(self, fact: Fact, value: impl Into<Value>) -> Self {
        Self { facts: self.facts.with(fact, value), ..self }
    }
}

/// An event as it is read back: with its place in the audit.
#[derive(Clone, Debug)]
pub struct AuditRow {
    /// Counted from 1, without gaps.
    pub seq: i64,
    pub event: AuditEvent,
}
