//! What only SQLite has to be told: durability, one writer, files that nobody else reads.

use std::time::{Duration, Instant};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Sqlite, SqliteConnection};

use super::{Db, Place, at, commit};

async fn place() -> Place {
    Place::open(Db::Sqlite(tempfile::tempdir().unwrap())).await
}

/// The same file, as another process has it.
async fn stranger(place: &Place) -> SqliteConnection {
    let Db::Sqlite(dir) = &place.home else { unreachable!("a place on SQLite") };
    let options = SqliteConnectOptions::new().filename(dir.path().join("nyckel.sqlite"));
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// What both kinds of connection say to a pragma.
async fn pragma(place: &Place, pragma: &'static str) -> [String; 2] {
    let ask = async |connection: &mut SqliteConnection| -> String {
        let answer: Result<i64, _> = sqlx::query_scalar(pragma).fetch_one(&mut *connection).await;
        match answer {
            Ok(number) => number.to_string(),
            Err(_) => sqlx::query_scalar(pragma).fetch_one(&mut *connection).await.unwrap(),
        }
    };
    let Db::Sqlite(mut reading) = place.store.read().await.unwrap() else { unreachable!("a place on SQLite") };
    let read = ask(&mut reading).await;
    let Db::Sqlite(mut tx) = place.store.write().await.unwrap().db else { unreachable!("a place on SQLite") };
    [read, ask(&mut tx).await]
}

#[tokio::test]
async fn every_connection_is_as_durable_and_strict_as_the_design_says() {
    let place = place().await;
    for (asked, answer) in [
        ("PRAGMA journal_mode", "wal"),
        ("PRAGMA synchronous", "2"),
        ("PRAGMA foreign_keys", "1"),
        ("PRAGMA busy_timeout", "5000"),
        ("PRAGMA secure_delete", "1"),
        ("PRAGMA temp_store", "2"),
    ] {
        assert_eq!(pragma(&place, asked).await, [answer, answer], "{asked}");
    }
}

#[tokio::test]
async fn a_reading_connection_cannot_write() {
    let place = place().await;
    let Db::Sqlite(mut reading) = place.store.read().await.unwrap() else { unreachable!("a place on SQLite") };
    let statement = sqlx::query::<Sqlite>("INSERT INTO setup_token (id, hash) VALUES (1, 'x')");
    assert!(statement.execute(&mut *reading).await.unwrap_err().to_string().contains("readonly"));
}

#[tokio::test]
async fn another_process_that_writes_for_a_moment_is_waited_for() {
    let place = place().await;
    let mut stranger = stranger(&place).await;
    let held = stranger.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let store = place.store.clone();
    let writing = tokio::spawn(async move { commit!(store, tx => tx.count_attempt("eva", at(0))) });
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(!writing.is_finished());
    place.store.read().await.unwrap().ping().await.unwrap();
    held.rollback().await.unwrap();
    assert_eq!(writing.await.unwrap(), 1);
}

#[tokio::test]
async fn another_process_that_writes_for_long_is_an_error_and_then_forgotten() {
    let place = place().await;
    let mut stranger = stranger(&place).await;
    let held = stranger.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let began = Instant::now();
    assert!(place.store.write().await.is_err());
    assert!((4..8).contains(&began.elapsed().as_secs()));
    held.rollback().await.unwrap();
    assert_eq!(commit!(place.store, tx => tx.count_attempt("eva", at(0))), 1);
}

#[tokio::test]
async fn closing_moves_the_log_into_the_file() {
    let place = place().await;
    commit!(place.store, tx => tx.put_setup_token("one"));
    place.store.close().await;
    let Db::Sqlite(dir) = &place.home else { unreachable!("a place on SQLite") };
    assert!(!dir.path().join("nyckel.sqlite-wal").exists());
    assert!(commit!(place.replica().await, tx => tx.use_setup_token("one")));
}
