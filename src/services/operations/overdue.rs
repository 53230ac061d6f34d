//! What ends without anybody doing it: operations that nobody carries out any more, and passwords that nobody opened in
//! time. The sweeper asks for it; whoever accepts an older database ends all of them at once.

use jiff::Timestamp;

use super::ledger::SHOWN_WITHIN;
use super::{Ledger, Reveals};
use crate::model::clock::Ends;
use crate::model::{AuditEvent, AuditKind, Operation, OperationId, Outcome, WhyNot, WhyUnknown};
use crate::services::hand_overs::endings;
use crate::store::{self, Writing};

impl Ledger {
    /// Ends operations that nobody is carrying out any more: how they ended is unknown.
    pub async fn give_up_overdue(&self) -> Result<(), store::Error> {
        self.look_back().await?;
        let running = self.0.store.read().await?.operations_in_flight().await?;
        for operation in running.into_iter().filter(|operation| operation.has_outlived_its_lease(&self.0.hindsight)) {
            self.give_up(&operation, self.0.clock.now()).await?;
        }
        Ok(())
    }

    async fn give_up(&self, operation: &Operation, now: Timestamp) -> Result<(), store::Error> {
        let mut tx = self.0.store.write().await?;
        if is_unknown(&mut tx, operation, WhyUnknown::LeaseRanOut, now).await? {
            self.0.directory.doubt(operation.address.domain());
        }
        tx.commit().await
    }
}

impl Reveals {
    /// Forgets passwords that nobody opened in time, and says so in the audit.
    pub async fn forget_expired(&self) -> Result<(), store::Error> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let made_by = self.ledger.hindsight().before(SHOWN_WITHIN.unsigned_abs()).filter(|(_, is_so_old)| *is_so_old);
        let made_by = made_by.map(|(tick, _)| tick);
        let gone = tx.remove_expired_sealed(Ends::to_come(SHOWN_WITHIN, now), made_by).await?;
        record_gone(&mut tx, &gone, AuditKind::ResetExpired, now).await?;
        tx.commit().await
    }
}

/// Records of every operation in flight that nobody will know how it ended.
pub(in crate::services) async fn all_are_unknown(
    tx: &mut Writing,
    why: WhyUnknown,
    now: Timestamp,
) -> Result<(), store::Error> {
    for operation in tx.operations_in_flight().await? {
        is_unknown(tx, &operation, why, now).await?;
    }
    Ok(())
}

async fn is_unknown(
    tx: &mut Writing,
    operation: &Operation,
    why: WhyUnknown,
    now: Timestamp,
) -> Result<bool, store::Error> {
    let outcome = Outcome::Not(WhyNot::Unknown(why));
    let ended = tx.end_operation(&operation.id, &outcome, now).await?.is_some();
    if ended {
        let event = operation.event(operation.kind.outcome(), now);
        tx.record(&AuditEvent { outcome: Some(outcome.code()), ..event }).await?;
        // Whoever could have sent its link is gone.
        tx.remove_link_mail(&operation.id).await?;
        endings::overtake(tx, now).await?;
    }
    Ok(ended)
}

/// Forgets every password that waits, for staff or for an owner, and says so in the audit.
pub(in crate::services) async fn forget_all(tx: &mut Writing, now: Timestamp) -> Result<(), store::Error> {
    let gone = tx.forget_all_sealed(now).await?;
    record_gone(tx, &gone, AuditKind::ResetForgotten, now).await?;
    endings::forget_all(tx, now).await
}

async fn record_gone(
    tx: &mut Writing,
    gone: &[OperationId],
    kind: AuditKind,
    now: Timestamp,
) -> Result<(), store::Error> {
    for id in gone {
        if let Some(operation) = tx.operation(id).await? {
            tx.record(&operation.event(kind, now)).await?;
        }
    }
    Ok(())
}
