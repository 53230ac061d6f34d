//! Statements on sign-in links: with one of them an admin gets in once, although sign-in by password is switched off.

use jiff::Timestamp;
use sqlx::{PgConnection, SqliteConnection};

use super::{Db, Error, Link, Refusal, Values, Writing, on};
use crate::model::StaffId;

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// Whose link has this hash, if its end is after the one moment and not after the other.
    pub async fn sign_in_link(
        &mut self,
        hash: &str,
        (now, latest): (Timestamp, Timestamp),
    ) -> Result<Option<StaffId>, Error> {
        let row: Option<(String, i64, Option<Vec<u8>>)> = on!(self, c => sqlx::query_as(
            "SELECT staff_id, expires_at, mac FROM sign_in_link WHERE hash = $1 AND expires_at > $2 AND expires_at <= $3"
        ).bind(hash).bind(now.as_millisecond()).bind(latest.as_millisecond()).fetch_optional(c).await)?;
        match row {
            Some((id, expires_at, mac)) if !self.keys.holds(&values(&id, hash, expires_at), mac.as_deref()) => {
                Err(Refusal::RowEdited("a sign-in link").into())
            }
            row => Ok(row.map(|(id, ..)| StaffId(id))),
        }
    }
}

/// What a link's MAC is over.
fn values(staff: &str, hash: &str, expires_at: i64) -> Values {
    Values::of("sign-in link").text(staff).text(hash).number(expires_at)
}

impl Writing {
    /// Gives a staff member a link; an older one of theirs can't be used any more.
    pub async fn put_sign_in_link(&mut self, staff: &StaffId, hash: &str, expires_at: Timestamp) -> Result<(), Error> {
        let mac = self.db.keys.mac(&values(&staff.0, hash, expires_at.as_millisecond()));
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO sign_in_link (staff_id, hash, expires_at, mac) VALUES ($1, $2, $3, $4) ON CONFLICT (staff_id) \
             DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at, mac = excluded.mac"
        ).bind(&staff.0).bind(hash).bind(expires_at.as_millisecond()).bind(&mac[..]).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Takes a staff member's link away, used or not.
    pub async fn remove_sign_in_link(&mut self, staff: &StaffId) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM sign_in_link WHERE staff_id = $1")
            .bind(&staff.0).execute(c).await.map(drop))?;
        Ok(())
    }
}
