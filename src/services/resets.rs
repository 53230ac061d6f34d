//! The reset of an account's password: what the confirmation page needs to know, and what a confirmation does.

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;

use super::confirmation::Confirmation;
use super::failure::Limit;
use super::ledger::{Begun, Intent};
use super::reset_rules::{ResetLimits, ResetRules};
use super::{Audit, Directory, Failure, Ledger};
use crate::access::{CanIn, ResetPasswords, ViewMail};
use crate::model::{Address, AuditEvent, AuditKind, Clock, Entropy, Operation, OperationId, OperationState, Rate};
use crate::store::{Store, Writing};

/// How long an account rests after a reset whose outcome is unknown, so that a late effect can't void the next password.
pub const COOL_DOWN: SignedDuration = SignedDuration::from_secs(60);
/// How many of an account's last resets are told.
const HISTORY: i64 = 5;
/// How long the answer to a confirmation waits for the reset, which mostly spares the person the working page.
const HEAD_START: Duration = Duration::from_millis(1500);

/// What the confirmation page shows, and the token that makes it good for one reset.
#[derive(Debug)]
pub struct ToConfirm {
    pub token: String,
    /// The account's last operation, if there was one.
    pub last: Option<Operation>,
}

/// What a posted confirmation page holds.
#[derive(Debug)]
pub struct Posted {
    pub token: String,
    /// Reason or ticket, as typed.
    pub ticket: String,
}

/// Resets. Cloned freely.
#[derive(Clone)]
pub struct Resets {
    pub store: Store,
    pub ledger: Ledger,
    pub directory: Directory,
    pub audit: Audit,
    pub key: hmac::Key,
    pub rules: ResetRules,
    pub clock: Clock,
    pub entropy: Entropy,
}

/// What a confirmation came to.
enum Admitted {
    /// It began this operation, which is now to be carried out.
    Now(Box<Begun>),
    /// It was used before: it goes to the operation that it began then.
    Before(OperationId),
}

impl Resets {
    /// The last resets of an account, newest first.
    ///
    /// # Errors
    /// [`Failure::Store`]; [`Failure::Denied`] when the right is for another domain.
    pub async fn history(&self, can: &CanIn<ViewMail>, address: &Address) -> Result<Vec<Operation>, Failure> {
        can.is_for(address)?;
        Ok(self.store.read().await?.operations_on(address, HISTORY).await?)
    }

    /// Makes a confirmation page. It changes nothing.
    ///
    /// # Errors
    /// [`Failure`]: the address is no account, GleSYS can't be asked now, or the account is busy or cooling down.
    pub async fn to_confirm(
        &self,
        can: &CanIn<ResetPasswords>,
        see: &CanIn<ViewMail>,
        address: &Address,
    ) -> Result<ToConfirm, Failure> {
        can.is_for(address)?;
        self.rules.allow(&can.asker().staff, address)?;
        self.directory.is_account_now(see, address).await?;
        let now = self.clock.now();
        if !self.rules.fresh.holds(can.asker().proved_at, now) {
            return Err(Failure::ProofTooOld);
        }
        let last = self.store.read().await?.operations_on(address, 1).await?.into_iter().next();
        if let Some(last) = &last {
            at_rest(last, now)?;
        }
        let confirmation = Confirmation {
            nonce: URL_SAFE_NO_PAD.encode(self.entropy.bytes::<16>()),
            issued_at: now,
            after: last.as_ref().map(|operation| operation.id.clone()),
        };
        Ok(ToConfirm { token: confirmation.sign(&self.key, can.asker(), address), last })
    }

    /// Confirms a reset: at most one call to GleSYS comes of it, however often the same page is posted. Returns the
    /// operation to look at; the reset itself goes on if the caller doesn't.
    ///
    /// # Errors
    /// [`Failure`]: nothing was sent. The refusal is in the audit.
    pub async fn confirm(
        &self,
        can: CanIn<ResetPasswords>,
        address: Address,
        posted: Posted,
    ) -> Result<OperationId, Failure> {
        let (tell, told) = oneshot::channel();
        let this = self.clone();
        let nonce = Confirmation::verify(&posted.token, &self.key, can.asker(), &address).map(|it| it.nonce);
        let began = self.ledger.spawn(async move {
            match this.admit(can, address, posted).await {
                Ok(Admitted::Now(begun)) => {
                    // Nobody may be listening any more; the reset is recorded and goes on all the same.
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

    async fn admit(&self, can: CanIn<ResetPasswords>, address: Address, posted: Posted) -> Result<Admitted, Failure> {
        let refused = AuditEvent {
            address: Some(address.clone()),
            ..can.asker().event(AuditKind::ResetRefused, self.clock.now())
        };
        let admitted = self.check_and_begin(can, address, posted).await;
        if let Err(failure) = &admitted {
            let event = AuditEvent { outcome: Some(failure.code().to_owned()), ..refused };
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

    async fn check_and_begin(
        &self,
        can: CanIn<ResetPasswords>,
        address: Address,
        posted: Posted,
    ) -> Result<Admitted, Failure> {
        can.is_for(&address)?;
        let confirmation = Confirmation::verify(&posted.token, &self.key, can.asker(), &address)
            .ok_or_else(|| Failure::ConfirmationInvalid(address.clone()))?;
        // Before the transaction, which is the panel's only one while it lasts.
        let turn = self.ledger.turn().await;
        let mut tx = self.store.write().await?;
        if let Some(before) = tx.operation_of_nonce(&confirmation.nonce).await? {
            return Ok(Admitted::Before(before.id));
        }
        self.check(&mut tx, &can, &address, &confirmation).await?;
        let ticket = self.rules.reasons.read(&posted.ticket)?;
        let turn = turn?;
        let nonce = confirmation.nonce.clone();
        let intent = Intent { can, address: address.clone(), nonce: confirmation.nonce, ticket };
        if let Some(begun) = self.ledger.begin(tx, turn, intent).await? {
            return Ok(Admitted::Now(begun.into()));
        }
        // Writers take turns, so only what does not, an older version on another replica, can have come between.
        let mut reading = self.store.read().await?;
        if let Some(before) = reading.operation_of_nonce(&nonce).await? {
            return Ok(Admitted::Before(before.id));
        }
        let last = reading.operations_on(&address, 1).await?.into_iter().next();
        Err(last.map_or(Failure::Stopping, |last| Failure::InFlight(Box::new(last))))
    }

    /// Everything that must be true now, in the transaction that records the intent.
    async fn check(
        &self,
        tx: &mut Writing,
        can: &CanIn<ResetPasswords>,
        address: &Address,
        confirmation: &Confirmation,
    ) -> Result<(), Failure> {
        let now = self.clock.now();
        let asker = can.asker();
        let standing = tx.session(&asker.session.id).await?.ok_or(Failure::SignedOut)?;
        self.rules.allow(&standing.staff, address)?;
        if confirmation.is_expired(now) {
            return Err(Failure::ConfirmationExpired(address.clone()));
        }
        if !self.rules.fresh.holds(standing.proved_at, now) {
            return Err(Failure::ProofTooOld);
        }
        if let Some(last) = tx.operations_on(address, 1).await?.into_iter().next() {
            at_rest(&last, now)?;
            if confirmation.after.as_ref() != Some(&last.id) {
                return Err(Failure::Overtaken(Box::new(last)));
            }
        }
        self.check_limits(tx, can, address, now).await
    }

    async fn check_limits(
        &self,
        tx: &mut Writing,
        can: &CanIn<ResetPasswords>,
        address: &Address,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let since = |rate: Option<Rate>| rate.map_or(now, |rate| now - rate.per);
        let ResetLimits { per_staff, per_account, total } = self.rules.limits;
        let staff = &can.asker().staff.id;
        let counts = tx.count_resets((staff, since(per_staff)), (address, since(per_account)), since(total)).await?;
        let reached = [
            (Limit::OfStaff, per_staff, counts.by_staff),
            (Limit::OfAccount, per_account, counts.of_account),
            (Limit::OfPanel, total, counts.in_all),
        ]
        .into_iter()
        .find(|(_, rate, made)| rate.is_some_and(|rate| *made >= rate.times));
        match reached {
            Some((limit, _, _)) => Err(Failure::LimitReached { limit, address: address.clone() }),
            None => Ok(()),
        }
    }
}

/// Whether nothing is under way on the account, not even a late effect.
fn at_rest(last: &Operation, now: Timestamp) -> Result<(), Failure> {
    match (last.state, cools_until(last)) {
        (OperationState::InFlight, _) => Err(Failure::InFlight(Box::new(last.clone()))),
        (_, Some(until)) if until > now => Err(Failure::CoolingDown { last: Box::new(last.clone()), until }),
        _ => Ok(()),
    }
}

/// When the account may be reset again after an operation whose outcome is unknown.
pub fn cools_until(operation: &Operation) -> Option<Timestamp> {
    let ended_at = operation.ended_at.filter(|_| operation.state == OperationState::Unknown)?;
    Some(ended_at + COOL_DOWN)
}
