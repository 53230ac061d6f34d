//! What both databases must do alike: every statement, run on SQLite and, where `NYCKEL_TEST_POSTGRES` names a server
//! on which databases may be made, on PostgreSQL.
//!
//! A story is written once and told on each ([`on_both`]), in a database of its own. Most are told over two replicas,
//! because what holds inside one process only is not kept.

mod approvals;
mod attempts;
mod audit;
mod audit_chain;
mod audit_search;
mod batches;
mod contacts;
mod credentials;
mod devices;
mod elapsed;
mod encryption;
mod head;
mod invitations;
mod lately;
mod let_in;
mod migrations;
mod notices;
mod operations;
mod outbox;
mod owner_links;
mod passkeys;
mod permits;
mod races;
mod rollback;
mod sealed;
mod second_factor;
mod sessions;
mod setup;
mod single_sign_on;
mod sqlite;
mod staff;
mod staff_mailboxes;
mod tie;
mod ties;
mod transactions;
mod trouble;
mod weights;
mod wrong_codes;

use std::path::PathBuf;
use std::sync::Arc;

use aws_lc_rs::{hmac, rand};
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::{Either, Error, NewOperation, NewSession, Opening, Purpose, Store, StoreKeys, Writing, on};
use crate::model::{
    Address, CallerCheck, Grounds, HandOver, Holder, OperationId, OperationKind, OperationState, Outcome, SessionId,
    StaffId, StaffName,
};
use crate::model::{AuditEvent, AuditKind, Clock, CookieHash, Device, Entropy, Guarded, Weight};

/// Runs one statement in a transaction of its own.
macro_rules! commit {
    ($store:expr, $tx:ident => $statement:expr) => {{
        let mut $tx = $store.write().await.unwrap();
        let result = $statement.await.unwrap();
        $crate::store::contract::records_a_change_of_the_staff(&mut $tx).await;
        $tx.commit().await.unwrap();
        result
    }};
}
use commit;

/// A database of its own for one story, with a store over it.
struct Place {
    home: Either<TempDir, String>,
    store: Store,
    /// The time of all replicas.
    clock: Clock,
}

/// No change of the staff is made without an event about it.
async fn records_a_change_of_the_staff(tx: &mut Writing) {
    if !tx.unsealed.is_empty() {
        tx.record(&AuditEvent::new(AuditKind::StaffAdded, at(0))).await.unwrap();
    }
}

/// Tells a story on each database.
async fn on_both(story: impl AsyncFn(&Place)) {
    println!("on SQLite");
    story(&Place::open(Either::Sqlite(tempfile::tempdir().unwrap())).await).await;
    on_postgres(story).await;
}

/// Tells a story on PostgreSQL, where there is one.
async fn on_postgres(story: impl AsyncFn(&Place)) {
    let Some(server) = postgres() else { return };
    println!("on PostgreSQL");
    let (name, url) = make_database(&server).await;
    let place = Place::open(Either::Postgres(url)).await;
    story(&place).await;
    place.store.close().await;
    ask_postgres(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    std::fs::remove_dir_all(data_dir(&place.home)).unwrap();
}

fn postgres() -> Option<String> {
    std::env::var("NYCKEL_TEST_POSTGRES").ok().filter(|url| !url.is_empty())
}

/// Makes an empty database; returns its name and its URL.
async fn make_database(server: &str) -> (String, String) {
    let mut random = [0; 8];
    rand::fill(&mut random).unwrap();
    let name = format!("store_{:016x}", u64::from_be_bytes(random));
    ask_postgres(server, format!("CREATE DATABASE {name}")).await;
    let mut url = url::Url::parse(server).unwrap();
    url.set_path(&name);
    (name, url.into())
}

async fn ask_postgres(server: &str, statement: String) {
    let mut connection = PgConnection::connect(server).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn open(home: &Either<TempDir, String>) -> Result<Store, Error> {
    open_with(home, &opening(SECRET)).await
}

async fn open_with(home: &Either<TempDir, String>, opening: &Opening) -> Result<Store, Error> {
    let opening = Opening { data_dir: data_dir(home), ..opening.clone() };
    match home {
        Either::Sqlite(dir) => Store::open_sqlite(&dir.path().join("nyckel.sqlite"), &opening).await,
        Either::Postgres(url) => {
            std::fs::create_dir_all(&opening.data_dir).unwrap();
            Store::open_postgres(url, &opening).await
        }
    }
}

/// What all replicas of a home have as their data directory.
fn data_dir(home: &Either<TempDir, String>) -> PathBuf {
    match home {
        Either::Sqlite(dir) => dir.path().to_owned(),
        Either::Postgres(url) => std::env::temp_dir().join(url.rsplit_once('/').unwrap().1),
    }
}

const SECRET: &str = "these stories";

/// What a panel with this secret would open a database with.
fn opening(secret: &str) -> Opening {
    let key = |purpose: &str| hmac::Key::new(hmac::HMAC_SHA256, format!("{purpose} of {secret}").as_bytes());
    let keys = StoreKeys { audit: key("audit"), ties: key("ties") };
    // Only what is in clear comes from here.
    Opening {
        keys: keys.into(),
        clock: Clock::standing(at(0)),
        entropy: Entropy::new(|bytes| rand::fill(bytes).unwrap()),
        data_dir: "/nowhere".into(),
        purpose: Purpose::Serve,
    }
}

impl Place {
    async fn open(home: Either<TempDir, String>) -> Self {
        let opening = opening(SECRET);
        let store = open_with(&home, &opening).await.unwrap();
        Self { home, store, clock: opening.clock }
    }

    /// Another replica over the same database.
    async fn replica(&self) -> Store {
        open_with(&self.home, &Opening { clock: self.clock.clone(), ..opening(SECRET) }).await.unwrap()
    }

    /// Runs a statement that the store doesn't have; returns how many rows it changed.
    async fn execute(&self, statement: &'static str) -> Result<u64, Error> {
        let mut tx = self.store.write().await?;
        let done = on!(&mut tx.db, c => sqlx::query(statement).execute(c).await.map(|done| done.rows_affected()))?;
        tx.commit().await?;
        Ok(done)
    }

    /// The one number that a query gives.
    async fn number(&self, query: &'static str) -> i64 {
        let mut reading = self.store.read().await.unwrap();
        on!(&mut reading, c => sqlx::query_scalar(query).fetch_one(c).await).unwrap()
    }

    /// Somebody on the staff.
    async fn staff(&self, name: &str) -> StaffId {
        let id = StaffId(format!("id of {name}"));
        let name = StaffName::parse(name).unwrap();
        assert!(commit!(self.store, tx => tx.add_staff(&id, &name, Some("a hash"), at(0))));
        id
    }

    /// Somebody who is signed in.
    async fn session(&self, staff: &StaffId, secret: &str) -> SessionId {
        let id = SessionId(format!("session of {secret}"));
        let cookie = CookieHash(format!("cookie of {secret}"));
        assert!(commit!(self.store, tx => tx.begin_session(&new_session(&id, &cookie, staff, at(0)))));
        id
    }

    /// The same for somebody whose generation has moved on.
    async fn session_now(&self, staff: &StaffId, secret: &str) -> SessionId {
        let id = SessionId(format!("session of {secret}"));
        let cookie = CookieHash(format!("cookie of {secret}"));
        let generation = self.store.read().await.unwrap().generation(staff).await.unwrap().unwrap();
        let new = NewSession { generation, ..new_session(&id, &cookie, staff, at(0)) };
        assert!(commit!(self.store, tx => tx.begin_session(&new)));
        id
    }

    /// An operation that is in flight on the address, begun at `at(0)` by Eva in a session of hers.
    async fn operation(&self, number: u64, address: &str) -> OperationId {
        let (id, address) = (operation_id(number), self::address(address));
        let nonce = format!("nonce {number}");
        let new = NewOperation { id: &id, nonce: &nonce, address: &address, ..new_operation() };
        assert!(commit!(self.store, tx => tx.add_operation(&new)).is_some());
        id
    }

    /// What [`Place::operation`] and [`new_operation`] need: Eva on the staff and signed in.
    async fn eva(&self) -> (StaffId, SessionId) {
        let staff = self.staff("eva").await;
        let session = self.session(&staff, "eva").await;
        (staff, session)
    }

    async fn end(&self, id: &OperationId, state: OperationState, seconds: i64) {
        let outcome = Outcome::read(state, Some("timeout".to_owned())).unwrap();
        assert!(commit!(self.store, tx => tx.end_operation(id, &outcome, at(seconds))).is_some());
    }
}

/// Does a thing so many times at once, shared out between two replicas; returns what each came to.
async fn at_once<T, F>(place: &Place, times: usize, thing: impl Fn(usize, Store) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let replicas = [place.store.clone(), place.replica().await];
    let start = Arc::new(Barrier::new(times));
    let mut tasks = JoinSet::new();
    for n in 0..times {
        let (thing, start) = (thing(n, replicas[n % 2].clone()), start.clone());
        tasks.spawn(async move {
            start.wait().await;
            thing.await
        });
    }
    let results = tasks.join_all().await;
    replicas[1].close().await;
    results
}

/// A moment, in seconds after an evening in 2026.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + seconds).unwrap()
}

/// Between which moments the ends lie of what goes on then and lasts up to five minutes.
fn ends_at(seconds: i64) -> crate::model::clock::Ends {
    crate::model::clock::Ends::to_come(jiff::SignedDuration::from_mins(5), at(seconds))
}

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

fn operation_id(number: u64) -> OperationId {
    OperationId::parse(&format!("019ab000-0000-7000-8000-{number:012}")).unwrap()
}

fn new_session<'a>(id: &'a SessionId, cookie: &'a CookieHash, staff: &'a StaffId, at: Timestamp) -> NewSession<'a> {
    static DEVICE: Device = Device { client: None, agent: None };
    NewSession { id, staff, cookie, root: b"a wrapped root", device: &DEVICE, generation: 0, at }
}

/// A ticket, and a check with what it asks for, if it asks for something.
fn checked(text: Option<&str>) -> Grounds {
    let (way, label, text) = ("call-back".to_owned(), "Called back".to_owned(), text.map(ToOwned::to_owned));
    Grounds { ticket: Some("812".to_owned()), caller: Some(CallerCheck { way, label, text }) }
}

/// None were asked for.
static NO_GROUNDS: Grounds = Grounds { ticket: None, caller: None };

/// Eva's, as far as nobody says otherwise.
fn new_operation() -> NewOperation<'static> {
    use std::sync::LazyLock;
    static EVA: LazyLock<(OperationId, Address, StaffId, Holder)> = LazyLock::new(|| {
        let holder = Holder::Session(SessionId("session of eva".to_owned()));
        (operation_id(0), address("anna@example.se"), StaffId("id of eva".to_owned()), holder)
    });
    let (id, address, staff, holder) = &*EVA;
    let (begun_at, weight) = (at(0), Some(Weight::one(Guarded::Passwords)));
    let kind = OperationKind::ResetPassword;
    let (nonce, account_created, grounds, hand_over) = ("nonce 0", None, &NO_GROUNDS, Some(HandOver::Shown));
    NewOperation { id, kind, nonce, address, staff, holder, account_created, grounds, hand_over, weight, begun_at }
}

#[test]
fn the_suite_says_when_postgresql_is_left_out() {
    use std::io::Write;
    if postgres().is_none() {
        // Written past the capture of `print`, so that it is read although the test passes.
        let _ = writeln!(std::io::stderr(), "the store's stories run on SQLite only: NYCKEL_TEST_POSTGRES is not set");
    }
}

#[tokio::test]
async fn a_database_that_is_there_answers_and_a_closed_one_does_not() {
    on_both(async |place| {
        place.store.read().await.unwrap().ping().await.unwrap();
        let mut tx = place.store.write().await.unwrap();
        tx.ping().await.unwrap();
        drop(tx);
        let replica = place.replica().await;
        replica.close().await;
        assert!(replica.read().await.is_err());
        assert!(replica.write().await.is_err());
        place.store.read().await.unwrap().ping().await.unwrap();
    })
    .await;
}
