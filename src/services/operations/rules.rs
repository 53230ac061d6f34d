//! The company's rules about what is grave: how much of it, on which addresses, how fresh a proof of identity, with which
//! reason. What each kind of operation asks of them stands in `gravity`.

use std::collections::BTreeSet;

use super::gravity;
use crate::access::fresh::FreshProof;
use crate::access::{Asker, Denied, RightName, holds};
use crate::model::address_pattern::AddressPattern;
use crate::model::reason::ReasonPolicy;
use crate::model::{Address, Limits, OperationKind, Staff};

/// Why an address is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    Configured,
    /// A staff member signs in with it.
    OfStaff,
}

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
    /// Why only admins may do anything to this address, if that is so: the company says so, or it is a staff member's
    /// own, and whoever reads a colleague's mail can become them.
    pub fn protects(&self, address: &Address, staff_mailboxes: &BTreeSet<Address>) -> Option<Protection> {
        if self.protected.iter().any(|pattern| pattern.fits(address)) {
            Some(Protection::Configured)
        } else {
            staff_mailboxes.contains(address).then_some(Protection::OfStaff)
        }
    }

    /// Whether somebody's grants, as they stand, allow to do this to the address. Every kind counts where an address is
    /// protected: whoever could delete a protected account and put an alias in its place would read its mail.
    pub fn allow(
        &self,
        kind: OperationKind,
        staff: &Staff,
        address: &Address,
        staff_mailboxes: &BTreeSet<Address>,
    ) -> Result<(), Denied> {
        let protected = self.protects(address, staff_mailboxes).map(|_| RightName::ResetProtectedPasswords);
        let mut needed = [Some(gravity::of(kind).right), protected].into_iter().flatten();
        match needed.find(|right| !holds(staff, *right, address.domain())) {
            Some(right) => Err(Denied { right, domain: Some(address.domain().clone()) }),
            None => Ok(()),
        }
    }

    /// Why the address is protected from this asker, if it is.
    pub fn keep_from(
        &self,
        asker: &Asker,
        address: &Address,
        staff_mailboxes: &BTreeSet<Address>,
    ) -> Option<Protection> {
        let may = holds(&asker.staff, RightName::ResetProtectedPasswords, address.domain());
        self.protects(address, staff_mailboxes).filter(|_| !may)
    }
}
