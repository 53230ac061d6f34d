//! Statements on second factors. A code is used up by comparing before setting, so it works once on any replica.

use jiff::Timestamp;
use sqlx::{PgConnection, SqliteConnection};

use super::{Db, Error, Link, Writing, on};
use crate::model::StaffId;

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// The encrypted seed of a staff member's codes, if they have set up a second factor.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn totp_seed(&mut self, staff: &StaffId) -> Result<Option<Vec<u8>>, Error> {
        let seed: Option<Option<Vec<u8>>> = on!(self, c => sqlx::query_scalar(
            "SELECT totp_seed FROM staff WHERE id = $1"
        ).bind(&staff.0).fetch_optional(c).await)?;
        Ok(seed.flatten())
    }

    /// How many of their recovery codes a staff member has not used.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn recovery_codes_left(&mut self, staff: &StaffId) -> Result<i64, Error> {
        Ok(on!(self, c => sqlx::query_scalar(
            "SELECT count(*) FROM recovery_code WHERE staff_id = $1 AND used_at IS NULL"
        ).bind(&staff.0).fetch_one(c).await)?)
    }
}

impl Writing {
    /// Sets up a staff member's second factor; the code of `step` has just been used.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn set_totp(&mut self, staff: &StaffId, seed: &[u8], step: i64) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("UPDATE staff SET totp_seed = $2, totp_step = $3 WHERE id = $1")
            .bind(&staff.0).bind(seed).bind(step).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Uses up the code of a half minute; `false` when it or a later one was used before.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn take_totp_step(&mut self, staff: &StaffId, step: i64) -> Result<bool, Error> {
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE staff SET totp_step = $2 WHERE id = $1 AND totp_seed IS NOT NULL AND totp_step < $2"
        ).bind(&staff.0).bind(step).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Takes everything away that a staff member has besides their password: app, passkeys, recovery codes.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn remove_second_factors(&mut self, staff: &StaffId) -> Result<(), Error> {
        self.put_recovery_codes(staff, &[]).await?;
        on!(&mut self.db, c => sqlx::query("DELETE FROM passkey WHERE staff_id = $1")
            .bind(&staff.0).execute(c).await.map(drop))?;
        self.remove_totp(staff).await.map(drop)
    }

    /// Takes the codes of a staff member's app away; `false` when they had none.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn remove_totp(&mut self, staff: &StaffId) -> Result<bool, Error> {
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE staff SET totp_seed = NULL WHERE id = $1 AND totp_seed IS NOT NULL"
        ).bind(&staff.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Gives a staff member these recovery codes in place of all others. Only hashes are kept.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn put_recovery_codes(&mut self, staff: &StaffId, hashes: &[String]) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM recovery_code WHERE staff_id = $1")
            .bind(&staff.0).execute(c).await.map(drop))?;
        for hash in hashes {
            on!(&mut self.db, c => sqlx::query("INSERT INTO recovery_code (staff_id, hash) VALUES ($1, $2)")
                .bind(&staff.0).bind(hash).execute(c).await.map(drop))?;
        }
        Ok(())
    }

    /// Uses up a recovery code; `false` when it is none of theirs or was used before.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn take_recovery_code(&mut self, staff: &StaffId, hash: &str, at: Timestamp) -> Result<bool, Error> {
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE recovery_code SET used_at = $3 WHERE staff_id = $1 AND hash = $2 AND used_at IS NULL"
        ).bind(&staff.0).bind(hash).bind(at.as_millisecond()).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}
