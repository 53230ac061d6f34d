//! Statements that begin and end operations, and put down and show the password that one made, encrypted. One ends once and is
//! shown once: every change of its state compares before it sets.

use jiff::Timestamp;

use super::grounds::kept_caller;
use super::{Error, Writing, on};
use crate::model::clock::Ends;
use crate::model::{Address, Grounds, HandOver, Holder, OperationId, OperationKind, Outcome, StaffId, Tick, Weight};

/// An operation that is about to be tried.
#[derive(Debug)]
pub struct NewOperation<'a> {
    pub id: &'a OperationId,
    pub kind: OperationKind,
    /// The confirmation's nonce: the same form posted again finds the same operation.
    pub nonce: &'a str,
    pub address: &'a Address,
    pub staff: &'a StaffId,
    /// Who alone may be shown what it makes.
    pub holder: &'a Holder,
    /// When GleSYS had made the account, as far as is known.
    pub account_created: Option<Timestamp>,
    pub grounds: &'a Grounds,
    pub hand_over: Option<HandOver>,
    /// What it takes of what limits protect.
    pub weight: Option<Weight>,
    pub begun_at: Timestamp,
}

impl Writing {
    /// Records an operation in flight; `None` when its confirmation was used before or the address has one in flight.
    pub async fn add_operation(&mut self, new: &NewOperation<'_>) -> Result<Option<Tick>, Error> {
        let (tick, elapsed) = (self.tick().await?, self.elapsed_at_most().await?);
        let [way, label, text] = kept_caller(new.grounds.caller.as_ref());
        let done = on!(&mut self.db, c => sqlx::query(
            "INSERT INTO operation (id, nonce, address, staff_id, session_id, ticket, state, begun_at, begun_tick, kind, \
             guarded, weight, begun_elapsed, account_created, hand_over, caller_way, caller_label, caller_text) VALUES ($1, $2, \
             $3, $4, $5, $6, 'in_flight', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT DO NOTHING"
        )
        .bind(new.id.as_str()).bind(new.nonce).bind(new.address.as_str()).bind(&new.staff.0).bind(session_of(new.holder))
        .bind(new.grounds.ticket.as_deref()).bind(new.begun_at.as_millisecond()).bind(tick.0).bind(new.kind.name())
        .bind(new.weight.map(|weight| weight.of.name())).bind(new.weight.map_or(0, |weight| weight.much)).bind(elapsed.0)
        .bind(new.account_created.map(Timestamp::as_millisecond)).bind(new.hand_over.map(HandOver::name))
        .bind(way).bind(label).bind(text).execute(c).await.map(|d| d.rows_affected()))?;
        Ok((done == 1).then_some(tick))
    }

    /// Ends an operation in flight; `None` when it had ended already.
    pub async fn end_operation(
        &mut self,
        id: &OperationId,
        outcome: &Outcome,
        at: Timestamp,
    ) -> Result<Option<Tick>, Error> {
        let tick = self.tick().await?;
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE operation SET state = $2, reason = $3, ended_at = $4, ended_tick = $5 \
             WHERE id = $1 AND state = 'in_flight'"
        )
        .bind(id.as_str()).bind(outcome.state().name()).bind(outcome.reason()).bind(at.as_millisecond())
        .bind(tick.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok((done == 1).then_some(tick))
    }

    /// Puts a sealed password down until `expires_at`; `false` when the session that could open it was ended meanwhile.
    pub async fn put_sealed(
        &mut self,
        id: &OperationId,
        holder: &Holder,
        ciphertext: &[u8],
        expires_at: Timestamp,
    ) -> Result<bool, Error> {
        let done = on!(&mut self.db, c => sqlx::query(
            "INSERT INTO sealed (operation_id, session_id, ciphertext, expires_at) SELECT $1, $2, $3, $4 \
             WHERE EXISTS (SELECT 1 FROM session WHERE id = $2 AND ended_at IS NULL)"
        ).bind(id.as_str()).bind(session_of(holder)).bind(ciphertext).bind(expires_at.as_millisecond())
        .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Takes a sealed password up, if it is there and its end lies between these moments; it is gone with the commit.
    pub async fn take_sealed(&mut self, id: &OperationId, ends: Ends) -> Result<Option<Vec<u8>>, Error> {
        Ok(on!(&mut self.db, c => sqlx::query_scalar(
            "DELETE FROM sealed WHERE operation_id = $1 AND expires_at > $2 AND expires_at <= $3 RETURNING ciphertext"
        ).bind(id.as_str()).bind(ends.after.as_millisecond()).bind(ends.until.as_millisecond()).fetch_optional(c).await)?)
    }

    /// Claims the one showing of a password for its holder; `false` when it is not theirs, was claimed before or
    /// is not done.
    pub async fn claim_showing(&mut self, id: &OperationId, holder: &Holder, at: Timestamp) -> Result<bool, Error> {
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE operation SET shown_at = $3 \
             WHERE id = $1 AND session_id = $2 AND state = 'done' AND shown_at IS NULL"
        ).bind(id.as_str()).bind(session_of(holder)).bind(at.as_millisecond()).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Notes that the page with the password was really displayed; `false` when that is known already or can't be.
    pub async fn note_seen(&mut self, id: &OperationId, holder: &Holder, at: Timestamp) -> Result<bool, Error> {
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE operation SET seen_at = $3 \
             WHERE id = $1 AND session_id = $2 AND shown_at IS NOT NULL AND seen_at IS NULL"
        ).bind(id.as_str()).bind(session_of(holder)).bind(at.as_millisecond()).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}

/// What the database keeps of a holder.
fn session_of(holder: &Holder) -> &str {
    let Holder::Session(session) = holder;
    &session.0
}
