//! Attempts counted in fixed windows. The count is taken before the attempt is evaluated and is shared by all replicas.

use sqlx::{PgConnection, SqliteConnection};

use super::{Db, Error, Link, Writing, on};
use crate::model::Elapsed;

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// How many attempts were counted under `key` in all windows that are still kept.
    pub async fn attempts(&mut self, key: &str) -> Result<i64, Error> {
        Ok(
            on!(self, c => sqlx::query_scalar("SELECT CAST(COALESCE(sum(made), 0) AS BIGINT) FROM attempt WHERE key = $1")
            .bind(key).fetch_one(c).await)?,
        )
    }
}

impl Writing {
    /// Counts one more attempt under `key` in the window that began at `window_start`; returns how many there are now.
    pub async fn count_attempt(&mut self, key: &str, window_start: Elapsed) -> Result<i64, Error> {
        Ok(on!(&mut self.db, c => sqlx::query_scalar(
            "INSERT INTO attempt (key, window_start, made) VALUES ($1, $2, 1) \
             ON CONFLICT (key, window_start) DO UPDATE SET made = attempt.made + 1 RETURNING made"
        ).bind(key).bind(window_start.0).fetch_one(c).await)?)
    }

    /// Removes windows that began before `before`.
    pub async fn remove_attempts_before(&mut self, before: Elapsed) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM attempt WHERE window_start < $1")
            .bind(before.0).execute(c).await.map(drop))?;
        Ok(())
    }
}
