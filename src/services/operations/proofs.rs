//! Whether somebody has proved lately enough who they are, for a page that resets a password or locks out. A reset that
//! begins renews the proof: for the next reset in the same session, and for nothing else. So anyone who works on is not asked
//! again, and anyone who rests is; and however they work, everybody is once the proof itself is [`RENEWED_FOR`] old.
//!
//! What renews it is kept as a permit, which is tied to the key. A proof that a page brings along is kept as one too, so that
//! the session can get its new cookie with the answer, when the operation is on its way.

use jiff::SignedDuration;

use super::Admission;
use super::confirmation::Page;
use super::petition::{Petition, Task};
use crate::access::{Asker, CanIn, ResetPasswords, Standing};
use crate::model::{Act, Address, OperationKind};
use crate::services::Failure;
use crate::store::{self, Writing};

/// How long after a proof resets renew it: one before lunch, and one after.
pub const RENEWED_FOR: SignedDuration = SignedDuration::from_hours(4);

impl Admission {
    /// Whether the petition's asker has proved lately enough who they are, asked in the transaction that records the intent.
    pub(super) async fn is_proved(
        &self,
        tx: &mut Writing,
        petition: &Petition,
        standing: &Standing,
    ) -> Result<bool, store::Error> {
        let (fresh, now) = (self.rules.fresh, self.clock.now());
        let is_fresh = standing.is_fresh(fresh, now);
        let (Task::Reset(_), Some(session)) = (petition.task(), petition.asker().session_id()) else {
            return Ok(is_fresh);
        };
        let renewed_at = tx.permit(session, Act::Reset).await?;
        let is_proved = is_fresh || renewed_at.is_some_and(|at| fresh.holds(at, now));
        if is_proved && fresh.asks() && standing.proved_within(RENEWED_FOR, now) {
            tx.put_permit(session, Act::Reset, now).await?;
        }
        Ok(is_proved)
    }

    /// The same for a page that is about to be shown.
    pub async fn seems_proved(&self, asker: &Asker) -> Result<bool, store::Error> {
        let (fresh, now) = (self.rules.fresh, self.clock.now());
        let Some(session) = asker.session_id().filter(|_| !asker.is_fresh(fresh, now)) else { return Ok(true) };
        let renewed_at = self.store.read().await?.permit(session, Act::Reset).await?;
        Ok(renewed_at.is_some_and(|at| fresh.holds(at, now)))
    }

    /// Whether a page has begun its operation already. Posted again, it leads there, and a code that it brought along is used.
    ///
    /// # Errors
    /// [`Failure::Store`]; [`Failure::Denied`] when the right is for another domain.
    pub async fn was_used(
        &self,
        can: &CanIn<ResetPasswords>,
        kind: OperationKind,
        address: &Address,
        token: &str,
    ) -> Result<bool, Failure> {
        can.is_for(address)?;
        let Some(page) = self.read(can.asker(), Page::of(kind, address), token) else { return Ok(false) };
        Ok(self.store.read().await?.operation_of_nonce(&page.nonce).await?.is_some())
    }
}
