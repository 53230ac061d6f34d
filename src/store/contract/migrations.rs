//! Migrations: the same on both databases, harmless when there is nothing to do, and whoever else does them.

use std::collections::BTreeSet;

use sqlx::Row;

use super::{Either, Place, at, commit, make_database, on, on_both, on_postgres, open, postgres};
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
