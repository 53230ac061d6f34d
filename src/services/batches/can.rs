//! The right to a batch: that of the operations which its accounts become.

use crate::access::{Asker, CanIn, Denied, Gate, ManageMail, ResetPasswords, RightName};
use crate::model::{Batch, BatchAction, DomainName};
use crate::services::operations::rules::Gravity;

/// The right to do something to several accounts of a domain, held now.
#[derive(Clone, Debug)]
pub enum CanBatch {
    Change(CanIn<ManageMail>),
    /// To make their passwords anew.
    Passwords(CanIn<ResetPasswords>),
}

impl CanBatch {
    /// The right to this action in a domain.
    ///
    /// # Errors
    /// [`Denied`] when no grant gives it there.
    pub fn of(gate: &Gate, action: BatchAction, domain: &DomainName) -> Result<Self, Denied> {
        if action.is_about_passwords() {
            gate.can_in(domain).map(Self::Passwords)
        } else {
            gate.can_in(domain).map(Self::Change)
        }
    }

    pub fn asker(&self) -> &Asker {
        match self {
            Self::Change(can) => can.asker(),
            Self::Passwords(can) => can.asker(),
        }
    }

    pub const fn domain(&self) -> &DomainName {
        match self {
            Self::Change(can) => can.domain(),
            Self::Passwords(can) => can.domain(),
        }
    }

    /// Checks that it is the right to this action in this domain.
    pub fn is_for(&self, action: BatchAction, domain: &DomainName) -> Result<(), Denied> {
        if action.is_about_passwords() == matches!(self, Self::Passwords(_)) && domain == self.domain() {
            Ok(())
        } else {
            Err(Denied { right: right_to(action), domain: Some(domain.clone()) })
        }
    }

    /// The same for a batch that there is.
    pub fn is_for_batch(&self, batch: &Batch) -> Result<(), Denied> {
        self.is_for(batch.action, &batch.domain)
    }
}

/// The right that an action takes.
pub const fn right_to(action: BatchAction) -> RightName {
    Gravity::of(action.kind()).right
}
