//! What lets a confirmed page become an operation: the checks that all kinds have in common, in the transaction that
//! records the intent. Resets and other changes come as a [`Petition`], the accounts of a batch one by one; what each kind
//! asks for stands in `gravity`.

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use tokio::sync::oneshot;

use super::Ledger;
use super::changes::LastSeen;
use super::confirmation::{Confirmation, Page};
use super::gravity;
use super::intent::Intent;
use super::ledger::Begun;
use super::rules::Rules;
use crate::access::Asker;
use crate::model::{
    Address, Allowance, AuditEvent, Clock, Entropy, Guarded, Operation, OperationId, OperationKind, OperationState,
    Rate, Staff, Weight,
};
use crate::services::directory::End;
use crate::services::failure::{Limit, LimitOf};
use crate::services::{Audit, Directory, Failure};
use crate::store::{Store, Writing};

/// How long the answer to a confirmation waits for the operation, which mostly spares the person the working page.
const HEAD_START: Duration = Duration::from_millis(1500);

/// A posted page that asks for an operation.
pub struct Petition {
    pub intent: Intent,
    /// The page's token.
    pub token: String,
    /// The reason or ticket, as typed.
    pub reason: String,
    /// The address's last operation when what the page is about was read, if it was read.
    pub seen: Option<LastSeen>,
}

impl Petition {
    /// What the page was made for.
    fn page(&self) -> Page<'_> {
        Page::of(self.intent.kind(), self.intent.address())
    }
}

/// What may become an operation: every rule was asked, in the transaction that records it. Only admission makes one.
#[derive(Debug)]
pub struct Admitted(Intent);

impl Admitted {
    pub fn into_intent(self) -> Intent {
        self.0
    }
}

/// What was known of the address when the change was asked for.
#[derive(Clone, Copy)]
pub(in crate::services) struct Known<'a> {
    /// The page that confirms it, void once something else has happened.
    pub page: Option<&'a Confirmation>,
    pub seen: Option<&'a LastSeen>,
    /// Whether it is one of several that are changed at once.
    pub batched: bool,
}

/// What a confirmation came to.
enum Posted {
    /// It began this operation, which is now to be carried out.
    Now(Box<Begun>),
    /// It was used before: it goes to the operation that it began then.
    Before(OperationId),
}

/// What pages that ask for operations are made with and checked against. Cloned freely.
#[derive(Clone)]
pub struct Admission {
    pub store: Store,
    pub ledger: Ledger,
    pub audit: Audit,
    pub rules: Rules,
    /// Knows which domains are the company's, and where aliases lead.
    pub directory: Directory,
    pub key: hmac::Key,
    pub clock: Clock,
    pub entropy: Entropy,
}

impl Admission {
    /// The token of a new page, after the address's last operation.
    pub fn token(&self, asker: &Asker, page: Page<'_>, last: Option<&Operation>) -> String {
        let confirmation = Confirmation {
            nonce: URL_SAFE_NO_PAD.encode(self.entropy.bytes::<16>()),
            issued_at: self.clock.now(),
            after: last.map(|operation| operation.id.clone()),
        };
        confirmation.sign(&self.key, asker, page)
    }

    /// Takes a posted page: at most one call to GleSYS comes of it, however often the same page is posted. Returns the
    /// operation to look at; the operation itself goes on if the caller doesn't.
    ///
    /// # Errors
    /// [`Failure`]: nothing was sent. The refusal is in the audit.
    pub async fn confirm(&self, petition: Petition) -> Result<OperationId, Failure> {
        let (tell, told) = oneshot::channel();
        let this = self.clone();
        let nonce = self.verify(&petition).map(|confirmation| confirmation.nonce);
        let began = self.ledger.spawn(async move {
            match this.take(petition).await {
                Ok(Posted::Now(begun)) => {
                    // Nobody may be listening any more; the operation is recorded and goes on all the same.
                    let _ = tell.send(Ok(begun.id().clone()));
                    this.ledger.carry_out(*begun).await;
                }
                Ok(Posted::Before(id)) => drop(tell.send(Ok(id))),
                Err(failure) => drop(tell.send(Err(failure))),
            }
        });
        if let (Err(stopping), Some(nonce)) = (&began, nonce) {
            tracing::debug!(%stopping, "a confirmation came too late");
            let before = self.store.read().await?.operation_of_nonce(&nonce).await?;
            return before.map(|before| before.id).ok_or(Failure::Stopping);
        }
        began?;
        let id = told.await.map_err(|_| Failure::Stopping)??;
        self.ledger.settled(&id, HEAD_START).await;
        Ok(id)
    }

    /// What a page's token says, if it was made for this.
    pub fn read(&self, asker: &Asker, page: Page<'_>, token: &str) -> Option<Confirmation> {
        Confirmation::verify(token, &self.key, asker, page)
    }

    fn verify(&self, petition: &Petition) -> Option<Confirmation> {
        self.read(petition.intent.asker(), petition.page(), &petition.token)
    }

    async fn take(&self, petition: Petition) -> Result<Posted, Failure> {
        let posted = self.check_and_begin(&petition).await;
        if let Err(failure) = &posted {
            let intent = &petition.intent;
            let event = AuditEvent {
                address: Some(intent.address().clone()),
                outcome: Some(failure.code().to_owned()),
                ..intent.asker().event(intent.kind().refusal(), self.clock.now())
            };
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
        let (kind, address) = (petition.intent.kind(), petition.intent.address());
        let confirmation = self.verify(petition).ok_or_else(|| Failure::ConfirmationInvalid(kind, address.clone()))?;
        // Before the transaction, which is the panel's only one while it lasts.
        let turn = self.ledger.turn(kind, address).await;
        let mut tx = self.store.write().await?;
        if let Some(before) = tx.operation_of_nonce(&confirmation.nonce).await? {
            return Ok(Posted::Before(before.id));
        }
        let admitted = self.check(&mut tx, petition, &confirmation).await?;
        if let Some(begun) = self.ledger.begin(tx, turn?, admitted).await? {
            return Ok(Posted::Now(begun.into()));
        }
        // Writers take turns, so only what does not, an older version on another replica, can have come between.
        let mut reading = self.store.read().await?;
        if let Some(before) = reading.operation_of_nonce(&confirmation.nonce).await? {
            return Ok(Posted::Before(before.id));
        }
        let last = reading.operations_on(address, 1).await?.into_iter().next();
        Err(last.map_or(Failure::Stopping, |last| Failure::InFlight(kind, Box::new(last))))
    }

    /// Everything that must be true now of a posted page, in the transaction that records the intent.
    async fn check(
        &self,
        tx: &mut Writing,
        petition: &Petition,
        confirmation: &Confirmation,
    ) -> Result<Admitted, Failure> {
        let now = self.clock.now();
        // Nothing was written in this transaction yet, so all of this is durable.
        self.ledger.hindsight().saw(tx.last_tick().await?);
        let intent = petition.intent.clone();
        let (kind, address) = (intent.kind(), intent.address());
        let standing = tx.session(&intent.asker().session.id).await?.ok_or(Failure::SignedOut)?;
        self.rules.allow(kind, &standing.staff, address, &tx.staff_mailboxes().await?)?;
        if confirmation.is_expired(kind, now) {
            return Err(Failure::ConfirmationExpired(kind, address.clone()));
        }
        let gravity = gravity::of(kind);
        let proved = self.rules.fresh.holds(standing.proved_at, now);
        if !proved && gravity.takes_proof(self.weight(&intent)) {
            return Err(Failure::ProofTooOld);
        }
        let ticket = if gravity.asks_reason { self.rules.reasons.read(&petition.reason)? } else { None };
        let intent = intent.named(confirmation.nonce.clone()).because(ticket);
        let page = Some(confirmation).filter(|_| kind.is_confirmed());
        self.admit(tx, &standing.staff, intent, Known { page, seen: petition.seen.as_ref(), batched: false }).await
    }

    /// Everything that must be true of a change whoever asks for it: of a page, or of an account of a batch, whose begin
    /// took the proof. In the transaction that records the intent.
    ///
    /// # Errors
    /// [`Failure`]: it may not begin.
    pub(in crate::services) async fn admit(
        &self,
        tx: &mut Writing,
        staff: &Staff,
        intent: Intent,
        known: Known<'_>,
    ) -> Result<Admitted, Failure> {
        let (kind, address) = (intent.kind(), intent.address());
        self.rules.allow(kind, staff, address, &tx.staff_mailboxes().await?)?;
        if let Some(last) = tx.operations_on(address, 1).await?.into_iter().next() {
            self.at_rest(kind, &last)?;
            if known.page.is_some_and(|page| page.after.as_ref() != Some(&last.id)) {
                return Err(Failure::Overtaken(kind, Box::new(last)));
            }
            known.seen.map_or(Ok(()), |seen| seen.must_be(kind, last))?;
        }
        let weight = self.weight(&intent);
        // A batch takes something of every account, grave or not.
        let weight = weight.or_else(|| known.batched.then_some(Weight::one(Guarded::Batched)));
        if let Some(weight) = weight {
            self.within_limits(tx, weight.of, staff, address).await?;
        }
        let outside = self.outside(&intent);
        Ok(Admitted(intent.weighing(weight, outside)))
    }

    /// What an operation takes of what limits protect, by where aliases lead as far as the panel knows. What it doesn't
    /// know may lead anywhere.
    fn weight(&self, intent: &Intent) -> Option<Weight> {
        let ends = |targets: &[String]| self.directory.ends(intent.address(), targets);
        gravity::of(intent.kind()).weight(intent.task(), ends)
    }

    /// Where mail to an alias ends outside the company's domains, for the record.
    fn outside(&self, intent: &Intent) -> Vec<String> {
        let targets: Vec<_> = intent.targets().iter().map(Address::to_string).collect();
        let ends = self.directory.ends(intent.address(), &targets).into_iter();
        ends.filter_map(|end| if let End::Outside(end) = end { Some(end) } else { None }).collect()
    }

    async fn within_limits(
        &self,
        tx: &mut Writing,
        on: Guarded,
        staff: &Staff,
        address: &Address,
    ) -> Result<(), Failure> {
        let within = |rate: Option<Rate>| rate.map_or(SignedDuration::ZERO, |rate| rate.per);
        let Allowance { per_staff, per_account, total } = *self.rules.limits.of(on);
        let tried = tx.tried(on, (&staff.id, within(per_staff)), (address, within(per_account)), within(total)).await?;
        let reached = [
            (LimitOf::Staff, per_staff, tried.by_staff),
            (LimitOf::Account, per_account, tried.of_account),
            (LimitOf::Panel, total, tried.in_all),
        ]
        .into_iter()
        .find(|(_, rate, made)| rate.is_some_and(|rate| *made >= rate.times));
        match reached {
            Some((of, ..)) => Err(Failure::LimitReached { limit: Limit { on, of }, address: address.clone() }),
            None => Ok(()),
        }
    }

    /// Whether nothing is under way on the address, not even a late effect, so that something of this kind may begin.
    ///
    /// # Errors
    /// [`Failure::InFlight`], [`Failure::CoolingDown`].
    pub fn at_rest(&self, kind: OperationKind, last: &Operation) -> Result<(), Failure> {
        match (last.state, self.ledger.cools_until(last)) {
            (OperationState::InFlight, _) => Err(Failure::InFlight(kind, Box::new(last.clone()))),
            (_, Some(until)) => Err(Failure::CoolingDown { kind, last: Box::new(last.clone()), until }),
            _ => Ok(()),
        }
    }
}
