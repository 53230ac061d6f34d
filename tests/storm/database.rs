//! The panel's database, read past the panel.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use nyckel::glesys::function_of;
use nyckel::model::OperationKind;
use sqlx::postgres::{PgPoolOptions, PgRow};
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{AssertSqlSafe, Connection, FromRow, PgConnection, PgPool, SqliteConnection};

/// Where the panel's records are. Clones are the same database.
#[derive(Clone)]
pub enum Database {
    Sqlite(PathBuf),
    Postgres { url: String, pool: PgPool },
}

/// An operation as it is recorded.
#[derive(Debug, FromRow)]
pub struct Operation {
    pub id: String,
    pub kind: String,
    pub address: String,
    pub state: String,
    pub reason: Option<String>,
    pub begun_at: i64,
    pub ended_at: Option<i64>,
    pub shown_at: Option<i64>,
    pub staff_id: String,
    pub nonce: String,
    pub hand_over: Option<String>,
    pub caller_way: Option<String>,
    pub caller_text: Option<String>,
    /// How its owner's link ended.
    pub link_ended: Option<String>,
    /// What became of the message about it: `waits`, `sent` or `given_up`.
    pub letter: Option<String>,
    /// Rows of the audit: intent, outcome, shown.
    pub intents: i64,
    pub outcomes: i64,
    pub showings: i64,
    /// What the audit calls the first and the last of these.
    pub intent: Option<String>,
    pub outcome: Option<String>,
    /// What the first of them tells besides.
    pub facts: Option<String>,
}

impl Operation {
    pub fn kind(&self) -> OperationKind {
        OperationKind::named(&self.kind).unwrap()
    }
}

/// A batch as it is recorded.
#[derive(Debug, FromRow)]
pub struct Batch {
    pub id: String,
    pub action: String,
    pub state: String,
    pub reason: Option<String>,
    pub run: i64,
    /// Rows of the audit.
    pub beginnings: i64,
    pub stops: i64,
}

/// An account of a batch, and the operation that was made of it.
#[derive(Debug, FromRow)]
pub struct BatchItem {
    pub batch_id: String,
    pub address: String,
    pub left_out: Option<String>,
    pub operation_id: Option<String>,
}

/// An approval as it is recorded.
#[derive(Debug, FromRow)]
pub struct Approval {
    pub id: String,
    pub asked_by: String,
    pub kind: String,
    pub about: String,
    pub hand_over: Option<String>,
    pub state: String,
    pub decided_by: Option<String>,
    pub nonce: Option<String>,
}

const APPROVALS: &str = "SELECT id, asked_by, kind, about, hand_over, state, decided_by, nonce FROM approval";

const HASTENS_LETTERS: &str = "UPDATE outbox SET due_elapsed = 0 WHERE ended IS NULL";

const LETTERS_WAITING: &str = "\
    SELECT m.operation_id FROM outbox m JOIN operation o ON o.id = m.operation_id \
    WHERE m.ended IS NULL AND o.state IN ('done', 'unknown')";

const OPERATIONS: &str = "\
    WITH kept AS (SELECT operation_id, \
      sum(CASE WHEN kind LIKE '%intent' THEN 1 ELSE 0 END) AS intents, \
      sum(CASE WHEN kind LIKE '%outcome' THEN 1 ELSE 0 END) AS outcomes, \
      sum(CASE kind WHEN 'reset.shown' THEN 1 ELSE 0 END) AS showings, \
      min(CASE WHEN kind LIKE '%intent' THEN kind END) AS intent, \
      min(CASE WHEN kind LIKE '%intent' THEN facts END) AS facts, \
      min(CASE WHEN kind LIKE '%outcome' THEN kind END) AS outcome \
      FROM audit WHERE operation_id IS NOT NULL GROUP BY operation_id) \
    SELECT o.id, o.kind, o.address, o.state, o.reason, o.begun_at, o.ended_at, o.shown_at, \
    o.staff_id, o.nonce, o.hand_over, o.caller_way, o.caller_text, l.ended AS link_ended, \
    CASE WHEN m.operation_id IS NOT NULL THEN coalesce(m.ended, 'waits') END AS letter, k.facts, \
    CAST(coalesce(k.intents, 0) AS BIGINT) AS intents, CAST(coalesce(k.outcomes, 0) AS BIGINT) AS outcomes, \
    CAST(coalesce(k.showings, 0) AS BIGINT) AS showings, k.intent, k.outcome \
    FROM operation o LEFT JOIN kept k ON k.operation_id = o.id LEFT JOIN owner_link l ON l.operation_id = o.id \
    LEFT JOIN outbox m ON m.operation_id = o.id ORDER BY o.address, o.begun_tick";

const INTENT: &str = "\
    SELECT o.kind, a.kind FROM operation o JOIN audit a ON a.address = o.address AND a.operation_id = o.id \
    WHERE o.address = $1 AND o.state = 'in_flight' AND a.kind LIKE '%intent'";

// In one statement: the sweeper may be at work.
const BATCHES: &str = "\
    WITH told AS (SELECT kind, facts FROM audit WHERE kind IN ('batch.begun', 'batch.stopped')) \
    SELECT b.id, b.action, b.state, b.reason, b.run, \
    count(CASE t.kind WHEN 'batch.begun' THEN 1 END) AS beginnings, \
    count(CASE t.kind WHEN 'batch.stopped' THEN 1 END) AS stops \
    FROM batch b LEFT JOIN told t ON t.facts LIKE '%' || b.id || '%' \
    GROUP BY b.id, b.action, b.state, b.reason, b.run ORDER BY b.id";

const BATCH_ITEMS: &str = "\
    SELECT i.batch_id, i.address, i.left_out, o.id AS operation_id \
    FROM batch_item i LEFT JOIN operation o ON o.nonce = i.nonce ORDER BY i.batch_id, i.address";

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
        self.all(OPERATIONS).await
    }

    pub async fn approvals(&self) -> Vec<Approval> {
        self.all(APPROVALS).await
    }

    /// Lets the time pass for which messages wait after a failure; in an SQLite file that nobody else has open.
    pub async fn hastens_letters(&self) {
        sqlx::query(HASTENS_LETTERS).execute(&mut self.connects(false).await).await.unwrap();
    }

    /// How many messages are there to be sent.
    pub async fn letters_waiting(&self) -> usize {
        let waiting: Vec<(String,)> = self.all(LETTERS_WAITING).await;
        waiting.len()
    }

    pub async fn batches(&self) -> Vec<Batch> {
        self.all(BATCHES).await
    }

    pub async fn batch_items(&self) -> Vec<BatchItem> {
        self.all(BATCH_ITEMS).await
    }

    async fn all<T>(&self, sql: &'static str) -> Vec<T>
    where
        T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        match self {
            Self::Sqlite(_) => sqlx::query_as(sql).fetch_all(&mut self.sqlite().await).await.unwrap(),
            Self::Postgres { pool, .. } => sqlx::query_as(sql).fetch_all(pool).await.unwrap(),
        }
    }

    /// Whether an intent for this function and address is durable and no outcome is yet: what must be so when its call
    /// arrives.
    pub async fn has_intent(&self, function: &str, address: &str) -> bool {
        let found: Vec<(String, String)> = match self {
            Self::Sqlite(_) => sqlx::query_as(INTENT).bind(address).fetch_all(&mut self.sqlite().await).await.unwrap(),
            Self::Postgres { pool, .. } => sqlx::query_as(INTENT).bind(address).fetch_all(pool).await.unwrap(),
        };
        let [(kind, recorded)] = &found[..] else { return false };
        let kind = OperationKind::named(kind).unwrap();
        function_of(kind).name == function && kind.intent().name() == recorded
    }

    /// How many rows the audit has, and the number of the last one.
    pub async fn audit_rows(&self) -> (i64, i64) {
        match self {
            Self::Sqlite(_) => sqlx::query_as(AUDIT_ROWS).fetch_one(&mut self.sqlite().await).await.unwrap(),
            Self::Postgres { pool, .. } => sqlx::query_as(AUDIT_ROWS).fetch_one(pool).await.unwrap(),
        }
    }

    /// Keeps everything under a name as it stands, whoever writes meanwhile.
    pub async fn keeps(&self, name: &str) {
        match self {
            Self::Sqlite(file) => {
                let copy = AssertSqlSafe(format!("VACUUM INTO '{}'", file.with_extension(name).display()));
                sqlx::raw_sql(copy).execute(&mut self.sqlite().await).await.unwrap();
            }
            Self::Postgres { pool, .. } => {
                let keep = |table| format!("CREATE TABLE {name}.{table} AS SELECT * FROM public.{table}");
                let all = Self::tables(pool).await.iter().map(keep).collect::<Vec<_>>().join("; ");
                let all = format!("BEGIN ISOLATION LEVEL REPEATABLE READ; CREATE SCHEMA {name}; {all}; COMMIT");
                sqlx::raw_sql(AssertSqlSafe(all)).execute(pool).await.unwrap();
            }
        }
    }

    /// Puts back what was kept. Nobody writes meanwhile.
    pub async fn goes_back_to(&self, name: &str) {
        match self {
            Self::Sqlite(file) => {
                for log in ["db-wal", "db-shm"] {
                    // A panel that stopped has tidied up.
                    drop(fs::remove_file(file.with_extension(log)));
                }
                fs::copy(file.with_extension(name), file).unwrap();
                fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
            }
            Self::Postgres { pool, .. } => {
                let back = |table| {
                    format!("DELETE FROM public.{table}; INSERT INTO public.{table} SELECT * FROM {name}.{table}")
                };
                let all = Self::tables(pool).await.iter().map(back).collect::<Vec<_>>().join("; ");
                // Past the triggers that keep the audit as it is.
                let all = format!("BEGIN; SET LOCAL session_replication_role = replica; {all}; COMMIT");
                sqlx::raw_sql(AssertSqlSafe(all)).execute(pool).await.unwrap();
            }
        }
    }

    async fn tables(pool: &PgPool) -> Vec<String> {
        let all = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_sqlx%'";
        sqlx::query_scalar(all).fetch_all(pool).await.unwrap()
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
        fs::metadata(file.with_extension("db-wal")).map_or(0, |file| file.len())
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
