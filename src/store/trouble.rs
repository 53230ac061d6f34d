//! Whether anything can be recorded, and if not, why: for the probe of readiness, which must say it without writing.
//!
//! Every failed transaction notes its trouble here; only [`Store::probe`], which really writes, takes it back.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::{Error, Store, on};

/// Why nothing can be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The disk is full.
    Full,
    /// The database can only be read.
    ReadOnly,
    /// Another program keeps it locked.
    Locked,
    /// The disk failed.
    Disk,
    /// The database does not answer.
    Away,
}

/// The trouble that the store is in. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Standing(Arc<Mutex<Option<Trouble>>>);

impl Standing {
    /// Passes a result on and notes what went wrong.
    pub fn noted<T>(&self, result: Result<T, sqlx::Error>) -> Result<T, Error> {
        result.map_err(|error| {
            // Whoever waits behind the one in trouble has nothing to add.
            let is_behind = matches!(error, sqlx::Error::PoolTimedOut) && self.get().is_some();
            let error = Error::from(error);
            if !is_behind {
                self.set(Some(error.trouble()));
            }
            error
        })
    }

    fn set(&self, trouble: Option<Trouble>) {
        let mut standing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *standing != trouble {
            if let Some(trouble) = trouble {
                tracing::error!(?trouble, "nothing can be recorded");
            } else {
                tracing::info!("the database takes records again");
            }
        }
        *standing = trouble;
    }

    fn get(&self) -> Option<Trouble> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Why nothing could be recorded when it was last tried; `None` when it could.
    pub fn trouble(&self) -> Option<Trouble> {
        self.standing.get()
    }

    /// Writes one row durably, to see whether that can be done.
    ///
    /// # Errors
    /// [`Error::Database`] when it can't; [`Store::trouble`] says why.
    pub async fn probe(&self, now: Timestamp) -> Result<(), Error> {
        let mut tx = self.write().await?;
        let written = on!(&mut tx.db, c => sqlx::query(
            "INSERT INTO write_probe (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at"
        ).bind(now.as_millisecond()).execute(c).await.map(drop));
        self.standing.noted(written)?;
        tx.commit().await?;
        self.standing.set(None);
        Ok(())
    }
}

impl Error {
    /// What this says of the database. The codes are SQLite's (<https://sqlite.org/rescode.html>; the low byte is the
    /// primary one) and PostgreSQL's (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
    pub fn trouble(&self) -> Trouble {
        let Self::Database(sqlx::Error::Database(error)) = self else { return Trouble::Away };
        let code = error.code().unwrap_or_default();
        match (&*code, code.parse::<u32>().map(|code| code & 0xff)) {
            ("53100", _) | (_, Ok(13)) => Trouble::Full,
            ("25006", _) | (_, Ok(8)) => Trouble::ReadOnly,
            ("55P03", _) | (_, Ok(5 | 6)) => Trouble::Locked,
            ("58030", _) | (_, Ok(10 | 11 | 14)) => Trouble::Disk,
            _ => Trouble::Away,
        }
    }
}
