//! Whether a database belongs to the secret key: a row of its own that only the key can have written, made together with
//! the database. A database of an earlier version has none; there the end of the audit's chain tells.

use sqlx::{PgConnection, SqliteConnection};

use super::Values;
use crate::model::audit_head::hex;
use crate::model::{AuditEvent, AuditHead, AuditKind, Clock, Entropy};
use crate::store::{Chain, Db, Error, Link, Refusal, Writing, on};

impl Writing {
    /// Refuses a database that another key has written. One that is new, or was made by an earlier version with this key,
    /// is tied to it from now on.
    ///
    /// # Errors
    /// [`Error::Refused`], [`Error::Database`].
    pub(in crate::store) async fn must_be_tied(&mut self, entropy: &Entropy, clock: &Clock) -> Result<(), Error> {
        let tie: Option<(String, Vec<u8>)> = on!(&mut self.db, c => sqlx::query_as(
            "SELECT database_id, mac FROM tie WHERE id = 1"
        ).fetch_optional(c).await)?;
        if let Some((id, mac)) = tie {
            let holds = self.db.keys.holds(&values(&id), Some(&mac));
            return if holds { Ok(()) } else { Err(Refusal::ForeignKey.into()) };
        }
        if !self.audit_ends_with_this_key().await? {
            return Err(Refusal::ForeignAudit.into());
        }
        // An earlier version has recorded nothing of the kind: somebody took the tie away, so that all would be adopted.
        if self.staff_as_recorded().await?.is_some() {
            return Err(Refusal::Untied.into());
        }
        let id = hex(&entropy.bytes::<16>());
        let mac = self.db.keys.mac(&values(&id));
        on!(&mut self.db, c => sqlx::query("INSERT INTO tie (id, database_id, mac) VALUES (1, $1, $2)")
            .bind(&id).bind(&mac[..]).execute(c).await.map(drop))?;
        self.adopt(clock).await
    }

    /// Ties to the key what an earlier version has left, and records it where there is anything.
    async fn adopt(&mut self, clock: &Clock) -> Result<(), Error> {
        self.tie_passkeys().await?;
        self.tie_invitations().await?;
        self.unseal_everybody().await?;
        if self.unsealed.is_empty() {
            return Ok(());
        }
        self.record(&AuditEvent::new(AuditKind::StaffTied, clock.now())).await
    }
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// Whether the last row of the audit was written with this key. An audit without rows could have been.
    async fn audit_ends_with_this_key(&mut self) -> Result<bool, Error> {
        let Some(head) = self.audit_head().await? else { return Ok(false) };
        let rows = self.audit_records(head.seq.saturating_sub(1), 2).await?;
        let Some((last, before)) = rows.split_last() else { return Ok(head.seq == 0) };
        let end = before.last().map(|row| AuditHead { seq: row.seq, mac: row.mac.clone() });
        let mut chain = Chain::after(self.keys.clone(), end.unwrap_or_default());
        Ok(last.seq == head.seq && chain.follow(last))
    }
}

fn values(database_id: &str) -> Values {
    Values::of("database").text(database_id)
}
