//! A batch that runs: its accounts get their turn two at a time, each read afresh just before.
//!
//! Whatever stops the batch is recorded as its reason, and what has not begun stays so. Between two accounts, and in the
//! transaction that begins each, it is asked whether the batch still runs and whether the person still may.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Batches, event, stopped};
use crate::access::{Asker, CanIn, Denied, ManageMail, RightName, holds};
use crate::model::batch::{HOLDS_MORE, UNCHANGED};
use crate::model::{Address, AuditEvent, AuditKind, Batch, BatchAction, Change, OperationState, Outcome, Staff};
use crate::services::Failure;
use crate::services::operations::admission::Known;
use crate::services::operations::intent::Intent;
use crate::store::{self, Writing};

/// One run of a batch.
pub(super) struct Run {
    batches: Batches,
    can: CanIn<ManageMail>,
    batch: Batch,
    waiting: Mutex<VecDeque<Address>>,
}

/// What is to be done with an account.
enum Next {
    Change(Change),
    LeaveOut(&'static str),
}

/// Why a run ends before its accounts do.
enum Halt {
    /// It was stopped from elsewhere.
    Stopped,
    /// It has to be stopped.
    Because(Failure),
    /// No change at all will be made, for this reason.
    Refused(String),
}

/// Why a batch stops whose person may not sign in any more.
const DISABLED: &str = "disabled";

/// Why GleSYS refuses one account and would refuse any other.
const FOR_ALL: [&str; 5] = ["wrong_key", "no_permission", "ip_not_allowed", "too_many_calls", "not_the_api"];

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        Self::Because(failure)
    }
}

impl From<store::Error> for Halt {
    fn from(error: store::Error) -> Self {
        Self::Because(error.into())
    }
}

impl Run {
    pub fn new(batches: Batches, can: CanIn<ManageMail>, batch: Batch, waiting: Vec<Address>) -> Self {
        Self { batches, can, batch, waiting: Mutex::new(waiting.into()) }
    }

    /// Does it all, or as much as can be.
    pub async fn go(self) {
        let (one, other) = tokio::join!(self.work(), self.work());
        let ended = match one.and(other) {
            Ok(()) => self.end(None).await,
            Err(Halt::Stopped) => return,
            Err(Halt::Because(failure)) => {
                tracing::warn!(batch = self.batch.id.as_str(), error = %failure, "a batch stopped");
                self.end(Some(failure.code())).await
            }
            Err(Halt::Refused(reason)) => self.end(Some(&reason)).await,
        };
        if let Err(error) = ended {
            tracing::error!(batch = self.batch.id.as_str(), %error, "the end of a batch could not be recorded");
        }
    }

    /// Takes one account after another. Whoever has to stop stops the other too.
    async fn work(&self) -> Result<(), Halt> {
        while let Some(address) = self.next() {
            if let Err(halt) = Box::pin(self.take(&address)).await {
                self.waiting().clear();
                return Err(halt);
            }
        }
        Ok(())
    }

    fn next(&self) -> Option<Address> {
        self.waiting().pop_front()
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Address>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn take(&self, address: &Address) -> Result<(), Halt> {
        let admission = &self.batches.changes.admission;
        let ledger = &admission.ledger;
        if ledger.is_stopping() {
            return Err(Failure::Stopping.into());
        }
        let seen = self.batches.changes.last_seen(address).await?;
        let next = self.look_at(address).await?;
        let turn = match &next {
            Next::Change(change) => Some(ledger.turn(change.kind(), address).await?),
            Next::LeaveOut(_) => None,
        };
        let mut tx = admission.store.write().await?;
        let staff = self.must_go_on(&mut tx).await?;
        let (change, turn) = match (next, turn) {
            (Next::Change(change), Some(turn)) => (change, turn),
            (Next::LeaveOut(why), _) => return self.leave_out(tx, address, why).await,
            (Next::Change(_), None) => return Ok(()),
        };
        let nonce = self.batch.id.nonce(self.batch.run, address);
        let intent = Intent::change(&self.can, address.clone(), change).map_err(Failure::from)?.named(nonce);
        let known = Known { page: None, seen: Some(&seen), batched: true };
        let admitted = match admission.admit(&mut tx, &staff, intent, known).await {
            Ok(admitted) => admitted,
            // Those would stop the next account too.
            Err(failure @ (Failure::Store(_) | Failure::LimitReached { .. })) => return Err(failure.into()),
            Err(failure) => return self.leave_out(tx, address, failure.code()).await,
        };
        match ledger.begin(tx, turn, admitted).await? {
            Some(begun) => judge(ledger.carry_out(begun).await),
            // An older version on another replica, which does not take turns, can have come between.
            None => self.leave_out(admission.store.write().await?, address, "in_flight").await,
        }
    }

    /// What GleSYS says of the account now, and so what is to be done.
    async fn look_at(&self, address: &Address) -> Result<Next, Failure> {
        let directory = &self.batches.directory;
        let account = match directory.account_now(&self.can, address).await {
            Ok(account) => account,
            Err(gone @ (Failure::NoSuchAccount(_) | Failure::IsAlias { .. })) => {
                return Ok(Next::LeaveOut(gone.code()));
            }
            Err(failure) => return Err(failure),
        };
        let from = account.settings();
        let to = self.batch.action.applied_to(&from);
        if from == to {
            return Ok(Next::LeaveOut(UNCHANGED));
        }
        if let BatchAction::Quota(gib) = self.batch.action
            && directory.usage(&account).await.is_some_and(|usage| usage.is_more_than(gib))
        {
            return Ok(Next::LeaveOut(HOLDS_MORE));
        }
        Ok(Next::Change(Change::EditAccount { from, to }))
    }

    /// Whether the batch still runs and the person still may, in the transaction that relies on it.
    async fn must_go_on(&self, tx: &mut Writing) -> Result<Staff, Halt> {
        let admission = &self.batches.changes.admission;
        if !tx.keep_batch(&self.batch.id, self.batch.run).await? {
            return Err(Halt::Stopped);
        }
        if admission.ledger.is_stopping() {
            return Err(Failure::Stopping.into());
        }
        let Asker { session, staff, .. } = self.can.asker();
        let Some(standing) = tx.session(&session.id).await? else {
            let is_disabled = tx.staff_member(&staff.id).await?.is_some_and(|known| known.staff.disabled_at.is_some());
            return Err(if is_disabled { Halt::Refused(DISABLED.to_owned()) } else { Failure::SignedOut.into() });
        };
        if !holds(&standing.staff, RightName::ManageMail, &self.batch.domain) {
            let domain = Some(self.batch.domain.clone());
            return Err(Failure::from(Denied { right: RightName::ManageMail, domain }).into());
        }
        Ok(standing.staff)
    }

    async fn leave_out(&self, mut tx: Writing, address: &Address, why: &str) -> Result<(), Halt> {
        tx.leave_out(&self.batch.id, address, why).await?;
        if why != UNCHANGED {
            let now = self.batches.changes.admission.clock.now();
            tx.record(&AuditEvent {
                address: Some(address.clone()),
                outcome: Some(why.to_owned()),
                ..self.can.asker().event(AuditKind::ChangeRefused, now)
            })
            .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Records the end. When that fails, the lease runs out.
    async fn end(&self, why: Option<&str>) -> Result<(), store::Error> {
        let admission = &self.batches.changes.admission;
        let now = admission.clock.now();
        let mut tx = admission.store.write().await?;
        let ended = tx.end_batch((&self.batch.id, self.batch.run), why, now).await?;
        if let Some(why) = why.filter(|_| ended) {
            let event = event(self.can.asker(), &self.batch, AuditKind::BatchStopped, now);
            tx.record(&stopped(event, &self.batch, why)).await?;
        }
        tx.commit().await
    }
}

/// Whether the next account can have its turn after one that ended like this.
fn judge(outcome: Outcome) -> Result<(), Halt> {
    match outcome.reason {
        Some(reason) if outcome.state == OperationState::NotSent || FOR_ALL.contains(&reason.as_str()) => {
            Err(Halt::Refused(reason))
        }
        _ => Ok(()),
    }
}
