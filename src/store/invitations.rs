//! Statements on invitations: links with which a staff member sets their own password, once.

use jiff::Timestamp;
use sqlx::{PgConnection, SqliteConnection};

use super::{Db, Error, Link, Refusal, Values, Writing, on, time};
use crate::model::{StaffId, StaffName};

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// Who is invited by the link whose token has this hash, if its end is after the one moment
    /// and not after the other.
    pub async fn invitation(
        &mut self,
        hash: &str,
        (now, latest): (Timestamp, Timestamp),
    ) -> Result<Option<(StaffId, StaffName)>, Error> {
        let row: Option<(String, String, i64, Option<Vec<u8>>)> = on!(self, c => sqlx::query_as(
            "SELECT s.id, s.name, i.expires_at, i.mac FROM invitation i JOIN staff s ON s.id = i.staff_id \
             WHERE i.hash = $1 AND i.expires_at > $2 AND i.expires_at <= $3 AND s.disabled_at IS NULL"
        ).bind(hash).bind(now.as_millisecond()).bind(latest.as_millisecond()).fetch_optional(c).await)?;
        let Some((id, name, expires_at, mac)) = row else { return Ok(None) };
        if !self.keys.holds(&values(&id, hash, expires_at), mac.as_deref()) {
            return Err(Refusal::RowEdited("an invitation").into());
        }
        let name = StaffName::parse(&name).map_err(|_| Error::Unreadable("a staff member's name"))?;
        Ok(Some((StaffId(id), name)))
    }
}

/// What an invitation's MAC is over.
fn values(staff: &str, hash: &str, expires_at: i64) -> Values {
    Values::of("invitation").text(staff).text(hash).number(expires_at)
}

impl Writing {
    /// Invites a staff member; an older invitation of theirs can't be used any more.
    pub async fn put_invitation(&mut self, staff: &StaffId, hash: &str, expires_at: Timestamp) -> Result<(), Error> {
        let mac = self.db.keys.mac(&values(&staff.0, hash, expires_at.as_millisecond()));
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO invitation (staff_id, hash, expires_at, mac) VALUES ($1, $2, $3, $4) ON CONFLICT (staff_id) \
             DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at, mac = excluded.mac"
        ).bind(&staff.0).bind(hash).bind(expires_at.as_millisecond()).bind(&mac[..]).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Takes the invitations as they are, whoever wrote them.
    pub(super) async fn tie_invitations(&mut self) -> Result<(), Error> {
        let rows: Vec<(String, String, i64)> = on!(&mut self.db, c => sqlx::query_as(
            "SELECT staff_id, hash, expires_at FROM invitation"
        ).fetch_all(c).await)?;
        for (staff, hash, expires_at) in rows {
            self.put_invitation(&StaffId(staff), &hash, time(expires_at)).await?;
        }
        Ok(())
    }

    /// Takes a staff member's invitation away, used or not.
    pub async fn remove_invitation(&mut self, staff: &StaffId) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM invitation WHERE staff_id = $1")
            .bind(&staff.0).execute(c).await.map(drop))?;
        Ok(())
    }
}
