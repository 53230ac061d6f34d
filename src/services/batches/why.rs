//! What a failure means for a batch: this account alone is left out, or the whole batch stops.

use crate::access::{Denied, RightName};
use crate::model::{WhyLeftOut, WhyStopped};
use crate::services::Failure;

/// Why this account alone is left out.
///
/// # Errors
/// The failure, when it would stop the next account too.
pub(super) fn leaves_out(failure: Failure) -> Result<WhyLeftOut, Failure> {
    match failure {
        Failure::Denied(Denied { right: RightName::ResetProtectedPasswords, .. }) => Ok(WhyLeftOut::Protected),
        Failure::InFlight(..) => Ok(WhyLeftOut::InFlight),
        Failure::CoolingDown { .. } => Ok(WhyLeftOut::CoolingDown),
        Failure::Overtaken(..) => Ok(WhyLeftOut::Overtaken),
        Failure::NoSuchAccount(_) => Ok(WhyLeftOut::NoSuchAccount),
        Failure::IsAlias { .. } => Ok(WhyLeftOut::IsAlias),
        // Unless somebody has approved just this one, it is not done among others.
        Failure::SecondPerson(_) => Ok(WhyLeftOut::SecondPerson),
        // What was chosen for the batch is enough for others of its accounts, or was before the rules were changed.
        Failure::Caller(_) => Ok(WhyLeftOut::CallerNotEnough),
        failure => Err(failure),
    }
}

/// Why the batch stops at any other failure.
pub(super) const fn stops(failure: &Failure) -> WhyStopped {
    match failure {
        Failure::Denied(Denied { right: RightName::ResetPasswords, .. }) => WhyStopped::MayNotReset,
        Failure::Denied(_) => WhyStopped::MayNotManage,
        Failure::Store(_) => WhyStopped::Database,
        Failure::Busy => WhyStopped::Crowded,
        Failure::Glesys(error) => WhyStopped::Glesys(error.why()),
        Failure::LimitReached { limit, .. } => WhyStopped::Limit(*limit),
        Failure::SignedOut => WhyStopped::SignedOut,
        Failure::Disabled => WhyStopped::Disabled,
        Failure::WayNotOffered(..) => WhyStopped::WayNotOffered,
        Failure::Stopping => WhyStopped::Stopping,
        // None of these comes of a batch.
        Failure::OutOfDate { .. }
        | Failure::NoSuchDomain(_)
        | Failure::NoSuchAccount(_)
        | Failure::IsAlias { .. }
        | Failure::IsAccount(_)
        | Failure::AccountToo(_)
        | Failure::NoSuchOperation
        | Failure::NoSuchBatch
        | Failure::NoSuchApproval
        | Failure::SecondPerson(_)
        | Failure::ApprovalTooLate(_)
        | Failure::OwnApproval(_)
        | Failure::ConfirmationInvalid(..)
        | Failure::ConfirmationExpired(..)
        | Failure::Overtaken(..)
        | Failure::InFlight(..)
        | Failure::CoolingDown { .. }
        | Failure::ProofTooOld
        | Failure::Caller(_)
        | Failure::Mail(_)
        | Failure::Reason(_) => WhyStopped::Fault,
    }
}
