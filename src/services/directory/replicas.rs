//! What another replica of the panel did to an address. This one's directory was not told of it, but the history of
//! operations, which all replicas share, knows.

use super::Directory;
use crate::model::{Address, Operation, OperationId, OperationKind, OperationState};

impl Directory {
    /// An operation was carried out here: what is known of its domain tells of it, or is in doubt.
    pub fn knows_of(&self, operation: &OperationId, address: &Address) {
        if let Some(held) = self.known().domains.get_mut(address.domain()) {
            held.own.insert(address.clone(), operation.clone());
        }
    }

    /// The last operation of an address's history, newest first, that may have changed it, if it may have ended after
    /// GleSYS was last asked for the domain and this directory was not told of it.
    pub(super) fn missed<'a>(&self, history: &'a [Operation]) -> Option<&'a Operation> {
        let last = history.iter().find(|operation| may_have_changed(operation))?;
        let ended = last.ended_tick.unwrap_or(last.begun_tick);
        // So that asking again comes after it.
        self.0.hindsight.saw(ended);
        let known = self.known();
        let held = known.domains.get(last.address.domain())?;
        let is_own = held.own.get(&last.address) == Some(&last.id);
        (!is_own && Some(ended) > held.asked_after).then_some(last)
    }
}

/// Whether what stands at the address may be another since.
fn may_have_changed(operation: &Operation) -> bool {
    !matches!(operation.kind, OperationKind::ResetPassword | OperationKind::LockOut)
        && matches!(operation.state(), OperationState::Done | OperationState::Unknown)
}

pub(super) fn is_deletion(operation: &Operation) -> bool {
    operation.state() == OperationState::Done
        && matches!(operation.kind, OperationKind::DeleteAccount | OperationKind::DeleteAlias)
}
