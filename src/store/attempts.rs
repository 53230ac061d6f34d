//! Attempts counted in fixed windows. The count is taken before the attempt is evaluated and is shared by all replicas.

use jiff::Timestamp;

use sqlx::{PgConnection, SqliteConnection};

use super::{Db, Error, Link, Writing, on};

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// How many attempts were counted under `key` in the window that began at `window_start`.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn attempts(&mut self, key: &str, window_start: Timestamp) -> Result<i64, Error> {
        let made: Option<i64> = on!(self, c => sqlx::query_scalar(
            "SELECT made FROM attempt WHERE key = $1 AND window_start = $2"
        ).bind(key).bind(window_start.as_millisecond()).fetch_optional(c).await)?;
        Ok(made.unwrap_or(0))
    }
}

impl Writing {
    /// Counts one more attempt under `key` in the window that began at `window_start`; returns how many there are now.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn count_attempt(&mut self, key: &str, window_start: Timestamp) -> Result<i64, Error> {
        Ok(on!(&mut self.db, c => sqlx::query_scalar(
            "INSERT INTO attempt (key, window_start, made) VALUES ($1, $2, 1) \
             ON CONFLICT (key, window_start) DO UPDATE SET made = attempt.made + 1 RETURNING made"
        ).bind(key).bind(window_start.as_millisecond()).fetch_one(c).await)?)
    }

    /// Removes windows that began before `before`.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn remove_attempts_before(&mut self, before: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM attempt WHERE window_start < $1")
            .bind(before.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }
}
