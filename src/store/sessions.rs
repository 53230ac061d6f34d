//! Statements on sessions. An ended session stays ended: no statement here clears `ended_at` or makes a row anew.

use jiff::Timestamp;
use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::staff::{StaffGrantRow, staff_of};
use super::{Db, Error, Link, Writing, on, time};
use crate::model::{SessionHash, Staff, StaffId};

/// A running session and whose it is.
#[derive(Debug)]
pub struct SignedInRow {
    pub staff: Staff,
    /// When the session began, which is when the person proved who they are.
    pub created_at: Timestamp,
    /// When it was last used, give or take a minute.
    pub seen_at: Timestamp,
}

#[derive(FromRow)]
struct SessionRow {
    created_at: i64,
    seen_at: i64,
    #[sqlx(flatten)]
    staff: StaffGrantRow,
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// The session and its staff member, if it was not ended and they are not disabled. Limits in time are the caller's.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn signed_in(&mut self, hash: &SessionHash) -> Result<Option<SignedInRow>, Error> {
        let rows: Vec<SessionRow> = on!(self, c => sqlx::query_as(
            "SELECT e.created_at, e.seen_at, s.id, s.name, s.language, s.theme, s.disabled_at, g.role, g.domain \
             FROM session e JOIN staff s ON s.id = e.staff_id LEFT JOIN staff_grant g ON g.staff_id = s.id \
             WHERE e.hash = $1 AND e.ended_at IS NULL AND s.disabled_at IS NULL"
        ).bind(&hash.0).fetch_all(c).await)?;
        let Some((created_at, seen_at)) = rows.first().map(|row| (time(row.created_at), time(row.seen_at))) else {
            return Ok(None);
        };
        let staff: Vec<_> = rows.into_iter().map(|row| row.staff).collect();
        Ok(Some(SignedInRow { staff: staff_of(&staff)?, created_at, seen_at }))
    }
}

impl Writing {
    /// Begins a session.
    ///
    /// # Errors
    /// [`Error::Database`], also when the hash is already there.
    pub async fn begin_session(&mut self, hash: &SessionHash, staff: &StaffId, at: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO session (hash, staff_id, created_at, seen_at) VALUES ($1, $2, $3, $3)"
        ).bind(&hash.0).bind(&staff.0).bind(at.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Notes that a session is in use.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn touch_session(&mut self, hash: &SessionHash, at: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("UPDATE session SET seen_at = $2 WHERE hash = $1 AND ended_at IS NULL")
            .bind(&hash.0).bind(at.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Ends a session and forgets every password that only it could have opened; `false` when it had ended already.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn end_session(&mut self, hash: &SessionHash, at: Timestamp) -> Result<bool, Error> {
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE session SET ended_at = $2 WHERE hash = $1 AND ended_at IS NULL"
        ).bind(&hash.0).bind(at.as_millisecond()).execute(c).await.map(|d| d.rows_affected()))?;
        on!(&mut self.db, c => sqlx::query("DELETE FROM sealed WHERE session_hash = $1")
            .bind(&hash.0).execute(c).await.map(drop))?;
        Ok(done == 1)
    }

    /// Ends all sessions of a staff member, with what they could have opened.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn end_sessions_of(&mut self, staff: &StaffId, at: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("UPDATE session SET ended_at = $2 WHERE staff_id = $1 AND ended_at IS NULL")
            .bind(&staff.0).bind(at.as_millisecond()).execute(c).await.map(drop))?;
        on!(&mut self.db, c => sqlx::query(
            "DELETE FROM sealed WHERE session_hash IN (SELECT hash FROM session WHERE staff_id = $1)"
        ).bind(&staff.0).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Removes sessions that began before `before`, ended or not.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn remove_sessions_begun_before(&mut self, before: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM session WHERE created_at < $1")
            .bind(before.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }
}
