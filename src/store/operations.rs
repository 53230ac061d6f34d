//! Statements on operations. An operation ends once: every change of its state compares before it sets.

use jiff::Timestamp;
use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::{Db, Error, Link, Writing, on, time};
use crate::model::{
    Address, DomainName, Holder, Operation, OperationId, OperationKind, OperationState, Outcome, SessionId, StaffId,
    Tick, Weight,
};

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
    pub ticket: Option<&'a str>,
    /// What it takes of what limits protect.
    pub weight: Option<Weight>,
    pub begun_at: Timestamp,
}

#[derive(FromRow)]
struct OperationRow {
    id: String,
    kind: String,
    address: String,
    staff_id: String,
    staff_name: String,
    told_as: String,
    session_id: String,
    ticket: Option<String>,
    state: String,
    reason: Option<String>,
    begun_at: i64,
    begun_tick: i64,
    ended_at: Option<i64>,
    ended_tick: Option<i64>,
    shown_at: Option<i64>,
    seen_at: Option<i64>,
    sealed_until: Option<i64>,
    forgotten_at: Option<i64>,
}

macro_rules! select_operation {
    ($rest:expr) => {
        concat!(
            "SELECT o.id, o.kind, o.address, o.staff_id, s.name AS staff_name, COALESCE(s.display_name, s.name) AS told_as, ",
            "o.session_id, o.ticket, o.state, o.reason, o.begun_at, o.begun_tick, o.ended_at, o.ended_tick, o.shown_at, ",
            "o.seen_at, p.expires_at AS sealed_until, o.forgotten_at ",
            "FROM operation o JOIN staff s ON s.id = o.staff_id LEFT JOIN sealed p ON p.operation_id = o.id ",
            $rest
        )
    };
}

/// Lock-outs that hold: nothing is known to have given the account another password since.
macro_rules! select_lock_outs {
    ($which:literal) => {
        select_operation!(concat!(
            "WHERE o.kind = 'lock_out' AND o.state = 'done' AND ",
            $which,
            " AND NOT EXISTS (SELECT 1 FROM operation later WHERE later.address = o.address ",
            "AND later.begun_tick > o.begun_tick AND later.state = 'done' ",
            "AND later.kind IN ('reset_password', 'lock_out', 'create_account', 'delete_account'))"
        ))
    };
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// The operation of that id.
    pub async fn operation(&mut self, id: &OperationId) -> Result<Option<Operation>, Error> {
        let row: Option<OperationRow> = on!(self, c => sqlx::query_as(select_operation!("WHERE o.id = $1"))
            .bind(id.as_str()).fetch_optional(c).await)?;
        row.map(read).transpose()
    }

    /// The operation that a confirmation began, if it did.
    pub async fn operation_of_nonce(&mut self, nonce: &str) -> Result<Option<Operation>, Error> {
        let row: Option<OperationRow> = on!(self, c => sqlx::query_as(select_operation!("WHERE o.nonce = $1"))
            .bind(nonce).fetch_optional(c).await)?;
        row.map(read).transpose()
    }

    /// The newest operations on an address, newest first.
    pub async fn operations_on(&mut self, address: &Address, at_most: i64) -> Result<Vec<Operation>, Error> {
        let rows: Vec<OperationRow> = on!(self, c => sqlx::query_as(
            select_operation!("WHERE o.address = $1 ORDER BY o.begun_tick DESC LIMIT $2")
        ).bind(address.as_str()).bind(at_most).fetch_all(c).await)?;
        rows.into_iter().map(read).collect()
    }

    /// The lock-out of an account, if it is locked out.
    pub async fn lock_out_of(&mut self, address: &Address) -> Result<Option<Operation>, Error> {
        let row: Option<OperationRow> = on!(self, c => sqlx::query_as(select_lock_outs!("o.address = $1"))
            .bind(address.as_str()).fetch_optional(c).await)?;
        row.map(read).transpose()
    }

    /// The lock-outs of a domain's accounts.
    pub async fn lock_outs_in(&mut self, domain: &DomainName) -> Result<Vec<Operation>, Error> {
        let rows: Vec<OperationRow> = on!(self, c => sqlx::query_as(select_lock_outs!("o.address LIKE '%@' || $1"))
            .bind(domain.as_str()).fetch_all(c).await)?;
        let lock_outs = rows.into_iter().map(read);
        // A name may hold what stands for any character.
        lock_outs.filter(|found| found.as_ref().map_or(true, |found| found.address.domain() == domain)).collect()
    }

    /// The operations in flight.
    pub async fn operations_in_flight(&mut self) -> Result<Vec<Operation>, Error> {
        let rows: Vec<OperationRow> = on!(self, c => sqlx::query_as(select_operation!("WHERE o.state = 'in_flight'"))
            .fetch_all(c).await)?;
        rows.into_iter().map(read).collect()
    }
}

impl Writing {
    /// Records an operation in flight; `None` when its confirmation was used before or the address has one in flight.
    pub async fn add_operation(&mut self, new: &NewOperation<'_>) -> Result<Option<Tick>, Error> {
        let (tick, elapsed) = (self.tick().await?, self.elapsed_at_most().await?);
        let done = on!(&mut self.db, c => sqlx::query(
            "INSERT INTO operation (id, nonce, address, staff_id, session_id, ticket, state, begun_at, begun_tick, kind, \
             guarded, weight, begun_elapsed) \
             VALUES ($1, $2, $3, $4, $5, $6, 'in_flight', $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING"
        )
        .bind(new.id.as_str()).bind(new.nonce).bind(new.address.as_str()).bind(&new.staff.0).bind(session_of(new.holder))
        .bind(new.ticket).bind(new.begun_at.as_millisecond()).bind(tick.0).bind(new.kind.name())
        .bind(new.weight.map(|weight| weight.of.name())).bind(new.weight.map_or(0, |weight| weight.much)).bind(elapsed.0)
        .execute(c).await.map(|d| d.rows_affected()))?;
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
pub(super) fn session_of(holder: &Holder) -> &str {
    let Holder::Session(session) = holder;
    &session.0
}

fn read(row: OperationRow) -> Result<Operation, Error> {
    Ok(Operation {
        id: OperationId::parse(&row.id).map_err(|_| Error::Unreadable("an operation's id"))?,
        kind: OperationKind::named(&row.kind).ok_or(Error::Unreadable("an operation's kind"))?,
        address: Address::parse(&row.address).map_err(|_| Error::Unreadable("an operation's address"))?,
        staff: StaffId(row.staff_id),
        staff_name: row.staff_name,
        told_as: row.told_as,
        holder: Holder::Session(SessionId(row.session_id)),
        ticket: row.ticket,
        outcome: Outcome::read(
            OperationState::named(&row.state).ok_or(Error::Unreadable("an operation's state"))?,
            row.reason,
        ),
        begun_at: time(row.begun_at),
        begun_tick: Tick(row.begun_tick),
        ended_at: row.ended_at.map(time),
        ended_tick: row.ended_tick.map(Tick),
        shown_at: row.shown_at.map(time),
        seen_at: row.seen_at.map(time),
        sealed_until: row.sealed_until.map(time),
        forgotten_at: row.forgotten_at.map(time),
    })
}
