//! Statements on the audit: append-only, every row chained to the one before by an HMAC whose key is not in the database.

use aws_lc_rs::hmac;
use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::{Db, Error, Link, Writing, on, time};
use crate::model::{Address, AuditEvent, AuditKind, AuditRow, DomainName, OperationId, StaffId};

/// Which rows of the audit are asked for; `None` means any.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    pub kind: Option<AuditKind>,
    pub staff_name: Option<String>,
    pub address: Option<Address>,
    /// Only rows before this one: the next page begins where the last ended.
    pub before: Option<i64>,
}

#[derive(FromRow)]
struct Row {
    seq: i64,
    at: i64,
    kind: String,
    staff_id: Option<String>,
    staff_name: Option<String>,
    address: Option<String>,
    domain: Option<String>,
    operation_id: Option<String>,
    outcome: Option<String>,
    detail: Option<String>,
    client: Option<String>,
    reference: Option<String>,
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// The newest rows that match, newest first.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn audit(&mut self, filter: &AuditFilter, at_most: i64) -> Result<Vec<AuditRow>, Error> {
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(
            "SELECT seq, at, kind, staff_id, staff_name, address, domain, operation_id, outcome, detail, client, reference \
             FROM audit WHERE (CAST($1 AS TEXT) IS NULL OR kind = $1) AND (CAST($2 AS TEXT) IS NULL OR staff_name = $2) \
             AND (CAST($3 AS TEXT) IS NULL OR address = $3) AND (CAST($4 AS BIGINT) IS NULL OR seq < $4) \
             ORDER BY seq DESC LIMIT $5"
        )
        .bind(filter.kind.map(AuditKind::name)).bind(filter.staff_name.as_deref())
        .bind(filter.address.as_ref().map(Address::as_str)).bind(filter.before).bind(at_most)
        .fetch_all(c).await)?;
        rows.into_iter().map(read).collect()
    }

    /// Whether this event of an operation is in the audit, by kind, operation and the request's reference.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn is_recorded(&mut self, event: &AuditEvent) -> Result<bool, Error> {
        let found: i64 = on!(self, c => sqlx::query_scalar(
            "SELECT count(*) FROM audit WHERE address = $1 AND kind = $2 AND operation_id = $3 AND reference = $4"
        )
        .bind(event.address.as_ref().map(Address::as_str)).bind(event.kind.name())
        .bind(event.operation.as_ref().map(OperationId::as_str)).bind(event.reference.as_deref())
        .fetch_one(c).await)?;
        Ok(found > 0)
    }
}

impl Writing {
    /// Appends an event to the audit. It counts only once the transaction is committed.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn record(&mut self, event: &AuditEvent) -> Result<(), Error> {
        // Changing the head first takes its row's lock: two writers can't chain to the same row.
        let (seq, previous): (i64, Vec<u8>) = on!(&mut self.db, c => sqlx::query_as(
            "UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, mac"
        ).fetch_one(c).await)?;
        let row = write(seq, event);
        let mac = chain(&self.audit_key, &previous, &row);
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO audit (seq, at, kind, staff_id, staff_name, address, domain, operation_id, outcome, detail, \
             client, reference, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        )
        .bind(row.seq).bind(row.at).bind(&row.kind).bind(row.staff_id.as_deref()).bind(row.staff_name.as_deref())
        .bind(row.address.as_deref()).bind(row.domain.as_deref()).bind(row.operation_id.as_deref())
        .bind(row.outcome.as_deref()).bind(row.detail.as_deref()).bind(row.client.as_deref())
        .bind(row.reference.as_deref()).bind(&mac[..])
        .execute(c).await.map(drop))?;
        on!(&mut self.db, c => sqlx::query("UPDATE audit_head SET mac = $1 WHERE id = 1")
            .bind(&mac[..]).execute(c).await.map(drop))?;
        Ok(())
    }
}

fn chain(key: &hmac::Key, previous: &[u8], row: &Row) -> Vec<u8> {
    let mut context = hmac::Context::with_key(key);
    context.update(previous);
    let numbers = [row.seq.to_string(), row.at.to_string()];
    let texts = [
        Some(&numbers[0]),
        Some(&numbers[1]),
        Some(&row.kind),
        row.staff_id.as_ref(),
        row.staff_name.as_ref(),
        row.address.as_ref(),
        row.domain.as_ref(),
        row.operation_id.as_ref(),
        row.outcome.as_ref(),
        row.detail.as_ref(),
        row.client.as_ref(),
        row.reference.as_ref(),
    ];
    // Each value goes in with its length before it, so that no two rows give the same bytes.
    for text in texts {
        match text {
            Some(text) => {
                context.update(&(text.len() as u64 + 1).to_be_bytes());
                context.update(text.as_bytes());
            }
            None => context.update(&0_u64.to_be_bytes()),
        }
    }
    context.sign().as_ref().to_vec()
}

fn write(seq: i64, event: &AuditEvent) -> Row {
    Row {
        seq,
        at: event.at.as_millisecond(),
        kind: event.kind.name().to_owned(),
        staff_id: event.staff.as_ref().map(|id| id.0.clone()),
        staff_name: event.staff_name.clone(),
        address: event.address.as_ref().map(ToString::to_string),
        domain: event.domain.as_ref().or(event.address.as_ref().map(Address::domain)).map(ToString::to_string),
        operation_id: event.operation.as_ref().map(|id| id.as_str().to_owned()),
        outcome: event.outcome.clone(),
        detail: event.detail.clone(),
        client: event.client.clone(),
        reference: event.reference.clone(),
    }
}

fn read(row: Row) -> Result<AuditRow, Error> {
    let event = AuditEvent {
        kind: AuditKind::named(&row.kind).ok_or(Error::Unreadable("an audit row's kind"))?,
        at: time(row.at),
        staff: row.staff_id.map(StaffId),
        staff_name: row.staff_name,
        address: row.address.and_then(|address| Address::parse(&address).ok()),
        domain: row.domain.and_then(|domain| DomainName::parse(&domain).ok()),
        operation: row.operation_id.and_then(|id| OperationId::parse(&id).ok()),
        outcome: row.outcome,
        detail: row.detail,
        client: row.client,
        reference: row.reference,
    };
    Ok(AuditRow { seq: row.seq, event })
}
