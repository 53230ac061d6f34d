//! Attempts counted in fixed windows. The count is taken before the attempt is evaluated and is shared by all replicas.

use jiff::Timestamp;

use super::{Error, Writing, on};

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
