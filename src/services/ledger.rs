//! The ledger: the only way to a change at GleSYS, and the only holder of the client's writing half.
//!
//! A change is recorded before it is tried and its outcome after: [`Ledger::begin`] makes the intent durable and gives
//! a [`Begun`], which nothing else can make; [`Ledger::carry_out`] spends it on exactly one call. Both run in a tracked
//! task ([`Ledger::spawn`]), so that an operation goes on when the browser leaves.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use super::Failure;
use super::seal::Seal;
use crate::access::{CanIn, ResetPasswords};
use crate::glesys;
use crate::model::{
    Address, AuditEvent, AuditKind, Clock, Entropy, OneTimePassword, Operation, OperationId, OperationState, Outcome,
    SessionId,
};
use crate::store::{self, NewOperation, Store, Writing};

/// How long an operation may stay in flight: the call's 30 s and time to record how it ended.
pub const LEASE: SignedDuration = SignedDuration::from_secs(45);
/// How long a call takes at most (`glesys::Timing`).
const CALL: SignedDuration = SignedDuration::from_secs(30);
/// How long a password waits for its showing.
pub const SHOWN_WITHIN: SignedDuration = SignedDuration::from_mins(5);
/// How often an outcome that could not be recorded is tried again, a second apart; then the lease runs out.
const RECORD_TRIES: u32 = 10;
/// How long one try may take. A database that went away in the middle of a statement may never answer.
const RECORD_WITHIN: Duration = Duration::from_secs(10);

/// What becomes an operation.
#[derive(Debug)]
pub struct Intent {
    pub can: CanIn<ResetPasswords>,
    pub address: Address,
    /// Names the confirmation; used once.
    pub nonce: String,
    pub ticket: Option<String>,
}

/// An operation whose intent is durable and whose call has not been made. Not cloneable: one intent, one call.
#[derive(Debug)]
pub struct Begun {
    id: OperationId,
    intent: Intent,
    lease_until: Timestamp,
    turn: glesys::Turn,
    running: Running,
}

impl Begun {
    pub const fn id(&self) -> &OperationId {
        &self.id
    }
}

/// The ledger. Cloned freely.
#[derive(Clone)]
pub struct Ledger(Arc<Inner>);

struct Inner {
    store: Store,
    writer: glesys::Writer,
    clock: Clock,
    entropy: Entropy,
    tasks: TaskTracker,
    running: Arc<Board>,
}

/// The operations that run in this process; the receiver wakes when the sender is dropped.
#[derive(Debug, Default)]
struct Board(Mutex<HashMap<OperationId, watch::Receiver<()>>>);

/// An operation's place on the board, which it leaves however it ends.
#[derive(Debug)]
struct Running {
    id: OperationId,
    board: Arc<Board>,
    _done: watch::Sender<()>,
}

impl Board {
    fn put(self: &Arc<Self>, id: &OperationId) -> Running {
        let (done, running) = watch::channel(());
        self.lock().insert(id.clone(), running);
        Running { id: id.clone(), board: self.clone(), _done: done }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<OperationId, watch::Receiver<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.board.lock().remove(&self.id);
    }
}

impl Ledger {
    pub fn new(store: Store, writer: glesys::Writer, clock: Clock, entropy: Entropy) -> Self {
        Self(Arc::new(Inner { store, writer, clock, entropy, tasks: TaskTracker::new(), running: Arc::default() }))
    }

    /// Runs a task that the panel waits for before it stops.
    ///
    /// # Errors
    /// [`Failure::Stopping`] when the panel is stopping already.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> Result<(), Failure> {
        // Counted before it is asked whether the panel stops: otherwise the panel could have stopped in between.
        let task = self.0.tasks.track_future(task);
        if self.0.tasks.is_closed() {
            return Err(Failure::Stopping);
        }
        tokio::spawn(task);
        Ok(())
    }

    /// Begins nothing new and waits until everything that runs has ended.
    pub async fn stop(&self) {
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }

    /// Waits, a little, for a turn to make a change at GleSYS.
    ///
    /// # Errors
    /// [`Failure::Glesys`]: GleSYS does not answer or too many changes run, so none shall be begun.
    pub async fn turn(&self) -> Result<glesys::Turn, Failure> {
        Ok(self.0.writer.turn().await?)
    }

    /// Makes an intent durable, in the transaction in which its conditions were checked. `None`: between the check and
    /// here somebody used the same confirmation or began another operation on the account.
    ///
    /// # Errors
    /// [`Failure::Store`]: nothing was recorded that can be relied upon, and no call may be made.
    pub async fn begin(&self, mut tx: Writing, turn: glesys::Turn, intent: Intent) -> Result<Option<Begun>, Failure> {
        let now = self.0.clock.now();
        let id =
            OperationId::parse(&self.0.entropy.id(&self.0.clock)).map_err(|_| store::Error::Unreadable("an id"))?;
        let lease_until = now + LEASE;
        let asker = intent.can.asker();
        let added = tx
            .add_operation(&NewOperation {
                id: &id,
                nonce: &intent.nonce,
                address: &intent.address,
                staff: &asker.staff.id,
                session: &asker.session.id,
                ticket: intent.ticket.as_deref(),
                begun_at: now,
                lease_until,
            })
            .await?;
        if !added {
            return Ok(None);
        }
        tx.record(&event(&intent, &id, AuditKind::ResetIntent, now)).await?;
        let running = self.0.running.put(&id);
        let begun = Begun { id, intent, lease_until, turn, running };
        match tx.commit().await {
            Ok(()) => Ok(Some(begun)),
            Err(error) => {
                self.withdraw(begun);
                Err(error.into())
            }
        }
    }

    /// Whether the intent became durable is not known; that nothing was sent is. Recorded as soon as that can be done.
    fn withdraw(&self, begun: Begun) {
        let this = self.clone();
        let outcome = Outcome { state: OperationState::NotSent, reason: Some("not_recorded".to_owned()) };
        // When the panel is stopping the lease runs out, which says less but nothing untrue.
        drop(self.spawn(async move { this.end(&begun.id, &begun.intent, &outcome, None, begun.lease_until).await }));
    }

    /// Makes the one call and records how it ended.
    pub async fn carry_out(&self, begun: Begun) {
        let Begun { id, intent, lease_until, turn, running } = begun;
        // After its lease others take the operation for ended; a call then could void a password shown since.
        let (outcome, password) = if self.0.clock.now() + CALL > lease_until {
            (Outcome { state: OperationState::NotSent, reason: Some("too_late".to_owned()) }, None)
        } else {
            judge(self.0.writer.reset_password(turn, &intent.address).await)
        };
        let sealed = password.and_then(|password| {
            let seal = Seal::new(&intent.can.asker().session, &id).ok()?;
            seal.close(password).ok()
        });
        tracing::info!(operation = id.as_str(), state = outcome.state.name(), reason = outcome.reason, "a reset ended");
        self.end(&id, &intent, &outcome, sealed.as_deref(), lease_until).await;
        drop(running);
    }

    /// Records how an operation ended, and tries again for as long as its lease runs.
    async fn end(
        &self,
        id: &OperationId,
        intent: &Intent,
        outcome: &Outcome,
        sealed: Option<&[u8]>,
        lease_until: Timestamp,
    ) {
        for _ in 0..RECORD_TRIES {
            match tokio::time::timeout(RECORD_WITHIN, self.record(id, intent, outcome, sealed)).await {
                Ok(Ok(())) => return,
                Ok(Err(error)) => tracing::error!(operation = id.as_str(), %error, "the outcome could not be recorded"),
                Err(_) => tracing::error!(operation = id.as_str(), "the outcome could not be recorded in time"),
            }
            if self.0.clock.now() >= lease_until {
                return;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    async fn record(
        &self,
        id: &OperationId,
        intent: &Intent,
        outcome: &Outcome,
        sealed: Option<&[u8]>,
    ) -> Result<(), store::Error> {
        let now = self.0.clock.now();
        let session: SessionId = intent.can.asker().session.id.clone();
        let mut tx = self.0.store.write().await?;
        // False: the sweeper was faster, or an earlier try was committed although it looked as if it failed.
        if tx.end_operation(id, outcome, now).await? {
            if let Some(sealed) = sealed {
                tx.put_sealed(id, &session, sealed, now + SHOWN_WITHIN).await?;
            }
            let event = event(intent, id, AuditKind::ResetOutcome, now);
            tx.record(&AuditEvent { outcome: Some(outcome.code()), ..event }).await?;
        }
        tx.commit().await
    }

    /// Waits until an operation that runs in this process has ended, at most so long.
    pub async fn settled(&self, id: &OperationId, at_most: Duration) {
        let running = self.0.running.lock().get(id).cloned();
        if let Some(mut running) = running {
            // An error is the news that the sender is gone, which is what ends the waiting.
            let _ = tokio::time::timeout(at_most, running.changed()).await;
        }
    }

    /// Ends operations that nobody is carrying out any more: how they ended is unknown.
    ///
    /// # Errors
    /// [`store::Error`].
    pub async fn give_up_overdue(&self) -> Result<(), store::Error> {
        let now = self.0.clock.now();
        let overdue = self.0.store.read().await?.overdue_operations(now).await?;
        for operation in overdue {
            self.give_up(&operation, now).await?;
        }
        Ok(())
    }

    async fn give_up(&self, operation: &Operation, now: Timestamp) -> Result<(), store::Error> {
        let outcome = Outcome { state: OperationState::Unknown, reason: Some("lease_ran_out".to_owned()) };
        let mut tx = self.0.store.write().await?;
        if tx.end_operation(&operation.id, &outcome, now).await? {
            let event = operation.event(AuditKind::ResetOutcome, now);
            tx.record(&AuditEvent { outcome: Some(outcome.code()), ..event }).await?;
        }
        tx.commit().await
    }
}

fn event(intent: &Intent, id: &OperationId, kind: AuditKind, at: Timestamp) -> AuditEvent {
    AuditEvent {
        address: Some(intent.address.clone()),
        operation: Some(id.clone()),
        detail: intent.ticket.clone(),
        ..intent.can.asker().event(kind, at)
    }
}

/// Which of the three worlds an answer puts us in.
fn judge(answer: Result<OneTimePassword, glesys::Error>) -> (Outcome, Option<OneTimePassword>) {
    let error = match answer {
        Ok(password) => return (Outcome { state: OperationState::Done, reason: None }, Some(password)),
        Err(error) => error,
    };
    let state = error.state();
    tracing::warn!(state = state.name(), %error, "GleSYS did not do a reset, or did not say so");
    (Outcome { state, reason: Some(error.reason().to_owned()) }, None)
}
