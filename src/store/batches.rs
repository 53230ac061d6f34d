//! Statements on batches and their accounts. Where an account stands follows from its operation, which the nonce finds;
//! only why none was made is kept here.

use jiff::Timestamp;
use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::grounds::{GroundsRow, kept_caller};
use super::owner_links::how_ended;
use super::{Db, Error, Link, Writing, on, time};
use crate::model::{
    Address, Batch, BatchAction, BatchId, BatchItem, BatchState, DomainName, Fact, Facts, Grounds, ItemOperation, Kept,
    OperationId, OperationKind, OperationState, Outcome, SessionId, StaffId, Tick, WhyLeftOut, WhyStopped,
};

/// A batch that is put together.
#[derive(Debug)]
pub struct NewBatch<'a> {
    pub id: &'a BatchId,
    pub staff: &'a StaffId,
    pub session: &'a SessionId,
    pub domain: &'a DomainName,
    pub action: BatchAction,
    pub made_at: Timestamp,
}

#[derive(FromRow)]
struct BatchRow {
    id: String,
    staff_id: String,
    staff_name: String,
    told_as: String,
    session_id: String,
    domain: String,
    action: String,
    #[sqlx(flatten)]
    grounds: GroundsRow,
    state: String,
    reason: Option<String>,
    run: i64,
    proposed_tick: i64,
    made_at: i64,
    kept_tick: i64,
    ended_at: Option<i64>,
}

#[derive(FromRow)]
struct ItemRow {
    address: String,
    left_out: Option<String>,
    operation_id: Option<String>,
    state: Option<String>,
    reason: Option<String>,
    link_ended: Option<String>,
}

macro_rules! select_batch {
    ($rest:literal) => {
        concat!(
            "SELECT b.id, b.staff_id, s.name AS staff_name, COALESCE(s.display_name, s.name) AS told_as, b.session_id, ",
            "b.domain, b.action, b.ticket, b.caller_way, b.caller_label, b.caller_text, b.state, b.reason, b.run, COALESCE(b.begun_tick, b.kept_tick) AS proposed_tick, b.made_at, b.kept_tick, b.ended_at ",
            "FROM batch b JOIN staff s ON s.id = b.staff_id ",
            $rest
        )
    };
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// The batch of that id.
    pub async fn batch(&mut self, id: &BatchId) -> Result<Option<Batch>, Error> {
        let row: Option<BatchRow> = on!(self, c => sqlx::query_as(select_batch!("WHERE b.id = $1"))
            .bind(id.as_str()).fetch_optional(c).await)?;
        row.map(read).transpose()
    }

    /// The newest batches of a domain that were begun, newest first.
    pub async fn batches_in(&mut self, domain: &DomainName, at_most: i64) -> Result<Vec<Batch>, Error> {
        let rows: Vec<BatchRow> = on!(self, c => sqlx::query_as(
            select_batch!("WHERE b.domain = $1 AND b.state <> 'proposed' ORDER BY b.kept_tick DESC LIMIT $2")
        ).bind(domain.as_str()).bind(at_most).fetch_all(c).await)?;
        rows.into_iter().map(read).collect()
    }

    /// The accounts of a batch, in order of address.
    pub async fn batch_items(&mut self, id: &BatchId) -> Result<Vec<BatchItem>, Error> {
        let rows: Vec<ItemRow> = on!(self, c => sqlx::query_as(
            "SELECT i.address, i.left_out, o.id AS operation_id, o.state, o.reason, l.ended AS link_ended \
             FROM batch_item i LEFT JOIN operation o ON o.nonce = i.nonce LEFT JOIN owner_link l ON l.operation_id = o.id \
             WHERE i.batch_id = $1 ORDER BY i.address"
        ).bind(id.as_str()).fetch_all(c).await)?;
        rows.into_iter().map(read_item).collect()
    }

    /// What last gave an account of a batch a password, or took it away, after the batch was put together, and was none of its own.
    pub async fn password_since(&mut self, batch: &Batch, address: &Address) -> Result<Option<OperationKind>, Error> {
        let kind: Option<String> = on!(self, c => sqlx::query_scalar(
            "SELECT kind FROM operation WHERE address = $1 AND begun_tick > $2 AND state = 'done' AND nonce NOT LIKE $3 \
             AND kind IN ('reset_password', 'lock_out', 'create_account', 'delete_account') ORDER BY begun_tick DESC LIMIT 1"
        )
        .bind(address.as_str()).bind(batch.proposed_tick.0).bind(format!("{} %", batch.id.as_str())).fetch_optional(c).await)?;
        kind.map(|kind| OperationKind::named(&kind).ok_or(Error::Unreadable("an operation's kind"))).transpose()
    }

    /// Whether the audit tells that this was begun, with this action and these accounts. Versions that kept no digest of the
    /// accounts told only the action.
    pub async fn is_told_begun(&mut self, batch: &Batch, selection: &str) -> Result<bool, Error> {
        let told: Vec<String> = on!(self, c => sqlx::query_scalar(
            "SELECT facts FROM audit WHERE kind = 'batch.begun' AND domain = $1 AND facts LIKE $2"
        ).bind(batch.domain.as_str()).bind(format!("%{}%", batch.id.as_str())).fetch_all(c).await)?;
        let expected = batch.action.facts().with(Fact::Batch, batch.id.as_str());
        let is_of_it = |facts: &Facts| expected.iter().all(|(fact, value)| facts.get(fact) == Some(value));
        let told: Vec<Facts> = told.iter().map(|facts| Facts::read(facts)).filter(is_of_it).collect();
        let mut selections = told.iter().filter_map(|facts| facts.text(Fact::Selection));
        Ok(!told.is_empty() && selections.all(|told| told == selection))
    }

    /// Who had a batch go on last, and when, as the audit tells.
    pub async fn batch_continued(&mut self, batch: &Batch) -> Result<Option<(String, Timestamp)>, Error> {
        let found: Option<(Option<String>, i64)> = on!(self, c => sqlx::query_as(
            "SELECT COALESCE(s.display_name, s.name, a.staff_name), a.at FROM audit a LEFT JOIN staff s ON s.id = a.staff_id \
             WHERE a.kind = 'batch.begun' AND a.domain = $1 AND a.facts LIKE $2 ORDER BY a.seq DESC LIMIT 1"
        ).bind(batch.domain.as_str()).bind(format!("%{}%", batch.id.as_str())).fetch_optional(c).await)?;
        Ok(found.and_then(|(name, at)| Some((name?, time(at)))))
    }

    /// Batches that run, as far as anybody has said.
    pub async fn running_batches(&mut self) -> Result<Vec<Batch>, Error> {
        let rows: Vec<BatchRow> = on!(self, c => sqlx::query_as(select_batch!("WHERE b.state = 'running'"))
            .fetch_all(c).await)?;
        rows.into_iter().map(read).collect()
    }
}

impl Writing {
    /// Puts a batch together, with why an account is left out from the beginning. When that was is kept as `begun_tick`.
    pub async fn add_batch(
        &mut self,
        new: &NewBatch<'_>,
        items: &[(Address, Option<WhyLeftOut>)],
    ) -> Result<(), Error> {
        let tick = self.tick().await?;
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO batch (id, staff_id, session_id, domain, action, state, run, made_at, kept_tick, begun_tick) \
             VALUES ($1, $2, $3, $4, $5, 'proposed', 0, $6, $7, $7)"
        )
        .bind(new.id.as_str()).bind(&new.staff.0).bind(&new.session.0).bind(new.domain.as_str())
        .bind(new.action.code()).bind(new.made_at.as_millisecond()).bind(tick.0).execute(c).await.map(drop))?;
        self.add_batch_items(new.id, items).await
    }

    /// Puts further accounts to a batch.
    pub async fn add_batch_items(
        &mut self,
        id: &BatchId,
        items: &[(Address, Option<WhyLeftOut>)],
    ) -> Result<(), Error> {
        for (address, left_out) in items {
            on!(&mut self.db, c => sqlx::query(
                "INSERT INTO batch_item (batch_id, address, nonce, left_out) VALUES ($1, $2, $3, $4)"
            )
            .bind(id.as_str()).bind(address.as_str()).bind(id.nonce(0, address)).bind(left_out.map(WhyLeftOut::name))
            .execute(c).await.map(drop))?;
        }
        Ok(())
    }

    /// Has a batch begin, or go on after this run, in a session; `false` when it runs or that was not its last run. The
    /// grounds that it began with stay.
    pub async fn run_batch(
        &mut self,
        id: &BatchId,
        run: i64,
        session: &SessionId,
        grounds: &Grounds,
    ) -> Result<bool, Error> {
        let [way, label, text] = kept_caller(grounds.caller.as_ref());
        let tick = self.tick().await?;
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE batch SET state = 'running', run = run + 1, session_id = $3, kept_tick = $4, \
             begun_tick = COALESCE(begun_tick, kept_tick), ticket = COALESCE(ticket, $5), \
             caller_way = COALESCE(caller_way, $6), caller_label = COALESCE(caller_label, $7), caller_text = COALESCE(caller_text, $8), \
             reason = NULL, ended_at = NULL \
             WHERE id = $1 AND run = $2 AND state <> 'running'"
        )
        .bind(id.as_str()).bind(run).bind(&session.0).bind(tick.0)
        .bind(grounds.ticket.as_deref()).bind(way).bind(label).bind(text).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Gives every account its turn in a run that may have one, as [`BatchItem::is_to_do`] says; these, in order. What came of an earlier run is forgotten.
    pub async fn give_turns(&mut self, id: &BatchId, run: i64) -> Result<Vec<Address>, Error> {
        let given: Vec<String> = on!(&mut self.db, c => sqlx::query_scalar(
            "UPDATE batch_item SET nonce = $2 || address, left_out = NULL WHERE batch_id = $1 \
             AND (left_out IS NULL OR left_out IN ('in_flight', 'cooling_down', 'overtaken')) AND NOT EXISTS \
             (SELECT 1 FROM operation o WHERE o.nonce = batch_item.nonce AND o.state NOT IN ('refused', 'not_sent') \
             AND NOT (o.state = 'unknown' AND o.kind IN ('lock_out', 'reset_password')) \
             AND NOT EXISTS (SELECT 1 FROM owner_link l WHERE l.operation_id = o.id \
             AND l.ended IN ('revoked', 'expired', 'wrong_codes', 'forgotten'))) \
             RETURNING address"
        ).bind(id.as_str()).bind(id.nonces(run)).fetch_all(c).await)?;
        let mut given = given.iter().map(|address| read_address(address)).collect::<Result<Vec<_>, _>>()?;
        given.sort();
        Ok(given)
    }

    /// Says that a batch still runs; `false` when this run of it has ended.
    pub async fn keep_batch(&mut self, id: &BatchId, run: i64) -> Result<bool, Error> {
        let tick = self.tick().await?;
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE batch SET kept_tick = $3 WHERE id = $1 AND run = $2 AND state = 'running'"
        ).bind(id.as_str()).bind(run).bind(tick.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Keeps why no operation is made of an account; what was kept before stays.
    pub async fn leave_out(&mut self, id: &BatchId, address: &Address, why: WhyLeftOut) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query(
            "UPDATE batch_item SET left_out = $3 WHERE batch_id = $1 AND address = $2 AND left_out IS NULL"
        ).bind(id.as_str()).bind(address.as_str()).bind(why.name()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Ends a run of a batch; `false` when it had ended already. With a reason it stopped.
    pub async fn end_batch(
        &mut self,
        id: &BatchId,
        run: i64,
        why: Option<WhyStopped>,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let state = if why.is_some() { BatchState::Stopped } else { BatchState::Done };
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE batch SET state = $3, reason = $4, ended_at = $5 WHERE id = $1 AND run = $2 AND state = 'running'"
        )
        .bind(id.as_str()).bind(run).bind(state.name()).bind(why.map(WhyStopped::name)).bind(at.as_millisecond())
        .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Removes batches that were put together before a moment and never confirmed, unless a colleague is asked about one.
    pub async fn remove_proposed_batches_before(&mut self, moment: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query(
            "DELETE FROM batch WHERE state = 'proposed' AND made_at < $1 \
             AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.about = batch.id AND a.closed_at IS NULL)")
            .bind(moment.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }
}

fn read(row: BatchRow) -> Result<Batch, Error> {
    Ok(Batch {
        id: BatchId::parse(&row.id).map_err(|_| Error::Unreadable("a batch's id"))?,
        staff: StaffId(row.staff_id),
        staff_name: row.staff_name,
        told_as: row.told_as,
        session: SessionId(row.session_id),
        domain: DomainName::parse(&row.domain).map_err(|_| Error::Unreadable("a batch's domain"))?,
        action: BatchAction::coded(&row.action).ok_or(Error::Unreadable("a batch's action"))?,
        grounds: row.grounds.into(),
        state: BatchState::named(&row.state).ok_or(Error::Unreadable("a batch's state"))?,
        stopped: row.reason.map(|why| Kept::read(why, WhyStopped::named)),
        run: row.run,
        proposed_tick: Tick(row.proposed_tick),
        made_at: time(row.made_at),
        kept_tick: Tick(row.kept_tick),
        ended_at: row.ended_at.map(time),
    })
}

fn read_item(row: ItemRow) -> Result<BatchItem, Error> {
    let operation = match (row.operation_id, row.state) {
        (Some(id), Some(state)) => Some(ItemOperation {
            id: OperationId::parse(&id).map_err(|_| Error::Unreadable("an operation's id"))?,
            outcome: Outcome::read(
                OperationState::named(&state).ok_or(Error::Unreadable("an operation's state"))?,
                row.reason,
            ),
            link_end: how_ended(row.link_ended.as_deref())?,
        }),
        _ => None,
    };
    let left_out = row.left_out.map(|why| Kept::read(why, WhyLeftOut::named));
    Ok(BatchItem { address: read_address(&row.address)?, left_out, operation })
}

fn read_address(text: &str) -> Result<Address, Error> {
    Address::parse(text).map_err(|_| Error::Unreadable("an address of a batch"))
}
