//! How far the audit had come when something was last committed, noted outside the database, beside the secret key: so
//! that an older copy of the database, or one whose last rows were removed, is told from the newest.
//!
//! It is noted strictly after each commit that recorded something, so that it is never ahead of the database. A kill or a
//! power cut in between leaves it a few rows behind, which only makes it a little less sharp. Several processes may share
//! the file: whoever reads it takes the newer slot, and a slot that a slower process wrote over is no harm either.

mod compare;
mod file;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Error, Store, StoreKeys};
use crate::model::AuditHead;
pub(super) use file::Told;

/// The file's name in the data directory.
const FILE: &str = "audit-head";

/// What is noted of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    pub database_id: String,
    /// How often an older copy was accepted.
    pub era: i64,
    pub head: AuditHead,
}

impl Noted {
    const fn is_newer_than(&self, other: &Self) -> bool {
        self.era > other.era || (self.era == other.era && self.head.seq > other.head.seq)
    }
}

/// The head as it is noted in the file and in memory. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Head(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    file: PathBuf,
    keys: Arc<StoreKeys>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// `None` until a database was taken.
    noted: Option<Noted>,
    /// Why the last try to write the file failed, if it did.
    unwritten: Option<String>,
}

impl Head {
    pub fn in_dir(dir: &Path, keys: Arc<StoreKeys>) -> Self {
        Self(Inner { file: dir.join(FILE), keys, state: Mutex::default() }.into())
    }

    /// What the file says.
    ///
    /// # Errors
    /// [`Error::Away`] when it can't be read.
    pub fn told(&self) -> Result<Told, Error> {
        let file = &self.0.file;
        file::read(file, &self.0.keys)
            .map_err(|error| Error::Away(format!("{} can't be read: {error}", file.display())))
    }

    pub fn noted(&self) -> Option<Noted> {
        self.state().noted.clone()
    }

    /// Begins with a database that goes on from what the file says, or with the first one that is noted.
    pub fn begin(&self, told: Told, now: Noted) {
        if let Told::Head(noted) = told {
            self.state().noted = Some(noted);
        }
        self.note(now);
    }

    /// Notes a head that is durable by now. What was committed stays committed where that fails: the log has it once.
    pub fn note(&self, now: Noted) {
        let mut state = self.state();
        let before = state.noted.as_ref();
        if before.is_some_and(|before| !now.is_newer_than(before)) {
            return;
        }
        let goes_on = before.is_some_and(|before| before.era == now.era && before.database_id == now.database_id);
        let write = if goes_on { file::write } else { file::make };
        let written = write(&self.0.file, &self.0.keys, &now);
        state.noted = Some(now);
        self.remember(&mut state, &written);
    }

    /// Takes over what another process has noted, and makes the file good where it is behind or gone. It is written in any
    /// case, to see whether it can be.
    pub fn refresh(&self) {
        let mut state = self.state();
        let Some(own) = state.noted.clone() else { return };
        match self.told() {
            Ok(Told::Head(told)) if told == own => {
                let written = file::write(&self.0.file, &self.0.keys, &own);
                self.remember(&mut state, &written);
            }
            Ok(Told::Head(told)) if told.database_id == own.database_id && told.is_newer_than(&own) => {
                state.noted = Some(told);
            }
            _ => {
                let made = file::make(&self.0.file, &self.0.keys, &own);
                self.remember(&mut state, &made);
            }
        }
    }

    /// Whether the file could be written, without writing to it.
    ///
    /// # Errors
    /// [`Error::Away`] where it can't.
    pub fn must_be_writable(&self) -> Result<(), Error> {
        let file = &self.0.file;
        file::can_be_written(file).map_err(|error| {
            Error::Away(format!("the head of the audit can't be noted: {} can't be written: {error}", file.display()))
        })
    }

    fn remember(&self, state: &mut State, written: &io::Result<()>) {
        let file = self.0.file.display();
        match written {
            Err(error) if state.unwritten.is_none() => {
                tracing::error!(%error, %file, "the head of the audit can't be noted; an older database would not be noticed");
            }
            Ok(()) if state.unwritten.is_some() => tracing::info!(%file, "the head of the audit is noted again"),
            _ => {}
        }
        state.unwritten = written.as_ref().err().map(|error| format!("{file} can't be written: {error}"));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// What is noted of the database outside it.
    pub fn noted(&self) -> Option<Noted> {
        self.head.noted()
    }

    /// What the file says, whatever this process knows; nothing where it is missing or damaged.
    ///
    /// # Errors
    /// [`Error::Away`] when it can't be read.
    pub fn noted_in_file(&self) -> Result<Option<Noted>, Error> {
        Ok(if let Told::Head(noted) = self.head.told()? { Some(noted) } else { None })
    }

    /// Why the head of the audit could not be noted the last time, if it could not.
    pub fn head_unnoted(&self) -> Option<String> {
        self.head.state().unwritten.clone()
    }
}
