//! Links and codes of a batch: given out together, once, to the session that had it run, and taken back together.
//!
//! A file with all of them is worth all the passwords until its parts go different ways, so it is recorded before it leaves, for
//! the batch and for each account, and there is never a second.

use std::collections::HashSet;

use super::{Batches, CanBatch, event, may_know, right_to};
use crate::access::{Asker, Standing};
use crate::model::{
    Address, AuditEvent, AuditKind, Batch, BatchId, Fact, LinkAndCode, Operation, OperationId, OperationKind,
};
use crate::services::Failure;
use crate::services::csv::Csv;
use crate::services::hand_overs::endings::revoke;
use crate::services::operations::recorded::is_recorded_all_the_same;
use crate::services::operations::reveals::{Claim, ResultState};
use crate::store::{self, Writing};

/// How they are given out.
#[derive(Clone, Copy, Debug)]
pub struct Files {
    pub csv: Csv,
    /// Links and codes in a file each.
    pub apart: bool,
}

/// What is passed on to the owner of an account.
pub struct Given {
    pub address: Address,
    pub both: LinkAndCode,
}

/// Why nothing was given out in one go.
enum Halt {
    /// This one can't be given, which was seen too late in the transaction for the others.
    At(OperationId),
    Failed(Failure),
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<store::Error> for Halt {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Batches {
    /// Gives out what waits for this session, in order of address; nothing where nothing does. That is durable before anything
    /// leaves here. What somebody has overtaken meanwhile, or what can't be opened, keeps nothing else back.
    ///
    /// # Errors
    /// [`Failure`]: nothing was given out.
    pub async fn give(&self, can: &CanBatch, id: &BatchId, files: Files) -> Result<Vec<Given>, Failure> {
        let mut passed_over = HashSet::new();
        loop {
            match self.give_but(can, id, files, &passed_over).await {
                Ok(given) => return Ok(given),
                Err(Halt::At(operation)) => {
                    tracing::warn!(
                        operation = operation.as_str(),
                        "a link and code could not be given out with others"
                    );
                    passed_over.insert(operation);
                }
                Err(Halt::Failed(failure)) => return Err(failure),
            }
        }
    }

    async fn give_but(
        &self,
        can: &CanBatch,
        id: &BatchId,
        files: Files,
        passed_over: &HashSet<OperationId>,
    ) -> Result<Vec<Given>, Halt> {
        let (asker, now) = (can.asker(), self.clock.now());
        let (mut tx, batch, _) = self.to_act(can, id).await?;
        let mut given = Vec::new();
        for operation in tx.operations_of_batch(id).await? {
            if operation.is_ready_for(asker.holder().as_ref(), now) && !passed_over.contains(&operation.id) {
                given.extend(self.claim(&mut tx, asker, &operation).await?);
            }
        }
        if given.is_empty() {
            return Ok(given);
        }
        let shown = event(asker, &batch, AuditKind::BatchShown, now).with(Fact::Accounts, given.len());
        let facts = shown.facts.with(Fact::Format, files.csv.name());
        let shown = AuditEvent { facts: facts.with_some(Fact::Apart, files.apart.then_some(true)), ..shown };
        tx.record(&shown).await?;
        match tx.commit().await {
            Err(error) if !is_recorded_all_the_same(&self.store, &shown).await => Err(error.into()),
            _ => Ok(given),
        }
    }

    /// Takes link and code of one account out; nothing where its password is worth nothing any more.
    async fn claim(&self, tx: &mut Writing, asker: &Asker, operation: &Operation) -> Result<Option<Given>, Halt> {
        match self.reveals.claim_in(tx, asker, operation).await {
            Ok(Claim::Made(ResultState::LinkAndCode(both), _)) => {
                Ok(Some(Given { address: operation.address.clone(), both }))
            }
            Ok(Claim::Overtaken(_)) => Ok(None),
            Ok(Claim::Made(..) | Claim::TooLate) | Err(store::Error::Unreadable(_)) => {
                Err(Halt::At(operation.id.clone()))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Takes all links back that wait. Their passwords are wiped: nobody has them.
    ///
    /// # Errors
    /// [`Failure`]: none was taken back.
    pub async fn revoke(&self, can: &CanBatch, id: &BatchId) -> Result<(), Failure> {
        let (asker, now) = (can.asker(), self.clock.now());
        let (mut tx, _, standing) = self.to_act(can, id).await?;
        let own = tx.staff_mailboxes(now).await?;
        for operation in tx.operations_of_batch(id).await? {
            let may = self.rules.allow(OperationKind::ResetPassword, &standing.staff, &operation.address, &own);
            if may.is_ok() {
                revoke(&mut tx, asker, &operation, now).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// A transaction in which somebody may act on a batch, as they stand in it.
    async fn to_act(&self, can: &CanBatch, id: &BatchId) -> Result<(Writing, Batch, Standing), Failure> {
        let mut tx = self.store.write().await?;
        let standing = can.asker().standing(&mut tx).await?;
        let batch = tx.batch(id).await?.filter(|batch| may_know(can.asker(), batch)).ok_or(Failure::NoSuchBatch)?;
        can.is_for_batch(&batch)?;
        standing.may(right_to(batch.action), &batch.domain)?;
        Ok((tx, batch, standing))
    }
}
