//! SQLite's log beside its file. A panel that was killed leaves one, which SQLite adds to whatever file it finds there, also
//! to an older copy that the log does not belong to. So a file that lies beside a log is looked through before anything
//! else is done with it.

use std::fs;
use std::path::{Path, PathBuf};

use sqlx::migrate::MigrateError;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};

use super::{Error, Refusal};

/// The log as it lay there before the file was opened.
pub(super) struct Log {
    path: PathBuf,
    /// Whether there was anything in it.
    pub was_left: bool,
}

impl Log {
    pub fn of(file: &Path) -> Self {
        let mut path = file.as_os_str().to_owned();
        path.push("-wal");
        let path = PathBuf::from(path);
        let was_left = fs::metadata(&path).is_ok_and(|found| found.len() > 0);
        Self { path, was_left }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Refuses a file that is not whole with the log that was left beside it. Looking only reads: with the last connection
    /// that may write, SQLite would move the log into the file. The connection that has looked is handed on.
    pub async fn must_fit(&self, file: &Path) -> Result<Option<SqliteConnection>, Error> {
        if !self.was_left {
            return Ok(None);
        }
        let looked: Result<(String, SqliteConnection), Error> = async {
            let mut look = SqliteConnectOptions::new().filename(file).read_only(true).connect().await?;
            let said = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut look).await?;
            Ok((said, look))
        }
        .await;
        match looked {
            Ok((said, _)) if said != "ok" => Err(self.refused()),
            Ok((_, look)) => Ok(Some(look)),
            Err(error) => Err(self.in_words(error)),
        }
    }

    /// The same error, or a refusal where SQLite can't make sense of the file (`SQLITE_CORRUPT` and `SQLITE_NOTADB`).
    pub fn in_words(&self, error: Error) -> Error {
        let (Error::Database(cause)
        | Error::Migration(MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _))) = &error
        else {
            return error;
        };
        let code = cause.as_database_error().and_then(|cause| cause.code()?.parse::<u32>().ok());
        if matches!(code.map(|code| code & 0xff), Some(11 | 26)) { self.refused() } else { error }
    }

    fn refused(&self) -> Error {
        if self.was_left { Refusal::Damaged(self.path.display().to_string()) } else { Refusal::Malformed }.into()
    }
}
