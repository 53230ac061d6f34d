//! That the page with a new password was really displayed, as the browser reports it.

use super::Reveals;
use super::reveals::event;
use crate::access::{CanSome, ViewMail};
use crate::model::{AuditKind, OperationId};
use crate::services::Failure;

impl Reveals {
    /// Notes that the page with the password was really displayed. Only the session that was shown it can say so.
    ///
    /// # Errors
    /// As [`Reveals::look`].
    pub async fn seen(&self, can: &CanSome<ViewMail>, id: &OperationId) -> Result<(), Failure> {
        let view = self.look(can, id).await?;
        let Some(holder) = can.asker().holder() else { return Ok(()) };
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        if tx.note_seen(id, &holder, now).await? {
            tx.record(&event(can.asker(), &view.operation, AuditKind::ResetSeen, now)).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
