//! Statements on sessions. An ended session stays ended: no statement here clears `ended_at` or makes a row anew.

use jiff::Timestamp;
use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::staff::{StaffGrantRow, has_second_factor, staff_of};
use super::{Db, Error, Link, Writing, on, time};
use crate::model::{CookieHash, Device, OpenSession, SessionId, Staff, StaffId};

/// A session that is about to begin.
#[derive(Debug)]
pub struct NewSession<'a> {
    pub id: &'a SessionId,
    pub staff: &'a StaffId,
    pub cookie: &'a CookieHash,
    /// The root of the session's keys, encrypted under the cookie's secret.
    pub root: &'a [u8],
    pub device: &'a Device,
    /// The generation of the person when they proved who they are.
    pub generation: i64,
    pub at: Timestamp,
}

/// A running session and whose it is.
#[derive(Debug)]
pub struct SignedInRow {
    pub id: SessionId,
    pub staff: Staff,
    /// The root of the session's keys, encrypted under the cookie's secret.
    pub root: Vec<u8>,
    /// When the session began.
    pub created_at: Timestamp,
    /// When the person last proved who they are.
    pub proved_at: Timestamp,
    /// When it was last used, give or take a minute.
    pub seen_at: Timestamp,
    /// Whether there is something that the person is to be told.
    pub has_notices: bool,
}

#[derive(FromRow)]
struct OneGrantRow {
    session_id: String,
    root: Vec<u8>,
    created_at: i64,
    proved_at: i64,
    seen_at: i64,
    has_notices: bool,
    #[sqlx(flatten)]
    staff: StaffGrantRow,
}

#[derive(FromRow)]
struct ListedRow {
    id: String,
    client: Option<String>,
    agent: Option<String>,
    created_at: i64,
    seen_at: i64,
}

macro_rules! select_session {
    ($condition:literal) => {
        concat!(
            "SELECT e.id AS session_id, e.root, e.created_at, e.proved_at, e.seen_at, ",
            "EXISTS (SELECT 1 FROM notice n WHERE n.staff_id = s.id) AS has_notices, ",
            "s.id, s.name, s.display_name, s.language, s.theme, s.disabled_at, ",
            has_second_factor!(),
            ", EXISTS (SELECT 1 FROM identity d WHERE d.staff_id = s.id) AS single_sign_on, g.role, g.domain ",
            "FROM session e JOIN staff s ON s.id = e.staff_id LEFT JOIN staff_grant g ON g.staff_id = s.id ",
            "WHERE e.ended_at IS NULL AND s.disabled_at IS NULL AND ",
            $condition
        )
    };
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// The session of this cookie and its staff member, if it was not ended and they are not disabled. Limits in time are
    /// the caller's.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn signed_in(&mut self, cookie: &CookieHash) -> Result<Option<SignedInRow>, Error> {
        let rows: Vec<OneGrantRow> = on!(self, c => sqlx::query_as(select_session!("e.cookie = $1"))
            .bind(&cookie.0).fetch_all(c).await)?;
        read(&rows)
    }

    /// The same for a session's id.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn session(&mut self, id: &SessionId) -> Result<Option<SignedInRow>, Error> {
        let rows: Vec<OneGrantRow> =
            on!(self, c => sqlx::query_as(select_session!("e.id = $1")).bind(&id.0).fetch_all(c).await)?;
        read(&rows)
    }

    /// The running sessions of a staff member that were used after `seen_after`, the last used first.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn sessions_of(&mut self, staff: &StaffId, seen_after: Timestamp) -> Result<Vec<OpenSession>, Error> {
        let rows: Vec<ListedRow> = on!(self, c => sqlx::query_as(
            "SELECT id, client, agent, created_at, seen_at FROM session \
             WHERE staff_id = $1 AND ended_at IS NULL AND seen_at > $2 ORDER BY seen_at DESC, id"
        ).bind(&staff.0).bind(seen_after.as_millisecond()).fetch_all(c).await)?;
        let row = |row: ListedRow| OpenSession {
            id: SessionId(row.id),
            device: Device { client: row.client, agent: row.agent },
            created_at: time(row.created_at),
            seen_at: time(row.seen_at),
        };
        Ok(rows.into_iter().map(row).collect())
    }
}

fn read(rows: &[OneGrantRow]) -> Result<Option<SignedInRow>, Error> {
    let Some(first) = rows.first() else { return Ok(None) };
    let (id, root, has_notices) = (SessionId(first.session_id.clone()), first.root.clone(), first.has_notices);
    let [created_at, proved_at, seen_at] = [first.created_at, first.proved_at, first.seen_at].map(time);
    let staff: Vec<_> = rows.iter().map(|row| &row.staff).collect();
    Ok(Some(SignedInRow { id, staff: staff_of(&staff)?, root, created_at, proved_at, seen_at, has_notices }))
}

impl Writing {
    /// Begins a session; `false` when what the person proved does not count any more, because they were disabled or
    /// their password was changed in between.
    ///
    /// # Errors
    /// [`Error::Database`], also when the id or the cookie is already there.
    pub async fn begin_session(&mut self, new: &NewSession<'_>) -> Result<bool, Error> {
        let done = on!(&mut self.db, c => sqlx::query(
            "INSERT INTO session (id, staff_id, cookie, root, client, agent, created_at, proved_at, seen_at) \
             SELECT $1, id, $3, $4, $5, $6, $7, $7, $7 FROM staff \
             WHERE id = $2 AND disabled_at IS NULL AND generation = $8"
        )
        .bind(&new.id.0).bind(&new.staff.0).bind(&new.cookie.0).bind(new.root)
        .bind(new.device.client.as_deref()).bind(new.device.agent.as_deref()).bind(new.at.as_millisecond())
        .bind(new.generation)
        .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Notes that a session is in use.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn touch_session(&mut self, id: &SessionId, at: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("UPDATE session SET seen_at = $2 WHERE id = $1 AND ended_at IS NULL")
            .bind(&id.0).bind(at.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Gives the running session of one cookie another one; `false` when it was ended or given another one meanwhile.
    /// With `proved_at` the person has proved anew who they are.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn change_cookie(
        &mut self,
        (old, new): (&CookieHash, &CookieHash),
        root: &[u8],
        proved_at: Option<Timestamp>,
    ) -> Result<bool, Error> {
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE session SET cookie = $2, root = $3, proved_at = COALESCE($4, proved_at) \
             WHERE cookie = $1 AND ended_at IS NULL"
        )
        .bind(&old.0).bind(&new.0).bind(root).bind(proved_at.map(Timestamp::as_millisecond))
        .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Ends a session and forgets every password that only it could have opened; `false` when it had ended already.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn end_session(&mut self, id: &SessionId, at: Timestamp) -> Result<bool, Error> {
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE session SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL"
        ).bind(&id.0).bind(at.as_millisecond()).execute(c).await.map(|d| d.rows_affected()))?;
        on!(&mut self.db, c => sqlx::query("DELETE FROM sealed WHERE session_id = $1")
            .bind(&id.0).execute(c).await.map(drop))?;
        Ok(done == 1)
    }

    /// Ends the session of this cookie, if there is one.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn end_session_of_cookie(&mut self, cookie: &CookieHash, at: Timestamp) -> Result<(), Error> {
        let id: Option<String> = on!(&mut self.db, c => sqlx::query_scalar("SELECT id FROM session WHERE cookie = $1")
            .bind(&cookie.0).fetch_optional(c).await)?;
        if let Some(id) = id {
            self.end_session(&SessionId(id), at).await?;
        }
        Ok(())
    }

    /// Ends all sessions of a staff member but `except`, with what they could have opened; a sign-in that is under way
    /// begins none. Without an exception their devices are forgotten too.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn end_sessions_of(
        &mut self,
        staff: &StaffId,
        except: Option<&SessionId>,
        at: Timestamp,
    ) -> Result<(), Error> {
        let except = except.map_or("", |id| id.0.as_str());
        on!(&mut self.db, c => sqlx::query("UPDATE staff SET generation = generation + 1 WHERE id = $1")
            .bind(&staff.0).execute(c).await.map(drop))?;
        if except.is_empty() {
            self.remove_devices_of(staff).await?;
        }
        on!(&mut self.db, c => sqlx::query(
            "UPDATE session SET ended_at = $3 WHERE staff_id = $1 AND id <> $2 AND ended_at IS NULL"
        ).bind(&staff.0).bind(except).bind(at.as_millisecond()).execute(c).await.map(drop))?;
        on!(&mut self.db, c => sqlx::query(
            "DELETE FROM sealed WHERE session_id IN (SELECT id FROM session WHERE staff_id = $1 AND id <> $2)"
        ).bind(&staff.0).bind(except).execute(c).await.map(drop))?;
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
