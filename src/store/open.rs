//! Opening a database: making it or bringing it up to date, and refusing one that belongs to another secret key, all in
//! one transaction, so that of a database that is refused nothing is changed.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use sqlx::error::DatabaseError;
use sqlx::migrate::{Migrate, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, PgConnection, Pool, Postgres, Sqlite};

use super::gate::Gate;
use super::head::{Head, Told};
use super::log::Log;
use super::place::Place;
use super::trouble::Health;
use super::watch::Findings;
use super::{Either, Error, PATIENCE, Pools, Refusal, Store, Writing};
use crate::model::{Clock, Entropy, Stopwatch};

/// The driver's table of the migrations that were done.
const MIGRATIONS: &str = "_sqlx_migrations";

/// The keys that the store itself needs. None of them is in the database.
pub struct StoreKeys {
    /// Chains the rows of the audit.
    pub audit: hmac::Key,
    /// Ties to the secret key what must not be changed without it.
    pub ties: hmac::Key,
}

/// What a database is opened with. Cloned freely.
#[derive(Clone)]
pub struct Opening {
    pub keys: Arc<StoreKeys>,
    pub clock: Clock,
    pub entropy: Entropy,
    /// Where the head of the audit is noted.
    pub data_dir: PathBuf,
    pub purpose: Purpose,
}

impl Opening {
    fn head(&self) -> Head {
        Head::in_dir(&self.data_dir, self.keys.clone())
    }
}

/// What a database is opened for. It must be as the panel left it, unless it is to be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To serve it, or to begin one: it is made where there is none, and brought up to date.
    Serve,
    /// To work on what is in it: it must be there, and of this version.
    Work,
    /// To see whether it could be served. Nothing is made or changed, and a server that is just starting is not waited for.
    Look,
    /// To accept it as it is, if somebody wants that when they have seen it: it must only be of this key, and until then
    /// nothing is changed.
    Accept,
}

impl std::fmt::Debug for StoreKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StoreKeys")
    }
}

impl Store {
    /// Whether a new database is to be made in an SQLite file.
    ///
    /// # Errors
    /// [`Error::Refused`] where there is none and none may be made.
    pub fn begins_at(file: &Path, opening: &Opening) -> Result<bool, Error> {
        if std::fs::metadata(file).is_ok_and(|about| about.len() > 0) {
            return Ok(false);
        }
        match opening.head().told()? {
            Told::Nothing if file.is_symlink() => Err(Refusal::Astray(file.display().to_string()).into()),
            Told::Nothing if opening.purpose == Purpose::Serve => Ok(true),
            Told::Nothing => Err(Refusal::Absent.into()),
            _ => Err(Refusal::Gone.into()),
        }
    }

    /// Opens the SQLite file, making it if it isn't there and may be made.
    ///
    /// # Errors
    /// [`Error`] when the file can't be opened, a migration fails, or the database is not one of this key's.
    pub async fn open_sqlite(file: &Path, opening: &Opening) -> Result<Self, Error> {
        let head = opening.head();
        Self::begins_at(file, opening)?;
        // SQLite would let others read what it makes; its log takes after its file.
        let made = OpenOptions::new().append(true).create(true).mode(0o600).open(file);
        let file_can_not =
            |error: &dyn std::fmt::Display| Error::Away(format!("{} can't be opened: {error}", file.display()));
        made.map_err(|error| file_can_not(&error))?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE)
            .foreign_keys(true)
            .pragma("secure_delete", "ON")
            // Without it a REPLACE would not ask the trigger that keeps the audit's rows.
            .pragma("recursive_triggers", "ON")
            .pragma("temp_store", "MEMORY");
        // A full disk makes SQLite roll back by itself. The driver then takes its connection to be inside a transaction
        // for ever, and would never begin another one.
        let pool = || {
            SqlitePoolOptions::new()
                .acquire_timeout(PATIENCE)
                // A file doesn't go away as a server does, and asking costs as much as a statement.
                .test_before_acquire(false)
                .before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }))
        };
        let log = Log::of(file);
        let mut place = Place::of(file, &log, &options).map_err(|error| file_can_not(&error))?;
        let look = log.must_fit(file).await?;
        let writers = first_connection(pool().max_connections(1), &options).await.map_err(|error| match error {
            sqlx::Error::Database(error) if error.code().as_deref() == Some("14") => {
                file_can_not(&"SQLite makes its log beside it, in a folder that the panel must be allowed to write to")
            }
            error => log.in_words(error.into()),
        })?;
        place.keep_log(look).await.map_err(|error| log.in_words(error.into()))?;
        let readers = pool().max_connections(4).connect_lazy_with(options.read_only(true));
        let opened = Self::over(Either::Sqlite(Pools { readers, writers, place }), head, opening).await;
        opened.map_err(|error| log.in_words(error))
    }

    /// Connects to PostgreSQL. `url` is `postgres://…`.
    ///
    /// # Errors
    /// [`Error`] when the address is wrong, the server can't be reached, a migration fails, or the database is not one of
    /// this key's.
    pub async fn open_postgres(url: &str, opening: &Opening) -> Result<Self, Error> {
        // PgBouncer lets nobody in who asks for this, and the panel keeps no floating-point numbers.
        let options = url.parse::<PgConnectOptions>()?.extra_float_digits(None);
        Box::pin(must_be_usable(&options, opening.purpose != Purpose::Look)).await?;
        let pool = |size| PgPoolOptions::new().acquire_timeout(PATIENCE).max_connections(size);
        let writers = pool(2).connect_with(options.clone()).await?;
        let readers = pool(8).connect_with(options).await?;
        Self::over(Either::Postgres(Pools { readers, writers, place: () }), opening.head(), opening).await
    }

    async fn over(
        pools: Either<Pools<Sqlite, Place>, Pools<Postgres, ()>>,
        head: Head,
        opening: &Opening,
    ) -> Result<Self, Error> {
        let (keys, health, found) = (opening.keys.clone(), Health::default(), Findings::default());
        let (stopwatch, gate) = (Stopwatch::new(opening.clock.clone()), Gate::default());
        let store = Self { pools: pools.into(), keys, health, stopwatch, gate, found, head };
        match Box::pin(store.bring_up_to_date(opening)).await {
            Ok(()) => Ok(store),
            Err(error) => {
                store.close().await;
                Err(error)
            }
        }
    }

    async fn bring_up_to_date(&self, opening: &Opening) -> Result<(), Error> {
        let told = self.head.told()?;
        let mut tx = self.write().await?;
        tx.bring_up_to_date(opening.purpose).await?;
        tx.must_be_tied(opening.purpose, &told, (&opening.clock, &opening.entropy)).await?;
        if opening.purpose == Purpose::Accept {
            return Ok(());
        }
        let now = tx.must_be_as_told(&told).await?;
        match opening.purpose {
            Purpose::Serve => {
                let (looked, mark) = (self.stopwatch.looks(), tx.move_mark_a_little().await?);
                tx.commit().await?;
                self.stopwatch.saw(mark, looked);
            }
            Purpose::Look => {
                tx.all_must_hold().await?;
                return self.head.must_be_writable();
            }
            Purpose::Work | Purpose::Accept => drop(tx),
        }
        if matches!(told, Told::Nothing) && now.head.seq > 0 {
            tracing::warn!(
                head = %now.head,
                "no head of the audit was noted here; it is taken from the database, which may be an older copy: if it was put \
                 back, stop the panel and run nyckel accept-rollback"
            );
        }
        self.head.begin(told, now);
        Ok(())
    }

    /// Begins the transaction that accepts a database as it is, and brings it up to date so that it can be read: for good
    /// only once that is committed.
    pub async fn write_to_accept(&self, clock: &Clock, entropy: &Entropy) -> Result<Writing, Error> {
        let told = self.head.told()?;
        let mut tx = self.write().await?;
        tx.bring_up_to_date(Purpose::Accept).await?;
        tx.must_be_tied(Purpose::Accept, &told, (clock, entropy)).await?;
        Ok(tx)
    }
}

impl Writing {
    /// Brings the database to this version. One that is only worked on must be of it already.
    async fn bring_up_to_date(&mut self, purpose: Purpose) -> Result<(), Error> {
        let [sqlite, postgres] = [sqlx::migrate!("migrations/sqlite"), sqlx::migrate!("migrations/postgres")];
        match &mut self.db.link {
            Either::Sqlite(link) => {
                must_be_of_a_version(&mut **link, &sqlite, purpose).await?;
                sqlite.run(&mut **link).await?;
            }
            // The driver's lock against others who migrate at the same time is there for PostgreSQL only.
            Either::Postgres(link) => {
                must_be_of_a_version(&mut **link, &postgres, purpose).await?;
                postgres.run(&mut **link).await?;
            }
        }
        Ok(())
    }
}

/// Refuses what a later version has written and, where it is only worked on, what an earlier one has left.
async fn must_be_of_a_version<C: Migrate>(link: &mut C, migrator: &Migrator, purpose: Purpose) -> Result<(), Error> {
    link.ensure_migrations_table(MIGRATIONS).await?;
    let done = link.list_applied_migrations(MIGRATIONS).await?;
    if done.iter().any(|migration| !migrator.version_exists(migration.version)) {
        return Err(Refusal::Newer.into());
    }
    let is_older = !done.is_empty() && done.len() < migrator.iter().count();
    if is_older && purpose == Purpose::Work { Err(Refusal::Older.into()) } else { Ok(()) }
}

/// Opens a SQLite file that may be new. Of two programs that turn its log on at the same moment, SQLite refuses one
/// without letting it wait, so that one comes again.
async fn first_connection(
    pool: SqlitePoolOptions,
    options: &SqliteConnectOptions,
) -> Result<Pool<Sqlite>, sqlx::Error> {
    let mut tries = 0..20;
    loop {
        match pool.clone().connect_with(options.clone()).await {
            Err(sqlx::Error::Database(error)) if error.message() == "database is locked" && tries.next().is_some() => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            result => return result,
        }
    }
}

/// Connects once and looks around, because a pool that gets no connection says only that it waited. A server that is just
/// starting is waited for, if somebody wants that.
async fn must_be_usable(options: &PgConnectOptions, is_awaited: bool) -> Result<(), Error> {
    let mut tries = 0..if is_awaited { 20 } else { 0 };
    let mut connection = loop {
        let answer = tokio::time::timeout(PATIENCE, PgConnection::connect_with(options)).await;
        let place = || format!("PostgreSQL at {}, port {},", options.get_host(), options.get_port());
        match answer {
            Err(_) => return Err(Error::Away(format!("{} does not answer", place()))),
            Ok(Ok(connection)) => break connection,
            Ok(Err(error)) if is_starting(&error) && tries.next().is_some() => {
                tokio::time::sleep(PATIENCE / 20).await;
            }
            Ok(Err(error)) => return Err(why_not(error, &place())),
        }
    };
    let looked = "SELECT current_setting('server_encoding'), pg_is_in_recovery()";
    let (encoding, is_standby): (String, bool) =
        sqlx::query_as(looked).fetch_one(&mut connection).await.map_err(prepared)?;
    // A pooler that lends connections out by the transaction gives this one what the first has prepared already.
    let mut second = PgConnection::connect_with(options).await?;
    sqlx::query(looked).execute(&mut second).await.map_err(prepared)?;
    second.close().await?;
    connection.close().await?;
    match (encoding.as_str(), is_standby) {
        (_, true) => Err(Refusal::Standby.into()),
        ("UTF8", false) => Ok(()),
        _ => Err(Refusal::Encoding(encoding).into()),
    }
}

/// Whether the statement that a connection prepared is another's, or gone (42P05 and 26000): connections are lent out.
fn prepared(error: sqlx::Error) -> Error {
    let code = error.as_database_error().and_then(DatabaseError::code);
    match code.as_deref() {
        Some("42P05" | "26000") => Refusal::Pooled.into(),
        _ => error.into(),
    }
}

/// Whether nothing listens yet, or the server says so itself (57P03).
fn is_starting(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() == ErrorKind::ConnectionRefused,
        sqlx::Error::Database(error) => error.code().as_deref() == Some("57P03"),
        _ => false,
    }
}

/// In words, what the driver leaves to the libraries below it.
fn why_not(error: sqlx::Error, place: &str) -> Error {
    match error {
        sqlx::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => {
            Error::Away(format!("{place} is not there: nothing listens at that port"))
        }
        // What TLS says comes as invalid data.
        sqlx::Error::Io(error) if error.kind() == ErrorKind::InvalidData => Refusal::Unproved(error.to_string()).into(),
        sqlx::Error::Io(error) => Error::Away(format!("{place} can't be reached: {error}")),
        sqlx::Error::Tls(error) if error.to_string() == "server does not support TLS" => Refusal::NoTls.into(),
        sqlx::Error::Tls(error) => Refusal::Unproved(error.to_string()).into(),
        sqlx::Error::Database(error) => match error.code().as_deref() {
            Some("28P01" | "28000") => {
                Error::Away(format!("{place} refuses the name or the password in NYCKEL_DATABASE_URL ({error})"))
            }
            Some("3D000") => Error::Away(format!(
                "{place} has no database of the name in NYCKEL_DATABASE_URL ({error}); make one: CREATE DATABASE … ENCODING \
                 'UTF8' TEMPLATE template0"
            )),
            _ => sqlx::Error::Database(error).into(),
        },
        error => error.into(),
    }
}
