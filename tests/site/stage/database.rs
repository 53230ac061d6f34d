//! A database of a story's own, and a second way into it, past the panel.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;

/// SQLite in a folder of its own, or a database of its own on the cluster that `NYCKEL_TEST_POSTGRES` names.
pub enum Database {
    Sqlite { dir: TempDir },
    Postgres { server: String, name: String, dir: TempDir },
}

static MADE: AtomicU32 = AtomicU32::new(0);

impl Database {
    pub async fn new() -> Self {
        // Memory, where there is a folder of it: no story is about a power cut.
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let dir = tempfile::tempdir_in(folder).unwrap();
        let Ok(server) = std::env::var("NYCKEL_TEST_POSTGRES") else { return Self::Sqlite { dir } };
        let number = MADE.fetch_add(1, Ordering::SeqCst);
        let name = format!("story_{}_{number}", std::process::id());
        let mut cluster = PgConnection::connect(&server).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut cluster).await.unwrap();
        Self::Postgres { server, name, dir }
    }

    /// One that a version before the audit kept facts has left, with the key and the head that lie outside it.
    pub async fn of_prose() -> Self {
        let database = Self::new().await;
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/audit-in-prose");
        let fixture = fixtures.join(if database.is_sqlite() { "sqlite" } else { "postgres" });
        let data = database.data_dir();
        fs::create_dir(&data).unwrap();
        for file in fs::read_dir(&fixture).unwrap().map(|file| file.unwrap().path()) {
            let copy = data.join(file.file_name().unwrap());
            fs::copy(&file, &copy).unwrap();
            fs::set_permissions(copy, fs::Permissions::from_mode(0o600)).unwrap();
        }
        fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).unwrap();
        let dump = fs::read_to_string(data.join("rows.dump")).unwrap();
        fs::remove_file(data.join("rows.dump")).unwrap();
        if database.is_sqlite() {
            // SQLite takes an empty file for a new database; its mode is kept.
            fs::write(database.file(), "").unwrap();
            fs::set_permissions(database.file(), fs::Permissions::from_mode(0o600)).unwrap();
        }
        database.run(&dump).await;
        database
    }

    /// The settings that lead the panel here.
    pub fn vars(&self) -> Vec<(String, String)> {
        let mut vars = vec![("NYCKEL_DATA_DIR".to_owned(), self.data_dir().display().to_string())];
        if !self.is_sqlite() {
            vars.push(("NYCKEL_DATABASE_URL".to_owned(), self.url()));
            vars.push(("NYCKEL_SECRET_KEY".to_owned(), "c3Rvcmllcy1zdG9yaWVzLXN0b3JpZXMtc3Rvcmllcy0=".to_owned()));
        }
        vars
    }

    /// What the panel keeps outside the database is here.
    pub fn data_dir(&self) -> PathBuf {
        let (Self::Sqlite { dir } | Self::Postgres { dir, .. }) = self;
        dir.path().join("data")
    }

    pub const fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite { .. })
    }

    /// The SQLite file; its log stands beside it.
    pub fn file(&self) -> PathBuf {
        assert!(self.is_sqlite(), "PostgreSQL keeps its files to itself");
        self.data_dir().join("nyckel.db")
    }

    /// The address of the PostgreSQL server, if that is what it is.
    pub fn server(&self) -> Option<url::Url> {
        (!self.is_sqlite()).then(|| self.url().parse().unwrap())
    }

    /// PostgreSQL's address.
    pub fn url(&self) -> String {
        let Self::Postgres { server, name, .. } = self else { panic!("SQLite has no address") };
        let (cluster, _) = server.rsplit_once('/').unwrap();
        format!("{cluster}/{name}")
    }

    /// Runs statements past the panel.
    pub async fn run(&self, sql: &str) {
        self.try_run(sql).await.unwrap();
    }

    /// Runs statements past the panel; says what the database answered if it refuses.
    pub async fn try_run(&self, sql: &str) -> Result<(), String> {
        let sql = AssertSqlSafe(sql.to_owned());
        let done = match self {
            Self::Sqlite { .. } => sqlx::raw_sql(sql).execute(&mut self.sqlite().await).await.map(drop),
            Self::Postgres { .. } => sqlx::raw_sql(sql).execute(&mut self.postgres().await).await.map(drop),
        };
        done.map_err(|error| error.to_string())
    }

    /// Holds SQLite's write lock until it is dropped.
    pub async fn locks(&self) -> SqliteConnection {
        let mut connection = self.sqlite().await;
        sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut connection).await.unwrap();
        connection
    }

    /// Keeps every row there is under a name, to go back to, in place of what was kept under it before.
    pub async fn keeps(&self, name: &str) {
        let kept = keep(&self.tables().await, name);
        self.rewrites(&kept).await;
    }

    /// Puts what was kept back, past the panel, whatever runs over it; what was there is kept as "new" in the same step.
    pub async fn goes_back_to(&self, name: &str) {
        let tables = self.tables().await;
        let back =
            |table: &String| format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{name}_{table}");
        let kept = if name == "new" { String::new() } else { keep(&tables, "new") };
        self.rewrites(&tables.iter().map(back).fold(kept, |all, one| format!("{all};{one}"))).await;
    }

    /// Runs statements in one step, in which nobody else writes, past everything that keeps rows from being changed.
    pub async fn rewrites(&self, sql: &str) {
        let past = match self {
            Self::Sqlite { .. } => {
                "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE; DROP TRIGGER IF EXISTS audit_keeps_rows; \
                 DROP TRIGGER IF EXISTS audit_keeps_values"
            }
            // The panel's lock.
            Self::Postgres { .. } => {
                "SET session_replication_role = replica; BEGIN; SELECT pg_advisory_xact_lock(7959958411)"
            }
        };
        self.run(&format!("{past}; {sql}; COMMIT")).await;
    }

    async fn tables(&self) -> Vec<String> {
        let tables = match self {
            Self::Sqlite { .. } => "SELECT name FROM sqlite_schema WHERE type = 'table'",
            Self::Postgres { .. } => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
        };
        let mut tables = self.texts(tables).await;
        tables.retain(|table| !["_", "kept_", "sqlite_"].iter().any(|begin| table.starts_with(begin)));
        tables
    }

    /// What a query of one text column gives.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite { .. } => sqlx::query_scalar(sql).fetch_all(&mut self.sqlite().await).await.unwrap(),
            Self::Postgres { .. } => sqlx::query_scalar(sql).fetch_all(&mut self.postgres().await).await.unwrap(),
        }
    }

    /// Every row of every table, as text.
    pub async fn dump(&self) -> BTreeMap<String, Vec<String>> {
        let mut dump = BTreeMap::new();
        for table in self.tables().await {
            let rows = match self {
                Self::Sqlite { .. } => {
                    let columns = self.texts(&format!("SELECT name FROM pragma_table_info('{table}')")).await;
                    let quoted: Vec<_> = columns.iter().map(|column| format!("quote({column})")).collect();
                    format!("SELECT {} AS line FROM {table} ORDER BY line", quoted.join(" || ',' || "))
                }
                Self::Postgres { .. } => format!("SELECT t::text AS line FROM {table} t ORDER BY line"),
            };
            let rows = self.texts(&rows).await;
            dump.insert(table, rows);
        }
        dump
    }

    async fn sqlite(&self) -> SqliteConnection {
        SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(self.file())).await.unwrap()
    }

    async fn postgres(&self) -> PgConnection {
        PgConnection::connect(&self.url()).await.unwrap()
    }
}

/// Keeps the tables under a name.
fn keep(tables: &[String], name: &str) -> String {
    let keep = |table: &String| {
        format!("DROP TABLE IF EXISTS kept_{name}_{table}; CREATE TABLE kept_{name}_{table} AS SELECT * FROM {table}")
    };
    tables.iter().map(keep).collect::<Vec<_>>().join(";")
}

impl Drop for Database {
    /// Some hundred databases of 8 MB each would stay until the cluster goes.
    fn drop(&mut self) {
        let Self::Postgres { server, name, .. } = self else { return };
        let (server, name) = (server.clone(), name.clone());
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut cluster = PgConnection::connect(&server).await.unwrap();
                let sql = AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"));
                sqlx::raw_sql(sql).execute(&mut cluster).await.map(drop)
            })
        });
        drop(dropping.join());
    }
}
