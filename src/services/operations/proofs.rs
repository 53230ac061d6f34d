//! Whether somebody has proved lately enough who they are, for a page that resets a password or locks out. A reset that
//! begins renews the proof: for the next reset in the same session, and for nothing else. So anyone who works on is not asked
//! again, and anyone who rests is; and however they work, everybody is once the proof itself is [`RENEWED_FOR`] old.
//!
//! Both are kept as permits, which are tied to the key: a proof that a page brings along, and the last reset. The session
//! gets its new cookie when it sees what came of it: until then a post that comes twice, or whose answer was lost, finds what
//! it began.

use jiff::{SignedDuration, Timestamp};

use super::Admission;
use super::confirmation::Page;
use super::petition::{Petition, Task};
use crate::access::fresh::FreshProof;
use crate::access::{Asker, CanIn, ResetPasswords, Standing};
use crate::model::{Act, Address, OperationKind};
use crate::services::Failure;
use crate::store::{self, Writing};

/// How long after a proof resets renew it: one before lunch, and one after.
pub const RENEWED_FOR: SignedDuration = SignedDuration::from_hours(4);

const SHIFT: FreshProof = FreshProof::for_resets(Some(RENEWED_FOR));

/// Whether permits prove it: the one for resets, or that of the last reset while a proof is no older than [`RENEWED_FOR`].
/// `lately` is whether the session itself has such a proof.
fn prove([proof, again]: [Option<Timestamp>; 2], lately: bool, fresh: FreshProof, now: Timestamp) -> bool {
    let holds = |at: Option<Timestamp>, limit: FreshProof| at.is_some_and(|at| limit.holds(at, now));
    holds(proof, fresh) || holds(again, fresh) && (lately || holds(proof, SHIFT))
}

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
        let given = [tx.permit(session, Act::Reset).await?, tx.permit(session, Act::ResetAgain).await?];
        let lately = standing.is_fresh(SHIFT, now);
        let is_proved = is_fresh || prove(given, lately, fresh, now);
        if is_proved && fresh.asks() {
            tx.put_permit(session, Act::ResetAgain, now).await?;
        }
        Ok(is_proved)
    }

    /// The same for a page that is about to be shown.
    pub async fn seems_proved(&self, asker: &Asker) -> Result<bool, store::Error> {
        let (fresh, now) = (self.rules.fresh, self.clock.now());
        let Some(session) = asker.session_id().filter(|_| !asker.is_fresh(fresh, now)) else { return Ok(true) };
        let mut read = self.store.read().await?;
        let given = [read.permit(session, Act::Reset).await?, read.permit(session, Act::ResetAgain).await?];
        Ok(prove(given, asker.is_fresh(SHIFT, now), fresh, now))
    }

    /// Whether somebody has proved who they are for a reset since their session got its cookie.
    pub async fn was_proved_for_it(&self, asker: &Asker) -> Result<bool, store::Error> {
        let (fresh, now) = (self.rules.fresh, self.clock.now());
        let Some(session) = asker.session_id().filter(|_| !asker.is_fresh(fresh, now)) else { return Ok(false) };
        let proof = self.store.read().await?.permit(session, Act::Reset).await?;
        // One that has given the session a cookie already gives it no other, nor does one that is too old by now.
        Ok(proof.is_some_and(|at| asker.proved_before(at) && fresh.holds(at, now)))
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
