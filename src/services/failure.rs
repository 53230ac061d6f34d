//! What went wrong, in the panel's own terms. The ports say what the outside did; this says what it means; `pages`
//! says what the person reads.

use jiff::Timestamp;

use crate::access::{Denied, Gone};
use crate::model::reason::ReasonProblem;
use crate::model::{
    Address, ApprovalId, CallerProblem, DomainName, Joint, Limit, MailProblem, Operation, OperationKind,
};
use crate::{glesys, store};

/// Why a service did not do what it was asked. Nothing was changed at GleSYS whenever one of these comes back.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The panel's own database failed.
    #[error("the store failed")]
    Store(store::Error),
    /// So many ask for the same that this one can't wait for a turn.
    #[error("too many at once")]
    Busy,
    /// A read at GleSYS failed and nothing older is known.
    #[error("a read at GleSYS failed")]
    Glesys(#[from] glesys::Error),
    /// GleSYS can't be asked now, so what is known may be out of date: good for reading, not for a reset.
    #[error("what is known may be out of date")]
    OutOfDate { since: Timestamp },
    #[error("no such domain")]
    NoSuchDomain(DomainName),
    #[error("no such account")]
    NoSuchAccount(Address),
    /// The address is an alias: it has no password.
    #[error("the address is an alias")]
    IsAlias { address: Address, targets: Option<Vec<String>> },
    /// The address is an account, which leads nowhere else.
    #[error("the address is an account")]
    IsAccount(Address),
    /// An account has the same address as the alias, and no call could name the alias alone.
    #[error("an account has the same address")]
    AccountToo(Address),
    /// No operation has this id, or none that the asker may know of.
    #[error("no such operation")]
    NoSuchOperation,
    /// No batch has this id, or none that the asker may know of.
    #[error("no such batch")]
    NoSuchBatch,
    /// No approval has this id, or none that the asker may know of.
    #[error("no such approval")]
    NoSuchApproval,
    /// It takes a second person, and none has approved it, or none that counts now.
    #[error("it takes a second person")]
    SecondPerson(Box<Joint>),
    /// The approval was answered, withdrawn or used already, or its time is over.
    #[error("the approval is not open any more")]
    ApprovalTooLate(ApprovalId),
    /// Nobody approves what they asked for, or what somebody asked whom they let in.
    #[error("the approval is one's own")]
    OwnApproval(ApprovalId),
    /// The page was not made for this person, session and address, or was changed on its way.
    #[error("the confirmation is not valid")]
    ConfirmationInvalid(OperationKind, Address),
    /// The page is too old to be used.
    #[error("the confirmation ran out")]
    ConfirmationExpired(OperationKind, Address),
    /// Something happened to the address after the confirmation page of this kind was made.
    #[error("somebody was faster")]
    Overtaken(OperationKind, Box<Operation>),
    /// Another operation on the address is running; what was asked for was of this kind.
    #[error("the account has an operation in flight")]
    InFlight(OperationKind, Box<Operation>),
    /// Nobody knows how the last operation ended, so its effect may still be under way; what was asked for was of this
    /// kind.
    #[error("the account is cooling down")]
    CoolingDown { kind: OperationKind, last: Box<Operation>, until: Timestamp },
    /// The person must first prove anew who they are.
    #[error("the last proof of identity is too old")]
    ProofTooOld,
    /// The company does not offer this way of handing the new password over, for this account or at all.
    #[error("the way of hand-over is not offered")]
    WayNotOffered(OperationKind, Address),
    /// The reason or ticket is not as the company wants it.
    #[error("the reason is not taken")]
    Reason(#[from] ReasonProblem),
    /// Who asks was not checked as the company wants it.
    #[error("the check of who asks is not taken")]
    Caller(CallerProblem),
    /// A link, or what the owner of a mailbox is sent, can't go to this address.
    #[error("mail can't go there")]
    Mail(MailProblem),
    #[error("a limit is reached")]
    LimitReached { limit: Limit, address: Address },
    /// The session ended while the request was on its way.
    #[error("signed out")]
    SignedOut,
    /// The person was disabled while what they asked for was on its way.
    #[error("disabled")]
    Disabled,
    /// The panel is stopping and begins nothing new.
    #[error("the panel is stopping")]
    Stopping,
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        if matches!(error, store::Error::Crowded) { Self::Busy } else { Self::Store(error) }
    }
}

impl From<CallerProblem> for Failure {
    fn from(problem: CallerProblem) -> Self {
        Self::Caller(problem)
    }
}

impl From<Gone> for Failure {
    fn from(gone: Gone) -> Self {
        match gone {
            Gone::SignedOut => Self::SignedOut,
            Gone::Disabled => Self::Disabled,
            Gone::Store(error) => error.into(),
        }
    }
}

impl Failure {
    /// The code under which the audit keeps a refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Denied(denied) => denied.right.code(),
            Self::Store(_) => "database",
            Self::Busy => "crowded",
            Self::Glesys(error) => error.why().name(),
            Self::OutOfDate { .. } => "out_of_date",
            Self::NoSuchDomain(_) => "no_such_domain",
            Self::NoSuchAccount(_) => "no_such_account",
            Self::IsAlias { .. } => "is_alias",
            Self::IsAccount(_) => "is_account",
            Self::AccountToo(_) => "account_too",
            Self::NoSuchOperation => "no_such_operation",
            Self::NoSuchBatch => "no_such_batch",
            Self::NoSuchApproval => "no_such_approval",
            Self::SecondPerson(_) => "second_person",
            Self::ApprovalTooLate(_) => "approval_too_late",
            Self::OwnApproval(_) => "own_approval",
            Self::ConfirmationInvalid(..) => "confirmation_invalid",
            Self::ConfirmationExpired(..) => "confirmation_expired",
            Self::Overtaken(..) => "overtaken",
            Self::InFlight(..) => "in_flight",
            Self::CoolingDown { .. } => "cooling_down",
            Self::ProofTooOld => "proof_too_old",
            Self::WayNotOffered(..) => "way_not_offered",
            Self::Reason(_) => "reason",
            Self::Caller(problem) => problem.name(),
            Self::Mail(problem) => problem.name(),
            Self::LimitReached { limit, .. } => limit.name(),
            Self::SignedOut => "signed_out",
            Self::Disabled => "disabled",
            Self::Stopping => "stopping",
        }
    }
}
