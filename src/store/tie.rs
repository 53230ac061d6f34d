//! Whether a database belongs to the secret key: a row of its own that only the key can have written, made together with
//! the database. A database of an earlier version has none; there the end of the audit's chain tells.

use aws_lc_rs::hmac;
use sqlx::{PgConnection, SqliteConnection};

use super::{Chain, Db, Error, Link, Refusal, Writing, on};
use crate::model::audit_head::hex;
use crate::model::{AuditHead, Entropy};

impl Writing {
    /// Refuses a database that another key has written. One that is new, or was made by an earlier version with this key,
    /// is tied to it from now on.
    ///
    /// # Errors
    /// [`Error::Refused`], [`Error::Database`].
    pub(super) async fn must_be_tied(&mut self, entropy: &Entropy) -> Result<(), Error> {
        let tie: Option<(String, Vec<u8>)> = on!(&mut self.db, c => sqlx::query_as(
            "SELECT database_id, mac FROM tie WHERE id = 1"
        ).fetch_optional(c).await)?;
        if let Some((id, mac)) = tie {
            let holds = hmac::verify(&self.db.keys.ties, message(&id).as_bytes(), &mac).is_ok();
            return if holds { Ok(()) } else { Err(Refusal::ForeignKey.into()) };
        }
        if !self.audit_ends_with_this_key().await? {
            return Err(Refusal::ForeignAudit.into());
        }
        let id = hex(&entropy.bytes::<16>());
        let mac = hmac::sign(&self.db.keys.ties, message(&id).as_bytes());
        on!(&mut self.db, c => sqlx::query("INSERT INTO tie (id, database_id, mac) VALUES (1, $1, $2)")
            .bind(&id).bind(mac.as_ref()).execute(c).await.map(drop))?;
        Ok(())
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

/// What the tie's MAC is of.
fn message(database_id: &str) -> String {
    format!("database\n{database_id}")
}
