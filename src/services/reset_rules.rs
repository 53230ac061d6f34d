//! The company's rules about resets: how many, of which accounts, how fresh a proof of identity, with which reason.

use crate::access::fresh::FreshProof;
use crate::access::{Asker, Denied, RightName, holds};
use crate::model::address_pattern::AddressPattern;
use crate::model::reason::ReasonPolicy;
use crate::model::{Address, Rate, Staff};

/// How many resets may be tried; `None` is no limit.
#[derive(Clone, Copy, Debug)]
pub struct ResetLimits {
    pub per_staff: Option<Rate>,
    pub per_account: Option<Rate>,
    pub total: Option<Rate>,
}

/// The rules, as configured.
#[derive(Clone, Debug)]
pub struct ResetRules {
    pub limits: ResetLimits,
    /// Accounts whose password only admins may reset.
    pub protected: Vec<AddressPattern>,
    pub reasons: ReasonPolicy,
    pub fresh: FreshProof,
}

impl ResetRules {
    /// Whether only admins may reset this account's password.
    pub fn protects(&self, address: &Address) -> bool {
        self.protected.iter().any(|pattern| pattern.fits(address))
    }

    /// Whether somebody's grants, as they stand, allow to reset this account's password.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn allow(&self, staff: &Staff, address: &Address) -> Result<(), Denied> {
        self.allow_or(RightName::ResetPasswords, staff, address)
    }

    /// Whether somebody's grants, as they stand, allow to change what stands at this address in another way: whoever
    /// could delete a protected account and put an alias in its place would read its mail.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn allow_change(&self, staff: &Staff, address: &Address) -> Result<(), Denied> {
        self.allow_or(RightName::ManageMail, staff, address)
    }

    fn allow_or(&self, usual: RightName, staff: &Staff, address: &Address) -> Result<(), Denied> {
        let right = if self.protects(address) { RightName::ResetProtectedPasswords } else { usual };
        if holds(staff, right, address.domain()) {
            Ok(())
        } else {
            Err(Denied { right, domain: Some(address.domain().clone()) })
        }
    }

    /// Whether the account is protected from this asker.
    pub fn keep_from(&self, asker: &Asker, address: &Address) -> bool {
        self.protects(address) && self.allow(&asker.staff, address).is_err()
    }
}
