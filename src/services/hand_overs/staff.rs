//! What staff do about links for owners: see which wait, and take one back.

use super::endings::revoke;
use crate::access::{CanIn, CanSome, ResetPasswords, ViewMail};
use crate::model::{Operation, OperationKind};
use crate::services::{Failure, Resets};

/// How many hand-overs that wait are told.
const MOST_WAITING: usize = 500;

impl Resets {
    /// The new passwords that wait for their owners, of the accounts that somebody may see.
    pub async fn hand_overs_that_wait(&self, see: &CanSome<ViewMail>) -> Result<Vec<Operation>, Failure> {
        let (waiting, now) = (self.store.read().await?.hand_overs_that_wait().await?, self.clock.now());
        let sees = |operation: &Operation| see.covers(operation.address.domain());
        let waits = |operation: &Operation| sees(operation) && operation.link_ended_by(now).is_none();
        Ok(waiting.into_iter().filter(waits).take(MOST_WAITING).collect())
    }

    /// Takes the link back by which an account's owner was to read the new password. The password is wiped: nobody has it.
    ///
    /// # Errors
    /// [`Failure::Denied`] to whoever may not reset the account; [`Failure::Store`].
    pub async fn revoke(&self, can: &CanIn<ResetPasswords>, operation: &Operation) -> Result<(), Failure> {
        let (address, now) = (&operation.address, self.clock.now());
        can.is_for(address)?;
        let mut tx = self.store.write().await?;
        let standing = can.asker().standing(&mut tx).await?;
        self.rules.allow(OperationKind::ResetPassword, &standing.staff, address, &tx.staff_mailboxes(now).await?)?;
        revoke(&mut tx, can.asker(), operation, now).await?;
        Ok(tx.commit().await?)
    }
}
