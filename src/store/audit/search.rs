//! Finding rows of the audit: by person, account, domain, kind, outcome and time, in both directions, quickly whichever
//! of them is asked for alone.
//!
//! A statement names the column that it begins with in plain words, because neither database would use an index behind
//! `OR`; the other conditions are then looked at row by row. Times are turned into places of the audit first
//! ([`Db::narrow`]), because rows are found and shown in the order in which they were recorded.

use jiff::Timestamp;
use sqlx::{PgConnection, SqliteConnection};

use super::{AuditRecord, Db, Error, Link, on};
use crate::model::{Address, AuditKind, AuditRow, DomainName, OperationState};

/// Which rows of the audit are asked for; `None` means any.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    pub kind: Option<AuditKind>,
    pub staff_name: Option<String>,
    pub address: Option<Address>,
    pub domain: Option<DomainName>,
    /// How an operation ended, whatever the reason.
    pub state: Option<OperationState>,
    /// Only rows of this moment and later.
    pub from: Option<Timestamp>,
    /// Only rows from before this moment.
    pub until: Option<Timestamp>,
    /// Only rows recorded after this one: the page of newer rows begins there.
    pub after: Option<i64>,
    /// Only rows recorded before this one: the page of older rows begins there.
    pub before: Option<i64>,
}

/// The column that a statement begins with.
#[derive(Clone, Copy, Debug)]
enum First {
    Address,
    Staff,
    State,
    Kind,
    Domain,
    Seq,
}

/// The states differ in their first four letters, which is what the index holds.
macro_rules! search {
    ($first:literal, $order:literal) => {
        concat!(
            "SELECT seq, at, kind, staff_id, staff_name, address, domain, operation_id, outcome, detail, facts, ",
            "client, reference, staff_mac, mac FROM audit WHERE ",
            $first,
            "seq >= $1 AND seq <= $2 AND at >= $3 AND at <= $4 ",
            "AND (CAST($5 AS TEXT) IS NULL OR kind = $5) AND (CAST($6 AS TEXT) IS NULL OR staff_name = $6) ",
            "AND (CAST($7 AS TEXT) IS NULL OR address = $7) AND (CAST($8 AS TEXT) IS NULL OR domain = $8) ",
            "AND (CAST($9 AS TEXT) IS NULL OR outcome = $9 OR outcome LIKE $9 || ': %') ",
            "ORDER BY seq ",
            $order,
            " LIMIT $10"
        )
    };
}

macro_rules! search_from {
    ($first:expr, $order:literal) => {
        match $first {
            First::Address => search!("address = $7 AND ", $order),
            First::Staff => search!("staff_name = $6 AND ", $order),
            First::State => search!("substr(outcome, 1, 4) = substr(CAST($9 AS TEXT), 1, 4) AND ", $order),
            First::Kind => search!("kind = $5 AND ", $order),
            First::Domain => search!("domain = $8 AND ", $order),
            First::Seq => search!("", $order),
        }
    };
}

impl AuditFilter {
    /// The condition that mostly leaves the fewest rows.
    const fn first(&self) -> First {
        match self {
            Self { address: Some(_), .. } => First::Address,
            Self { staff_name: Some(_), .. } => First::Staff,
            Self { state: Some(_), .. } => First::State,
            Self { kind: Some(_), .. } => First::Kind,
            Self { domain: Some(_), .. } => First::Domain,
            _ => First::Seq,
        }
    }

    /// The statement that finds the rows, newest or oldest first.
    pub(in crate::store) const fn statement(&self, newest_first: bool) -> &'static str {
        if newest_first { search_from!(self.first(), "DESC") } else { search_from!(self.first(), "ASC") }
    }

    /// The first and the last row that may be among those asked for.
    fn places(&self) -> (i64, i64) {
        let after = self.after.map_or(i64::MIN, |seq| seq.saturating_add(1));
        (after, self.before.map_or(i64::MAX, |seq| seq.saturating_sub(1)))
    }

    /// The first and the last millisecond that is asked for.
    fn times(&self) -> (i64, i64) {
        let from = self.from.map_or(i64::MIN, Timestamp::as_millisecond);
        (from, self.until.map_or(i64::MAX, |until| until.as_millisecond() - 1))
    }
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// The newest rows that match, newest first.
    pub async fn audit(&mut self, filter: &AuditFilter, at_most: i64) -> Result<Vec<AuditRow>, Error> {
        let rows = self.search_audit(filter.statement(true), filter, at_most).await?;
        rows.into_iter().map(AuditRow::try_from).collect()
    }

    /// The oldest rows that match, oldest first, just as they are kept.
    pub async fn audit_onward(&mut self, filter: &AuditFilter, at_most: i64) -> Result<Vec<AuditRecord>, Error> {
        self.search_audit(filter.statement(false), filter, at_most).await
    }

    async fn search_audit(
        &mut self,
        statement: &'static str,
        filter: &AuditFilter,
        at_most: i64,
    ) -> Result<Vec<AuditRecord>, Error> {
        let ((first, last), (from, to)) = (filter.places(), filter.times());
        Ok(on!(self, c => sqlx::query_as(statement)
            .bind(first).bind(last).bind(from).bind(to)
            .bind(filter.kind.map(AuditKind::name)).bind(filter.staff_name.as_deref())
            .bind(filter.address.as_ref().map(Address::as_str)).bind(filter.domain.as_ref().map(DomainName::as_str))
            .bind(filter.state.map(OperationState::name)).bind(at_most)
            .fetch_all(c).await)?)
    }

    /// The same filter, which no longer looks outside the part of the audit that its times fall into. Worth its while
    /// before a filter is used; the rows found are the same.
    pub async fn narrow(&mut self, filter: AuditFilter) -> Result<AuditFilter, Error> {
        if filter.from.is_none() && filter.until.is_none() {
            return Ok(filter);
        }
        let (from, to) = filter.times();
        let found: (Option<i64>, Option<i64>) = on!(self, c => sqlx::query_as(
            "SELECT MIN(seq), MAX(seq) FROM audit WHERE at >= $1 AND at <= $2"
        ).bind(from).bind(to).fetch_one(c).await)?;
        let (first, last) = filter.places();
        // Where there is nothing, the first comes after the last.
        let (first, last) = (first.max(found.0.unwrap_or(1)), last.min(found.1.unwrap_or(0)));
        Ok(AuditFilter { after: Some(first.saturating_sub(1)), before: Some(last.saturating_add(1)), ..filter })
    }
}
