//! Codes that were wrong, by staff member and place: counted before a code is looked at, shared by replicas.

use sqlx::{PgConnection, SqliteConnection};

use super::{Db, Error, Link, Writing, on};
use crate::model::{Elapsed, StaffId};

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// How many codes of a staff member count as wrong in a place, and when the last one came.
    pub async fn wrong_codes(&mut self, staff: &StaffId, place: &str) -> Result<Option<(i64, Elapsed)>, Error> {
        let found: Option<(i64, i64)> = on!(self, c => sqlx::query_as(
            "SELECT made, last_elapsed FROM wrong_code WHERE staff_id = $1 AND place = $2"
        ).bind(&staff.0).bind(place).fetch_optional(c).await)?;
        Ok(found.map(|(made, last)| (made, Elapsed(last))))
    }
}

impl Writing {
    /// Counts one more; returns how many there are now.
    pub async fn count_wrong_code(&mut self, staff: &StaffId, place: &str) -> Result<i64, Error> {
        let now = self.elapsed_at_most().await?;
        Ok(on!(&mut self.db, c => sqlx::query_scalar(
            "INSERT INTO wrong_code (staff_id, place, made, last_elapsed) VALUES ($1, $2, 1, $3) \
             ON CONFLICT (staff_id, place) DO UPDATE SET made = wrong_code.made + 1, last_elapsed = excluded.last_elapsed \
             RETURNING made"
        ).bind(&staff.0).bind(place).bind(now.0).fetch_one(c).await)?)
    }

    /// Takes the one back that turned out to be right.
    pub async fn take_wrong_code_back(&mut self, staff: &StaffId, place: &str) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query(
            "UPDATE wrong_code SET made = made - 1 WHERE staff_id = $1 AND place = $2 AND made > 0"
        ).bind(&staff.0).bind(place).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Forgets all of a staff member's in a place, or in every place.
    pub async fn forget_wrong_codes(&mut self, staff: &StaffId, place: Option<&str>) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM wrong_code WHERE staff_id = $1 AND place = COALESCE($2, place)")
            .bind(&staff.0).bind(place).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Forgets those where none came since then.
    pub async fn forget_wrong_codes_before(&mut self, before: Elapsed) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM wrong_code WHERE last_elapsed < $1")
            .bind(before.0).execute(c).await.map(drop))?;
        Ok(())
    }
}
