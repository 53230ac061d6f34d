//! Statements on sessions. An ended session stays ended: no statement here clears `ended_at` or makes a row anew, and with
//! its MAC gone nobody else can.

use jiff::Timestamp;
use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::staff::{StaffGrantRow, has_second_factor, staff_of};
use super::{Db, Error, Link, Refusal, StoreKeys, Values, Writing, on, time};
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
    /// Whether there is a notice for the person.
    pub has_notices: bool,
    /// How far the audit has come in the same database, to be compared with what was noted before.
    pub audit_seq: Option<i64>,
}

/// A session, running or not, and whose it is or was.
#[derive(Debug)]
pub struct KnownSession {
    pub id: SessionId,
    /// The root of the session's keys, encrypted under the cookie's secret.
    pub root: Vec<u8>,
    pub staff: StaffId,
}

/// What a session's MAC is over, and the MAC. The generation is the person's, so that nothing revives a session that ended
/// with all of theirs.
#[derive(FromRow)]
struct TiedRow {
    session_id: String,
    staff_id: String,
    cookie: String,
    created_at: i64,
    proved_at: i64,
    generation: i64,
    mac: Option<Vec<u8>>,
}

impl TiedRow {
    fn values(&self) -> Values {
        let values = Values::of("session").text(&self.session_id).text(&self.staff_id).text(&self.cookie);
        values.number(self.created_at).number(self.proved_at).number(self.generation)
    }

    fn must_hold(&self, keys: &StoreKeys) -> Result<(), Error> {
        let holds = keys.holds(&self.values(), self.mac.as_deref());
        if holds { Ok(()) } else { Err(Refusal::RowEdited("a session").into()) }
    }
}

macro_rules! select_tied {
    ($condition:literal) => {
        concat!(
            "SELECT e.id AS session_id, e.staff_id, e.cookie, e.created_at, e.proved_at, s.generation, e.mac ",
            "FROM session e JOIN staff s ON s.id = e.staff_id WHERE e.ended_at IS NULL AND ",
            $condition
        )
    };
}

#[derive(FromRow)]
struct OneGrantRow {
    #[sqlx(flatten)]
    session: TiedRow,
    root: Vec<u8>,
    seen_at: i64,
    has_notices: bool,
    audit_seq: Option<i64>,
    rights_mac: Option<Vec<u8>>,
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
            "SELECT e.id AS session_id, e.staff_id, e.cookie, e.root, e.created_at, e.proved_at, e.seen_at, e.mac, ",
            "s.generation, s.rights_mac, ",
            "EXISTS (SELECT 1 FROM notice n WHERE n.staff_id = s.id AND n.put_away_at IS NULL) AS has_notices, ",
            "(SELECT seq FROM audit_head WHERE id = 1) AS audit_seq, ",
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
    /// The session of this cookie and its staff member, if it was not ended and they are not disabled, and the panel has
    /// written it and what they may do. Limits in time are the caller's.
    pub async fn signed_in(&mut self, cookie: &CookieHash) -> Result<Option<SignedInRow>, Error> {
        let rows: Vec<OneGrantRow> = on!(self, c => sqlx::query_as(select_session!("e.cookie = $1"))
            .bind(&cookie.0).fetch_all(c).await)?;
        read(&rows, &self.keys)
    }

    /// The session of this cookie, running or not, until it is swept.
    pub async fn session_of_cookie(&mut self, cookie: &CookieHash) -> Result<Option<KnownSession>, Error> {
        let row: Option<(String, Vec<u8>, String)> = on!(self, c => sqlx::query_as("SELECT id, root, staff_id FROM session WHERE cookie = $1")
                .bind(&cookie.0).fetch_optional(c).await)?;
        Ok(row.map(|(id, root, staff)| KnownSession { id: SessionId(id), root, staff: StaffId(staff) }))
    }

    /// The same for a session's id.
    pub async fn session(&mut self, id: &SessionId) -> Result<Option<SignedInRow>, Error> {
        let rows: Vec<OneGrantRow> =
            on!(self, c => sqlx::query_as(select_session!("e.id = $1")).bind(&id.0).fetch_all(c).await)?;
        read(&rows, &self.keys)
    }

    /// The running sessions of a staff member that were used after `seen_after`, the last used first.
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

fn read(rows: &[OneGrantRow], keys: &StoreKeys) -> Result<Option<SignedInRow>, Error> {
    let Some(first) = rows.first() else { return Ok(None) };
    let (session, root) = (&first.session, first.root.clone());
    session.must_hold(keys)?;
    let staff: Vec<_> = rows.iter().map(|row| &row.staff).collect();
    StaffGrantRow::rights(&staff, session.generation, first.rights_mac.as_deref()).must_hold(keys)?;
    let id = SessionId(session.session_id.clone());
    let [created_at, proved_at, seen_at] = [session.created_at, session.proved_at, first.seen_at].map(time);
    Ok(Some(SignedInRow {
        id,
        staff: staff_of(&staff)?,
        root,
        created_at,
        proved_at,
        seen_at,
        has_notices: first.has_notices,
        audit_seq: first.audit_seq,
    }))
}

impl Writing {
    /// Begins a session; `false` when what the person proved does not count any more, because they were disabled or
    /// their password was changed in between.
    ///
    /// # Errors
    /// [`Error::Database`], also when the id or the cookie is already there.
    pub async fn begin_session(&mut self, new: &NewSession<'_>) -> Result<bool, Error> {
        self.db.must_hold(new.staff).await?;
        let at = new.at.as_millisecond();
        let row = TiedRow {
            session_id: new.id.0.clone(),
            staff_id: new.staff.0.clone(),
            cookie: new.cookie.0.clone(),
            created_at: at,
            proved_at: at,
            generation: new.generation,
            mac: None,
        };
        let mac = self.db.keys.mac(&row.values());
        let done = on!(&mut self.db, c => sqlx::query(
            "INSERT INTO session \
             (id, staff_id, cookie, root, client, agent, created_at, proved_at, seen_at, mac, proved_told) \
             SELECT $1, id, $3, $4, $5, $6, $7, $7, $7, $9, told FROM staff \
             WHERE id = $2 AND disabled_at IS NULL AND generation = $8"
        )
        .bind(&row.session_id).bind(&row.staff_id).bind(&row.cookie).bind(new.root)
        .bind(new.device.client.as_deref()).bind(new.device.agent.as_deref()).bind(at)
        .bind(new.generation).bind(&mac[..])
        .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Notes that a session is in use.
    pub async fn touch_session(&mut self, id: &SessionId, at: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("UPDATE session SET seen_at = $2 WHERE id = $1 AND ended_at IS NULL")
            .bind(&id.0).bind(at.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Gives the running session of one cookie another one; `false` when it was ended or given another one meanwhile.
    /// With `proved_at` the person has proved anew who they are.
    ///
    /// # Errors
    /// [`Error::Refused`] where the panel has not written the session, or what the person signs in with;
    /// [`Error::Database`].
    pub async fn change_cookie(
        &mut self,
        old: &CookieHash,
        new: &CookieHash,
        root: &[u8],
        proved_at: Option<Timestamp>,
    ) -> Result<bool, Error> {
        let row: Option<TiedRow> = on!(&mut self.db, c => sqlx::query_as(select_tied!("e.cookie = $1"))
            .bind(&old.0).fetch_optional(c).await)?;
        let Some(row) = row else { return Ok(false) };
        row.must_hold(&self.db.keys)?;
        if proved_at.is_some() {
            self.db.must_hold(&StaffId(row.staff_id.clone())).await?;
            on!(&mut self.db, c => sqlx::query(
                "UPDATE session SET proved_told = (SELECT told FROM staff WHERE id = session.staff_id) WHERE cookie = $1"
            ).bind(&old.0).execute(c).await.map(drop))?;
        }
        let proved_at = proved_at.map_or(row.proved_at, Timestamp::as_millisecond);
        let mac = self.db.keys.mac(&TiedRow { cookie: new.0.clone(), proved_at, ..row }.values());
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE session SET cookie = $2, root = $3, proved_at = $4, mac = $5 WHERE cookie = $1 AND ended_at IS NULL"
        )
        .bind(&old.0).bind(&new.0).bind(root).bind(proved_at).bind(&mac[..])
        .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Ends a session and forgets every password that only it could have opened; `false` when it had ended already.
    pub async fn end_session(&mut self, id: &SessionId, at: Timestamp) -> Result<bool, Error> {
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE session SET ended_at = $2, mac = NULL WHERE id = $1 AND ended_at IS NULL"
        ).bind(&id.0).bind(at.as_millisecond()).execute(c).await.map(|d| d.rows_affected()))?;
        on!(&mut self.db, c => sqlx::query("DELETE FROM sealed WHERE session_id = $1")
            .bind(&id.0).execute(c).await.map(drop))?;
        Ok(done == 1)
    }

    /// Ends the session of this cookie, if there is one.
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
    pub async fn end_sessions_of(
        &mut self,
        staff: &StaffId,
        except: Option<&SessionId>,
        at: Timestamp,
    ) -> Result<(), Error> {
        let except = except.map_or("", |id| id.0.as_str());
        self.unseal(staff).await?;
        let kept: Option<TiedRow> = on!(&mut self.db, c => sqlx::query_as(select_tied!("e.id = $1 AND e.staff_id = $2"))
            .bind(except).bind(&staff.0).fetch_optional(c).await)?;
        on!(&mut self.db, c => sqlx::query("UPDATE staff SET generation = generation + 1 WHERE id = $1")
            .bind(&staff.0).execute(c).await.map(drop))?;
        if let Some(row) = kept {
            row.must_hold(&self.db.keys)?;
            let mac = self.db.keys.mac(&TiedRow { generation: row.generation + 1, ..row }.values());
            on!(&mut self.db, c => sqlx::query("UPDATE session SET mac = $2 WHERE id = $1")
                .bind(except).bind(&mac[..]).execute(c).await.map(drop))?;
        }
        if except.is_empty() {
            self.remove_devices_of(staff).await?;
        }
        on!(&mut self.db, c => sqlx::query(
            "UPDATE session SET ended_at = $3, mac = NULL WHERE staff_id = $1 AND id <> $2 AND ended_at IS NULL"
        ).bind(&staff.0).bind(except).bind(at.as_millisecond()).execute(c).await.map(drop))?;
        on!(&mut self.db, c => sqlx::query(
            "DELETE FROM sealed WHERE session_id IN (SELECT id FROM session WHERE staff_id = $1 AND id <> $2)"
        ).bind(&staff.0).bind(except).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Removes sessions that began before `before`, ended or not.
    pub async fn remove_sessions_begun_before(&mut self, before: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM session WHERE created_at < $1")
            .bind(before.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }
}
