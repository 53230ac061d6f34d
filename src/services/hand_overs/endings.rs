//! How links end without their owner: their time is over, nobody has them, the password is worth nothing any more, or the
//! database may be from before they ended. Each ending wipes the password and stands in the audit.

use std::time::Duration;

use jiff::Timestamp;

use super::HandOvers;
use crate::access::Asker;
use crate::model::{AuditEvent, AuditKind, LinkEnd, Operation, OperationId};
use crate::services::operations::mailing;
use crate::store::{self, Writing};

/// How long after the last try of a link nobody looks at it any more.
const LOOKED_AT: Duration = Duration::from_mins(1);

impl HandOvers {
    /// Ends the links whose time is over, in whatever way.
    pub async fn end_overdue(&self) -> Result<(), store::Error> {
        let now = self.clock.now();
        let tried_by = self.ledger.hindsight().before(LOOKED_AT).filter(|(_, is_so_old)| *is_so_old);
        let mut tx = self.store.write().await?;
        overtake(&mut tx, now).await?;
        if let Some((tick, _)) = tried_by {
            let tried = tx.end_tried_owner_links(tick, now).await?;
            tell(&mut tx, &tried, LinkEnd::WrongCodes, now).await?;
        }
        let expired = tx.end_expired_owner_links(now).await?;
        tell(&mut tx, &expired, LinkEnd::Expired, now).await?;
        mails_are_unknown(&mut tx, now).await?;
        tx.commit().await
    }
}

/// Ends the mailings of links that nobody carries out any more.
async fn mails_are_unknown(tx: &mut Writing, now: Timestamp) -> Result<(), store::Error> {
    for id in tx.end_overdue_link_mails(now).await? {
        if let Some(operation) = tx.operation(&id).await? {
            tx.record(&mailing::event(&operation, AuditKind::HandOverMailUnknown, now)).await?;
        }
    }
    Ok(())
}

/// Ends the links of accounts whose password was changed since, or may have been.
pub(in crate::services) async fn overtake(tx: &mut Writing, now: Timestamp) -> Result<(), store::Error> {
    let overtaken = tx.end_overtaken_owner_links(now).await?;
    tell(tx, &overtaken, LinkEnd::Overtaken, now).await
}

/// Ends every link that waits.
pub(in crate::services) async fn forget_all(tx: &mut Writing, now: Timestamp) -> Result<(), store::Error> {
    let forgotten = tx.end_all_owner_links(LinkEnd::Forgotten, now).await?;
    tell(tx, &forgotten, LinkEnd::Forgotten, now).await
}

/// Ends the link of an operation for somebody who may, unless it has ended.
pub(in crate::services) async fn revoke(
    tx: &mut Writing,
    asker: &Asker,
    operation: &Operation,
    now: Timestamp,
) -> Result<(), store::Error> {
    if tx.end_owner_link(&operation.id, LinkEnd::Revoked, now).await? {
        let event = asker.event(LinkEnd::Revoked.told(), now);
        let (address, operation) = (Some(operation.address.clone()), Some(operation.id.clone()));
        tx.record(&AuditEvent { address, operation, ..event }).await?;
    }
    Ok(())
}

async fn tell(tx: &mut Writing, ended: &[OperationId], end: LinkEnd, now: Timestamp) -> Result<(), store::Error> {
    for id in ended {
        if let Some(operation) = tx.operation(id).await? {
            let event = operation.event(end.told(), now);
            // Whoever typed the codes is not known; it was not who made the password.
            let is_by_others = end == LinkEnd::WrongCodes;
            let event = if is_by_others { AuditEvent { actor: None, staff_name: None, ..event } } else { event };
            tx.record(&event).await?;
        }
    }
    Ok(())
}
