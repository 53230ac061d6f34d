//! Where SQLite's file and its log lie. Anyone who moves another file there, or removes one, makes the panel write into a file
//! that nobody finds again; so both are looked at before and after each transaction.

use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::fs::{Mode, OFlags};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::log::Log;
use super::{Either, Error, Refusal, Store};

/// The file as it was when it was opened.
#[derive(Clone, Debug)]
pub(super) struct Place {
    path: PathBuf,
    /// Its device and number.
    is: (u64, u64),
    /// As long as this is held, no other file gets its number. It takes no part in SQLite's locks, which any other
    /// descriptor would end when it is closed.
    _held: Arc<OwnedFd>,
    reading: SqliteConnectOptions,
    log: PathBuf,
    /// The log's device and number, once SQLite has it open.
    log_is: Option<(u64, u64)>,
    /// Whether somebody else had left something in the log, which is moved into the file only when the database was taken.
    pub log_was_left: bool,
    keeper: Keeper,
}

/// A connection that only reads. As long as it is there, SQLite neither removes the log nor moves it into the file when other
/// connections close.
type Keeper = Arc<Mutex<Option<SqliteConnection>>>;

impl Place {
    /// To be taken before SQLite opens the file. Where it is still [`in_place`](Self::in_place) afterwards, this is the
    /// file that SQLite has.
    pub fn of(path: &Path, log: &Log, options: &SqliteConnectOptions) -> std::io::Result<Self> {
        let held = rustix::fs::open(path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
        let found = rustix::fs::fstat(&held)?;
        let reading = options.clone().read_only(true);
        Ok(Self {
            path: path.to_owned(),
            is: (found.st_dev, found.st_ino),
            _held: held.into(),
            reading,
            log: log.path().to_owned(),
            log_is: None,
            log_was_left: log.was_left,
            keeper: Keeper::default(),
        })
    }

    /// Keeps the log where it is, by the connection that has looked at it or another one, until it is [`let_go`](Self::let_go).
    pub async fn keep_log(&mut self, look: Option<SqliteConnection>) -> Result<(), sqlx::Error> {
        let mut keeper = match look {
            Some(look) => look,
            None => self.connect().await?,
        };
        // Only a connection that has read something holds the file.
        sqlx::query("PRAGMA schema_version").execute(&mut keeper).await?;
        self.log_is = found_at(&self.log);
        self.keeper = Arc::new(Some(keeper).into());
        Ok(())
    }

    pub async fn let_go(&self) {
        let keeper = self.keeper().take();
        if let Some(keeper) = keeper
            && let Err(error) = keeper.close().await
        {
            tracing::warn!(%error, "a connection could not be closed");
        }
    }

    fn keeper(&self) -> MutexGuard<'_, Option<SqliteConnection>> {
        self.keeper.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn must_hold(&self) -> Result<(), Refusal> {
        if found_at(&self.path) != Some(self.is) {
            return Err(Refusal::Replaced);
        }
        // Where nothing is kept any more, the log may go.
        if self.keeper().is_some() && found_at(&self.log) != self.log_is {
            return Err(Refusal::LogReplaced(self.log.display().to_string()));
        }
        Ok(())
    }

    /// A connection that has seen nothing of the file yet.
    pub async fn connect(&self) -> Result<SqliteConnection, sqlx::Error> {
        self.reading.connect().await
    }
}

/// The device and number of what lies there.
fn found_at(path: &Path) -> Option<(u64, u64)> {
    fs::metadata(path).ok().map(|found| (found.dev(), found.ino()))
}

impl Store {
    /// Refuses to write into a file, or a log, that is not where it was any more.
    pub(super) fn must_be_in_place(&self) -> Result<(), Error> {
        match &*self.pools {
            Either::Sqlite(pools) => self.found.noting(pools.place.must_hold().map_err(Error::from)),
            Either::Postgres(_) => Ok(()),
        }
    }
}
