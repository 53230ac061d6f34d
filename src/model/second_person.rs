//! What the company wants two people for: one who does it, and another who has approved it.

use super::address_pattern::AddressPattern;
use super::{Address, BatchAction, OperationKind};

/// What takes a second person. Usually nothing does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecondPerson {
    /// Accounts that are protected.
    pub protected: bool,
    /// Whatever is done to the passwords of several accounts at once.
    pub bulk: bool,
    /// Locking out all accounts of a domain.
    pub lock_out_of_domain: bool,
    /// Further accounts.
    pub accounts: Vec<AddressPattern>,
}

impl SecondPerson {
    /// Whether nothing takes one.
    pub const fn is_nothing(&self) -> bool {
        !self.protected && !self.bulk && !self.lock_out_of_domain && self.accounts.is_empty()
    }

    /// Whether an operation takes one: it gives somebody the account's password, or its address for another's mailbox. Anyone
    /// who has to stop a thief need not wait for a colleague.
    pub fn is_for(&self, kind: OperationKind, address: &Address, is_protected: bool) -> bool {
        let is_grave = matches!(kind, OperationKind::ResetPassword | OperationKind::DeleteAccount);
        let is_covered =
            (self.protected && is_protected) || self.accounts.iter().any(|accounts| accounts.fits(address));
        is_grave && is_covered
    }

    /// Whether a batch takes one.
    pub const fn is_for_batch(&self, action: BatchAction) -> bool {
        let is_all = matches!(action, BatchAction::LockOutAll);
        (self.bulk && action.is_about_passwords()) || (self.lock_out_of_domain && is_all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_two_people_is_as_the_company_says() {
        let vd = Address::parse("vd@example.se").unwrap();
        let accounts = vec![AddressPattern::parse("vd@*").unwrap()];
        let protected = SecondPerson { protected: true, ..SecondPerson::default() };
        let named = SecondPerson { accounts, ..SecondPerson::default() };
        let (reset, delete) = (OperationKind::ResetPassword, OperationKind::DeleteAccount);
        assert!(protected.is_for(reset, &vd, true) && protected.is_for(delete, &vd, true));
        assert!(!protected.is_for(reset, &vd, false) && named.is_for(reset, &vd, false));
        assert!(!protected.is_for(OperationKind::LockOut, &vd, true), "a thief is stopped at once");
        assert!(!SecondPerson::default().is_for(reset, &vd, true) && SecondPerson::default().is_nothing());
        let domain = SecondPerson { lock_out_of_domain: true, ..SecondPerson::default() };
        assert!(domain.is_for_batch(BatchAction::LockOutAll) && !domain.is_for_batch(BatchAction::LockOut));
        let bulk = SecondPerson { bulk: true, ..SecondPerson::default() };
        assert!(bulk.is_for_batch(BatchAction::LockOut) && bulk.is_for_batch(BatchAction::GiveLinks));
        assert!(!bulk.is_for_batch(BatchAction::AutoReplyOff));
    }
}
