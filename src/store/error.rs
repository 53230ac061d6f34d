//! What the database did instead of what it was asked, and what was found about it that keeps the panel from using it.

use super::Trouble;
use sqlx::migrate::MigrateError;

/// A failure of the database. Its text is for the log: it names no person and no secret, because no statement's
/// arguments are part of it. It tells what the driver said, which is therefore no source that would tell it again.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database failed: {}", in_words(.0))]
    Database(sqlx::Error),
    #[error("the database could not be brought up to date: {}", why_not_migrated(.0))]
    Migration(MigrateError),
    /// Too many strangers wait for a turn at writing. The database is well.
    #[error("too many strangers want to write")]
    Crowded,
    #[error("the database holds what this version can't read: {0}")]
    Unreadable(&'static str),
    /// The same of somebody, by their id: logs name nobody.
    #[error("the database holds what this version can't read: {what} of staff member {staff}")]
    UnreadableOf { what: &'static str, staff: String },
    /// Nobody answers where the database should be, or it could not be opened.
    #[error("{0}")]
    Away(String),
    /// What somebody may do or signs in with was changed without an audit event after it: a mistake in the panel.
    #[error("a change of the staff was not recorded, so it was not made")]
    Unrecorded,
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<MigrateError> for Error {
    fn from(error: MigrateError) -> Self {
        Self::Migration(error)
    }
}

impl Error {
    /// Whether the database answers, but is not trusted.
    pub const fn is_refused(&self) -> bool {
        matches!(self, Self::Refused(_))
    }
}

/// What the driver says, and what to do where that is known.
fn in_words(error: &sqlx::Error) -> String {
    match Trouble::of(error) {
        Trouble::Away if matches!(error, sqlx::Error::PoolTimedOut) => {
            "no connection to it came about in time: nobody listens there, it does not answer, or all connections are in use"
                .to_owned()
        }
        Trouble::Away => error.to_string(),
        trouble => format!("{} ({error})", trouble.advice()),
    }
}

fn why_not_migrated(error: &MigrateError) -> String {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => in_words(error),
        error => error.to_string(),
    }
}

/// Why a database that answers is not used: nothing was written to it, and the sentence says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(
        "the secret key is not the one that this database was made with; bring back that key (NYCKEL_SECRET_KEY, or \
         secret-key in the data directory), or the database that belongs to the key that is here; nothing was written"
    )]
    ForeignKey,
    #[error(
        "the end of this database's audit does not hold under the secret key: either the key is not the one that the \
         database was made with, and one of the two must be brought back, or the audit was changed; nothing was written"
    )]
    ForeignAudit,
    #[error(
        "PostgreSQL offers no TLS, and without it anyone on the way reads the password: turn it on there (ssl = on), or see \
         NYCKEL_DATABASE_UNVERIFIED; the password was not sent"
    )]
    NoTls,
    #[error(
        "PostgreSQL does not prove who it is ({0}): give the authority that signed its certificate with sslrootcert=FILE in \
         NYCKEL_DATABASE_URL, and the name that stands in the certificate as its host; the password was not sent"
    )]
    Unproved(String),
    #[error(
        "PostgreSQL keeps this database in {0}; make one in UTF8: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
    )]
    Encoding(String),
    #[error("this PostgreSQL is a standby, which only reads; NYCKEL_DATABASE_URL must lead to the primary")]
    Standby,
    #[error(
        "a pooler between the panel and PostgreSQL lends connections out by the transaction, which prepared statements do not \
         survive: set PgBouncer's pool_mode to session, or from its version 1.21 on max_prepared_statements; nothing was \
         written"
    )]
    Pooled,
    #[error(
        "what tied this database to its secret key was removed past the panel; bring back the database as the panel left \
         it, or accept it as it is with: nyckel accept-rollback; nothing was written"
    )]
    Untied,
    #[error(
        "this database is an older copy of itself, or rows of its audit were removed: row {0}, which audit-head in the data \
         directory tells of, is not there any more; nothing was written; bring back the newest database, or accept this \
         one with: nyckel accept-rollback"
    )]
    OlderCopy(i64),
    #[error(
        "audit-head in the data directory tells of another database; bring back the database or the data directory that \
         belongs to the other, or accept this database with: nyckel accept-rollback; nothing was written"
    )]
    OtherDatabase,
    #[error(
        "the database is not there, or empty, but audit-head in the data directory tells of one; bring it back, or, to begin \
         anew without it, remove audit-head; nothing was written"
    )]
    Gone,
    #[error("there is no database there; set NYCKEL_DATA_DIR or NYCKEL_DATABASE_URL to where one is; nothing was made")]
    Absent,
    #[error(
        "{0} is a link to where no database is; bring that one back (is its disk mounted?), or remove the link to begin anew; \
         nothing was made"
    )]
    Astray(String),
    #[error(
        "an earlier version has left this database; start the panel, or run nyckel migrate, to bring it up to date; nothing was written"
    )]
    Older,
    #[error(
        "a later version of the panel has written to this database; run that version, or put back the copy that was made \
         before the update and accept it with: nyckel accept-rollback; nothing was written"
    )]
    Newer,
    #[error(
        "audit-head is missing from the data directory, so that nobody can tell whether this database is the newest or a copy \
         that was put back; nothing was written; bring audit-head back, or accept the database as it is with: nyckel \
         accept-rollback"
    )]
    HeadMissing,
    #[error(
        "audit-head in the data directory is damaged or was written with another key, so that nobody can tell whether this \
         is the newest database; nothing was written; bring audit-head back, or accept the database as it is with: nyckel \
         accept-rollback"
    )]
    HeadDamaged,
    #[error(
        "the file of the database was removed or replaced while it was in use, so that whatever is written is lost; put the \
         right file there and start the panel again; nothing was recorded"
    )]
    Replaced,
    #[error(
        "the database is damaged, or does not belong to the log that lies beside it ({0}); bring back both as they were \
         together, or the newest copy without a log; nothing was written"
    )]
    Damaged(String),
    #[error("the database is damaged; bring back the newest copy of it; nothing was written")]
    Malformed,
    #[error(
        "the log of the database ({0}) was removed or replaced while it was in use; stop the panel without killing it, which \
         moves what the log held into the file, and start it again; otherwise that is lost"
    )]
    LogReplaced(String),
    /// Nobody is named where logs can see it.
    #[error(
        "what somebody may do or signs in with was changed past the panel, or put back to what it was; nothing of it counts \
         until that is undone, or the database is accepted as it is with: nyckel accept-rollback; it is staff member {id}"
    )]
    StaffEdited { id: String, name: String },
    #[error(
        "what people may do or sign in with is not what row {0} of the audit recorded last: it was put back to what it was, \
         or somebody was removed or put there past the panel; undo that, or accept the database as it is with: \
         nyckel accept-rollback"
    )]
    StaffNotAsRecorded(i64),
    #[error("{0} was changed or put there past the panel; it does not count")]
    RowEdited(&'static str),
}

impl Refusal {
    /// The code that the audit keeps.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ForeignKey => "foreign_key",
            Self::ForeignAudit => "foreign_audit",
            Self::Untied => "untied",
            Self::OlderCopy(_) => "older_copy",
            Self::OtherDatabase => "other_database",
            Self::Gone => "database_gone",
            Self::Absent => "database_absent",
            Self::Astray(_) => "database_astray",
            Self::Older => "database_older",
            Self::Newer => "database_newer",
            Self::HeadMissing => "head_missing",
            Self::HeadDamaged => "head_damaged",
            Self::Replaced => "file_replaced",
            Self::Damaged(_) => "damaged",
            Self::Malformed => "malformed",
            Self::LogReplaced(_) => "log_replaced",
            Self::StaffEdited { .. } => "staff_edited",
            Self::StaffNotAsRecorded(_) => "staff_not_as_recorded",
            Self::RowEdited(_) => "row_edited",
            Self::NoTls => "no_tls",
            Self::Unproved(_) => "unproved",
            Self::Encoding(_) => "encoding",
            Self::Standby => "standby",
            Self::Pooled => "pooled",
        }
    }

    /// Whether nothing in the database can be relied upon: then it is not even read. Otherwise what is found does not count,
    /// and the rest does.
    pub const fn is_of_all(&self) -> bool {
        !matches!(self, Self::StaffEdited { .. } | Self::StaffNotAsRecorded(_) | Self::RowEdited(_))
    }

    /// Whom it is about, for those who may know.
    pub fn about(&self) -> Option<&str> {
        if let Self::StaffEdited { name, .. } = self { Some(name) } else { None }
    }
}
