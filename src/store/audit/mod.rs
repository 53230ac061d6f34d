//! Statements on the audit: append-only, every row chained to the one before by an HMAC whose key is not in the database.

mod chain;
mod prose;
mod search;

use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::{Db, Error, Link, Writing, on, time};
use crate::model::{Actor, Address, AuditEvent, AuditHead, AuditKind, AuditRow, DomainName, Facts, OperationId};

pub use chain::Chain;
pub use search::AuditFilter;

/// A row of the audit just as it is kept, whichever version of the panel, or whoever else, wrote it.
#[derive(Clone, Debug, FromRow)]
pub struct AuditRecord {
    pub seq: i64,
    /// Milliseconds since 1970 UTC.
    pub at: i64,
    pub kind: String,
    pub staff_id: Option<String>,
    pub staff_name: Option<String>,
    pub address: Option<String>,
    pub domain: Option<String>,
    pub operation_id: Option<String>,
    pub outcome: Option<String>,
    /// What an earlier version said of it besides, in prose.
    pub detail: Option<String>,
    /// What else is known of it, as [`Facts`] are kept.
    pub facts: Option<String>,
    pub client: Option<String>,
    pub reference: Option<String>,
    /// Where the event changed what somebody may do or signs in with: a MAC over all of that, of everybody.
    pub staff_mac: Option<Vec<u8>>,
    pub mac: Vec<u8>,
}

impl AuditRecord {
    /// What else is known of it, whichever version wrote it.
    pub fn known_facts(&self) -> Facts {
        match (&self.facts, &self.detail) {
            (Some(facts), _) => Facts::read(facts),
            (None, Some(detail)) => prose::facts(&self.kind, detail),
            (None, None) => Facts::new(),
        }
    }
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// The first rows from `seq` on, oldest first, just as they are kept.
    pub async fn audit_records(&mut self, seq: i64, at_most: i64) -> Result<Vec<AuditRecord>, Error> {
        Ok(on!(self, c => sqlx::query_as(
            "SELECT seq, at, kind, staff_id, staff_name, address, domain, operation_id, outcome, detail, facts, \
             client, reference, staff_mac, mac FROM audit WHERE seq >= $1 ORDER BY seq LIMIT $2"
        ).bind(seq).bind(at_most).fetch_all(c).await)?)
    }

    /// The end of the chain, as it is kept beside the rows; `None` when somebody removed it.
    pub async fn audit_head(&mut self) -> Result<Option<AuditHead>, Error> {
        let head: Option<(i64, Vec<u8>)> =
            on!(self, c => sqlx::query_as("SELECT seq, mac FROM audit_head WHERE id = 1").fetch_optional(c).await)?;
        Ok(head.map(|(seq, mac)| AuditHead { seq, mac }))
    }

    /// Whether this event of an operation is in the audit, by address, kind, operation and the request's reference.
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
    /// Appends an event to the audit. It counts only once the transaction is committed. Anyone who was changed before it is
    /// tied to the key again.
    ///
    /// # Errors
    /// [`Error::Refused`] where the audit is not what was noted of it outside; [`Error::Database`].
    pub async fn record(&mut self, event: &AuditEvent) -> Result<(), Error> {
        // Changing the head first takes its row's lock: two writers can't chain to the same row.
        let (seq, previous): (i64, Vec<u8>) = on!(&mut self.db, c => sqlx::query_as(
            "UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, mac"
        ).fetch_one(c).await)?;
        let previous = AuditHead { seq: seq - 1, mac: previous };
        self.must_record_after(&previous).await?;
        let row = AuditRecord { staff_mac: self.seal().await?, ..write(seq, event) };
        let mac = chain::mac(&self.db.keys.audit, &previous.mac, &row);
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO audit (seq, at, kind, staff_id, staff_name, address, domain, operation_id, outcome, facts, \
             client, reference, staff_mac, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
        )
        .bind(row.seq).bind(row.at).bind(&row.kind).bind(row.staff_id.as_deref()).bind(row.staff_name.as_deref())
        .bind(row.address.as_deref()).bind(row.domain.as_deref()).bind(row.operation_id.as_deref())
        .bind(row.outcome.as_deref()).bind(row.facts.as_deref()).bind(row.client.as_deref())
        .bind(row.reference.as_deref()).bind(row.staff_mac.as_deref()).bind(&mac[..])
        .execute(c).await.map(drop))?;
        on!(&mut self.db, c => sqlx::query("UPDATE audit_head SET mac = $1 WHERE id = 1")
            .bind(&mac[..]).execute(c).await.map(drop))?;
        if let Some(noted) = &mut self.to_note {
            noted.head = AuditHead { seq, mac };
        }
        Ok(())
    }
}

/// The row of an event; its MAC is still to be made.
fn write(seq: i64, event: &AuditEvent) -> AuditRecord {
    AuditRecord {
        seq,
        at: event.at.as_millisecond(),
        kind: event.kind.name().to_owned(),
        staff_id: event.actor.as_ref().map(|actor| actor.kept().to_owned()),
        staff_name: event.staff_name.clone(),
        address: event.address.as_ref().map(ToString::to_string),
        domain: event.domain.as_ref().or(event.address.as_ref().map(Address::domain)).map(ToString::to_string),
        operation_id: event.operation.as_ref().map(|id| id.as_str().to_owned()),
        outcome: event.outcome.clone(),
        detail: None,
        facts: event.facts.kept(),
        client: event.client.clone(),
        reference: event.reference.clone(),
        staff_mac: None,
        mac: Vec::new(),
    }
}

impl TryFrom<AuditRecord> for AuditRow {
    type Error = Error;

    /// Reads a row that this version of the panel knows.
    fn try_from(row: AuditRecord) -> Result<Self, Error> {
        let facts = row.known_facts();
        let event = AuditEvent {
            kind: AuditKind::named(&row.kind).ok_or(Error::Unreadable("an audit row's kind"))?,
            at: time(row.at),
            actor: row.staff_id.map(Actor::read),
            staff_name: row.staff_name,
            address: row.address.and_then(|address| Address::parse(&address).ok()),
            domain: row.domain.and_then(|domain| DomainName::parse(&domain).ok()),
            operation: row.operation_id.and_then(|id| OperationId::parse(&id).ok()),
            outcome: row.outcome,
            facts,
            client: row.client,
            reference: row.reference,
        };
        Ok(Self { seq: row.seq, event })
    }
}
