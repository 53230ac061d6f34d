//! Everything we keep, in SQLite or PostgreSQL: one SQL text for both.
//!
//! Services borrow a [`Reading`] connection or begin a [`Writing`] transaction; the statements are methods on these,
//! one file a table. Each statement is portable SQL with `$1` placeholders and runs in the contract suite on both
//! databases. Nothing here knows GleSYS, HTTP or rights.

mod approvals;
mod attempts;
mod audit;
mod batches;
mod contacts;
#[cfg(test)]
mod contract;
mod credentials;
mod devices;
mod drafts;
mod elapsed;
mod error;
mod gate;
mod grounds;
mod head;
mod lately;
mod let_in;
mod link_mails;
mod links;
mod log;
mod notices;
mod open;
mod operation_rows;
mod operations;
mod outbox;
mod owner_links;
mod passkeys;
mod permits;
mod place;
mod rollback;
mod sealed;
mod second_factor;
mod sessions;
mod setup;
mod single_sign_on;
mod staff;
mod staff_mailboxes;
mod ticks;
mod ties;
mod trouble;
mod watch;
mod weights;
mod wrong_codes;

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::pool::PoolConnection;
use sqlx::{Database, PgConnection, PgPool, Pool, Postgres, Sqlite, SqliteConnection, Transaction};
use tokio::sync::OwnedSemaphorePermit;

pub use approvals::{ApprovalStep, NewApproval};
pub use audit::{AuditFilter, AuditRecord, Chain};
pub use batches::NewBatch;
pub use error::{Error, Refusal};
use gate::Gate;
use head::Head;
pub use head::Noted;
pub use open::{Opening, Purpose, StoreKeys};
pub use operations::NewOperation;
pub use owner_links::NewOwnerLink;
pub use passkeys::{KnownPasskey, NewPasskey};
use place::Place;
pub use sessions::{NewSession, SignedInRow};
pub use single_sign_on::Flow;
pub use staff::Credentials;
use ties::{RightsRow, Unsealed, Values};
use trouble::Health;
pub use trouble::Trouble;
use watch::Findings;
pub use weights::{Tried, Within};

use crate::model::{AuditHead, Stopwatch};

/// Runs one expression on whichever database is meant; `$c` is the connection inside it. Every statement passes here, so
/// that whoever meets a part that is damaged makes it known.
macro_rules! on {
    ($db:expr, $c:ident => $body:expr) => {{
        let result = match &mut ($db).link {
            $crate::store::Either::Sqlite(link) => {
                let $c = &mut **link;
                $body
            }
            $crate::store::Either::Postgres(link) => {
                let $c = &mut **link;
                $body
            }
        };
        ($db).health.seen(result)
    }};
}
use on;

/// One thing of either database.
#[derive(Debug)]
pub enum Either<S, P> {
    Sqlite(S),
    Postgres(P),
}

/// A connection, with the keys that tell what was written by the panel from what was written past it.
#[derive(Debug)]
pub struct Db<S, P> {
    link: Either<S, P>,
    keys: Arc<StoreKeys>,
    health: Health,
}

/// A connection for statements that change nothing.
pub type Reading = Db<PoolConnection<Sqlite>, PoolConnection<Postgres>>;

/// Either database's transaction. One of its own kind is a [`Store::snapshot`].
pub type Transactions = Db<Transaction<'static, Sqlite>, Transaction<'static, Postgres>>;

/// A transaction: everything in it becomes durable with [`Writing::commit`], or nothing does.
#[derive(Debug)]
pub struct Writing {
    db: Transactions,
    store: Store,
    /// The end of the audit once this is committed, to be noted outside the database.
    to_note: Option<Noted>,
    /// The turn of a stranger, until the transaction ends.
    _turn: Option<OwnedSemaphorePermit>,
    /// Whose change is still to be recorded.
    unsealed: Unsealed,
}

/// SQLite has many readers and one writer, so that writers queue here and not in `SQLITE_BUSY`; PostgreSQL's writers
/// queue for [`ALONE`] and must not take the connections that readers need.
#[derive(Clone, Debug)]
struct Pools<D: Database, P> {
    readers: Pool<D>,
    writers: Pool<D>,
    /// Where SQLite's file lies.
    place: P,
}

/// The database. Cloned freely; clones share the connections.
#[derive(Clone, Debug)]
pub struct Store {
    pools: Arc<Either<Pools<Sqlite, Place>, Pools<Postgres, ()>>>,
    keys: Arc<StoreKeys>,
    health: Health,
    stopwatch: Stopwatch,
    gate: Gate,
    found: Findings,
    head: Head,
}

/// How long anybody waits for a connection or for SQLite's lock.
const PATIENCE: Duration = Duration::from_secs(5);

impl Store {
    /// A connection for reading.
    ///
    /// # Errors
    /// [`Error::Database`] when none can be had within five seconds; [`Error::Refused`] while the database is not trusted.
    pub async fn read(&self) -> Result<Reading, Error> {
        self.found.must_be_usable()?;
        // A connection that opens another file would go on reading that one.
        self.must_be_in_place()?;
        let link = match &*self.pools {
            Either::Sqlite(pools) => pools.readers.acquire().await.map(Either::Sqlite),
            Either::Postgres(pools) => pools.readers.acquire().await.map(Either::Postgres),
        };
        // A file that is gone can't be opened once more.
        if link.is_err() {
            self.must_be_in_place()?;
        }
        let link = link?;
        Ok(Db { link, keys: self.keys.clone(), health: self.health.clone() })
    }

    /// A connection for reading that sees the database as it stands at the first statement, however long it reads.
    ///
    /// # Errors
    /// [`Error::Database`] when none can be had within five seconds.
    pub async fn snapshot(&self) -> Result<Transactions, Error> {
        let link = match &*self.pools {
            Either::Sqlite(pools) => Either::Sqlite(pools.readers.begin().await?),
            Either::Postgres(pools) => Either::Postgres(pools.readers.begin_with(AS_IT_STANDS).await?),
        };
        Ok(Db { link, keys: self.keys.clone(), health: self.health.clone() })
    }

    /// The beginning of the audit's chain, to be followed row by row.
    pub fn chain(&self) -> Chain {
        Chain::after(self.keys.clone(), AuditHead::default())
    }

    /// Begins a transaction. There is one at a time, on all replicas together: what it reads stays true until it commits.
    ///
    /// # Errors
    /// [`Error::Database`] when none can be begun within five seconds; [`Error::Refused`] while the database is not trusted.
    pub async fn write(&self) -> Result<Writing, Error> {
        self.begin(None).await
    }

    /// The same for what anybody can cause who is not signed in: one of them at a time asks for the writer.
    ///
    /// # Errors
    /// [`Error::Crowded`] when too many wait for that; [`Error::Database`].
    pub async fn write_for_stranger(&self) -> Result<Writing, Error> {
        self.begin(Some(self.gate.pass().await?)).await
    }

    async fn begin(&self, turn: Option<OwnedSemaphorePermit>) -> Result<Writing, Error> {
        self.found.must_be_usable()?;
        self.must_be_in_place()?;
        let begun = match &*self.pools {
            Either::Sqlite(pools) => pools.writers.begin_with("BEGIN IMMEDIATE").await.map(Either::Sqlite),
            Either::Postgres(pools) => begin_alone(pools.writers.clone()).await.map(Either::Postgres),
        };
        let link = self.health.noted(begun)?;
        let db = Db { link, keys: self.keys.clone(), health: self.health.clone() };
        Ok(Writing { db, store: self.clone(), to_note: None, _turn: turn, unsealed: Vec::new() })
    }

    /// Moves SQLite's log into the file and empties it. By itself SQLite begins the log anew only in a moment in which
    /// nobody reads, and while pages are asked for all the time, there may be none for hours.
    pub async fn empty_log(&self) -> Result<(), Error> {
        let Either::Sqlite(pools) = &*self.pools else { return Ok(()) };
        let mut writer = pools.writers.acquire().await?;
        // Who reads for longer must not keep others from writing: the next time will do.
        let emptied =
            sqlx::raw_sql("PRAGMA busy_timeout = 200; PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *writer).await;
        // PATIENCE again.
        sqlx::raw_sql("PRAGMA busy_timeout = 5000").execute(&mut *writer).await?;
        emptied?;
        Ok(())
    }

    /// Closes all connections; SQLite first moves its log into the file, unless that is somebody else's and this database was
    /// only looked at: an older log would destroy a newer file.
    pub async fn close(&self) {
        match &*self.pools {
            Either::Sqlite(pools) => {
                pools.readers.close().await;
                if pools.place.log_was_left && !self.health.has_ever_committed() {
                    pools.writers.close().await;
                    return pools.place.let_go().await;
                }
                pools.place.let_go().await;
                if let Err(error) = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&pools.writers).await {
                    tracing::warn!(%error, "the SQLite log could not be moved into the file; the next start does it");
                }
                pools.writers.close().await;
            }
            Either::Postgres(pools) => {
                pools.readers.close().await;
                pools.writers.close().await;
            }
        }
    }
}

/// PostgreSQL's transaction that sees one state, as SQLite's do by themselves.
const AS_IT_STANDS: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// What makes PostgreSQL's transactions like SQLite's: durable whatever the server's default is, and one at a time. The
/// limits keep a replica that hangs from holding up the others. The lock's number means nothing; it only has to be ours.
const ALONE: &str = "\
    SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') IN ('off', 'local'); \
    SET LOCAL lock_timeout = '5s'; \
    SET LOCAL idle_in_transaction_session_timeout = '10s'; \
    SELECT pg_advisory_xact_lock(7959958411)";

/// Begins in a task of its own: whoever gave up in between would leave the driver with a transaction it doesn't know of.
async fn begin_alone(writers: PgPool) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let begun = tokio::spawn(async move {
        let mut tx = writers.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE").await?;
        sqlx::raw_sql(ALONE).execute(&mut *tx).await?;
        Ok(tx)
    });
    begun.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
}

impl Writing {
    /// Makes the transaction durable.
    ///
    /// # Errors
    /// [`Error::Database`]: nothing of it may be relied upon. [`Error::Unrecorded`]. [`Error::Refused`]: it went into a file
    /// that nobody finds again.
    pub async fn commit(mut self) -> Result<(), Error> {
        if !self.is_unchanged().await? {
            return Err(Error::Unrecorded);
        }
        let committed = match self.db.link {
            Either::Sqlite(transaction) => transaction.commit().await,
            Either::Postgres(transaction) => transaction.commit().await,
        };
        self.store.health.noted(committed)?;
        self.store.health.has_committed();
        self.store.must_be_in_place()?;
        if let Some(now) = self.to_note {
            self.store.head.note(now);
        }
        Ok(())
    }
}

impl Deref for Writing {
    type Target = Transactions;
    fn deref(&self) -> &Self::Target {
        &self.db
    }
}

impl DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.db
    }
}

/// A connection of either kind, plain or in a transaction: what a reading statement needs. The databases' own types
/// make it; nobody implements it by hand.
pub trait Link<C>: DerefMut<Target = C> + Send {}
impl<C, L: DerefMut<Target = C> + Send> Link<C> for L {}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// The cheapest statement there is, to see whether the database answers.
    ///
    /// # Errors
    /// [`Error::Database`] when it doesn't.
    pub async fn ping(&mut self) -> Result<(), Error> {
        on!(self, c => sqlx::query("SELECT 1").execute(c).await.map(drop))?;
        Ok(())
    }
}

/// A stored time as a value. What the store wrote is always in range.
fn time(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}
