//! The panel's database, read past the panel.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool, SqliteConnection};

/// Where the panel's records are. Clones are the same database.
#[derive(Clone)]
pub enum Database {
    Sqlite(PathBuf),
    Postgres { url: String, pool: PgPool },
}

/// An operation as it is recorded.
#[derive(Debug, sqlx::FromRow)]
pub struct Operation {
    pub id: String,
    pub address: String,
    pub state: String,
    pub reason: Option<String>,
    pub begun_at: i64,
    pub lease_until: i64,
    pub ended_at: Option<i64>,
    pub shown_at: Option<i64>,
    /// Rows of the audit: intent, outcome, shown.
    pub intents: i64,
    pub outcomes: i64,
    pub showings: i64,
}

const OPERATIONS: &str = "\
    WITH kept AS (SELECT operation_id, \
      sum(CASE kind WHEN 'reset.intent' THEN 1 ELSE 0 END) AS intents, \
      sum(CASE kind WHEN 'reset.outcome' THEN 1 ELSE 0 END) AS outcomes, \
      sum(CASE kind WHEN 'reset.shown' THEN 1 ELSE 0 END) AS showings \
      FROM audit WHERE operation_id IS NOT NULL GROUP BY operation_id) \
    SELECT o.id, o.address, o.state, o.reason, o.begun_at, o.lease_until, o.ended_at, o.shown_at, \
    CAST(coalesce(k.intents, 0) AS BIGINT) AS intents, CAST(coalesce(k.outcomes, 0) AS BIGINT) AS outcomes, \
    CAST(coalesce(k.showings, 0) AS BIGINT) AS showings \
    FROM operation o LEFT JOIN kept k ON k.operation_id = o.id ORDER BY o.address, o.begun_at, o.id";

const INTENT: &str = "\
    SELECT count(*) FROM operation o WHERE o.address = $1 AND o.state = 'in_flight' AND EXISTS (SELECT 1 FROM audit a \
    WHERE a.address = o.address AND a.operation_id = o.id AND a.kind = 'reset.intent')";

const AUDIT_ROWS: &str = "SELECT (SELECT count(*) FROM audit), (SELECT seq FROM audit_head)";

/// How long a statement may wait for the panel's own.
const PATIENCE: Duration = Duration::from_secs(20);

static MADE: AtomicU32 = AtomicU32::new(0);

impl Database {
    /// A new database on the PostgreSQL server of this address.
    pub async fn on(server: &str) -> Self {
        let name = format!("storm_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::SeqCst));
        let mut cluster = PgConnection::connect(server).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut cluster).await.unwrap();
        let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
        let pool = PgPoolOptions::new().max_connections(8).connect_lazy(&url).unwrap();
        Self::Postgres { url, pool }
    }

    pub async fn operations(&self) -> Vec<Operation> {
        match self {
            Self::Sqlite(_) => sqlx::query_as(OPERATIONS).fetch_all(&mut self.sqlite().await).await.unwrap(),
            Self::Postgres { pool, .. } => sqlx::query_as(OPERATIONS).fetch_all(pool).await.unwrap(),
        }
    }

    /// Whether an intent for this address is durable and no outcome is yet: what must be so when its call arrives.
    pub async fn has_intent(&self, address: &str) -> bool {
        let query = sqlx::query_scalar(INTENT).bind(address);
        let found: i64 = match self {
            Self::Sqlite(_) => query.fetch_one(&mut self.sqlite().await).await.unwrap(),
            Self::Postgres { pool, .. } => sqlx::query_scalar(INTENT).bind(address).fetch_one(pool).await.unwrap(),
        };
        found == 1
    }

    /// How many rows the audit has, and the number of the last one.
    pub async fn audit_rows(&self) -> (i64, i64) {
        match self {
            Self::Sqlite(_) => sqlx::query_as(AUDIT_ROWS).fetch_one(&mut self.sqlite().await).await.unwrap(),
            Self::Postgres { pool, .. } => sqlx::query_as(AUDIT_ROWS).fetch_one(pool).await.unwrap(),
        }
    }

    /// Lets the leases of everything in flight run out now, as if the time had passed.
    pub async fn lets_leases_run_out(&self) {
        let sql = "UPDATE operation SET lease_until = begun_at WHERE state = 'in_flight'";
        sqlx::query(sql).execute(&mut self.connects(false).await).await.unwrap();
    }

    /// Holds SQLite's lock until it is closed.
    pub async fn locks(&self) -> SqliteConnection {
        let mut connection = self.connects(false).await;
        sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut connection).await.unwrap();
        connection
    }

    /// The size of SQLite's log in bytes.
    pub fn log_size(&self) -> u64 {
        let Self::Sqlite(file) = self else { return 0 };
        std::fs::metadata(file.with_extension("db-wal")).map_or(0, |file| file.len())
    }

    /// Read-only: closing it must not tidy up what a killed panel left behind.
    async fn sqlite(&self) -> SqliteConnection {
        self.connects(true).await
    }

    async fn connects(&self, only_reads: bool) -> SqliteConnection {
        let Self::Sqlite(file) = self else { unreachable!("PostgreSQL keeps its files to itself") };
        let options = SqliteConnectOptions::new().filename(file).read_only(only_reads).busy_timeout(PATIENCE);
        SqliteConnection::connect_with(&options).await.unwrap()
    }
}
