//! A posted page: at most one operation comes of it, however often it is posted. A refusal is recorded.

use std::time::Duration;

use tokio::sync::oneshot;

use super::{Admission, Named};
use crate::model::OperationId;
use crate::services::Failure;
use crate::services::operations::ledger::Begun;
use crate::services::operations::petition::{Petition, refusal};

/// How long the answer to a confirmation waits for the operation, which mostly spares the person the working page.
const HEAD_START: Duration = Duration::from_millis(1500);

/// What a posted page came to.
enum Posted {
    /// It began this operation, which is now to be carried out.
    Now(Box<Begun>),
    /// It was used before: it goes to the operation that it began then.
    Before(OperationId),
}

impl Admission {
    /// Takes what somebody asks for: at most one call to GleSYS comes of it, however often the same page is posted. Returns
    /// the operation to look at; the operation itself goes on if the caller doesn't.
    ///
    /// # Errors
    /// [`Failure`]: nothing was sent. The refusal is in the audit.
    pub async fn confirm(&self, petition: Petition) -> Result<OperationId, Failure> {
        let (tell, told) = oneshot::channel();
        let this = self.clone();
        let named = self.name(&petition);
        let began = self.ledger.spawn(async move {
            match this.take(&petition).await {
                Ok(Posted::Now(begun)) => {
                    // Nobody may be listening any more; the operation is recorded and goes on all the same.
                    let _ = tell.send(Ok(begun.id().clone()));
                    this.ledger.carry_out(*begun).await;
                }
                Ok(Posted::Before(id)) => drop(tell.send(Ok(id))),
                Err(failure) => drop(tell.send(Err(failure))),
            }
        });
        if let (Err(stopping), Ok(Named { nonce, .. })) = (&began, named) {
            tracing::debug!(%stopping, "a confirmation came too late");
            let before = self.store.read().await?.operation_of_nonce(&nonce).await?;
            return before.map(|before| before.id).ok_or(Failure::Stopping);
        }
        began?;
        let id = told.await.map_err(|_| Failure::Stopping)??;
        self.ledger.settled(&id, HEAD_START).await;
        Ok(id)
    }

    async fn take(&self, petition: &Petition) -> Result<Posted, Failure> {
        let posted = self.check_and_begin(petition).await;
        if let Err(failure) = &posted {
            let (kind, address) = (petition.kind(), petition.address());
            let event = refusal(petition.asker(), kind, address, failure.code(), self.clock.now());
            let audit = self.audit.clone();
            let recording = async move { audit.record_or_log(&event).await };
            if matches!(failure, Failure::Store(_)) {
                // The person has waited for the database once already.
                drop(self.ledger.spawn(recording));
            } else {
                recording.await;
            }
        }
        posted
    }

    async fn check_and_begin(&self, petition: &Petition) -> Result<Posted, Failure> {
        let (kind, address) = (petition.kind(), petition.address());
        let Named { nonce, .. } = self.name(petition)?;
        // Before the transaction, which is the panel's only one while it lasts.
        let turn = self.ledger.turn(kind, address).await;
        let mut tx = self.store.write().await?;
        if let Some(before) = tx.operation_of_nonce(&nonce).await? {
            return Ok(Posted::Before(before.id));
        }
        // Nothing was written in this transaction yet, so all of this is durable.
        self.ledger.hindsight().saw(tx.last_tick().await?);
        let admitted = self.admit(&mut tx, petition).await?;
        if let Some(begun) = self.ledger.begin(tx, turn?, admitted).await? {
            return Ok(Posted::Now(begun.into()));
        }
        // Writers take turns, so only what does not, an older version on another replica, can have come between.
        let mut reading = self.store.read().await?;
        if let Some(before) = reading.operation_of_nonce(&nonce).await? {
            return Ok(Posted::Before(before.id));
        }
        let last = reading.operations_on(address, 1).await?.into_iter().next();
        Err(last.map_or(Failure::Stopping, |last| Failure::InFlight(kind, Box::new(last))))
    }
}
