//! What another replica of the panel did to an address. This one's directory was not told of it, but the history of
//! operations, which all replicas share, knows.

use super::{AccountView, Directory};
use crate::access::{CanIn, ViewMail};
use crate::model::{Address, Operation, OperationId, OperationKind, OperationState};
use crate::services::Failure;

impl Directory {
    /// An account with what belongs to it, read anew where it was changed elsewhere since its domain was read. The
    /// history is the address's, newest first.
    ///
    /// # Errors
    /// As [`Directory::account`].
    pub async fn account_after(
        &self,
        can: &CanIn<ViewMail>,
        address: &Address,
        history: &[Operation],
    ) -> Result<AccountView, Failure> {
        can.is_for(address)?;
        let last = history.iter().find(|operation| may_have_changed(operation));
        if last.is_some_and(|last| self.has_missed(last)) {
            self.doubt(address.domain());
        }
        let view = self.account(can, address).await;
        match last {
            // GleSYS could not be asked, and what is gone still stands in the list.
            Some(last) if is_deletion(last) && self.has_missed(last) => Err(Failure::NoSuchAccount(address.clone())),
            _ => view,
        }
    }

    /// An operation was carried out here: what is known of its domain tells of it, or is in doubt.
    pub fn knows_of(&self, operation: &OperationId, address: &Address) {
        if let Some(held) = self.known().domains.get_mut(address.domain()) {
            held.own.insert(address.clone(), operation.clone());
        }
    }

    /// Whether an operation may have ended after GleSYS was last asked for its domain, and this directory was not told of it.
    fn has_missed(&self, operation: &Operation) -> bool {
        let ended = operation.ended_tick.unwrap_or(operation.begun_tick);
        // So that asking again comes after it.
        self.0.hindsight.saw(ended);
        let known = self.known();
        known.domains.get(operation.address.domain()).is_some_and(|held| {
            let is_own = held.own.get(&operation.address) == Some(&operation.id);
            !is_own && Some(ended) > held.asked_after
        })
    }
}

/// Whether what stands at the address may be another since.
fn may_have_changed(operation: &Operation) -> bool {
    operation.kind != OperationKind::ResetPassword
        && matches!(operation.state(), OperationState::Done | OperationState::Unknown)
}

fn is_deletion(operation: &Operation) -> bool {
    operation.state() == OperationState::Done
        && matches!(operation.kind, OperationKind::DeleteAccount | OperationKind::DeleteAlias)
}
