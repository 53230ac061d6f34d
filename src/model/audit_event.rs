//! What the audit records.

use jiff::Timestamp;

use super::coded::coded;
use super::facts::Value;
use super::look_alike::COMMAND_LINE;
use super::{Address, DomainName, Fact, Facts, OperationId, StaffId, StaffName};

coded! {
    /// The kinds of event, one for each thing that an auditor may ask about, in the order of the audit page's filter. The
    /// name says what it is about, then, behind a dot, what happened.
    pub enum AuditKind {
        SignedIn = "session.signed_in",
        SignInFailed = "session.failed",
        SignInLimited = "session.limited",
        PasswordRight = "session.password_right",
        CodesGuessed = "session.codes_guessed",
        ProvedAgain = "session.proved",
        SignedOut = "session.signed_out",
        SetUp = "staff.set_up",
        StaffAdded = "staff.added",
        StaffInvited = "staff.invited",
        InvitationUsed = "staff.invitation_used",
        GrantsChanged = "staff.grants_changed",
        StaffRenamed = "staff.renamed",
        DisplayNameSet = "staff.display_name_set",
        StaffDisabled = "staff.disabled",
        StaffEnabled = "staff.enabled",
        PasswordSet = "staff.password_set",
        SessionsEnded = "staff.sessions_ended",
        SignInLinkMade = "staff.sign_in_link_made",
        SecondFactorSet = "staff.second_factor_set",
        SecondFactorRemoved = "staff.second_factor_removed",
        RecoveryCodesMade = "staff.recovery_codes_made",
        RecoveryCodeUsed = "staff.recovery_code_used",
        StaffTied = "staff.tied",
        EditFound = "staff.edit_found",
        RollbackAccepted = "audit.rollback_accepted",
        /// The panel shows GleSYS another key from then on.
        ApiKeyReplaced = "secret.api_key_replaced",
        /// The same at the provider of single sign-on.
        ClientSecretReplaced = "secret.client_secret_replaced",
        RightDenied = "access.denied",
        OriginRefused = "access.origin_refused",
        ResetRefused = "reset.refused",
        ResetIntent = "reset.intent",
        ResetOutcome = "reset.outcome",
        ResetShown = "reset.shown",
        ResetSeen = "reset.seen",
        ResetExpired = "reset.expired",
        /// The database was accepted as it is, and may be from before the password was shown.
        ResetForgotten = "reset.forgotten",
        /// Somebody or something asked for the page of a link. Of each link only the first is told.
        HandOverOpened = "hand_over.opened",
        HandOverWrongCode = "hand_over.wrong_code",
        HandOverRead = "hand_over.read",
        HandOverRevoked = "hand_over.revoked",
        HandOverExpired = "hand_over.expired",
        /// Too many wrong codes.
        HandOverVoid = "hand_over.void",
        HandOverOvertaken = "hand_over.overtaken",
        HandOverForgotten = "hand_over.forgotten",
        /// The link went to its owner by mail.
        HandOverMailed = "hand_over.mailed",
        HandOverNotMailed = "hand_over.not_mailed",
        HandOverMailUnknown = "hand_over.mail_unknown",
        MailboxTold = "mailbox.told",
        /// It could not be told at once. Of each message only the first failure is told.
        MailboxToldLate = "mailbox.told_late",
        MailboxNotTold = "mailbox.not_told",
        LockOutRefused = "lock_out.refused",
        LockOutIntent = "lock_out.intent",
        LockOutOutcome = "lock_out.outcome",
        AccountCreateIntent = "account.create_intent",
        AccountCreateOutcome = "account.create_outcome",
        AccountEditIntent = "account.edit_intent",
        AccountEditOutcome = "account.edit_outcome",
        AccountDeleteIntent = "account.delete_intent",
        AccountDeleteOutcome = "account.delete_outcome",
        ContactSet = "contact.set",
        ContactRemoved = "contact.removed",
        AliasCreateIntent = "alias.create_intent",
        AliasCreateOutcome = "alias.create_outcome",
        AliasEditIntent = "alias.edit_intent",
        AliasEditOutcome = "alias.edit_outcome",
        AliasDeleteIntent = "alias.delete_intent",
        AliasDeleteOutcome = "alias.delete_outcome",
        ChangeRefused = "change.refused",
        ApprovalAsked = "approval.asked",
        ApprovalGiven = "approval.given",
        ApprovalRefused = "approval.refused",
        ApprovalWithdrawn = "approval.withdrawn",
        ApprovalEnded = "approval.ended",
        ApprovalForgotten = "approval.forgotten",
        BatchBegun = "batch.begun",
        BatchStopped = "batch.stopped",
        /// Links and codes were given out, of all accounts of which they waited.
        BatchShown = "batch.shown",
        AuditExported = "audit.exported",
        DomainExported = "domain.exported",
    }
}

impl AuditKind {
    /// Whether it is about an alias.
    pub fn is_about_an_alias(self) -> bool {
        self.name().starts_with("alias.")
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
                | Self::LockOutRefused
                | Self::ChangeRefused
        )
    }
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    Staff(StaffId),
    /// Run by someone who could read the data directory and its key.
    CommandLine,
}

impl Actor {
    /// As the audit keeps it. No staff member has the command line's for an id.
    pub fn kept(&self) -> &str {
        match self {
            Self::Staff(id) => &id.0,
            Self::CommandLine => COMMAND_LINE,
        }
    }

    /// As [`Actor::kept`] wrote it.
    pub fn read(kept: String) -> Self {
        if kept == COMMAND_LINE { Self::CommandLine } else { Self::Staff(StaffId(kept)) }
    }
}

/// One event, as a service hands it to the store. Never holds a password, a cookie or a token.
#[derive(Clone, Debug)]
pub struct AuditEvent {
    pub kind: AuditKind,
    pub at: Timestamp,
    /// Who did it, where that is known.
    pub actor: Option<Actor>,
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
            actor: None,
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
        Self { actor: Some(Actor::Staff(staff)), staff_name: Some(name.to_string()), ..self }
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
