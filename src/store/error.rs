//! What the database did instead of what it was asked.

/// A failure of the database. Its text is for the log: it names no person and no secret, because no statement's
/// arguments are part of it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the database could not be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error("the database holds what this version can't read: {0}")]
    Unreadable(&'static str),
}
