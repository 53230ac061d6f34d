//! Whether anything can be recorded, and if not, why: for the probe of readiness, which must say it without writing.
//!
//! Every failed transaction notes its trouble here; only [`Store::probe`], which really writes, takes it back.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::{Error, PATIENCE, Store};

/// Why nothing can be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The disk is full.
    Full,
    /// The database can only be read.
    ReadOnly,
    /// Its file is not where it was.
    Moved,
    /// Another program keeps it locked.
    Locked,
    /// The disk failed.
    Disk,
    /// The database does not answer.
    Away,
}

/// How the store stands. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Health(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    trouble: Option<Trouble>,
    /// When something was last made durable.
    committed_at: Option<Instant>,
}

impl Health {
    /// Passes a result on and notes what went wrong.
    pub fn noted<T>(&self, result: Result<T, sqlx::Error>) -> Result<T, Error> {
        result.map_err(|error| {
            let waited = matches!(error, sqlx::Error::PoolTimedOut);
            let error = Error::from(error);
            // Whoever waits behind the one in trouble has nothing to add; and whoever waits behind many that went well
            // only says that there are many.
            if !(waited && (self.get().is_some() || self.is_moving())) {
                self.set(Some(error.trouble()));
            }
            error
        })
    }

    /// Notes that something was made durable just now.
    pub fn has_committed(&self) {
        self.state().committed_at = Some(Instant::now());
    }

    fn is_moving(&self) -> bool {
        self.state().committed_at.is_some_and(|at| at.elapsed() < PATIENCE)
    }

    fn set(&self, trouble: Option<Trouble>) {
        let trouble_now = &mut self.state().trouble;
        if *trouble_now != trouble {
            if let Some(trouble) = trouble {
                tracing::error!(?trouble, "nothing can be recorded");
            } else {
                tracing::info!("the database takes records again");
            }
        }
        *trouble_now = trouble;
    }

    fn get(&self) -> Option<Trouble> {
        self.state().trouble
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Why nothing could be recorded when it was last tried; `None` when it could.
    pub fn trouble(&self) -> Option<Trouble> {
        self.health.get()
    }

    /// Writes durably how much time has passed, which also shows whether anything can be written.
    ///
    /// # Errors
    /// [`Error::Database`] when it can't; [`Store::trouble`] says why.
    pub async fn probe(&self) -> Result<(), Error> {
        let mut tx = self.write().await?;
        let looked = self.stopwatch.looks();
        let moved = tx.move_mark_on().await;
        let mark = moved.inspect_err(|error| self.health.set(Some(error.trouble())))?;
        tx.commit().await?;
        self.stopwatch.saw(mark, looked);
        self.health.set(None);
        Ok(())
    }
}

impl Trouble {
    /// What is wrong and what an admin can do. The panel tries again every few seconds and goes on by itself.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Full => "the disk of the database is full; free some space",
            Self::ReadOnly => "the database is read-only; make it and its folder writable, or name the primary server",
            Self::Moved => {
                "the file of the database was moved or replaced while it was in use; put the right one there"
            }
            Self::Locked => "another program keeps the database locked; end it",
            Self::Disk => "the disk of the database fails; look at it and at the system log",
            Self::Away => "the database does not answer",
        }
    }

    /// What this says of the database. The codes are SQLite's (<https://sqlite.org/rescode.html>; the low byte is the
    /// primary one) and PostgreSQL's (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
    pub(super) fn of(error: &sqlx::Error) -> Self {
        let sqlx::Error::Database(error) = error else { return Self::Away };
        let code = error.code().unwrap_or_default();
        match (&*code, code.parse::<u32>().map(|code| code & 0xff)) {
            // Also where its log finds no room in memory that is shared.
            ("53100" | "4874", _) | (_, Ok(13)) => Self::Full,
            ("1032", _) => Self::Moved,
            ("25006", _) | (_, Ok(8)) => Self::ReadOnly,
            ("55P03", _) | (_, Ok(5 | 6)) => Self::Locked,
            ("58030", _) | (_, Ok(10 | 11 | 14)) => Self::Disk,
            _ => Self::Away,
        }
    }
}

impl Error {
    /// What this says of the database.
    pub fn trouble(&self) -> Trouble {
        if let Self::Database(error) = self { Trouble::of(error) } else { Trouble::Away }
    }
}
