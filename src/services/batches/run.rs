//! A batch that runs: its accounts get their turn two at a time, each read afresh just before.
//!
//! Whatever stops the batch is recorded as its reason, and what has not begun stays so. Between two accounts, and in the
//! transaction that begins each, it is asked whether the batch still runs and whether the person still may.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Batches, event, stopped, why};
use crate::access::{CanIn, ManageMail, RightName};
use crate::model::{
    Address, AuditKind, Batch, BatchAction, Change, OperationKind, Outcome, WhyLeftOut, WhyNot, WhyRefused, WhyStopped,
};
use crate::services::Failure;
use crate::services::directory::{Found, Freshness};
use crate::services::operations::changes::LastSeen;
use crate::services::operations::petition::{Petition, Source, refusal};
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
    LeaveOut(WhyLeftOut),
}

/// Why a run ends before its accounts do.
enum Halt {
    /// It was stopped from elsewhere.
    Stopped,
    /// Something went wrong that would go wrong for the next account too.
    Failed(Failure),
    /// No other account is to have its turn.
    Because(WhyStopped),
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
            Err(Halt::Failed(failure)) => {
                tracing::warn!(batch = self.batch.id.as_str(), error = %failure, "a batch stopped");
                self.end(Some(why::stops(&failure))).await
            }
            Err(Halt::Because(why)) => self.end(Some(why)).await,
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
        let Batches { admission, ledger, store, .. } = &self.batches;
        if ledger.is_stopping() {
            return Err(Failure::Stopping.into());
        }
        let seen = LastSeen::of(address, store).await?;
        let change = match self.look_at(address).await? {
            Next::Change(change) => change,
            Next::LeaveOut(why) => {
                let mut tx = self.go_on().await?;
                let standing = self.can.asker().standing(&mut tx).await.map_err(Failure::from)?;
                standing.may(RightName::ManageMail, &self.batch.domain).map_err(Failure::from)?;
                return self.leave_out(tx, address, why).await;
            }
        };
        let turn = ledger.turn(change.kind(), address).await?;
        let source = Source::Turn(self.batch.id.clone(), self.batch.run);
        let petition = Petition::change(&self.can, address.clone(), change, source).map_err(Failure::from)?.since(seen);
        let mut tx = self.go_on().await?;
        let admitted = match admission.admit(&mut tx, &petition).await {
            Ok(admitted) => admitted,
            Err(failure) => return self.leave_out(tx, address, why::leaves_out(failure)?).await,
        };
        match ledger.begin(tx, turn, admitted).await? {
            Some(begun) => judge(&ledger.carry_out(begun).await),
            // An older version on another replica, which does not take turns, can have come between.
            None => self.leave_out(store.write().await?, address, WhyLeftOut::InFlight).await,
        }
    }

    /// What GleSYS says of the account now, and so what is to be done.
    async fn look_at(&self, address: &Address) -> Result<Next, Failure> {
        let directory = &self.batches.directory;
        let found = directory.at(&self.can, address, Freshness::Now).await;
        let account = match found.and_then(Found::account) {
            Ok(account) => account,
            Err(failure) => return why::leaves_out(failure).map(Next::LeaveOut),
        };
        let from = account.settings();
        let to = self.batch.action.applied_to(&from);
        if from == to {
            return Ok(Next::LeaveOut(WhyLeftOut::Unchanged));
        }
        if let BatchAction::Quota(gib) = self.batch.action
            && directory.usage(&account).await.is_some_and(|usage| usage.is_more_than(gib))
        {
            return Ok(Next::LeaveOut(WhyLeftOut::HoldsMore));
        }
        Ok(Next::Change(Change::EditAccount { from, to }))
    }

    /// A transaction in which the batch still runs.
    async fn go_on(&self) -> Result<Writing, Halt> {
        let mut tx = self.batches.store.write().await?;
        if !tx.keep_batch(&self.batch.id, self.batch.run).await? {
            return Err(Halt::Stopped);
        }
        if self.batches.ledger.is_stopping() {
            return Err(Failure::Stopping.into());
        }
        Ok(tx)
    }

    async fn leave_out(&self, mut tx: Writing, address: &Address, why: WhyLeftOut) -> Result<(), Halt> {
        tx.leave_out(&self.batch.id, address, why).await?;
        if why != WhyLeftOut::Unchanged {
            let now = self.batches.clock.now();
            let asker = self.can.asker();
            tx.record(&refusal(asker, OperationKind::EditAccount, address, why.name(), now)).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Records the end. When that fails, the lease runs out.
    async fn end(&self, why: Option<WhyStopped>) -> Result<(), store::Error> {
        let now = self.batches.clock.now();
        let mut tx = self.batches.store.write().await?;
        let ended = tx.end_batch(&self.batch.id, self.batch.run, why, now).await?;
        if let Some(why) = why.filter(|_| ended) {
            let event = event(self.can.asker(), &self.batch, AuditKind::BatchStopped, now);
            tx.record(&stopped(event, why)).await?;
        }
        tx.commit().await
    }
}

/// Whether the next account can have its turn after one that ended like this.
fn judge(outcome: &Outcome) -> Result<(), Halt> {
    use WhyRefused::{IpNotAllowed, NoPermission, NotTheApi, TooManyCalls, WrongKey};
    match outcome {
        Outcome::Not(
            why @ (WhyNot::NotSent(_)
            | WhyNot::Refused(WrongKey | NoPermission | IpNotAllowed | TooManyCalls | NotTheApi)),
        ) => Err(Halt::Because(WhyStopped::Glesys(*why))),
        Outcome::Done | Outcome::Not(_) | Outcome::Foreign { .. } => Ok(()),
    }
}
