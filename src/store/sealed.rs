//! Statements on sealed passwords that nobody opened in time. They wait at most five minutes; `operations` puts them down and
//! takes them up.

use jiff::Timestamp;

use super::{Error, Writing, on};
use crate::model::clock::Ends;
use crate::model::{OperationId, Tick};

impl Writing {
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
