//! The company's rules about what is grave: how much of it, on which addresses, how fresh a proof of identity, with which
//! reason. What each kind of operation asks of them stands in `gravity`.

use super::gravity;
use crate::access::fresh::FreshProof;
use crate::access::{Asker, Denied, RightName, holds};
use crate::model::address_pattern::AddressPattern;
use crate::model::reason::ReasonPolicy;
use crate::model::{Address, Limits, OperationKind, Staff};

/// The rules, as configured.
#[derive(Clone, Debug)]
pub struct Rules {
    pub limits: Limits,
    /// Accounts that only admins may reset or change.
    pub protected: Vec<AddressPattern>,
    pub reasons: ReasonPolicy,
    pub fresh: FreshProof,
}

impl Rules {
    /// Whether only admins may reset this account's password.
    pub fn protects(&self, address: &Address) -> bool {
        self.protected.iter().any(|pattern| pattern.fits(address))
    }

    /// Whether somebody's grants, as they stand, allow to do this to the address. Every kind counts where an address is
    /// protected: whoever could delete a protected account and put an alias in its place would read its mail.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn allow(&self, kind: OperationKind, staff: &Staff, address: &Address) -> Result<(), Denied> {
        let usual = gravity::of(kind).right;
        let right = if self.protects(address) { RightName::ResetProtectedPasswords } else { usual };
        if holds(staff, right, address.domain()) {
            Ok(())
        } else {
            Err(Denied { right, domain: Some(address.domain().clone()) })
        }
    }

    /// Whether the account is protected from this asker.
    pub fn keep_from(&self, asker: &Asker, address: &Address) -> bool {
        self.protects(address) && !holds(&asker.staff, RightName::ResetProtectedPasswords, address.domain())
    }
}
