//! The verdict: what the panel recorded against what GleSYS knows.

use std::collections::HashMap;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use nyckel::simulator::Call;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, PgConnection, SqliteConnection};

use super::stage::{RESET, Stage};

/// Where the panel's records are.
pub enum Database {
    Sqlite(PathBuf),
    Postgres(String),
}

/// An operation as it is recorded.
#[derive(Debug, sqlx::FromRow)]
pub struct Operation {
    pub id: String,
    pub address: String,
    pub state: String,
    pub begun_at: i64,
    pub lease_until: i64,
    pub shown_at: Option<i64>,
    /// Rows of the audit: intent, outcome, shown.
    pub intents: i64,
    pub outcomes: i64,
    pub showings: i64,
}

const OPERATIONS: &str = "\
    SELECT o.id, o.address, o.state, o.begun_at, o.lease_until, o.shown_at, \
    (SELECT count(*) FROM audit a WHERE a.address = o.address AND a.operation_id = o.id AND a.kind = 'reset.intent') AS intents, \
    (SELECT count(*) FROM audit a WHERE a.address = o.address AND a.operation_id = o.id AND a.kind = 'reset.outcome') AS outcomes, \
    (SELECT count(*) FROM audit a WHERE a.address = o.address AND a.operation_id = o.id AND a.kind = 'reset.shown') AS showings \
    FROM operation o ORDER BY o.address, o.begun_at, o.id";

impl Database {
    pub async fn operations(&self) -> Vec<Operation> {
        match self {
            Self::Sqlite(file) => {
                let options =
                    SqliteConnectOptions::new().filename(file).busy_timeout(std::time::Duration::from_secs(20));
                let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
                sqlx::query_as(OPERATIONS).fetch_all(&mut connection).await.unwrap()
            }
            Self::Postgres(url) => {
                let mut connection = PgConnection::connect(url).await.unwrap();
                sqlx::query_as(OPERATIONS).fetch_all(&mut connection).await.unwrap()
            }
        }
    }
}

/// How long after its lease an operation may still stand as running: until the sweeper came by.
const SWEPT_WITHIN: SignedDuration = SignedDuration::from_secs(15);

/// Compares everything so far. Returns how many operations there were.
pub async fn judge(stage: &Stage, now: Timestamp) -> usize {
    let operations = stage.database.operations().await;
    let calls = stage.glesys.calls();
    let mut by_address: HashMap<&str, Vec<&Call>> = HashMap::new();
    for call in calls.iter().filter(|call| call.function == RESET) {
        by_address.entry(call.address.as_deref().unwrap()).or_default().push(call);
    }
    let mut of_operation: HashMap<&str, Vec<&Call>> = HashMap::new();
    for (address, calls) in by_address {
        let own: Vec<&Operation> = operations.iter().filter(|operation| operation.address == address).collect();
        for call in calls {
            let at = call.at.as_millisecond();
            let operation = own.iter().rev().find(|operation| operation.begun_at <= at);
            let operation = operation.unwrap_or_else(|| panic!("a call without an intent: {call:?}, of {own:#?}"));
            of_operation.entry(&operation.id).or_default().push(call);
        }
    }
    for operation in &operations {
        let calls = of_operation.get(operation.id.as_str()).map_or(&[][..], Vec::as_slice);
        judge_one(operation, calls, now);
    }
    operations.len()
}

fn judge_one(operation: &Operation, calls: &[&Call], now: Timestamp) {
    let told = || format!("{operation:#?} made {calls:#?}");
    assert!(calls.len() <= 1, "more than one call: {}", told());
    assert_eq!(operation.intents, 1, "{}", told());
    let ended = operation.state != "in_flight";
    assert_eq!(operation.outcomes, i64::from(ended), "{}", told());
    assert_eq!(operation.showings, i64::from(operation.shown_at.is_some()), "{}", told());
    let overdue = now.as_millisecond() - operation.lease_until;
    assert!(ended || i128::from(overdue) < SWEPT_WITHIN.as_millis(), "overdue by {overdue} ms: {}", told());
    match (operation.state.as_str(), calls) {
        ("done", [call]) => assert!(call.applied, "{}", told()),
        ("refused", [call]) => assert!(!call.applied, "{}", told()),
        ("not_sent", []) | ("unknown" | "in_flight", _) => {}
        _ => panic!("the outcome contradicts GleSYS: {}", told()),
    }
}
