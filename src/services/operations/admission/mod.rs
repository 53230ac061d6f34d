//! The one door to the ledger: what every petition must meet, in the transaction that records the intent, whether it
//! comes from a page or a batch. What each kind of operation asks for stands in `gravity`.

mod limits;
mod posted;

use std::sync::Arc;

use aws_lc_rs::hmac;
use jiff::Timestamp;

use super::Ledger;
use super::confirmation::{Confirmation, Page};
use super::gravity;
use super::petition::{Petition, Source, Task};
use super::rules::Rules;
use crate::model::{
    AuditEvent, AuditKind, Clock, Entropy, Fact, Facts, Holder, Operation, OperationId, OperationKind, OperationState,
    Weight,
};
use crate::services::{Audit, Directory, Failure};
use crate::store::{Store, Writing};

/// A petition that may become an operation: every rule was asked. Only admission makes one, and only the ledger takes it.
#[derive(Debug)]
pub struct Admitted {
    petition: Petition,
    /// Who alone will be shown what it makes.
    holder: Holder,
    /// Names what confirmed it; used once.
    nonce: String,
    /// The reason or ticket, as the company wants it.
    ticket: Option<String>,
    /// What it takes of what limits protect.
    weight: Option<Weight>,
    /// Where mail to an alias ends outside the company's domains.
    outside: Vec<String>,
}

impl Admitted {
    pub const fn petition(&self) -> &Petition {
        &self.petition
    }

    pub const fn holder(&self) -> &Holder {
        &self.holder
    }

    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    pub fn ticket(&self) -> Option<&str> {
        self.ticket.as_deref()
    }

    pub const fn weight(&self) -> Option<Weight> {
        self.weight
    }

    /// An audit event about the operation that it became.
    pub fn event(&self, id: &OperationId, kind: AuditKind, at: Timestamp) -> AuditEvent {
        let facts = match self.petition.task() {
            Task::Reset(_) => Facts::new().with_some(Fact::Ticket, self.ticket.clone()),
            Task::Change(change) if self.outside.is_empty() => change.facts(),
            Task::Change(change) => change.facts().with(Fact::Outside, self.outside.clone()),
        };
        AuditEvent {
            address: Some(self.petition.address().clone()),
            operation: Some(id.clone()),
            facts,
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

/// What decides on petitions. Cloned freely.
#[derive(Clone)]
pub struct Admission {
    pub store: Store,
    pub ledger: Ledger,
    pub audit: Audit,
    pub rules: Arc<Rules>,
    /// Knows which domains are the company's, and where aliases lead.
    pub directory: Directory,
    /// Signs the tokens of pages.
    pub key: hmac::Key,
    pub clock: Clock,
    pub entropy: Entropy,
}

impl Admission {
    /// Whether a petition may become an operation, asked in the transaction that records it.
    ///
    /// # Errors
    /// [`Failure`]: it may not begin.
    pub async fn admit(&self, tx: &mut Writing, petition: &Petition) -> Result<Admitted, Failure> {
        let (kind, address) = (petition.kind(), petition.address());
        let gravity = gravity::of(kind);
        let standing = petition.asker().standing(tx).await?;
        self.rules.allow(kind, &standing.staff, address, &tx.staff_mailboxes().await?)?;
        let weight = self.weight(petition);
        let Named { nonce, page } = self.name(petition)?;
        if let Some(page) = &page {
            let now = self.clock.now();
            if page.is_expired(kind, now) {
                return Err(Failure::ConfirmationExpired(kind, address.clone()));
            }
            if gravity.takes_proof(weight) && !standing.is_fresh(self.rules.fresh, now) {
                return Err(Failure::ProofTooOld);
            }
        }
        let ticket = if gravity.asks_reason { self.rules.reasons.read(petition.reason())? } else { None };
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
        let holder = petition.asker().holder().ok_or(Failure::SignedOut)?;
        let outside = self.outside(petition);
        Ok(Admitted { petition: petition.clone(), holder, nonce, ticket, weight, outside })
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
}
