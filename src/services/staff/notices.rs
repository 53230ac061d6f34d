//! What staff members are told about how they sign in. Whatever changes a credential or a right has it told in the same
//! transaction ([`crate::store::Writing::tell`]); `pages` shows it on every page until its owner puts it away.

use jiff::{SignedDuration, Timestamp};

use super::StaffBook;
use crate::access::{Asker, Can, ManageStaff};
use crate::model::{NoticeKind, RemovedFactors, StaffId, ToldNotice};
use crate::store::{self, Writing};

/// How long what was put away is kept for the profile.
pub const KEPT_FOR: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How many are shown there; the audit has all.
const MOST_PAST: i64 = 100;

impl StaffBook {
    /// What the asker has not put away, newest first.
    pub async fn own_notices(&self, asker: &Asker) -> Result<Vec<ToldNotice>, store::Error> {
        self.store.read().await?.notices_of(&asker.staff.id).await
    }

    /// What the asker was shown lately and has put away, newest first.
    pub async fn own_past_notices(&self, asker: &Asker) -> Result<Vec<ToldNotice>, store::Error> {
        self.store.read().await?.notices_put_away(&asker.staff.id, MOST_PAST).await
    }

    /// Puts away what the asker has seen: up to the notice of this number. `false` where they must first prove anew who they
    /// are, because somebody with their cookie could have come since.
    pub async fn put_notices_away(&self, asker: &Asker, seen: i64) -> Result<bool, store::Error> {
        let Some(session) = asker.session_id() else { return Ok(false) };
        let mut tx = self.store.write().await?;
        let is_all = tx.put_notices_away(&asker.staff.id, session, seen, self.clock.now()).await?;
        tx.commit().await?;
        Ok(is_all)
    }

    /// Takes away what somebody has had besides their password since a moment, or at all, and has them told.
    pub(super) async fn end_factors(
        &self,
        tx: &mut Writing,
        asker: &Asker,
        owner: &StaffId,
        since: Option<Timestamp>,
    ) -> Result<RemovedFactors, store::Error> {
        let (removed, now) = (tx.remove_factors(owner, since).await?, self.clock.now());
        for label in &removed.passkeys {
            tx.tell(owner, &asker.notice(NoticeKind::PasskeyRemoved, owner, now).about(label)).await?;
        }
        if removed.app {
            tx.tell(owner, &asker.notice(NoticeKind::AppRemoved, owner, now)).await?;
        }
        Ok(removed)
    }

    /// Has a staff member told what the asker does to them.
    pub(in crate::services) async fn tell(
        &self,
        tx: &mut Writing,
        can: &Can<ManageStaff>,
        owner: &StaffId,
        kind: NoticeKind,
    ) -> Result<(), store::Error> {
        tx.tell(owner, &can.asker().notice(kind, owner, self.clock.now())).await
    }
}
