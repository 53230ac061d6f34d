//! Statements on second factors. A code is used up by comparing before setting, so it works once on any replica.

use jiff::Timestamp;
use sqlx::{PgConnection, SqliteConnection};

use super::{Db, Error, Link, Writing, on};
use crate::model::{RemovedFactors, StaffId};

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// The encrypted seed of a staff member's codes, if they have set up a second factor.
    pub async fn totp_seed(&mut self, staff: &StaffId) -> Result<Option<Vec<u8>>, Error> {
        let seed: Option<Option<Vec<u8>>> = on!(self, c => sqlx::query_scalar(
            "SELECT totp_seed FROM staff WHERE id = $1"
        ).bind(&staff.0).fetch_optional(c).await)?;
        Ok(seed.flatten())
    }

    /// How many of their recovery codes a staff member has not used.
    pub async fn recovery_codes_left(&mut self, staff: &StaffId) -> Result<i64, Error> {
        Ok(on!(self, c => sqlx::query_scalar(
            "SELECT count(*) FROM recovery_code WHERE staff_id = $1 AND used_at IS NULL"
        ).bind(&staff.0).fetch_one(c).await)?)
    }
}

impl Writing {
    /// Sets up a staff member's second factor; the code of `step` has just been used.
    pub async fn set_totp(&mut self, staff: &StaffId, seed: &[u8], step: i64, at: Timestamp) -> Result<(), Error> {
        self.unseal(staff).await?;
        on!(&mut self.db, c => sqlx::query(
            "UPDATE staff SET totp_seed = $2, totp_step = $3, totp_added_at = $4 WHERE id = $1"
        ).bind(&staff.0).bind(seed).bind(step).bind(at.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Uses up the code of a half minute; `false` when it or a later one was used before.
    pub async fn take_totp_step(&mut self, staff: &StaffId, step: i64) -> Result<bool, Error> {
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE staff SET totp_step = $2 WHERE id = $1 AND totp_seed IS NOT NULL AND totp_step < $2"
        ).bind(&staff.0).bind(step).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Takes everything away that a staff member has had besides their password since a moment, or at all: app, passkeys,
    /// recovery codes, and those codes too that are of no use any more. What it was, but for the codes.
    pub async fn remove_factors(&mut self, staff: &StaffId, since: Option<Timestamp>) -> Result<RemovedFactors, Error> {
        self.unseal(staff).await?;
        let since = since.map_or(i64::MIN, Timestamp::as_millisecond);
        let passkeys: Vec<String> = on!(&mut self.db, c => sqlx::query_scalar(
            "DELETE FROM passkey WHERE staff_id = $1 AND added_at >= $2 RETURNING label"
        ).bind(&staff.0).bind(since).fetch_all(c).await)?;
        // When something came that nobody noted, that was before anybody did.
        let app = on!(&mut self.db, c => sqlx::query(
            "UPDATE staff SET totp_seed = NULL WHERE id = $1 AND totp_seed IS NOT NULL AND COALESCE(totp_added_at, $3) >= $2"
        ).bind(&staff.0).bind(since).bind(i64::MIN).execute(c).await.map(|d| d.rows_affected()))?;
        on!(&mut self.db, c => sqlx::query(
            "DELETE FROM recovery_code WHERE staff_id = $1 AND (COALESCE(made_at, $3) >= $2 OR NOT EXISTS \
             (SELECT 1 FROM staff s WHERE s.id = $1 AND (s.totp_seed IS NOT NULL OR EXISTS \
             (SELECT 1 FROM passkey p WHERE p.staff_id = s.id))))"
        ).bind(&staff.0).bind(since).bind(i64::MIN).execute(c).await.map(drop))?;
        Ok(RemovedFactors { passkeys, app: app == 1 })
    }

    /// Takes the codes of a staff member's app away; `false` when they had none.
    pub async fn remove_totp(&mut self, staff: &StaffId) -> Result<bool, Error> {
        self.unseal(staff).await?;
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE staff SET totp_seed = NULL WHERE id = $1 AND totp_seed IS NOT NULL"
        ).bind(&staff.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Gives a staff member these recovery codes in place of all others. Only hashes are kept.
    pub async fn put_recovery_codes(&mut self, staff: &StaffId, hashes: &[String], at: Timestamp) -> Result<(), Error> {
        self.unseal(staff).await?;
        on!(&mut self.db, c => sqlx::query("DELETE FROM recovery_code WHERE staff_id = $1")
            .bind(&staff.0).execute(c).await.map(drop))?;
        for hash in hashes {
            on!(&mut self.db, c => sqlx::query(
                "INSERT INTO recovery_code (staff_id, hash, made_at) VALUES ($1, $2, $3)"
            ).bind(&staff.0).bind(hash).bind(at.as_millisecond()).execute(c).await.map(drop))?;
        }
        Ok(())
    }

    /// Uses up a recovery code; `false` when it is none of theirs or was used before.
    pub async fn take_recovery_code(&mut self, staff: &StaffId, hash: &str, at: Timestamp) -> Result<bool, Error> {
        self.unseal(staff).await?;
        let done = on!(&mut self.db, c => sqlx::query(
            "UPDATE recovery_code SET used_at = $3 WHERE staff_id = $1 AND hash = $2 AND used_at IS NULL"
        ).bind(&staff.0).bind(hash).bind(at.as_millisecond()).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}
