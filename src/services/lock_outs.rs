//! Which accounts are locked out, or may be.

use std::collections::HashMap;

use super::directory::DomainView;
use super::directory::choice::{Choice, Chosen};
use super::{Failure, Resets};
use crate::access::{CanIn, CanSome, ViewMail};
use crate::model::{Account, Address, LockedOut, Operation};

/// Some accounts, with whether they are locked out.
#[derive(Debug, Default)]
pub struct LockOuts(HashMap<Address, LockedOut>);

impl LockOuts {
    pub fn of(&self, account: &Account) -> LockedOut {
        self.0.get(&account.address).copied().unwrap_or(LockedOut::No)
    }

    /// What these lock-outs make of these accounts. One of an account that had the address before is none of it.
    fn new(accounts: &[&Account], lock_outs: &[Operation]) -> Self {
        let created: HashMap<_, _> = accounts.iter().map(|account| (&account.address, account.created)).collect();
        let mut found = HashMap::new();
        for lock_out in lock_outs {
            if created.get(&lock_out.address).is_some_and(|created| lock_out.is_of_account_made(*created)) {
                let known = found.entry(lock_out.address.clone()).or_insert(LockedOut::No);
                *known = LockedOut::by(lock_out).max(*known);
            }
        }
        Self(found)
    }
}

impl Resets {
    /// The lock-out of an account that is locked out, or may be.
    ///
    /// # Errors
    /// [`Failure::Store`]; [`Failure::Denied`] when the right is for another domain.
    pub async fn lock_out(&self, can: &CanIn<ViewMail>, account: &Account) -> Result<Option<Operation>, Failure> {
        can.is_for(&account.address)?;
        let lock_outs = self.store.read().await?.lock_outs_of(&[&account.address]).await?;
        let its = lock_outs.into_iter().filter(|lock_out| lock_out.is_of_account_made(account.created));
        Ok(its.max_by_key(|lock_out| (LockedOut::by(lock_out), lock_out.begun_tick)))
    }

    /// Those of some accounts, as far as the asker may see them.
    pub async fn lock_outs(&self, see: &CanSome<ViewMail>, accounts: &[&Account]) -> Result<LockOuts, Failure> {
        let seen: Vec<_> = accounts.iter().filter(|account| see.covers(account.address.domain())).copied().collect();
        let addresses: Vec<_> = seen.iter().map(|account| &account.address).collect();
        Ok(LockOuts::new(&seen, &self.store.read().await?.lock_outs_of(&addresses).await?))
    }

    /// Those of a domain's accounts.
    pub async fn lock_outs_in(&self, can: &CanIn<ViewMail>, accounts: &[Account]) -> Result<LockOuts, Failure> {
        let lock_outs = self.store.read().await?.lock_outs_in(can.domain()).await?;
        Ok(LockOuts::new(&accounts.iter().collect::<Vec<_>>(), &lock_outs))
    }

    /// What fits of a domain.
    pub async fn choose(&self, can: &CanIn<ViewMail>, view: &DomainView, choice: &Choice) -> Result<Chosen, Failure> {
        let lock_outs =
            if choice.locked_out { self.lock_outs_in(can, view.accounts()).await? } else { LockOuts::default() };
        Ok(self.directory.choose(view, choice, |account| lock_outs.of(account) != LockedOut::No))
    }
}
