//! For what it is checked who asks, and what there is to choose from then. Admission asks it of every petition, batches once;
//! pages look up what to offer.

use std::iter;

use super::petition::{Petition, Source};
use super::rules::Rules;
use crate::model::{Address, BatchAction, CallerCheck, CallerProblem, OfferedWays, OperationKind};

/// For what it is checked who asks. The lock-out of one account is not held up: it stops a thief, and gives nothing to whoever
/// asks for it. Of several it takes mail away from many. A new account gives nobody the mail of another.
const fn is_checked(kind: OperationKind, is_batched: bool) -> bool {
    use OperationKind::{
        CreateAccount, CreateAlias, DeleteAccount, DeleteAlias, EditAccount, EditAlias, LockOut, ResetPassword,
    };
    match kind {
        ResetPassword => true,
        LockOut => is_batched,
        CreateAccount | EditAccount | DeleteAccount | CreateAlias | EditAlias | DeleteAlias => false,
    }
}

impl Rules {
    /// The check with which a petition comes, where one is asked for: that with which it was approved, as long as it is enough.
    ///
    /// # Errors
    /// [`CallerProblem`]: it is not enough.
    pub fn caller_check(
        &self,
        petition: &Petition,
        approved: Option<&CallerCheck>,
    ) -> Result<Option<CallerCheck>, CallerProblem> {
        let is_batched = matches!(petition.source(), Source::Turn(..));
        self.ways_for(petition.kind(), is_batched, iter::once(petition.address()))
            .read_after(approved, petition.stated())
    }

    /// The ways of checking who asks that people choose from before something is done to an account.
    pub fn ways_for_one(&self, kind: OperationKind, address: &Address) -> OfferedWays<'_> {
        self.ways_for(kind, false, iter::once(address))
    }

    /// The same before it is done to several.
    pub fn ways_for_batch(&self, action: BatchAction, accounts: &[&Address]) -> OfferedWays<'_> {
        self.ways_for(action.kind(), true, accounts.iter().copied())
    }

    fn ways_for<'a>(
        &self,
        kind: OperationKind,
        is_batched: bool,
        of: impl Iterator<Item = &'a Address>,
    ) -> OfferedWays<'_> {
        if is_checked(kind, is_batched) { self.callers.offered(of) } else { OfferedWays::default() }
    }
}
