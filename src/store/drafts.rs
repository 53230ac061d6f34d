//! Statements on drafts: what somebody typed into a form that was not sent on. One a session, encrypted.

use jiff::Timestamp;
use sqlx::{PgConnection, SqliteConnection};

use super::{Db, Error, Link, Writing, on};
use crate::model::SessionId;

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// A session's draft, if there is one that has not expired.
    pub async fn draft(&mut self, session: &SessionId, now: Timestamp) -> Result<Option<Vec<u8>>, Error> {
        Ok(on!(self, c => sqlx::query_scalar("SELECT sealed FROM draft WHERE session_id = $1 AND expires_at > $2")
            .bind(&session.0).bind(now.as_millisecond()).fetch_optional(c).await)?)
    }
}

impl Writing {
    /// Keeps a draft in place of the session's last one, as long as there is a row of the session, ended or not.
    pub async fn put_draft(&mut self, session: &SessionId, sealed: &[u8], expires_at: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO draft (session_id, sealed, expires_at) SELECT $1, $2, $3 \
             WHERE EXISTS (SELECT 1 FROM session WHERE id = $1) \
             ON CONFLICT (session_id) DO UPDATE SET sealed = excluded.sealed, expires_at = excluded.expires_at"
        ).bind(&session.0).bind(sealed).bind(expires_at.as_millisecond()).execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// Removes drafts that expired.
    pub async fn remove_expired_drafts(&mut self, now: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM draft WHERE expires_at <= $1")
            .bind(now.as_millisecond()).execute(c).await.map(|_| ()))?;
        Ok(())
    }
}
