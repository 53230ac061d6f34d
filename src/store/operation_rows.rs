//! Reading operations: one, those on an address, those in flight, lock-outs.

use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::grounds::GroundsRow;
use super::link_mails::LinkMailRow;
use super::outbox::state_of;
use super::owner_links::how_ended;
use super::{Db, Error, Link, on, time};
use crate::model::{
    Address, ApprovalId, BatchId, CameOf, DomainName, Elapsed, HandOver, Holder, Operation, OperationId, OperationKind,
    OperationState, Outcome, OwnerLink, SessionId, StaffId, Tick,
};

#[derive(FromRow)]
struct OperationRow {
    id: String,
    kind: String,
    address: String,
    staff_id: String,
    staff_name: String,
    told_as: String,
    session_id: String,
    account_created: Option<i64>,
    #[sqlx(flatten)]
    grounds: GroundsRow,
    batch_id: Option<String>,
    approval_id: Option<String>,
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
    hand_over: Option<String>,
    link_expires_at: Option<i64>,
    link_over: Option<i64>,
    link_tries: Option<i64>,
    link_opened_at: Option<i64>,
    link_ended: Option<String>,
    link_ended_at: Option<i64>,
    #[sqlx(flatten)]
    link_mail: LinkMailRow,
    letter_is_there: bool,
    letter_failure: Option<String>,
    letter_ended: Option<String>,
    letter_ended_at: Option<i64>,
}

/// How many accounts are asked for at once.
const AT_ONCE: usize = 50;

macro_rules! select_operation {
    ($rest:expr) => {
        concat!(
            "SELECT o.id, o.kind, o.address, o.staff_id, s.name AS staff_name, COALESCE(s.display_name, s.name) AS told_as, ",
            "o.session_id, o.account_created, o.ticket, o.caller_way, o.caller_label, o.caller_text, o.state, o.reason, o.begun_at, o.begun_tick, o.ended_at, o.ended_tick, o.shown_at, ",
            "o.seen_at, p.expires_at AS sealed_until, o.forgotten_at, o.hand_over, l.expires_at AS link_expires_at, ",
            "l.over_elapsed AS link_over, l.tries AS link_tries, l.opened_at AS link_opened_at, l.ended AS link_ended, ",
            "(SELECT MIN(i.batch_id) FROM batch_item i WHERE i.nonce = o.nonce) AS batch_id, ",
            "(SELECT MIN(a.id) FROM approval a WHERE a.nonce = o.nonce) AS approval_id, ",
            "l.ended_at AS link_ended_at, b.operation_id IS NOT NULL AS letter_is_there, b.failure AS letter_failure, ",
            "b.ended AS letter_ended, b.ended_at AS letter_ended_at, m.address AS mail_to, m.failure AS mail_failure, ",
            "m.ended AS mail_ended, m.ended_at AS mail_ended_at ",
            "FROM operation o JOIN staff s ON s.id = o.staff_id LEFT JOIN sealed p ON p.operation_id = o.id ",
            "LEFT JOIN owner_link l ON l.operation_id = o.id LEFT JOIN outbox b ON b.operation_id = o.id ",
            "LEFT JOIN link_mail m ON m.operation_id = o.id ",
            $rest
        )
    };
}

/// Of some operations those that hold: nothing is known to have given the account another password since.
macro_rules! select_lasting {
    ($which:literal) => {
        select_operation!(concat!(
            "WHERE ",
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

    /// The operations that a batch last made of its accounts, in order of address.
    pub async fn operations_of_batch(&mut self, batch: &BatchId) -> Result<Vec<Operation>, Error> {
        let rows: Vec<OperationRow> = on!(self, c => sqlx::query_as(
            select_operation!("JOIN batch_item i ON i.nonce = o.nonce WHERE i.batch_id = $1 ORDER BY o.address")
        ).bind(batch.as_str()).fetch_all(c).await)?;
        rows.into_iter().map(read).collect()
    }

    /// The lock-outs of these accounts, of those that are locked out or may be.
    pub async fn lock_outs_of(&mut self, addresses: &[&Address]) -> Result<Vec<Operation>, Error> {
        let mut found = Vec::new();
        for addresses in addresses.chunks(AT_ONCE) {
            let rows: Vec<OperationRow> = on!(self, c => {
                let mut query = sqlx::query_as(select_lasting!(
                    "o.kind = 'lock_out' AND o.state IN ('done', 'unknown') AND o.address IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, \
                     $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, \
                     $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50)"
                ));
                for place in 0..AT_ONCE {
                    query = query.bind(addresses.get(place).map(|address| address.as_str()));
                }
                query.fetch_all(c).await
            })?;
            found.extend(rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(found)
    }

    /// The same of a domain's accounts.
    pub async fn lock_outs_in(&mut self, domain: &DomainName) -> Result<Vec<Operation>, Error> {
        let rows: Vec<OperationRow> = on!(self, c => sqlx::query_as(select_lasting!("o.kind = 'lock_out' AND o.state IN ('done', 'unknown') AND o.address LIKE '%@' || $1"))
            .bind(domain.as_str()).fetch_all(c).await)?;
        let lock_outs = rows.into_iter().map(read);
        // A name may hold what stands for any character.
        lock_outs.filter(|found| found.as_ref().map_or(true, |found| found.address.domain() == domain)).collect()
    }

    /// What gave or took the accounts of a domain their passwords last, of what began after a moment.
    pub async fn passwords_in(&mut self, domain: &DomainName, after: Tick) -> Result<Vec<Operation>, Error> {
        let rows: Vec<OperationRow> = on!(self, c => sqlx::query_as(select_lasting!(
            "o.state = 'done' AND o.kind IN ('reset_password', 'lock_out', 'create_account', 'delete_account') AND o.begun_tick > $2 \
             AND o.address LIKE '%@' || $1"
        )).bind(domain.as_str()).bind(after.0).fetch_all(c).await)?;
        let last = rows.into_iter().map(read);
        last.filter(|found| found.as_ref().map_or(true, |found| found.address.domain() == domain)).collect()
    }

    /// The newest whose password waits for its owner, newest first.
    pub async fn hand_overs_that_wait(&mut self) -> Result<Vec<Operation>, Error> {
        let rows: Vec<OperationRow> = on!(self, c => sqlx::query_as(select_operation!(
            "WHERE l.operation_id IS NOT NULL AND l.ended IS NULL ORDER BY o.begun_tick DESC"
        )).fetch_all(c).await)?;
        rows.into_iter().map(read).collect()
    }

    /// The operations in flight.
    pub async fn operations_in_flight(&mut self) -> Result<Vec<Operation>, Error> {
        let rows: Vec<OperationRow> = on!(self, c => sqlx::query_as(select_operation!("WHERE o.state = 'in_flight'"))
            .fetch_all(c).await)?;
        rows.into_iter().map(read).collect()
    }
}

fn read(row: OperationRow) -> Result<Operation, Error> {
    let id = OperationId::parse(&row.id).map_err(|_| Error::Unreadable("an operation's id"))?;
    let link = row.link_expires_at.map(|expires_at| {
        Ok::<_, Error>(OwnerLink {
            operation: id.clone(),
            expires_at: time(expires_at),
            over: Elapsed(row.link_over.unwrap_or_default()),
            tries: row.link_tries.unwrap_or_default(),
            opened_at: row.link_opened_at.map(time),
            ended: how_ended(row.link_ended.as_deref())?.zip(row.link_ended_at.map(time)),
        })
    });
    let state = OperationState::named(&row.state).ok_or(Error::Unreadable("an operation's state"))?;
    let came_of = CameOf {
        batch: row.batch_id.as_deref().and_then(|id| BatchId::parse(id).ok()),
        approval: row.approval_id.as_deref().and_then(|id| ApprovalId::parse(id).ok()),
    };
    // Of what runs or was not done there is nothing to tell.
    let is_told = row.letter_is_there && matches!(state, OperationState::Done | OperationState::Unknown);
    let letter = state_of(row.letter_failure.as_deref(), row.letter_ended.as_deref(), row.letter_ended_at);
    Ok(Operation {
        id,
        kind: OperationKind::named(&row.kind).ok_or(Error::Unreadable("an operation's kind"))?,
        address: Address::parse(&row.address).map_err(|_| Error::Unreadable("an operation's address"))?,
        staff: StaffId(row.staff_id),
        staff_name: row.staff_name,
        told_as: row.told_as,
        holder: Holder::Session(SessionId(row.session_id)),
        account_created: row.account_created.map(time),
        grounds: row.grounds.into(),
        came_of,
        hand_over: row.hand_over.and_then(|way| HandOver::named(&way)),
        link: link.transpose()?,
        letter: is_told.then_some(letter),
        link_mail: row.link_mail.read()?,
        outcome: Outcome::read(state, row.reason),
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
