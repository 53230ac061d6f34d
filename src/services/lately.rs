//! What somebody has worked on last, for the overview, where their next caller is looked for.

use std::collections::BTreeSet;

use super::directory::Stands;
use super::{Failure, Resets};
use crate::access::{CanSome, ViewMail};
use crate::model::{Address, Operation, OperationId};

/// How many accounts are told.
const MOST: usize = 5;
/// How many operations are looked through for them: a batch may have made many.
const LOOKED_THROUGH: i64 = 40;

impl Resets {
    /// The accounts that the asker last did something to, newest first: those that are known to be there still, in domains
    /// that the asker may still see.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn own_lately(&self, see: &CanSome<ViewMail>) -> Result<Vec<Address>, Failure> {
        let done = self.store.read().await?.last_of(&see.asker().staff.id, LOOKED_THROUGH).await?;
        let is_there =
            |address: &Address| matches!(self.directory.stands(see, address), Stands::Account | Stands::Both(_));
        let mut told = BTreeSet::new();
        let accounts = done.into_iter().filter(|(kind, _)| !kind.is_about_an_alias()).map(|(_, address)| address);
        Ok(accounts.filter(|address| told.insert(address.clone()) && is_there(address)).take(MOST).collect())
    }

    /// An operation of the asker's own, of this session.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn own(&self, see: &CanSome<ViewMail>, id: &OperationId) -> Result<Option<Operation>, Failure> {
        let found = self.store.read().await?.operation(id).await?;
        let is_own = |operation: &Operation| Some(&operation.holder) == see.asker().holder().as_ref();
        Ok(found.filter(|operation| is_own(operation) && see.covers(operation.address.domain())))
    }
}
