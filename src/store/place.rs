//! Where SQLite's file lies. Whoever moves another file there, or removes it, makes the panel write into a file that nobody
//! finds again; so it is looked at before and after each transaction.

use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{Mode, OFlags};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};

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
}

impl Place {
    /// To be taken before SQLite opens the file. Where it is still [`in_place`](Self::in_place) afterwards, this is the
    /// file that SQLite has.
    pub fn of(path: &Path, options: &SqliteConnectOptions) -> std::io::Result<Self> {
        let held = rustix::fs::open(path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
        let found = rustix::fs::fstat(&held)?;
        let reading = options.clone().read_only(true);
        Ok(Self { path: path.to_owned(), is: (found.st_dev, found.st_ino), _held: held.into(), reading })
    }

    pub fn in_place(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|found| (found.dev(), found.ino()) == self.is)
    }

    /// A connection that has seen nothing of the file yet.
    pub async fn connect(&self) -> Result<SqliteConnection, sqlx::Error> {
        self.reading.connect().await
    }
}

impl Store {
    /// Refuses to write into a file that is not where it was any more.
    pub(super) fn must_be_in_place(&self) -> Result<(), Error> {
        match &*self.pools {
            Either::Sqlite(pools) if !pools.place.in_place() => self.found.noting(Err(Refusal::Replaced.into())),
            _ => Ok(()),
        }
    }
}
