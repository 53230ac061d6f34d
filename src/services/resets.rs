//! The reset of an account's password: what the confirmation page needs to know, and what a confirmation does.

use jiff::Timestamp;

use super::admission::{Admission, Petition};
use super::confirmation::Page;
use super::failure::Limit;
use super::intent::Intent;
use super::reset_rules::{ResetLimits, ResetRules};
use super::{Directory, Failure};
use crate::access::fresh::FreshProof;
use crate::access::{Asker, CanIn, Denied, ResetPasswords, ViewMail};
use crate::model::{Address, Operation, OperationId, OperationKind, Rate, Staff};
use crate::store::Writing;

/// How many of an account's last operations are told.
const HISTORY: i64 = 8;

/// What the confirmation page shows, and the token that makes it good for one reset.
#[derive(Debug)]
pub struct ToConfirm {
    pub token: String,
    /// The account's last reset, if there was one lately.
    pub last: Option<Operation>,
}

/// What a posted confirmation page holds.
#[derive(Debug)]
pub struct Posted {
    pub token: String,
    /// Reason or ticket, as typed.
    pub ticket: String,
}

/// Resets. Cloned freely.
#[derive(Clone)]
pub struct Resets {
    pub admission: Admission,
    pub directory: Directory,
    pub rules: ResetRules,
}

impl Resets {
    /// The last resets and other changes of an address, newest first.
    ///
    /// # Errors
    /// [`Failure::Store`]; [`Failure::Denied`] when the right is for another domain.
    pub async fn history(&self, can: &CanIn<ViewMail>, address: &Address) -> Result<Vec<Operation>, Failure> {
        can.is_for(address)?;
        Ok(self.admission.store.read().await?.operations_on(address, HISTORY).await?)
    }

    /// Makes a confirmation page. It changes nothing.
    ///
    /// # Errors
    /// [`Failure`]: the address is no account, GleSYS can't be asked now, or the account is busy or cooling down.
    pub async fn to_confirm(
        &self,
        can: &CanIn<ResetPasswords>,
        see: &CanIn<ViewMail>,
        address: &Address,
    ) -> Result<ToConfirm, Failure> {
        can.is_for(address)?;
        self.rules.allow(&can.asker().staff, address)?;
        self.directory.is_account_now(see, address).await?;
        let now = self.admission.clock.now();
        if !self.rules.fresh.holds(can.asker().proved_at, now) {
            return Err(Failure::ProofTooOld);
        }
        let history = self.admission.store.read().await?.operations_on(address, HISTORY).await?;
        if let Some(last) = history.first() {
            self.admission.at_rest(OperationKind::ResetPassword, last)?;
        }
        let token = self.admission.token(can.asker(), page(address), history.first());
        Ok(ToConfirm { token, last: history.into_iter().find(|operation| operation.kind.makes_a_password()) })
    }

    /// Confirms a reset: at most one call to GleSYS comes of it, however often the same page is posted. Returns the
    /// operation to look at; the reset itself goes on if the caller doesn't.
    ///
    /// # Errors
    /// [`Failure`]: nothing was sent. The refusal is in the audit.
    pub async fn confirm(
        &self,
        can: CanIn<ResetPasswords>,
        address: Address,
        posted: Posted,
    ) -> Result<OperationId, Failure> {
        can.is_for(&address)?;
        self.admission.confirm(ToReset { can, address, posted, rules: self.rules.clone() }).await
    }
}

const fn page(address: &Address) -> Page<'_> {
    Page::On(OperationKind::ResetPassword, address)
}

/// A confirmation page that was posted, and the company's rules for it.
struct ToReset {
    can: CanIn<ResetPasswords>,
    address: Address,
    posted: Posted,
    rules: ResetRules,
}

impl Petition for ToReset {
    fn kind(&self) -> OperationKind {
        OperationKind::ResetPassword
    }

    fn asker(&self) -> &Asker {
        self.can.asker()
    }

    fn address(&self) -> &Address {
        &self.address
    }

    fn page(&self) -> Page<'_> {
        page(&self.address)
    }

    fn token(&self) -> &str {
        &self.posted.token
    }

    fn allow(&self, staff: &Staff) -> Result<(), Denied> {
        self.rules.allow(staff, &self.address)
    }

    fn fresh(&self) -> FreshProof {
        self.rules.fresh
    }

    async fn limits(&self, tx: &mut Writing, now: Timestamp) -> Result<(), Failure> {
        let since = |rate: Option<Rate>| rate.map_or(now, |rate| now - rate.per);
        let ResetLimits { per_staff, per_account, total } = self.rules.limits;
        let (staff, address) = (&self.can.asker().staff.id, &self.address);
        let counts = tx.count_resets((staff, since(per_staff)), (address, since(per_account)), since(total)).await?;
        let reached = [
            (Limit::OfStaff, per_staff, counts.by_staff),
            (Limit::OfAccount, per_account, counts.of_account),
            (Limit::OfPanel, total, counts.in_all),
        ]
        .into_iter()
        .find(|(_, rate, made)| rate.is_some_and(|rate| *made >= rate.times));
        match reached {
            Some((limit, _, _)) => Err(Failure::LimitReached { limit, address: address.clone() }),
            None => Ok(()),
        }
    }

    fn intent(&self, nonce: String) -> Result<Intent, Failure> {
        let ticket = self.rules.reasons.read(&self.posted.ticket)?;
        Ok(Intent::reset(&self.can, self.address.clone(), nonce, ticket)?)
    }
}
