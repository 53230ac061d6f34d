//! Statements on sealed passwords: encrypted, waiting at most five minutes for their one showing.

use jiff::Timestamp;

use super::operations::session_of;
use super::{Error, Writing, on};
use crate::model::clock::Ends;
use crate::model::{Holder, OperationId, Tick};

impl Writing {
    /// Puts a sealed password down until `expires_at`; `false` when the session that could open it was ended meanwhile.
    pub async fn put_sealed(
        &mut self,
        id: &OperationId,
        holder: &Holder,
        ciphertext: &[u8],
        expires_at: Timestamp,
    ) -> Result<bool, Error> {
        let done = on!(&mut self.db, c => sqlx::query(
            "INSERT INTO sealed (operation_id, session_id, ciphertext, expires_at) SELECT $1, $2, $3, $4 \
             WHERE EXISTS (SELECT 1 FROM session WHERE id = $2 AND ended_at IS NULL)"
        ).bind(id.as_str()).bind(session_of(holder)).bind(ciphertext).bind(expires_at.as_millisecond())
        .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Takes a sealed password up, if it is there and its end lies between these moments; it is gone with the commit.
    pub async fn take_sealed(&mut self, id: &OperationId, ends: Ends) -> Result<Option<Vec<u8>>, Error> {
        Ok(on!(&mut self.db, c => sqlx::query_scalar(
            "DELETE FROM sealed WHERE operation_id = $1 AND expires_at > $2 AND expires_at <= $3 RETURNING ciphertext"
        ).bind(id.as_str()).bind(ends.after.as_millisecond()).bind(ends.until.as_millisecond()).fetch_optional(c).await)?)
    }

    /// Removes what does not end between these moments or was made no later than the tick, and tells which operations'
    /// passwords that were.
    pub async fn remove_expired_sealed(
        &mut self,
        ends: Ends,
        made_by: Option<Tick>,
    ) -> Result<Vec<OperationId>, Error> {
        let ids: Vec<String> = on!(&mut self.db, c => sqlx::query_scalar(
            "DELETE FROM sealed WHERE expires_at <= $1 OR expires_at > $2 \
             OR EXISTS (SELECT 1 FROM operation o WHERE o.id = sealed.operation_id AND o.ended_tick <= $3) \
             RETURNING operation_id"
        )
        .bind(ends.after.as_millisecond()).bind(ends.until.as_millisecond()).bind(made_by.map(|tick| tick.0))
        .fetch_all(c).await)?;
        ids.iter().map(|id| read_id(id)).collect()
    }

    /// Forgets every password that waits, and whether it was shown; which operations' that were.
    pub async fn forget_all_sealed(&mut self, at: Timestamp) -> Result<Vec<OperationId>, Error> {
        let ids: Vec<String> = on!(&mut self.db, c => sqlx::query_scalar("DELETE FROM sealed RETURNING operation_id")
            .fetch_all(c).await)?;
        for id in &ids {
            on!(&mut self.db, c => sqlx::query("UPDATE operation SET forgotten_at = $2 WHERE id = $1")
                .bind(id).bind(at.as_millisecond()).execute(c).await.map(drop))?;
        }
        ids.iter().map(|id| read_id(id)).collect()
    }
}

fn read_id(id: &str) -> Result<OperationId, Error> {
    OperationId::parse(id).map_err(|_| Error::Unreadable("an operation's id"))
}
