//! A batch that runs: its accounts get their turn two at a time, each read afresh just before.
//!
//! Whatever stops the batch is recorded as its reason, and what has not begun stays so. Between two accounts, and in the
//! transaction that begins each, it is asked whether the batch still runs and whether the person still may.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Batches, CanBatch, LEASE, event, right_to, stopped, why};
use crate::access::envelope::Envelope;
use crate::access::{CanIn, ManageMail, ResetPasswords};
use crate::model::{
    Address, AuditKind, Batch, BatchAction, Change, HandOver, Operation, OperationKind, OperationState, Outcome,
    WhyLeftOut, WhyNot, WhyRefused, WhyStopped,
};
use crate::services::Failure;
use crate::services::directory::{Found, Freshness};
use crate::services::operations::changes::LastSeen;
use crate::services::operations::envelopes::Ready;
use crate::services::operations::petition::{Petition, Source, refusal};
use crate::store::{self, Writing};

/// So many accounts in a row whose outcome is unknown are enough.
const UNKNOWN_IN_A_ROW: usize = 3;
/// How long accounts have their turn where links and codes wait to be taken: time enough is left for that before the first are over.
const LINKS_WITHIN: Duration = Duration::from_mins(3);

/// One run of a batch.
pub(super) struct Run {
    batches: Batches,
    can: CanBatch,
    batch: Batch,
    waiting: Mutex<VecDeque<Address>>,
    /// How many ended last whose outcome is unknown.
    unknown: AtomicUsize,
    /// When it began, in time that has passed.
    began: Duration,
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
    pub fn new(batches: Batches, can: CanBatch, batch: Batch, waiting: Vec<Address>) -> Self {
        let began = batches.clock.uptime();
        Self { batches, can, batch, waiting: Mutex::new(waiting.into()), unknown: AtomicUsize::new(0), began }
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
        if self.batch.action.gives_links() && self.batches.clock.uptime().saturating_sub(self.began) > LINKS_WITHIN {
            return Err(Halt::Because(WhyStopped::LinksWait));
        }
        let ready = match self.look_at(address).await? {
            Ok(petition) => self.envelope(&petition).await?.map(|envelope| (petition, envelope)),
            Err(why) => Err(why),
        };
        let (petition, envelope) = match ready {
            Ok(ready) => ready,
            Err(why) => {
                let mut tx = self.go_on().await?;
                let standing = self.can.asker().standing(&mut tx).await.map_err(Failure::from)?;
                standing.may(right_to(self.batch.action), &self.batch.domain).map_err(Failure::from)?;
                return self.leave_out(tx, address, why).await;
            }
        };
        let turn = ledger.turn(petition.kind(), address).await?;
        let mut tx = self.go_on().await?;
        if let Some(why) = self.overtaken(&mut tx, address).await? {
            return self.leave_out(tx, address, why).await;
        }
        let admitted = match admission.admit(&mut tx, &petition).await {
            Ok(admitted) => admitted,
            Err(Failure::InFlight(OperationKind::LockOut, other)) if other.kind == OperationKind::LockOut => {
                drop((tx, turn));
                return self.wait_for(&other).await;
            }
            Err(failure) => return self.leave_out(tx, address, why::leaves_out(failure)?).await,
        };
        match ledger.begin(tx, turn, admitted, envelope).await? {
            Some(begun) => self.judge(&ledger.carry_out(begun).await),
            // An older version on another replica, which does not take turns, can have come between.
            None => self.leave_out(store.write().await?, address, WhyLeftOut::InFlight).await,
        }
    }

    /// What GleSYS says of the account, and so what is asked for, or why nothing is.
    async fn look_at(&self, address: &Address) -> Result<Result<Petition, WhyLeftOut>, Failure> {
        match &self.can {
            CanBatch::Change(can) => self.changes(can, address).await,
            CanBatch::Passwords(can) => self.resets(can, address).await,
        }
    }

    /// What the new password of the account is put into, where it goes to its owner; or why it gets none.
    async fn envelope(&self, petition: &Petition) -> Result<Result<Option<Envelope>, WhyLeftOut>, Failure> {
        let nonce = self.batch.id.nonce(self.batch.run, petition.address());
        match self.batches.admission.envelope(petition, &nonce).await {
            Ok(Ready::Now(envelope)) => Ok(Ok(envelope.map(|envelope| *envelope))),
            // Somebody carries this very run on elsewhere.
            Ok(Ready::Before(_)) => Ok(Err(WhyLeftOut::InFlight)),
            Err(failure) => why::leaves_out(failure).map(Err),
        }
    }

    async fn resets(
        &self,
        can: &CanIn<ResetPasswords>,
        address: &Address,
    ) -> Result<Result<Petition, WhyLeftOut>, Failure> {
        if let Err(failure) = self.batches.directory.fresh_account(can, address).await {
            return why::leaves_out(failure).map(Err);
        }
        let to = if self.batch.action.gives_links() { HandOver::Link } else { HandOver::Nobody };
        let stated = self.batch.grounds.stated();
        Ok(Ok(Petition::reset(can, to, address.clone(), self.source(), stated)?))
    }

    /// Lets somebody else's lock-out of the account end, which may be all that is wanted.
    async fn wait_for(&self, other: &Operation) -> Result<(), Halt> {
        self.batches.ledger.settled(&other.id, LEASE).await;
        let mut tx = self.go_on().await?;
        let why = self.overtaken(&mut tx, &other.address).await?.unwrap_or(WhyLeftOut::InFlight);
        self.leave_out(tx, &other.address, why).await
    }

    /// Whether somebody gave the account another password, or locked it out, after the confirmation page could know, and
    /// so decided later than whoever confirmed. A reset whose outcome is unknown gave nobody a password.
    async fn overtaken(&self, tx: &mut Writing, address: &Address) -> Result<Option<WhyLeftOut>, Failure> {
        let action = self.batch.action;
        if !action.is_about_passwords() {
            return Ok(None);
        }
        let later = tx.password_since(&self.batch, address).await?;
        Ok(later.map(|kind| WhyLeftOut::overtaken_by(kind, action)))
    }

    fn source(&self) -> Source {
        Source::Turn(self.batch.id.clone(), self.batch.run)
    }

    async fn changes(
        &self,
        can: &CanIn<ManageMail>,
        address: &Address,
    ) -> Result<Result<Petition, WhyLeftOut>, Failure> {
        let directory = &self.batches.directory;
        let seen = LastSeen::of(address, &self.batches.store).await?;
        let found = directory.at(can, address, Freshness::Now).await;
        let account = match found.and_then(Found::account) {
            Ok(account) => account,
            Err(failure) => return why::leaves_out(failure).map(Err),
        };
        let from = account.settings();
        let to = self.batch.action.applied_to(&from);
        if from == to {
            return Ok(Err(WhyLeftOut::Unchanged));
        }
        if let BatchAction::Quota(gib) = self.batch.action
            && directory.usage(&account).await.is_some_and(|usage| usage.is_more_than(gib))
        {
            return Ok(Err(WhyLeftOut::HoldsMore));
        }
        let change = Change::EditAccount { from, to };
        Ok(Ok(Petition::change(can, address.clone(), change, self.source())?.since(seen)))
    }

    /// Whether the next account can have its turn after one that ended like this.
    fn judge(&self, outcome: &Outcome) -> Result<(), Halt> {
        use WhyRefused::{IpNotAllowed, NoPermission, NotTheApi, TooManyCalls, WrongKey};
        if outcome.state() != OperationState::Unknown {
            self.unknown.store(0, Ordering::SeqCst);
        } else if self.unknown.fetch_add(1, Ordering::SeqCst) + 1 >= UNKNOWN_IN_A_ROW {
            return Err(Halt::Because(WhyStopped::Unknowns));
        }
        match outcome {
            Outcome::Not(
                why @ (WhyNot::NotSent(_)
                | WhyNot::Refused(WrongKey | NoPermission | IpNotAllowed | TooManyCalls | NotTheApi)),
            ) => Err(Halt::Because(WhyStopped::Glesys(*why))),
            Outcome::Done | Outcome::Not(_) | Outcome::Foreign { .. } => Ok(()),
        }
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
            tx.record(&refusal(asker, self.batch.action.kind(), address, why.name(), now)).await?;
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
