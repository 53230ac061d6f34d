//! Migrations: the same on both databases, harmless when there is nothing to do, and whoever else does them.

use std::collections::BTreeSet;

use sqlx::migrate::Migrator;
use sqlx::{Connection, PgConnection, Row, SqliteConnection};

use super::{Either, Place, ask_postgres, at, commit, make_database, on, on_both, on_postgres, open, postgres};
use crate::model::StaffId;

#[tokio::test]
async fn a_database_that_is_up_to_date_is_left_as_it_is() {
    on_both(async |place| {
        place.staff("eva").await;
        let replica = place.replica().await;
        assert_eq!(replica.read().await.unwrap().count_staff().await.unwrap(), 1);
        assert!(commit!(replica, tx => tx.disable_staff(&StaffId("id of eva".to_owned()), at(1))));
    })
    .await;
}

#[tokio::test]
async fn both_databases_have_the_same_migrations() {
    let [sqlite, postgres] = [sqlx::migrate!("migrations/sqlite"), sqlx::migrate!("migrations/postgres")]
        .map(|migrator| migrator.iter().map(|m| (m.version, m.description.to_string())).collect::<Vec<_>>());
    assert_eq!(sqlite, postgres);
}

/// Table, column, kind of value, whether it may be missing, place in the primary key.
type Column = (String, String, String, bool, i64);

const IN_SQLITE: &str = "SELECT t.name, c.name, CASE c.type WHEN 'BIGINT' THEN 'INTEGER' ELSE c.type END, \
    c.\"notnull\" = 0, c.pk FROM sqlite_schema t, pragma_table_info(t.name) c \
    WHERE t.type = 'table' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\'";

const IN_POSTGRES: &str = "SELECT c.table_name::text, c.column_name::text, CASE c.data_type WHEN 'bigint' THEN 'INTEGER' \
    WHEN 'integer' THEN 'INTEGER' WHEN 'bytea' THEN 'BLOB' ELSE upper(c.data_type) END, c.is_nullable = 'YES', \
    coalesce((SELECT k.ordinal_position::bigint FROM information_schema.table_constraints t \
        JOIN information_schema.key_column_usage k USING (constraint_name, table_name) \
        WHERE t.constraint_type = 'PRIMARY KEY' AND k.table_name = c.table_name AND k.column_name = c.column_name), 0) \
    FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name NOT LIKE '\\_sqlx%'";

async fn columns(place: &Place) -> BTreeSet<Column> {
    let mut reading = place.store.read().await.unwrap();
    let query = if matches!(place.home, Either::Sqlite(_)) { IN_SQLITE } else { IN_POSTGRES };
    let columns: Vec<Column> = on!(&mut reading, c => sqlx::query_as(query).fetch_all(c).await).unwrap();
    columns.into_iter().collect()
}

/// The indexes that were asked for by name: what they order and whether they allow one row a value.
async fn indexes(place: &Place) -> BTreeSet<String> {
    let query = match place.home {
        Either::Sqlite(_) => "SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL",
        Either::Postgres(_) => {
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT IN \
             (SELECT conname::text FROM pg_constraint) AND tablename NOT LIKE '\\_sqlx%'"
        }
    };
    let mut reading = place.store.read().await.unwrap();
    let all: Vec<String> = on!(&mut reading, c => sqlx::query(query).fetch_all(c).await
        .map(|rows| rows.iter().map(|row| row.get(0)).collect()))
    .unwrap();
    let same = |text: String| {
        text.replace(" USING btree", "")
            .replace("public.", "")
            .replace("::text", "")
            .replace("(state = 'in_flight')", "state = 'in_flight'")
            .replace("(kind = 'lock_out')", "kind = 'lock_out'")
            .replace("(ended IS NULL)", "ended IS NULL")
    };
    all.into_iter().map(same).collect()
}

#[tokio::test]
async fn both_databases_have_the_same_columns_and_indexes() {
    let sqlite = Place::open(Either::Sqlite(tempfile::tempdir().unwrap())).await;
    assert!(columns(&sqlite).await.len() > 40);
    assert!(indexes(&sqlite).await.len() > 5);
    on_postgres(async |postgres| {
        assert_eq!(columns(postgres).await, columns(&sqlite).await);
        assert_eq!(indexes(postgres).await, indexes(&sqlite).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_that_start_at_once_over_an_empty_database_all_succeed() {
    let mut homes = vec![Either::Sqlite(tempfile::tempdir().unwrap())];
    if let Some(server) = postgres() {
        homes.push(Either::Postgres(make_database(&server).await.1));
    }
    for home in homes {
        let (one, two, three) = tokio::join!(open(&home), open(&home), open(&home));
        for store in [one, two, three] {
            store.unwrap().read().await.unwrap().count_staff().await.unwrap();
        }
    }
}

/// A database as the version left it that went by the clock, which was set back by an hour between two resets.
const BY_THE_CLOCK: &str = "\
    INSERT INTO staff (id, name, created_at) VALUES ('s', 'eva', 0); \
    INSERT INTO operation (id, nonce, address, staff_id, session_id, state, begun_at, lease_until, ended_at) VALUES \
        ('019ab000-0000-7000-8000-000000000009', 'n1', 'anna@example.se', 's', 'x', 'unknown', 7200000, 7245000, 7230000), \
        ('019ab000-0000-7000-8000-000000000001', 'n2', 'anna@example.se', 's', 'x', 'in_flight', 3600000, 3645000, NULL), \
        ('019ab000-0000-7000-8000-000000000002', 'n3', 'bo@example.se', 's', 'x', 'done', 5000, 50000, 6000); \
    INSERT INTO batch (id, staff_id, session_id, domain, action, state, run, made_at, lease_until) VALUES \
        ('019ab000-0000-7000-8000-000000000004', 's', 'x', 'example.se', 'virus_check_on', 'done', 1, 9, 9), \
        ('019ab000-0000-7000-8000-000000000005', 's', 'x', 'example.se', 'virus_check_on', 'running', 1, 10, 10); \
    INSERT INTO audit (seq, at, kind, address, operation_id, mac) VALUES \
        (5, 7200000, 'reset.intent', 'anna@example.se', '019ab000-0000-7000-8000-000000000009', 'x'), \
        (7, 7230000, 'reset.outcome', 'anna@example.se', '019ab000-0000-7000-8000-000000000009', 'x'), \
        (8, 3600000, 'reset.intent', 'anna@example.se', '019ab000-0000-7000-8000-000000000001', 'x')";

/// Where everything stands after the migration, in the order in which it is compared.
const IN_ORDER: &str = "\
    SELECT told FROM (\
        SELECT 1 AS part, -begun_tick AS place, \
            address || ' ' || CAST(begun_tick AS TEXT) || COALESCE(' to ' || CAST(ended_tick AS TEXT), '') AS told \
            FROM operation \
        UNION ALL SELECT 2, -kept_tick, 'batch ' || CAST(kept_tick AS TEXT) FROM batch \
        UNION ALL SELECT 3, 0, 'last ' || CAST(last AS TEXT) FROM tick \
        UNION ALL SELECT 4, begun_elapsed, address || ' was ' || CAST(elapsed - begun_elapsed AS TEXT) || ' ago' \
            FROM operation, tick) AS everything \
    ORDER BY part, place";

/// Brings a database to where the version before the order of writes had it, fills it, and goes on from there.
macro_rules! from_by_the_clock {
    ($migrator:expr, $connection:ident) => {{
        let migrator = $migrator;
        let before = Migrator::with_migrations(migrator.iter().filter(|m| m.version < 13).cloned().collect());
        before.run(&mut $connection).await.unwrap();
        sqlx::raw_sql(BY_THE_CLOCK).execute(&mut $connection).await.unwrap();
        migrator.run(&mut $connection).await.unwrap();
        let told: Vec<String> = sqlx::query_scalar(IN_ORDER).fetch_all(&mut $connection).await.unwrap();
        $connection.close().await.unwrap();
        told
    }};
}

#[tokio::test]
async fn what_went_by_the_clock_is_put_into_the_order_in_which_the_audit_tells_it() {
    let expected = [
        "anna@example.se 8",
        "anna@example.se 5 to 7",
        // The audit says nothing of it.
        "bo@example.se -3",
        "batch -1",
        "batch -2",
        "last 8",
        // As old as they were by the last time that was recorded.
        "bo@example.se was 7225000 ago",
        "anna@example.se was 3630000 ago",
        "anna@example.se was 30000 ago",
    ];
    let mut sqlite = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    assert_eq!(from_by_the_clock!(sqlx::migrate!("migrations/sqlite"), sqlite), expected);
    if let Some(server) = postgres() {
        let (name, url) = make_database(&server).await;
        let mut postgres = PgConnection::connect(&url).await.unwrap();
        assert_eq!(from_by_the_clock!(sqlx::migrate!("migrations/postgres"), postgres), expected);
        ask_postgres(&server, format!("DROP DATABASE {name}")).await;
    }
}
