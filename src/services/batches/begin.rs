//! What must hold before a batch begins or goes on, in the transaction that records it.

use super::{Batches, CanBatch, Confirmed, Start, Started, event, may_know, right_to, to_do};
use crate::access::Asker;
use crate::model::audit_head::hex;
use crate::model::{AuditEvent, AuditKind, Batch, BatchId, BatchState, Fact, Facts, Grounds, Joint};
use crate::services::Failure;
use crate::services::batches::run::Run;
use crate::services::operations::second_person::Approved;
use crate::store::Writing;

impl Batches {
    pub(super) async fn start(&self, can: CanBatch, id: &BatchId, confirmed: &Confirmed) -> Result<Started, Failure> {
        let (now, asker, run) = (self.now(), can.asker(), confirmed.run);
        let mut tx = self.store.write().await?;
        let standing = asker.standing(&mut tx).await?;
        let before = tx.batch(id).await?.filter(|batch| may_know(asker, batch)).ok_or(Failure::NoSuchBatch)?;
        can.is_for_batch(&before)?;
        standing.may(right_to(before.action), &before.domain)?;
        if !standing.is_fresh(self.rules.fresh, now) {
            return Err(Failure::ProofTooOld);
        }
        let (grounds, approval) = self.grounds(&mut tx, asker, &before, confirmed).await?;
        if !is_confirmed(&before, confirmed) {
            return Ok(Started::No(Start::OtherDomain));
        }
        // What was put into the database past the panel after the page was made is not what the person confirms.
        let selection = hex(&tx.selection(id, before.action).await?);
        if before.state == BatchState::Proposed && confirmed.selection != selection {
            return Ok(Started::No(Start::OutOfDate));
        }
        let session = asker.session_id().ok_or(Failure::SignedOut)?;
        if !tx.run_batch(id, run, session, &grounds).await? {
            let stands = before.state == BatchState::Stopped;
            return Ok(Started::No(if stands { Start::TooLate } else { Start::Yes }));
        }
        let to_do = tx.give_turns(id, run + 1).await?;
        if to_do.is_empty() && before.state == BatchState::Done {
            return Ok(Started::No(Start::Yes));
        }
        let batch = tx.batch(id).await?.ok_or(Failure::NoSuchBatch)?;
        let begun = event(asker, &batch, AuditKind::BatchBegun, now);
        let begun = begun.with(Fact::Accounts, to_do.len()).with(Fact::Selection, selection);
        let begun = AuditEvent { facts: begun.facts.and(batch.grounds.facts()).and(approval), ..begun };
        tx.record(&begun).await?;
        tx.commit().await?;
        Ok(Started::Runs(Box::new(Run::new(self.clone(), can, batch, to_do))))
    }

    /// The grounds on which a batch is confirmed, where they are asked for, and what the audit keeps of who has approved it,
    /// where it takes a second person. What goes on has its grounds, and was approved when it began, or is approved anew.
    async fn grounds(
        &self,
        tx: &mut Writing,
        asker: &Asker,
        batch: &Batch,
        typed: &Confirmed,
    ) -> Result<(Grounds, Facts), Failure> {
        let goes_on = batch.state != BatchState::Proposed;
        if !batch.action.is_about_passwords() || (goes_on && self.rules.may_go_on(tx, batch, self.now()).await?) {
            return Ok((Grounds::default(), Facts::new()));
        }
        let (nonce, joint) = (batch.id.nonces(batch.run), Joint::of_batch(batch, 0));
        let approved = self.rules.use_approval_of(tx, &asker.staff.id, joint, (&nonce, self.now())).await?;
        let ticket = match &approved {
            Some(approved) => Some(approved.approval.ticket.clone()),
            None => self.rules.reasons.read(&typed.stated.ticket)?,
        };
        let check = approved.as_ref().and_then(|approved| approved.approval.caller.as_ref());
        // Of a whole domain they are many, and the transaction is the panel's only one while it lasts. What goes on was asked.
        let is_asked = !goes_on && !self.rules.callers.rules.is_empty();
        let items = if is_asked { tx.batch_items(&batch.id).await? } else { Vec::new() };
        let caller = self.rules.ways_for_batch(batch.action, &to_do(batch, &items)).read_after(check, &typed.stated)?;
        let approval = approved.as_ref().map(Approved::facts).unwrap_or_default();
        Ok((Grounds { ticket, caller }, approval))
    }
}

/// Whether the domain was typed, where that is asked for before all its accounts are meant.
fn is_confirmed(batch: &Batch, typed: &Confirmed) -> bool {
    batch.state != BatchState::Proposed || batch.is_confirmed_by(&typed.domain)
}
