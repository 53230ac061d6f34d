//! Batches: the same change to several accounts of a domain, their lock-out, or their reset by link. A batch is recorded before anything is
//! sent; then each account becomes an operation of its own, through the ledger. A batch that stopped goes on only when somebody says so.

mod begin;
mod can;
mod links;
mod outlook;
mod run;
mod why;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;

pub use self::can::{CanBatch, right_to};
pub use self::links::{Files, Given};
pub use self::outlook::{Outlook, Prospect};
use self::run::Run;
use super::operations::rules::Rules;
use super::{Admission, Directory, Failure, Ledger, Reveals};
use crate::access::{Asker, CanIn, CanSome, ResetPasswords, RightName, ViewMail, holds};
use crate::model::audit_head::hex;
use crate::model::batch::MOST;
use crate::model::{
    Account, Actor, Address, AuditEvent, AuditKind, Batch, BatchAction, BatchId, BatchItem, BatchState, Clock, Fact,
    Facts, HandOver, ItemState, Kept, Operation, Stated, Tick, WhyLeftOut, WhyStopped,
};
use crate::store::{self, NewBatch, Store, Writing};

/// How long a run may be silent: longer than two calls of GleSYS and the recording between them.
const LEASE: Duration = Duration::from_secs(90);
/// How long a batch that nobody confirmed is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(2);
/// How many of a domain's last batches are told, and how many are looked at for those that somebody may know of.
const HISTORY: usize = 5;
const LOOKED_AT: i64 = 50;

/// Why a batch was not put together.
#[derive(Debug, thiserror::Error)]
pub enum NotProposed {
    #[error("no account was chosen")]
    NothingChosen,
    #[error("more accounts were chosen than a batch may have")]
    TooMany { most: usize },
    /// The company does not let owners have their passwords like that.
    #[error("the company does not offer that")]
    NotOffered,
    /// One of the addresses is no account of the domain, or no more.
    #[error("one of the addresses is no account of the domain")]
    NoSuchAccount,
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// A batch with its accounts, in order of address.
#[derive(Debug)]
pub struct BatchView {
    pub batch: Batch,
    pub items: Vec<BatchItem>,
    /// Of what was not begun yet: a digest of what it does to which accounts, under the panel's key.
    pub selection: String,
    /// Who had it go on last, and when, where it did.
    pub continued: Option<(String, Timestamp)>,
    /// Of what is about passwords: what gave or took its accounts theirs last, where that is told.
    pub passwords: HashMap<Address, Operation>,
    /// Of resets by link: what was made of its accounts last, with what is known of the links.
    pub by_link: HashMap<Address, Operation>,
}

impl BatchView {
    /// How many accounts stand like this.
    pub fn count(&self, state: ItemState) -> usize {
        self.items.iter().filter(|item| item.state() == state).count()
    }

    /// The accounts that are to have their turn.
    pub fn to_do(&self) -> Vec<&Address> {
        to_do(&self.batch, &self.items)
    }

    /// How many had their turn and may have another.
    pub fn to_try_again(&self) -> usize {
        self.items.iter().filter(|item| item.is_to_do(self.batch.action) && item.state() != ItemState::Waiting).count()
    }
}

/// What came of somebody's having a batch begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// It runs, or this very confirmation had it run before.
    Yes,
    /// The batch was stopped since the page that said so was made, and stays so.
    TooLate,
    /// The page was made of other accounts than the batch has, or by a version that did not say of which.
    OutOfDate,
    /// What was typed to confirm is not the name of the domain whose accounts are all meant.
    OtherDomain,
}

/// What the page holds that has a batch begin or go on.
#[derive(Debug)]
pub struct Confirmed {
    /// After which run the page was made.
    pub run: i64,
    /// Of what is to begin: the digest of the accounts that the page showed.
    pub selection: String,
    /// On what grounds, as typed; asked for when accounts are to be locked out.
    pub stated: Stated,
    /// The domain's name, as typed; asked for when that concerns all that it has.
    pub domain: String,
}

/// A batch that runs now, or why it doesn't.
enum Started {
    Runs(Box<Run>),
    No(Start),
}

/// Batches. Cloned freely.
#[derive(Clone)]
pub struct Batches {
    pub admission: Admission,
    pub reveals: Reveals,
    pub ledger: Ledger,
    pub rules: Arc<Rules>,
    pub directory: Directory,
    pub store: Store,
    pub clock: Clock,
}

impl Batches {
    /// Puts a batch together, for its confirmation page. Accounts that are protected from the asker, or take two people by
    /// themselves, are left out from the beginning; whether another has the setting already is looked at when it has its turn.
    pub async fn propose(
        &self,
        can: &CanBatch,
        see: &CanIn<ViewMail>,
        action: BatchAction,
        addresses: BTreeSet<Address>,
    ) -> Result<BatchId, NotProposed> {
        can.is_for(action, see.domain()).map_err(Failure::from)?;
        if addresses.is_empty() {
            return Err(NotProposed::NothingChosen);
        }
        if action.gives_links() && !self.rules.hand_over.offered.contains(&HandOver::Link) {
            return Err(NotProposed::NotOffered);
        }
        if addresses.len() > action.most() {
            return Err(NotProposed::TooMany { most: action.most() });
        }
        let view = self.directory.domain(see).await?;
        let mut reading = self.store.read().await.map_err(Failure::from)?;
        let own = reading.staff_mailboxes(self.now()).await.map_err(Failure::from)?;
        drop(reading);
        let is_left = |account: &Account| {
            !addresses.contains(&account.address) && self.rules.keep_from(can.asker(), &account.address, &own).is_none()
        };
        // However they were chosen, where the company wants two people for all of a domain.
        let is_all =
            action.locks_out() && self.rules.second_person.lock_out_of_domain && !view.accounts().iter().any(is_left);
        let action = if is_all { BatchAction::LockOutAll } else { action };
        let mut items = Vec::with_capacity(addresses.len());
        for address in addresses {
            see.is_for(&address).map_err(Failure::from)?;
            let place = view.accounts().binary_search_by(|account| account.address.cmp(&address));
            place.map_err(|_| NotProposed::NoSuchAccount)?;
            let why = self.rules.leave_out(can.asker(), action, &address, &own);
            items.push((address, why));
        }
        let id = BatchId::parse(&self.admission.entropy.id(&self.clock));
        let id = id.map_err(|_| Failure::from(store::Error::Unreadable("an id")))?;
        self.record(can, &id, action, &items).await?;
        Ok(id)
    }

    /// Puts the lock-out of all accounts together that the domain has, for its confirmation page.
    pub async fn propose_all(&self, can: &CanBatch, see: &CanIn<ViewMail>) -> Result<BatchId, NotProposed> {
        let view = self.directory.domain(see).await?;
        let addresses = view.accounts().iter().map(|account| account.address.clone()).collect();
        self.propose(can, see, BatchAction::LockOutAll, addresses).await
    }

    async fn record(
        &self,
        can: &CanBatch,
        id: &BatchId,
        action: BatchAction,
        items: &[(Address, Option<WhyLeftOut>)],
    ) -> Result<(), Failure> {
        let (staff, session) = (&can.asker().staff.id, can.asker().session_id().ok_or(Failure::SignedOut)?);
        let (made_at, domain) = (self.now(), can.domain());
        let mut tx = self.store.write().await?;
        let (first, others) = items.split_at(items.len().min(MOST));
        tx.add_batch(&NewBatch { id, staff, session, domain, action, made_at }, first).await?;
        tx.commit().await?;
        // Other writers come between. Nobody knows of the batch yet.
        for items in others.chunks(MOST) {
            let mut tx = self.store.write().await?;
            tx.add_batch_items(id, items).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// How a batch stands: for who put it together, while they may see its domain, and, once it was begun, for whoever
    /// may do the same there or read the audit, which leads here.
    ///
    /// # Errors
    /// [`Failure::NoSuchBatch`] when there is none that the asker may know of; [`Failure::Store`].
    pub async fn look(&self, can: &CanSome<ViewMail>, id: &BatchId) -> Result<BatchView, Failure> {
        let mut reading = self.store.read().await?;
        let batch = reading.batch(id).await?.filter(|batch| may_know(can.asker(), batch));
        let batch = batch.ok_or(Failure::NoSuchBatch)?;
        let items = reading.batch_items(id).await?;
        let is_proposed = batch.state == BatchState::Proposed;
        let selection = if is_proposed { hex(&reading.selection(id, batch.action).await?) } else { String::new() };
        let continued = if batch.run > 1 { reading.batch_continued(&batch).await? } else { None };
        let was_overtaken = |item: &BatchItem| matches!(&item.left_out, Some(Kept::Known(why)) if why.is_overtaken());
        let passwords = match batch.state {
            BatchState::Proposed if batch.action.is_about_passwords() => {
                reading.passwords_in(&batch.domain, Tick(0)).await?
            }
            _ if items.iter().any(was_overtaken) => reading.passwords_in(&batch.domain, batch.proposed_tick).await?,
            _ => Vec::new(),
        };
        let is_by_link = batch.action.gives_links() && batch.state != BatchState::Proposed;
        let by_link = if is_by_link { reading.operations_of_batch(id).await? } else { Vec::new() };
        let [passwords, by_link] = [passwords, by_link]
            .map(|operations| operations.into_iter().map(|operation| (operation.address.clone(), operation)).collect());
        Ok(BatchView { batch, items, selection, continued, passwords, by_link })
    }

    /// The last batches of the right's domain that the asker may know of, newest first.
    pub async fn history(&self, can: &CanIn<ResetPasswords>) -> Result<Vec<Batch>, Failure> {
        let last = self.store.read().await?.batches_in(can.domain(), LOOKED_AT).await?.into_iter();
        Ok(last.filter(|batch| may_know(can.asker(), batch)).take(HISTORY).collect())
    }

    /// Has a batch begin, or go on after the run that the page was made after. It goes on if the caller doesn't; of one
    /// that runs already or has run since, nothing more comes.
    ///
    /// # Errors
    /// [`Failure`]: nothing was begun.
    pub async fn begin(&self, can: CanBatch, id: BatchId, confirmed: Confirmed) -> Result<Start, Failure> {
        let (tell, told) = oneshot::channel();
        let this = self.clone();
        self.ledger.spawn(async move {
            let started = this.start(can, &id, &confirmed).await;
            // Nobody may be listening any more; the batch is recorded and goes on all the same.
            match started {
                Ok(Started::Runs(run)) => {
                    let _ = tell.send(Ok(Start::Yes));
                    run.go().await;
                }
                Ok(Started::No(begun)) => drop(tell.send(Ok(begun))),
                Err(failure) => drop(tell.send(Err(failure))),
            }
        })?;
        told.await.map_err(|_| Failure::Stopping)?
    }

    /// Stops a batch: what runs is finished, and nothing more is begun.
    pub async fn stop(&self, can: &CanBatch, id: &BatchId) -> Result<(), Failure> {
        let mut tx = self.store.write().await?;
        let batch = tx.batch(id).await?.filter(|batch| can.is_for_batch(batch).is_ok()).ok_or(Failure::NoSuchBatch)?;
        let now = self.now();
        if tx.end_batch(id, batch.run, Some(WhyStopped::ByPerson), now).await? {
            let event = event(can.asker(), &batch, AuditKind::BatchStopped, now);
            tx.record(&stopped(event, WhyStopped::ByPerson)).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Stops batches that nobody carries on any more, because the panel that did was stopped hard.
    pub async fn give_up_overdue(&self) -> Result<(), store::Error> {
        let now = self.now();
        let running = self.store.read().await?.running_batches().await?;
        let is_overdue = |batch: &Batch| self.ledger.hindsight().left(batch.kept_tick, LEASE).is_none();
        for batch in running.into_iter().filter(is_overdue) {
            let mut tx = self.store.write().await?;
            stop(&mut tx, &batch, WhyStopped::LeaseRanOut, now).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Forgets batches that were put together and never confirmed.
    pub async fn forget_proposed(&self) -> Result<(), store::Error> {
        let mut tx = self.store.write().await?;
        tx.remove_proposed_batches_before(self.now() - KEPT).await?;
        tx.commit().await
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// Stops all that run, and forgets those that nobody confirmed.
pub(super) async fn stop_all(tx: &mut Writing, why: WhyStopped, now: Timestamp) -> Result<(), store::Error> {
    for batch in tx.running_batches().await? {
        stop(tx, &batch, why, now).await?;
    }
    tx.remove_proposed_batches_before(Timestamp::MAX).await
}

async fn stop(tx: &mut Writing, batch: &Batch, why: WhyStopped, now: Timestamp) -> Result<(), store::Error> {
    if !tx.end_batch(&batch.id, batch.run, Some(why), now).await? {
        return Ok(());
    }
    let event = AuditEvent {
        actor: Some(Actor::Staff(batch.staff.clone())),
        staff_name: Some(batch.staff_name.clone()),
        domain: Some(batch.domain.clone()),
        facts: facts(batch),
        ..AuditEvent::new(AuditKind::BatchStopped, now)
    };
    tx.record(&stopped(event, why)).await
}

fn may_know(asker: &Asker, batch: &Batch) -> bool {
    let holds = |right| holds(&asker.staff, right, &batch.domain);
    let is_theirs = batch.staff == asker.staff.id && holds(RightName::ViewMail);
    is_theirs
        || (batch.state != BatchState::Proposed
            && [right_to(batch.action), RightName::ReadAudit].map(holds).contains(&true))
}

fn to_do<'a>(batch: &Batch, items: &'a [BatchItem]) -> Vec<&'a Address> {
    items.iter().filter(|item| item.is_to_do(batch.action)).map(|item| &item.address).collect()
}

/// What the audit says of a batch in each of its rows.
fn facts(batch: &Batch) -> Facts {
    batch.action.facts().with(Fact::Batch, batch.id.as_str())
}

fn event(asker: &Asker, batch: &Batch, kind: AuditKind, at: Timestamp) -> AuditEvent {
    AuditEvent { domain: Some(batch.domain.clone()), facts: facts(batch), ..asker.event(kind, at) }
}

fn stopped(event: AuditEvent, why: WhyStopped) -> AuditEvent {
    AuditEvent { outcome: Some(why.name().to_owned()), ..event }
}
