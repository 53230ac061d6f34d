//! The ledger: the only way to a change at GleSYS, and the only holder of the client's writing half.
//!
//! A change is recorded before it is tried and its outcome after: [`Ledger::begin`] makes the intent durable and gives
//! a [`Begun`], which nothing else can make; [`Ledger::carry_out`] spends it on exactly one call. Both run in a tracked
//! task ([`Ledger::spawn`]), so that an operation goes on when the browser leaves. What GleSYS confirmed, the directory
//! knows before the operation has ended.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio_util::task::TaskTracker;

use super::admission::Admitted;
use super::envelopes::Sealed;
use super::mailing;
use super::petition::{Petition, Task};
use super::running::{Board, Running};
use crate::access::envelope::Envelope;
use crate::glesys::{self, Changed};
use crate::model::{
    Address, AuditEvent, AuditKind, Clock, Entropy, HandOver, Hindsight, Lease, Mailbox, OneTimePassword, Operation,
    OperationId, OperationKind, Outcome, WhyNot, WhyNotSent,
};
use crate::services::hand_overs::endings;
use crate::services::{Directory, Failure, Outbox, contacts};
use crate::store::{self, NewOwnerLink, Store, Writing};

/// How long a call takes at most (`glesys::Timing`).
const CALL: Duration = Duration::from_secs(30);
/// How long a password waits for its showing.
pub const SHOWN_WITHIN: SignedDuration = SignedDuration::from_mins(5);
/// How often an outcome that could not be recorded is tried again, a second apart; then the lease runs out.
const RECORD_TRIES: u32 = 10;
/// How long one try may take. A database that went away in the middle of a statement may never answer.
const RECORD_WITHIN: Duration = Duration::from_secs(10);

/// An operation whose intent is durable and whose call has not been made. Not cloneable: one intent, one call.
pub struct Begun {
    id: OperationId,
    admitted: Admitted,
    /// What the new password is put into, if it goes by link.
    envelope: Option<Envelope>,
    lease: Lease,
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
pub struct Ledger(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub store: Store,
    writer: glesys::Writer,
    pub directory: Directory,
    pub clock: Clock,
    pub hindsight: Hindsight,
    entropy: Entropy,
    pub(super) outbox: Arc<Outbox>,
    tasks: TaskTracker,
    pub(super) running: Arc<Board>,
}

impl Ledger {
    pub fn new(writer: glesys::Writer, directory: Directory, outbox: Arc<Outbox>, entropy: Entropy) -> Self {
        let (tasks, running, hindsight) = (TaskTracker::new(), Arc::default(), directory.hindsight().clone());
        let (store, clock) = (outbox.store.clone(), outbox.clock.clone());
        Self(Arc::new(Inner { store, writer, directory, clock, hindsight, entropy, outbox, tasks, running }))
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

    /// Whether the panel is stopping: what runs for long ends at the next good moment.
    pub fn is_stopping(&self) -> bool {
        self.0.tasks.is_closed()
    }

    /// Begins nothing new and waits until everything that runs has ended.
    pub async fn stop(&self) {
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }

    /// Waits, a little, for a turn to make a change of this kind to an address at GleSYS.
    ///
    /// # Errors
    /// [`Failure::Glesys`]: GleSYS does not answer or too many changes run, so none shall be begun.
    pub async fn turn(&self, kind: OperationKind, address: &Address) -> Result<glesys::Turn, Failure> {
        self.0.writer.learn_spelling(kind, address).await;
        Ok(self.0.writer.turn(kind, address).await?)
    }

    /// Makes an intent durable, in the transaction in which its conditions were checked. `None`: between the check and
    /// here somebody used the same confirmation or began another operation on the account.
    ///
    /// # Errors
    /// [`Failure::Store`]: nothing was recorded that can be relied upon, and no call may be made.
    pub async fn begin(
        &self,
        mut tx: Writing,
        turn: glesys::Turn,
        admitted: Admitted,
        envelope: Option<Envelope>,
    ) -> Result<Option<Begun>, Failure> {
        let petition = admitted.petition();
        let lease = Lease::begins(&self.0.clock);
        let id =
            OperationId::parse(&self.0.entropy.id(&self.0.clock)).map_err(|_| store::Error::Unreadable("an id"))?;
        let Some(tick) = tx.add_operation(&admitted.operation(&id, lease.at)).await? else { return Ok(None) };
        tx.record(&admitted.event(&id, petition.kind().intent(), lease.at)).await?;
        self.0.outbox.put(&mut tx, &id, petition.kind()).await?;
        mailing::put(&mut tx, &id, admitted.mail_to()).await?;
        let running = self.0.running.put(&id);
        let begun = Begun { id, admitted, envelope, lease, turn, running };
        match tx.commit().await {
            Ok(()) => {
                self.0.hindsight.saw(tick);
                Ok(Some(begun))
            }
            Err(error) => {
                self.withdraw(begun);
                Err(error.into())
            }
        }
    }

    /// Whether the intent became durable is not known; that nothing was sent is. Recorded as soon as that can be done.
    fn withdraw(&self, begun: Begun) {
        let this = self.clone();
        let outcome = Outcome::Not(WhyNot::NotSent(WhyNotSent::NotRecorded));
        // When the panel is stopping the lease runs out, which says less but nothing untrue.
        drop(self.spawn(async move { this.end(&begun.id, &begun.admitted, &outcome, None, begun.lease).await }));
    }

    /// Makes the one call, records how it ended, and tells it.
    pub async fn carry_out(&self, begun: Begun) -> Outcome {
        let Begun { id, admitted, envelope, lease, turn, running } = begun;
        let petition = admitted.petition();
        // After its lease others take the operation for ended; a call then could void a password shown since.
        let (outcome, password) = if lease.has(CALL, &self.0.clock) {
            self.judge(&id, petition, self.call(turn, petition).await)
        } else {
            (Outcome::Not(WhyNot::NotSent(WhyNotSent::TooLate)), None)
        };
        let sealed = password.and_then(|password| Sealed::of(petition.asker(), &id, password, envelope).ok());
        let (kind, state) = (petition.kind().name(), outcome.state().name());
        tracing::info!(operation = id.as_str(), kind, state, reason = outcome.reason(), "an operation ended");
        self.end(&id, &admitted, &outcome, sealed.as_ref(), lease).await;
        self.mail_link(&id, admitted.mail_to(), sealed.and_then(|sealed| sealed.link)).await;
        drop(running);
        outcome
    }

    async fn call(&self, turn: glesys::Turn, petition: &Petition) -> Result<Changed, glesys::Error> {
        match petition.task() {
            Task::Reset(to) => {
                let password = self.0.writer.reset_password(turn, petition.address()).await?;
                // What nobody is to get is wiped here, unread. That GleSYS made one it has said.
                Ok(Changed { password: (*to != HandOver::Nobody).then_some(password), mailbox: None })
            }
            Task::Change(change) => self.0.writer.change(turn, petition.address(), change).await,
        }
    }

    /// Which of the three worlds an answer puts us in. The directory learns of it.
    fn judge(
        &self,
        id: &OperationId,
        petition: &Petition,
        answer: Result<Changed, glesys::Error>,
    ) -> (Outcome, Option<OneTimePassword>) {
        self.0.directory.knows_of(id, petition.address());
        let error = match answer {
            Ok(changed) => {
                self.tell_directory(petition, changed.mailbox);
                return (Outcome::Done, changed.password);
            }
            Err(error) => error,
        };
        let (kind, why) = (petition.kind(), error.why());
        if matches!(why, WhyNot::Unknown(_)) {
            self.0.directory.doubt(petition.address().domain());
        }
        tracing::warn!(kind = kind.name(), state = why.state().name(), %error, "GleSYS did not do it, or did not say so");
        (Outcome::Not(why), None)
    }

    fn tell_directory(&self, petition: &Petition, now: Option<Mailbox>) {
        let directory = &self.0.directory;
        match (now, petition.kind()) {
            (Some(Mailbox::Account(account)), _) => directory.put_account(*account),
            (Some(Mailbox::Alias(alias)), _) => directory.put_alias(alias),
            (None, OperationKind::DeleteAccount | OperationKind::DeleteAlias) => directory.remove(petition.address()),
            (None, OperationKind::ResetPassword | OperationKind::LockOut) => {}
            (None, _) => directory.doubt(petition.address().domain()),
        }
    }

    /// Records how an operation ended, and tries again for as long as its lease runs.
    async fn end(
        &self,
        id: &OperationId,
        admitted: &Admitted,
        outcome: &Outcome,
        sealed: Option<&Sealed>,
        lease: Lease,
    ) {
        for _ in 0..RECORD_TRIES {
            match tokio::time::timeout(RECORD_WITHIN, self.record(id, admitted, outcome, sealed)).await {
                Ok(Ok(())) => return,
                Ok(Err(error)) => tracing::error!(operation = id.as_str(), %error, "the outcome could not be recorded"),
                Err(_) => tracing::error!(operation = id.as_str(), "the outcome could not be recorded in time"),
            }
            if !lease.has(Duration::ZERO, &self.0.clock) {
                return;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    async fn record(
        &self,
        id: &OperationId,
        admitted: &Admitted,
        outcome: &Outcome,
        sealed: Option<&Sealed>,
    ) -> Result<(), store::Error> {
        let now = self.0.clock.now();
        let mut tx = self.0.store.write().await?;
        // False: the sweeper was faster, or an earlier try was committed although it looked as if it failed.
        let ended = tx.end_operation(id, outcome, now).await?;
        if ended.is_some() {
            if let Some(sealed) = sealed {
                tx.put_sealed(id, admitted.holder(), &sealed.for_session, now + SHOWN_WITHIN).await?;
                if let Some(envelope) = &sealed.for_owner {
                    let lasts = admitted.link_lasts();
                    tx.put_owner_link(&NewOwnerLink { operation: id, envelope, lasts, at: now }).await?;
                }
            }
            let event = admitted.event(id, admitted.petition().kind().outcome(), now);
            tx.record(&AuditEvent { outcome: Some(outcome.code()), ..event }).await?;
            mailing::after(&mut tx, id, sealed.is_some_and(|sealed| sealed.for_owner.is_some())).await?;
            let kind = Some(admitted.petition().kind()).filter(|_| matches!(outcome, Outcome::Done));
            let event = admitted.event(id, AuditKind::ContactRemoved, now);
            contacts::end_with_account(&mut tx, &self.0.outbox, kind, event).await?;
            endings::overtake(&mut tx, now).await?;
        }
        tx.commit().await?;
        if let Some(tick) = ended {
            self.0.hindsight.saw(tick);
        }
        Ok(())
    }

    /// When an address may be changed again after its last operation, if that is still to come.
    pub fn cools_until(&self, last: &Operation) -> Option<Timestamp> {
        last.cools_until(&self.0.hindsight, &self.0.clock)
    }

    /// Remembers how far the order of operations has come by now. What is asked about the past is known the better for it.
    pub async fn look_back(&self) -> Result<(), store::Error> {
        self.0.hindsight.saw(self.0.store.read().await?.last_tick().await?);
        Ok(())
    }

    /// What this process has seen of the order of operations.
    pub fn hindsight(&self) -> &Hindsight {
        &self.0.hindsight
    }
}
