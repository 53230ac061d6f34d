//! What is true now of an account's password, after an operation that gave it none to show: so that its page does not go
//! on advising what has been done since.

use super::reveals::NotShown;
use crate::model::{LockedOut, Operation, OperationState};
use crate::store::{self, Store};

/// How many of an account's operations are looked at for one that came after this.
pub(super) const SINCE: i64 = 20;

/// What is true now of an account's password.
#[derive(Default)]
pub struct Aftermath {
    /// What is known to have changed it, or taken the account away, since.
    pub since: Option<Operation>,
    /// Whether the account is locked out, though this operation was not done.
    pub locked_out: Option<LockedOut>,
}

impl Aftermath {
    pub(super) async fn of(operation: &Operation, store: &Store) -> Result<Self, store::Error> {
        if !operation.kind.voids_the_password() {
            return Ok(Self::default());
        }
        let mut reading = store.read().await?;
        let newest = reading.operations_on(&operation.address, SINCE).await?;
        let later = newest.into_iter().take_while(|other| other.id != operation.id);
        let changes = |other: &Operation| other.kind.voids_the_password() && other.state() == OperationState::Done;
        let since = later.into_iter().find(changes);
        let lock_outs = reading.lock_outs_of(&[&operation.address]).await?;
        let its = lock_outs.iter().filter(|lock_out| lock_out.is_of_account_made(operation.account_created));
        Ok(Self { since, locked_out: its.map(LockedOut::by).max() })
    }
}

/// What came after this operation and changed the password, or may have. `newest` comes first.
pub(super) fn overtaken_by(operation: &Operation, newest: &[Operation]) -> Option<NotShown> {
    let later = newest.iter().take_while(|other| other.id != operation.id);
    let mut later = later.filter(|other| other.may_have_voided_the_password()).peekable();
    let newest = later.peek()?.kind;
    let done = later.find(|other| other.state() == OperationState::Done);
    Some(NotShown::Overtaken { by: done.map_or(newest, |other| other.kind), is_certain: done.is_some() })
}
