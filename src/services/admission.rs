//! What lets a confirmed page become an operation: the checks that all kinds have in common, in the transaction that
//! records the intent. Resets and other changes bring their own rules as a [`Petition`].

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use tokio::sync::oneshot;

use super::confirmation::{Confirmation, Page};
use super::intent::Intent;
use super::ledger::Begun;
use super::{Audit, Failure, Ledger};
use crate::access::fresh::FreshProof;
use crate::access::{Asker, Denied};
use crate::model::{Address, AuditEvent, Clock, Entropy, Operation, OperationId, OperationKind, OperationState, Staff};
use crate::store::{Store, Writing};

/// How long the answer to a confirmation waits for the operation, which mostly spares the person the working page.
const HEAD_START: Duration = Duration::from_millis(1500);

/// A posted page that asks for an operation, and the rules of its kind.
pub trait Petition: Send + Sync + 'static {
    fn kind(&self) -> OperationKind;
    fn asker(&self) -> &Asker;
    fn address(&self) -> &Address;
    /// What the page was made for.
    fn page(&self) -> Page<'_>;
    /// The page's token.
    fn token(&self) -> &str;

    /// Whether the person's grants allow it, as they stand now.
    ///
    /// # Errors
    /// [`Denied`].
    fn allow(&self, staff: &Staff) -> Result<(), Denied>;

    /// How old their last proof of identity may be.
    fn fresh(&self) -> FreshProof;

    /// Whether a limit of its kind is reached.
    fn limits(&self, tx: &mut Writing, now: Timestamp) -> impl Future<Output = Result<(), Failure>> + Send;

    /// What is to be recorded and done.
    ///
    /// # Errors
    /// [`Failure`]: what was typed can't be used.
    fn intent(&self, nonce: String) -> Result<Intent, Failure>;
}

/// What a confirmation came to.
enum Admitted {
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
    pub async fn confirm(&self, petition: impl Petition) -> Result<OperationId, Failure> {
        let (tell, told) = oneshot::channel();
        let this = self.clone();
        let nonce = self.verify(&petition).map(|confirmation| confirmation.nonce);
        let began = self.ledger.spawn(async move {
            match this.admit(petition).await {
                Ok(Admitted::Now(begun)) => {
                    // Nobody may be listening any more; the operation is recorded and goes on all the same.
                    let _ = tell.send(Ok(begun.id().clone()));
                    this.ledger.carry_out(*begun).await;
                }
                Ok(Admitted::Before(id)) => drop(tell.send(Ok(id))),
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

    fn verify(&self, petition: &impl Petition) -> Option<Confirmation> {
        self.read(petition.asker(), petition.page(), petition.token())
    }

    async fn admit(&self, petition: impl Petition) -> Result<Admitted, Failure> {
        let admitted = self.check_and_begin(&petition).await;
        if let Err(failure) = &admitted {
            let asker = petition.asker();
            let event = AuditEvent {
                address: Some(petition.address().clone()),
                outcome: Some(failure.code().to_owned()),
                ..asker.event(petition.kind().refusal(), self.clock.now())
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
        admitted
    }

    async fn check_and_begin(&self, petition: &impl Petition) -> Result<Admitted, Failure> {
        let (kind, address) = (petition.kind(), petition.address());
        let confirmation = self.verify(petition).ok_or_else(|| Failure::ConfirmationInvalid(kind, address.clone()))?;
        // Before the transaction, which is the panel's only one while it lasts.
        let turn = self.ledger.turn(kind, address).await;
        let mut tx = self.store.write().await?;
        if let Some(before) = tx.operation_of_nonce(&confirmation.nonce).await? {
            return Ok(Admitted::Before(before.id));
        }
        self.check(&mut tx, petition, &confirmation).await?;
        let intent = petition.intent(confirmation.nonce.clone())?;
        if let Some(begun) = self.ledger.begin(tx, turn?, intent).await? {
            return Ok(Admitted::Now(begun.into()));
        }
        // Writers take turns, so only what does not, an older version on another replica, can have come between.
        let mut reading = self.store.read().await?;
        if let Some(before) = reading.operation_of_nonce(&confirmation.nonce).await? {
            return Ok(Admitted::Before(before.id));
        }
        let last = reading.operations_on(address, 1).await?.into_iter().next();
        Err(last.map_or(Failure::Stopping, |last| Failure::InFlight(kind, Box::new(last))))
    }

    /// Everything that must be true now, in the transaction that records the intent.
    async fn check(
        &self,
        tx: &mut Writing,
        petition: &impl Petition,
        confirmation: &Confirmation,
    ) -> Result<(), Failure> {
        let now = self.clock.now();
        // Nothing was written in this transaction yet, so all of this is durable.
        self.ledger.hindsight().saw(tx.last_tick().await?);
        let (kind, address) = (petition.kind(), petition.address());
        let standing = tx.session(&petition.asker().session.id).await?.ok_or(Failure::SignedOut)?;
        petition.allow(&standing.staff)?;
        if confirmation.is_expired(kind, now) {
            return Err(Failure::ConfirmationExpired(kind, address.clone()));
        }
        if !petition.fresh().holds(standing.proved_at, now) {
            return Err(Failure::ProofTooOld);
        }
        if let Some(last) = tx.operations_on(address, 1).await?.into_iter().next() {
            self.at_rest(kind, &last)?;
            if kind.is_confirmed() && confirmation.after.as_ref() != Some(&last.id) {
                return Err(Failure::Overtaken(kind, Box::new(last)));
            }
        }
        petition.limits(tx, now).await
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
