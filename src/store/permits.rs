//! Statements on permits: somebody has just proved who they are for one act in one session. A permit is removed by whoever
//! uses it, in the transaction of the act, so it is used once, on any replica.

use jiff::Timestamp;
use sqlx::{PgConnection, SqliteConnection};

use super::{Db, Error, Link, Writing, on, time};
use crate::model::{Act, SessionId};

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// When the permit for this act in this session was made, if there is one.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn permit(&mut self, session: &SessionId, act: Act) -> Result<Option<Timestamp>, Error> {
        let made_at: Option<i64> = on!(self, c => sqlx::query_scalar(
            "SELECT made_at FROM permit WHERE session_id = $1 AND act = $2"
        ).bind(&session.0).bind(act.name()).fetch_optional(c).await)?;
        Ok(made_at.map(time))
    }
}

impl Writing {
    /// Keeps a permit, in place of an older one.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn put_permit(&mut self, session: &SessionId, act: Act, at: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO permit (session_id, act, made_at) VALUES ($1, $2, $3) \
             ON CONFLICT (session_id, act) DO UPDATE SET made_at = excluded.made_at"
        ).bind(&session.0).bind(act.name()).bind(at.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Uses up the permit for this act in this session; when it was made.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn take_permit(&mut self, session: &SessionId, act: Act) -> Result<Option<Timestamp>, Error> {
        let made_at: Option<i64> = on!(&mut self.db, c => sqlx::query_scalar(
            "DELETE FROM permit WHERE session_id = $1 AND act = $2 RETURNING made_at"
        ).bind(&session.0).bind(act.name()).fetch_optional(c).await)?;
        Ok(made_at.map(time))
    }

    /// Forgets permits that were made before `before`.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn remove_permits_before(&mut self, before: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM permit WHERE made_at < $1")
            .bind(before.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }
}
