//! Statements on permits: somebody has just proved who they are for one act in one session. A permit is removed by whoever
//! uses it, in the transaction of the act, so it is used once, on any replica.

use jiff::Timestamp;
use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::{Db, Error, Link, Refusal, StoreKeys, Values, Writing, on, time};
use crate::model::{Act, SessionId};

/// A permit as it is kept.
#[derive(FromRow)]
struct PermitRow {
    made_at: i64,
    mac: Option<Vec<u8>>,
}

impl PermitRow {
    /// When it was made, if the panel has written it.
    fn read(self, session: &SessionId, act: Act, keys: &StoreKeys) -> Result<Timestamp, Error> {
        let holds = keys.holds(&values(session, act, self.made_at), self.mac.as_deref());
        if holds { Ok(time(self.made_at)) } else { Err(Refusal::RowEdited("a proof of who somebody is").into()) }
    }
}

fn values(session: &SessionId, act: Act, made_at: i64) -> Values {
    Values::of("permit").text(&session.0).text(act.name()).number(made_at)
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// When the permit for this act in this session was made, if there is one.
    ///
    /// # Errors
    /// [`Error::Refused`] where the panel has not written it; [`Error::Database`].
    pub async fn permit(&mut self, session: &SessionId, act: Act) -> Result<Option<Timestamp>, Error> {
        let row: Option<PermitRow> = on!(self, c => sqlx::query_as(
            "SELECT made_at, mac FROM permit WHERE session_id = $1 AND act = $2"
        ).bind(&session.0).bind(act.name()).fetch_optional(c).await)?;
        row.map(|row| row.read(session, act, &self.keys)).transpose()
    }
}

impl Writing {
    /// Keeps a permit, in place of an older one.
    pub async fn put_permit(&mut self, session: &SessionId, act: Act, at: Timestamp) -> Result<(), Error> {
        let made_at = at.as_millisecond();
        let mac = self.db.keys.mac(&values(session, act, made_at));
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO permit (session_id, act, made_at, mac) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (session_id, act) DO UPDATE SET made_at = excluded.made_at, mac = excluded.mac"
        ).bind(&session.0).bind(act.name()).bind(made_at).bind(&mac[..]).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Uses up the permit for this act in this session; when it was made.
    ///
    /// # Errors
    /// [`Error::Refused`] where the panel has not written it; [`Error::Database`].
    pub async fn take_permit(&mut self, session: &SessionId, act: Act) -> Result<Option<Timestamp>, Error> {
        let row: Option<PermitRow> = on!(&mut self.db, c => sqlx::query_as(
            "DELETE FROM permit WHERE session_id = $1 AND act = $2 RETURNING made_at, mac"
        ).bind(&session.0).bind(act.name()).fetch_optional(c).await)?;
        row.map(|row| row.read(session, act, &self.db.keys)).transpose()
    }

    /// Forgets permits that were made before `before`.
    pub async fn remove_permits_before(&mut self, before: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM permit WHERE made_at < $1")
            .bind(before.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }
}
