//! Whether anything can be recorded, and if not, why: for the probe of readiness, which must say it without writing.
//!
//! Every failed transaction notes its trouble here; only [`Store::probe`], which really writes, takes it back.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use sqlx::sqlite::SqliteError;

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
    /// What is in it makes no sense to the database.
    Damaged,
    /// PostgreSQL does not let the panel's role do what it must.
    Forbidden,
    /// The database does not answer.
    Away,
}

/// How the store stands. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Health(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    trouble: Option<Trouble>,
    /// Why it could not be read when it was last compared, if it could not.
    unread: Option<Trouble>,
    /// Whether a statement met a part of it that is damaged. No other statement shows that it is whole again; a database that
    /// is brought back needs a new start anyway.
    is_damaged: bool,
    /// When something was last made durable.
    committed_at: Option<Instant>,
}

impl Health {
    /// Passes a result on and notes what went wrong.
    pub fn noted<T>(&self, result: Result<T, sqlx::Error>) -> Result<T, Error> {
        result.map_err(|error| {
            let waited = matches!(error, sqlx::Error::PoolTimedOut);
            let error = Error::from(error);
            // Anyone who waits behind the one in trouble has nothing to add; and whoever waits behind many that went well
            // only says that there are many.
            if !(waited && (self.get().is_some() || self.is_moving())) {
                self.set(Some(error.trouble()));
            }
            error
        })
    }

    /// Passes on what a look at the whole database came to, and notes whether it could be read.
    pub fn read<T>(&self, looked: Result<T, Error>) -> Result<T, Error> {
        let unread = match &looked {
            Err(Error::Database(sqlx::Error::PoolTimedOut)) => return looked,
            Err(error @ Error::Database(_)) => Some(error.trouble()),
            _ => None,
        };
        let mut state = self.state();
        if let Some(trouble) = unread.filter(|_| state.unread != unread) {
            tracing::error!(?trouble, "the database can't be read");
        }
        state.unread = unread;
        drop(state);
        looked
    }

    /// Passes on what a statement came to, and notes whether what it needed is damaged.
    pub fn seen<T>(&self, result: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        result.inspect_err(|error| {
            if Trouble::of(error) == Trouble::Damaged && !mem::replace(&mut self.state().is_damaged, true) {
                tracing::error!(%error, "part of the database can't be read: {}", Trouble::Damaged.advice());
            }
        })
    }

    pub fn has_ever_committed(&self) -> bool {
        self.state().committed_at.is_some()
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
    /// Why nothing could be recorded, or read, when it was last tried, or what is known not to be readable; `None` when all
    /// went well.
    pub fn trouble(&self) -> Option<Trouble> {
        let state = self.health.state();
        state.trouble.or(state.unread).or(state.is_damaged.then_some(Trouble::Damaged))
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
            Self::Damaged => "the database is damaged; stop the panel and bring back the newest copy of it",
            Self::Forbidden => {
                "PostgreSQL does not let the panel's role do that; as the owner of the database run, with its name for ROLE: \
                 GRANT ALL ON SCHEMA public TO ROLE; GRANT ALL ON ALL TABLES IN SCHEMA public TO ROLE"
            }
            Self::Away => "the database does not answer",
        }
    }

    /// What this says of the database.
    pub(super) fn of(error: &sqlx::Error) -> Self {
        let sqlx::Error::Database(error) = error else { return Self::Away };
        let code = error.code().unwrap_or_default();
        if error.try_downcast_ref::<SqliteError>().is_some() {
            Self::of_sqlite(code.parse().unwrap_or_default())
        } else {
            Self::of_postgres(&code)
        }
    }

    /// The low byte is the primary code (<https://sqlite.org/rescode.html>).
    const fn of_sqlite(code: u32) -> Self {
        match (code, code & 0xff) {
            // Also where its log finds no room in memory that is shared.
            (4874, _) | (_, 13) => Self::Full,
            (1032, _) => Self::Moved,
            (_, 8) => Self::ReadOnly,
            (_, 5 | 6) => Self::Locked,
            (_, 10 | 14) => Self::Disk,
            (_, 11 | 26) => Self::Damaged,
            _ => Self::Away,
        }
    }

    /// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
    fn of_postgres(code: &str) -> Self {
        match code {
            "53100" => Self::Full,
            "25006" => Self::ReadOnly,
            "55P03" => Self::Locked,
            "58030" => Self::Disk,
            "XX001" | "XX002" => Self::Damaged,
            "42501" => Self::Forbidden,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_postgresql_is_never_read_as_one_of_sqlite() {
        for (code, trouble) in [
            ("42501", Trouble::Forbidden),
            ("55P03", Trouble::Locked),
            ("42605", Trouble::Away),
            ("08006", Trouble::Away),
        ] {
            assert_eq!(Trouble::of_postgres(code), trouble, "{code}");
        }
        for (code, trouble) in
            [(517, Trouble::Locked), (266, Trouble::Disk), (267, Trouble::Damaged), (26, Trouble::Damaged)]
        {
            assert_eq!(Trouble::of_sqlite(code), trouble, "{code}");
        }
    }
}
