//! Statements on links that work once: invitations, with which staff members set their own passwords, and sign-in links. Of
//! each kind somebody has one at most.

use jiff::Timestamp;
use sqlx::{PgConnection, SqliteConnection};

use super::{Db, Error, Link, Refusal, Values, Writing, on, time};
use crate::model::clock::Ends;
use crate::model::{LinkKind, StaffId};

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// Whose link of this kind has a token of this hash, if its end is after the one moment and not after the other.
    pub async fn owner_of_link(&mut self, kind: LinkKind, hash: &str, ends: Ends) -> Result<Option<StaffId>, Error> {
        let row: Option<(String, i64, Option<Vec<u8>>)> = on!(self, c => sqlx::query_as(
            "SELECT staff_id, expires_at, mac FROM link \
             WHERE kind = $1 AND hash = $2 AND expires_at > $3 AND expires_at <= $4"
        )
        .bind(kind.name()).bind(hash).bind(ends.after.as_millisecond()).bind(ends.until.as_millisecond())
        .fetch_optional(c).await)?;
        let Some((id, expires_at, mac)) = row else { return Ok(None) };
        if !self.keys.holds(&values(kind, &id, hash, expires_at), mac.as_deref()) {
            return Err(Refusal::RowEdited("a link").into());
        }
        Ok(Some(StaffId(id)))
    }
}

/// What a link's MAC is over.
fn values(kind: LinkKind, staff: &str, hash: &str, expires_at: i64) -> Values {
    Values::of(kind.name()).text(staff).text(hash).number(expires_at)
}

impl Writing {
    /// Gives a staff member a link; an older one of theirs of the same kind can't be used any more.
    pub async fn put_link(
        &mut self,
        kind: LinkKind,
        staff: &StaffId,
        hash: &str,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        let mac = self.db.keys.mac(&values(kind, &staff.0, hash, expires_at.as_millisecond()));
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO link (kind, staff_id, hash, expires_at, mac) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (kind, staff_id) \
             DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at, mac = excluded.mac"
        )
        .bind(kind.name()).bind(&staff.0).bind(hash).bind(expires_at.as_millisecond()).bind(&mac[..])
        .execute(c).await.map(drop))?;
        Ok(())
    }

    /// Takes the links as they are, whoever wrote them.
    pub(super) async fn tie_links(&mut self) -> Result<(), Error> {
        let rows: Vec<(String, String, String, i64)> = on!(&mut self.db, c => sqlx::query_as(
            "SELECT kind, staff_id, hash, expires_at FROM link"
        ).fetch_all(c).await)?;
        for (kind, staff, hash, expires_at) in rows {
            let kind = LinkKind::named(&kind).ok_or(Error::Unreadable("a link's kind"))?;
            self.put_link(kind, &StaffId(staff), &hash, time(expires_at)).await?;
        }
        Ok(())
    }

    /// Takes a staff member's link away, used or not.
    pub async fn remove_link(&mut self, kind: LinkKind, staff: &StaffId) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM link WHERE kind = $1 AND staff_id = $2")
            .bind(kind.name()).bind(&staff.0).execute(c).await.map(drop))?;
        Ok(())
    }
}
