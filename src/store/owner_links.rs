//! Statements on the links by which owners of mailboxes read new passwords. One ends once: every change of its state compares
//! before it sets, and wipes what could still be opened.

use jiff::{SignedDuration, Timestamp};
use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::{Db, Error, Link, Refusal, Values, Writing, on, time};
use crate::model::clock::Ends;
use crate::model::owner_link::{LASTS_AT_MOST, TRIES};
use crate::model::{AuditKind, ClosedEnvelope, Elapsed, LinkEnd, OperationId, OwnerLink, Tick};

const EDITED: Refusal = Refusal::RowEdited("a link for an owner");

/// A link that is about to be put down.
#[derive(Debug)]
pub struct NewOwnerLink<'a> {
    pub operation: &'a OperationId,
    pub envelope: &'a ClosedEnvelope,
    pub lasts: SignedDuration,
    pub at: Timestamp,
}

#[derive(FromRow)]
struct LinkRow {
    operation_id: String,
    expires_at: i64,
    over_elapsed: i64,
    tries: i64,
    opened_at: Option<i64>,
    ended: Option<String>,
    ended_at: Option<i64>,
}

/// What a code is tried on.
#[derive(FromRow)]
struct TriedRow {
    operation_id: String,
    hash: String,
    salt: Option<Vec<u8>>,
    sealed: Option<Vec<u8>>,
    expires_at: i64,
    over_elapsed: i64,
    tries: i64,
    mac: Option<Vec<u8>>,
}

macro_rules! select_link {
    ($condition:literal) => {
        concat!(
            "SELECT operation_id, expires_at, over_elapsed, tries, opened_at, ended, ended_at FROM owner_link WHERE ",
            $condition
        )
    };
}

/// Ends the links for which the condition holds, as `$1` at `$2`.
macro_rules! end_links {
    ($condition:literal) => {
        concat!(
            "UPDATE owner_link SET ended = $1, ended_at = $2, salt = NULL, sealed = NULL, mac = NULL ",
            "WHERE ended IS NULL AND ",
            $condition,
            " RETURNING operation_id"
        )
    };
}

/// What a link's MAC is over: whoever writes past the panel can't make one, or let one last longer.
fn values(operation: &str, envelope: &ClosedEnvelope, (expires_at, over_elapsed): (i64, i64)) -> Values {
    let values = Values::of("owner link").text(operation).text(&envelope.hash);
    let values = values.bytes(Some(&envelope.salt)).bytes(Some(&envelope.sealed));
    values.number(expires_at).number(over_elapsed)
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// The link of an operation, if its password went that way.
    pub async fn owner_link(&mut self, operation: &OperationId) -> Result<Option<OwnerLink>, Error> {
        let row: Option<LinkRow> = on!(self, c => sqlx::query_as(select_link!("operation_id = $1"))
            .bind(operation.as_str()).fetch_optional(c).await)?;
        row.as_ref().map(read).transpose()
    }

    /// The link of that hash.
    pub async fn owner_link_of_hash(&mut self, hash: &str) -> Result<Option<OwnerLink>, Error> {
        let row: Option<LinkRow> = on!(self, c => sqlx::query_as(select_link!("hash = $1"))
            .bind(hash).fetch_optional(c).await)?;
        row.as_ref().map(read).transpose()
    }

    /// Whether the password behind a link is worth nothing any more, or may be, or may be in a moment.
    pub async fn is_link_overtaken(&mut self, operation: &OperationId) -> Result<bool, Error> {
        let later: i64 = on!(self, c => sqlx::query_scalar(
            "SELECT count(*) FROM operation o JOIN operation later ON later.address = o.address \
             AND later.begun_tick > o.begun_tick WHERE o.id = $1 AND later.state NOT IN ('refused', 'not_sent') \
             AND later.kind IN ('reset_password', 'lock_out', 'create_account', 'delete_account')"
        ).bind(operation.as_str()).fetch_one(c).await)?;
        Ok(later > 0)
    }
}

impl Writing {
    /// Puts a closed envelope down.
    pub async fn put_owner_link(&mut self, new: &NewOwnerLink<'_>) -> Result<(), Error> {
        let NewOwnerLink { operation, envelope, lasts, at } = new;
        let expires_at = (*at + *lasts).as_millisecond();
        let over = self.elapsed_at_most().await?.plus(lasts.unsigned_abs()).0;
        let mac = self.db.keys.mac(&values(operation.as_str(), envelope, (expires_at, over)));
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO owner_link (operation_id, hash, salt, sealed, expires_at, over_elapsed, mac) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        )
        .bind(operation.as_str()).bind(&envelope.hash).bind(&envelope.salt[..]).bind(&envelope.sealed[..])
        .bind(expires_at).bind(over).bind(&mac[..]).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Notes that the page of a link was asked for; `false` when that is known already or it does not wait any more.
    pub async fn note_link_opened(&mut self, operation: &OperationId, at: Timestamp) -> Result<bool, Error> {
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE owner_link SET opened_at = $2 WHERE operation_id = $1 AND opened_at IS NULL AND ended IS NULL"
        ).bind(operation.as_str()).bind(at.as_millisecond()).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Counts a code that is about to be tried, and gives what it is tried on and which one it is; `None` when the link
    /// has ended, is over or has had all its tries.
    pub async fn count_code(
        &mut self,
        operation: &OperationId,
        now: Timestamp,
    ) -> Result<Option<(ClosedEnvelope, i64)>, Error> {
        let (tick, elapsed, ends) = (self.tick().await?, self.elapsed().await?, Ends::to_come(LASTS_AT_MOST, now));
        let row: Option<TriedRow> = on!(&mut self.db, c => sqlx::query_as(
            "UPDATE owner_link SET tries = tries + 1, tried_tick = $2 WHERE operation_id = $1 AND ended IS NULL \
             AND tries < $3 AND expires_at > $4 AND expires_at <= $5 AND over_elapsed > $6 \
             RETURNING operation_id, hash, salt, sealed, expires_at, over_elapsed, tries, mac"
        )
        .bind(operation.as_str()).bind(tick.0).bind(TRIES)
        .bind(ends.after.as_millisecond()).bind(ends.until.as_millisecond()).bind(elapsed.0)
        .fetch_optional(c).await)?;
        let Some(row) = row else { return Ok(None) };
        let envelope = ClosedEnvelope {
            hash: row.hash,
            salt: row.salt.unwrap_or_default(),
            sealed: row.sealed.unwrap_or_default(),
        };
        let values = values(&row.operation_id, &envelope, (row.expires_at, row.over_elapsed));
        if !self.db.keys.holds(&values, row.mac.as_deref()) {
            return Err(EDITED.into());
        }
        self.must_be_as_told(operation, row.tries).await?;
        Ok(Some((envelope, row.tries)))
    }

    /// Refuses a link whose row says less than the audit does: that it waits, though it ended, or fewer tries than wrong codes
    /// beside the one under way. Whoever writes an old row back can't take rows out of the audit unnoticed.
    async fn must_be_as_told(&mut self, operation: &OperationId, tries: i64) -> Result<(), Error> {
        let told: Vec<String> = on!(&mut self.db, c => sqlx::query_scalar("SELECT kind FROM audit WHERE operation_id = $1")
            .bind(operation.as_str()).fetch_all(c).await)?;
        let has_ended = LinkEnd::ALL.iter().any(|end| told.iter().any(|kind| kind == end.told().name()));
        let wrong = told.iter().filter(|kind| *kind == AuditKind::HandOverWrongCode.name()).count();
        let is_short = i64::try_from(wrong).map_or(true, |wrong| wrong >= tries);
        if has_ended || is_short { Err(EDITED.into()) } else { Ok(()) }
    }

    /// Ends a link with its one reading, which wipes its password; `false` when it had ended already.
    ///
    /// # Errors
    /// [`Error::Refused`] where the audit tells otherwise than the link's row; [`Error::Database`].
    pub async fn take_reading(&mut self, operation: &OperationId, at: Timestamp) -> Result<bool, Error> {
        if !self.end_owner_link(operation, LinkEnd::Read, at).await? {
            return Ok(false);
        }
        let tries = on!(&mut self.db, c => sqlx::query_scalar("SELECT tries FROM owner_link WHERE operation_id = $1")
            .bind(operation.as_str()).fetch_one(c).await)?;
        self.must_be_as_told(operation, tries).await?;
        Ok(true)
    }

    /// Takes the count of a code back that nobody learnt anything by.
    pub async fn take_code_back(&mut self, operation: &OperationId) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query(
            "UPDATE owner_link SET tries = tries - 1 WHERE operation_id = $1 AND ended IS NULL AND tries > 0"
        ).bind(operation.as_str()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Ends a link, which wipes its password; `false` when it had ended already.
    pub async fn end_owner_link(
        &mut self,
        operation: &OperationId,
        end: LinkEnd,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let ended: Option<String> = on!(&mut self.db, c => sqlx::query_scalar(end_links!("operation_id = $3"))
            .bind(end.name()).bind(at.as_millisecond()).bind(operation.as_str()).fetch_optional(c).await)?;
        Ok(ended.is_some())
    }

    /// Ends what nobody used in time, and what staff never opened themselves, so that nobody has it.
    pub async fn end_expired_owner_links(&mut self, now: Timestamp) -> Result<Vec<OperationId>, Error> {
        let (elapsed, ends) = (self.elapsed().await?, Ends::to_come(LASTS_AT_MOST, now));
        let ids: Vec<String> = on!(&mut self.db, c => sqlx::query_scalar(end_links!(
            "(expires_at <= $3 OR expires_at > $4 OR over_elapsed <= $5 \
             OR (NOT EXISTS (SELECT 1 FROM sealed s WHERE s.operation_id = owner_link.operation_id) \
             AND EXISTS (SELECT 1 FROM operation o WHERE o.id = owner_link.operation_id AND o.shown_at IS NULL)))"
        ))
        .bind(LinkEnd::Expired.name()).bind(now.as_millisecond())
        .bind(ends.after.as_millisecond()).bind(ends.until.as_millisecond()).bind(elapsed.0)
        .fetch_all(c).await)?;
        read_ids(&ids)
    }

    /// Ends those whose account's password was changed since, or may have been.
    pub async fn end_overtaken_owner_links(&mut self, now: Timestamp) -> Result<Vec<OperationId>, Error> {
        let ids: Vec<String> = on!(&mut self.db, c => sqlx::query_scalar(end_links!(
            "EXISTS (SELECT 1 FROM operation o JOIN operation later ON later.address = o.address \
             AND later.begun_tick > o.begun_tick WHERE o.id = owner_link.operation_id \
             AND later.state IN ('done', 'unknown') \
             AND later.kind IN ('reset_password', 'lock_out', 'create_account', 'delete_account'))"
        ))
        .bind(LinkEnd::Overtaken.name()).bind(now.as_millisecond()).fetch_all(c).await)?;
        read_ids(&ids)
    }

    /// Ends those that have had all their tries, the last no later than the tick: whoever counted it is gone.
    pub async fn end_tried_owner_links(&mut self, tried_by: Tick, now: Timestamp) -> Result<Vec<OperationId>, Error> {
        let ids: Vec<String> = on!(&mut self.db, c => sqlx::query_scalar(end_links!("tries >= $3 AND tried_tick <= $4"))
                .bind(LinkEnd::WrongCodes.name()).bind(now.as_millisecond()).bind(TRIES).bind(tried_by.0)
                .fetch_all(c).await)?;
        read_ids(&ids)
    }

    /// Ends every one that waits.
    pub async fn end_all_owner_links(&mut self, end: LinkEnd, at: Timestamp) -> Result<Vec<OperationId>, Error> {
        let ids: Vec<String> = on!(&mut self.db, c => sqlx::query_scalar(end_links!("1 = 1"))
            .bind(end.name()).bind(at.as_millisecond()).fetch_all(c).await)?;
        read_ids(&ids)
    }
}

fn read(row: &LinkRow) -> Result<OwnerLink, Error> {
    let end = how_ended(row.ended.as_deref())?;
    Ok(OwnerLink {
        operation: read_id(&row.operation_id)?,
        expires_at: time(row.expires_at),
        over: Elapsed(row.over_elapsed),
        tries: row.tries,
        opened_at: row.opened_at.map(time),
        ended: end.zip(row.ended_at.map(time)),
    })
}

/// How a link ended, by what is kept of it.
pub(super) fn how_ended(kept: Option<&str>) -> Result<Option<LinkEnd>, Error> {
    kept.map(|end| LinkEnd::named(end).ok_or(Error::Unreadable("how a link ended"))).transpose()
}

fn read_ids(ids: &[String]) -> Result<Vec<OperationId>, Error> {
    ids.iter().map(|id| read_id(id)).collect()
}

fn read_id(id: &str) -> Result<OperationId, Error> {
    OperationId::parse(id).map_err(|_| Error::Unreadable("an operation's id"))
}
