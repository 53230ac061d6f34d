//! What the database did instead of what it was asked, and what was found about it that keeps the panel from using it.

/// A failure of the database. Its text is for the log: it names no person and no secret, because no statement's
/// arguments are part of it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the database could not be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// Too many strangers wait for a turn at writing. The database is well.
    #[error("too many strangers want to write")]
    Crowded,
    #[error("the database holds what this version can't read: {0}")]
    Unreadable(&'static str),
    #[error(transparent)]
    Refused(#[from] Refusal),
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
}
