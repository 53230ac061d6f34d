//! The one door to the ledger: what every petition must meet, in the transaction that records the intent, whether it
//! comes from a page or a batch. What each kind of operation asks for stands in `rules`.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;

use super::Ledger;
use super::confirmation::{Confirmation, Page};
use super::envelopes::Ready;
use super::ledger::Begun;
use super::petition::{Petition, Source, refusal};
use super::rules::{Gravity, Rules};
use crate::access::password::Passwords;
use crate::model::{
    Address, Allowance, AuditEvent, AuditKind, Clock, Entropy, Fact, Facts, Grounds, Guarded, Holder, Limit, Operation,
    OperationId, OperationKind, OperationState, Rate, Staff, Weight,
};
use crate::services::{Audit, Directory, Failure};
use crate::store::{NewOperation, Store, Within, Writing};

/// How long the answer to a confirmation waits for the operation, which mostly spares the person the working page.
const HEAD_START: Duration = Duration::from_millis(1500);

/// A petition that may become an operation: every rule was asked. Only admission makes one, and only the ledger takes it.
#[derive(Debug)]
pub struct Admitted {
    petition: Petition,
    /// Who alone will be shown what it makes.
    holder: Holder,
    /// Names what confirmed it; used once.
    nonce: String,
    /// The grounds, as the company wants them.
    grounds: Grounds,
    /// To whom the owner's link goes by mail, if it does.
    mail_to: Option<Address>,
    /// What it takes of what limits protect.
    weight: Option<Weight>,
    /// What the audit keeps of it.
    facts: Facts,
    /// How long a link to the new password can be used.
    link_lasts: SignedDuration,
    /// When GleSYS had made the account, as far as is known.
    account_created: Option<Timestamp>,
}

impl Admitted {
    pub const fn petition(&self) -> &Petition {
        &self.petition
    }

    pub const fn holder(&self) -> &Holder {
        &self.holder
    }

    pub const fn link_lasts(&self) -> SignedDuration {
        self.link_lasts
    }

    pub const fn mail_to(&self) -> Option<&Address> {
        self.mail_to.as_ref()
    }

    /// The operation that it becomes.
    pub fn operation<'a>(&'a self, id: &'a OperationId, begun_at: Timestamp) -> NewOperation<'a> {
        NewOperation {
            id,
            kind: self.petition.kind(),
            nonce: &self.nonce,
            address: self.petition.address(),
            staff: &self.petition.asker().staff.id,
            holder: &self.holder,
            account_created: self.account_created,
            grounds: &self.grounds,
            hand_over: self.petition.task().hand_over(),
            weight: self.weight,
            begun_at,
        }
    }

    /// An audit event about the operation that it became.
    pub fn event(&self, id: &OperationId, kind: AuditKind, at: Timestamp) -> AuditEvent {
        AuditEvent {
            address: Some(self.petition.address().clone()),
            operation: Some(id.clone()),
            facts: self.facts.clone(),
            ..self.petition.asker().event(kind, at)
        }
    }
}

/// What names a petition: the same one again finds the operation that it became.
struct Named {
    nonce: String,
    /// The page that it comes from, which has to count still.
    page: Option<Confirmation>,
}

/// What a posted page came to.
enum Posted {
    /// It began this operation, which is now to be carried out.
    Now(Box<Begun>),
    /// It was used before: it goes to the operation that it began then.
    Before(OperationId),
}

/// What decides on petitions. Cloned freely.
#[derive(Clone)]
pub struct Admission {
    pub store: Store,
    pub ledger: Ledger,
    pub audit: Audit,
    pub rules: Arc<Rules>,
    /// Knows which domains are the company's, and where aliases lead.
    pub directory: Directory,
    /// Stretches the codes of links.
    pub passwords: Passwords,
    /// Signs the tokens of pages.
    pub key: hmac::Key,
    pub clock: Clock,
    pub entropy: Entropy,
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
        let envelope = match self.envelope(petition, &nonce).await? {
            Ready::Now(envelope) => envelope.map(|envelope| *envelope),
            Ready::Before(id) => return Ok(Posted::Before(id)),
        };
        // Before the transaction, which is the panel's only one while it lasts.
        let turn = self.ledger.turn(kind, address).await;
        let mut tx = self.store.write().await?;
        if let Some(before) = tx.operation_of_nonce(&nonce).await? {
            return Ok(Posted::Before(before.id));
        }
        // Nothing was written in this transaction yet, so all of this is durable.
        self.ledger.hindsight().saw(tx.last_tick().await?);
        let admitted = self.admit(&mut tx, petition).await?;
        if let Some(begun) = self.ledger.begin(tx, turn?, admitted, envelope).await? {
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

    /// Whether a petition may become an operation, asked in the transaction that records it.
    ///
    /// # Errors
    /// [`Failure`]: it may not begin.
    pub async fn admit(&self, tx: &mut Writing, petition: &Petition) -> Result<Admitted, Failure> {
        let (kind, address) = (petition.kind(), petition.address());
        let (gravity, way) = (Gravity::of(kind), petition.task().hand_over());
        let standing = petition.asker().standing(tx).await?;
        self.rules.allow(kind, &standing.staff, address, &tx.staff_mailboxes(self.clock.now()).await?)?;
        if way.is_some_and(|way| !self.rules.hand_over.allows(kind, way, address)) {
            return Err(Failure::WayNotOffered(kind, address.clone()));
        }
        let weight = self.weight(petition);
        let Named { nonce, page } = self.name(petition)?;
        if let Some(page) = &page {
            let now = self.clock.now();
            if page.is_expired(kind, now) {
                return Err(Failure::ConfirmationExpired(kind, address.clone()));
            }
            if gravity.takes_proof(weight) && !self.is_proved(tx, petition, &standing).await? {
                return Err(Failure::ProofTooOld);
            }
        }
        let (grounds, facts) = self.grounds(tx, petition, &nonce).await?;
        if let Some(last) = tx.operations_on(address, 1).await?.into_iter().next() {
            self.at_rest(kind, &last)?;
            if kind.is_confirmed() && page.is_some_and(|page| page.after.as_ref() != Some(&last.id)) {
                return Err(Failure::Overtaken(kind, Box::new(last)));
            }
            petition.seen().map_or(Ok(()), |seen| seen.must_be(kind, last))?;
        }
        if let Some(weight) = weight {
            self.within_limits(tx, weight.of, &standing.staff, address).await?;
        }
        let mail_to = self.mail_to(tx, petition).await?;
        let facts = facts.with_some(Fact::MailedTo, mail_to.as_ref().map(Address::as_str));
        let holder = petition.asker().holder().ok_or(Failure::SignedOut)?;
        Ok(Admitted {
            petition: petition.clone(),
            holder,
            nonce,
            grounds,
            mail_to,
            weight,
            facts,
            link_lasts: self.rules.hand_over.link_lasts,
            account_created: self.directory.known_created(address),
        })
    }

    /// What names a petition by where it comes from.
    fn name(&self, petition: &Petition) -> Result<Named, Failure> {
        let (kind, address) = (petition.kind(), petition.address());
        match petition.source() {
            Source::Page(token) => {
                let page = self.read(petition.asker(), Page::of(kind, address), token);
                let page = page.ok_or_else(|| Failure::ConfirmationInvalid(kind, address.clone()))?;
                Ok(Named { nonce: page.nonce.clone(), page: Some(page) })
            }
            Source::Turn(batch, run) => Ok(Named { nonce: batch.nonce(*run, address), page: None }),
        }
    }

    /// Whether nothing is under way on the address, not even a late effect, so that something of this kind may begin.
    pub fn at_rest(&self, kind: OperationKind, last: &Operation) -> Result<(), Failure> {
        match (last.state(), self.ledger.cools_until(last)) {
            (OperationState::InFlight, _) => Err(Failure::InFlight(kind, Box::new(last.clone()))),
            (_, Some(until)) => Err(Failure::CoolingDown { kind, last: Box::new(last.clone()), until }),
            _ => Ok(()),
        }
    }

    /// What an operation takes of what limits protect, by where aliases lead as far as the panel knows. What it doesn't
    /// know may lead anywhere. A batch takes something of every account, grave or not.
    fn weight(&self, petition: &Petition) -> Option<Weight> {
        let ends = |targets: &[String]| self.directory.ends(petition.address(), targets);
        let weight = Gravity::of(petition.kind()).weight(petition.task(), ends);
        match (petition.source(), petition.kind()) {
            (Source::Page(_), _) => weight,
            (Source::Turn(..), OperationKind::ResetPassword) => Some(Weight::one(Guarded::BulkResets)),
            (Source::Turn(..), _) => weight.or(Some(Weight::one(Guarded::Batched))),
        }
    }

    async fn within_limits(
        &self,
        tx: &mut Writing,
        on: Guarded,
        staff: &Staff,
        address: &Address,
    ) -> Result<(), Failure> {
        let long = |rate: Option<Rate>| rate.map_or(SignedDuration::ZERO, |rate| rate.per);
        let Allowance { per_staff, per_account, total } = *self.rules.limits.of(on);
        let within = Within { by_staff: long(per_staff), of_account: long(per_account), in_all: long(total) };
        let tried = tx.tried(on, &staff.id, address, &within).await?;
        let reached = [
            (Limit::OfStaff(on), per_staff, tried.by_staff),
            (Limit::OfAccount, per_account, tried.of_account),
            (Limit::OfPanel(on), total, tried.in_all),
        ]
        .into_iter()
        .find(|(_, rate, made)| rate.is_some_and(|rate| *made >= rate.times));
        match reached {
            Some((limit, ..)) => Err(Failure::LimitReached { limit, address: address.clone() }),
            None => Ok(()),
        }
    }
}
