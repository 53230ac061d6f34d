//! Statements on invitations: links with which a staff member sets their own password, once.

use jiff::Timestamp;
use sqlx::{PgConnection, SqliteConnection};

use super::{Db, Error, Link, Writing, on};
use crate::model::{StaffId, StaffName};

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// Who is invited by the link whose token has this hash, if its end is after the one moment
    /// and not after the other.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn invitation(
        &mut self,
        hash: &str,
        (now, latest): (Timestamp, Timestamp),
    ) -> Result<Option<(StaffId, StaffName)>, Error> {
        let row: Option<(String, String)> = on!(self, c => sqlx::query_as(
            "SELECT s.id, s.name FROM invitation i JOIN staff s ON s.id = i.staff_id \
             WHERE i.hash = $1 AND i.expires_at > $2 AND i.expires_at <= $3 AND s.disabled_at IS NULL"
        ).bind(hash).bind(now.as_millisecond()).bind(latest.as_millisecond()).fetch_optional(c).await)?;
        row.map(|(id, name)| {
            let name = StaffName::parse(&name).map_err(|_| Error::Unreadable("a staff member's name"))?;
            Ok((StaffId(id), name))
        })
        .transpose()
    }
}

impl Writing {
    /// Invites a staff member; an older invitation of theirs can't be used any more.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn put_invitation(&mut self, staff: &StaffId, hash: &str, expires_at: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO invitation (staff_id, hash, expires_at) VALUES ($1, $2, $3) \
             ON CONFLICT (staff_id) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at"
        ).bind(&staff.0).bind(hash).bind(expires_at.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Takes a staff member's invitation away, used or not.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn remove_invitation(&mut self, staff: &StaffId) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM invitation WHERE staff_id = $1")
            .bind(&staff.0).execute(c).await.map(drop))?;
        Ok(())
    }
}
