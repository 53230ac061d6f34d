//! What only SQLite has to be told: durability, one writer, files that nobody else reads.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Sqlite, SqliteConnection};

use super::{Either, Place, at, commit};
use crate::model::{AuditEvent, AuditKind, Elapsed, Fact};
use crate::store::{Refusal, Trouble};

async fn place() -> Place {
    Place::open(Either::Sqlite(tempfile::tempdir().unwrap())).await
}

/// The same file, as another process has it.
async fn stranger(place: &Place) -> SqliteConnection {
    let Either::Sqlite(dir) = &place.home else { unreachable!("a place on SQLite") };
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
    let Either::Sqlite(mut reading) = place.store.read().await.unwrap().link else { unreachable!("a place on SQLite") };
    let read = ask(&mut reading).await;
    let Either::Sqlite(mut tx) = place.store.write().await.unwrap().db.link else { unreachable!("a place on SQLite") };
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
    let Either::Sqlite(mut reading) = place.store.read().await.unwrap().link else { unreachable!("a place on SQLite") };
    let statement = sqlx::query::<Sqlite>("INSERT INTO setup_token (id, hash) VALUES (1, 'x')");
    assert!(statement.execute(&mut *reading).await.unwrap_err().to_string().contains("readonly"));
}

#[tokio::test]
async fn another_process_that_writes_for_a_moment_is_waited_for() {
    let place = place().await;
    let mut stranger = stranger(&place).await;
    let held = stranger.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let store = place.store.clone();
    let writing = tokio::spawn(async move { commit!(store, tx => tx.count_attempt("eva", Elapsed(0))) });
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(!writing.is_finished());
    place.store.read().await.unwrap().ping().await.unwrap();
    held.rollback().await.unwrap();
    assert_eq!(writing.await.unwrap(), 1);
}

#[tokio::test]
async fn closing_moves_the_log_into_the_file() {
    let place = place().await;
    commit!(place.store, tx => tx.put_setup_token("one"));
    place.store.close().await;
    let Either::Sqlite(dir) = &place.home else { unreachable!("a place on SQLite") };
    assert!(!dir.path().join("nyckel.sqlite-wal").exists());
    assert!(commit!(place.replica().await, tx => tx.use_setup_token("one")));
}

/// How many pages the file may have for the writer that is there now.
async fn limit(place: &Place, pages: &'static str) {
    let Either::Sqlite(pools) = &*place.store.pools else { unreachable!("a place on SQLite") };
    sqlx::query(pages).execute(&pools.writers).await.unwrap();
}

#[tokio::test]
async fn a_disk_that_was_full_is_written_to_again_as_soon_as_there_is_room() {
    let place = place().await;
    let event = AuditEvent::new(AuditKind::SignedOut, at(0)).with(Fact::Note, "x".repeat(100_000));
    for _ in 0..2 {
        limit(&place, "PRAGMA max_page_count = 1").await;
        let mut tx = place.store.write().await.unwrap();
        assert!(tx.record(&event).await.unwrap_err().to_string().contains("full"));
    }
    limit(&place, "PRAGMA max_page_count = 1000000").await;
    commit!(place.store, tx => tx.record(&event));
    assert_eq!(place.number("SELECT count(*) FROM audit").await, 1);
    assert_eq!(place.number("SELECT seq FROM audit_head").await, 1);
}

#[tokio::test]
async fn what_sqlite_keeps_beside_its_file_is_no_easier_to_read() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("nyckel.sqlite");
    std::fs::write(&file, "").unwrap();
    std::fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    let place = Place::open(Either::Sqlite(dir)).await;
    commit!(place.store, tx => tx.put_setup_token("one"));
    for name in ["nyckel.sqlite", "nyckel.sqlite-shm", "nyckel.sqlite-wal"] {
        let found = std::fs::metadata(file.with_file_name(name)).unwrap();
        assert_eq!(found.permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn the_log_is_emptied_even_while_somebody_reads_again_and_again() {
    let place = place().await;
    let Either::Sqlite(dir) = &place.home else { unreachable!("a place on SQLite") };
    let log = dir.path().join("nyckel.sqlite-wal");
    let size = || std::fs::metadata(&log).unwrap().len();
    place.staff("eva").await;
    assert!(size() > 0);
    place.store.empty_log().await.unwrap();
    assert_eq!(size(), 0);

    place.staff("bo").await;
    let mut reader = place.store.snapshot().await.unwrap();
    assert_eq!(reader.count_staff().await.unwrap(), 2);
    place.staff("olle").await;
    let begun = std::time::Instant::now();
    place.store.empty_log().await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(2), "nobody waits for a reader");
    assert!(size() > 0);
    drop(reader);
    place.store.empty_log().await.unwrap();
    assert_eq!((size(), place.number("SELECT count(*) FROM staff").await), (0, 3));
    let [_, writer] = pragma(&place, "PRAGMA busy_timeout").await;
    assert_eq!(writer, "5000");
}

#[tokio::test]
async fn a_log_that_is_removed_or_replaced_is_found_and_what_it_held_is_kept_by_stopping() {
    for is_replaced in [false, true] {
        let place = place().await;
        let Either::Sqlite(dir) = &place.home else { unreachable!("a place on SQLite") };
        let log = dir.path().join("nyckel.sqlite-wal");
        place.staff("eva").await;
        std::fs::remove_file(&log).unwrap();
        if is_replaced {
            std::fs::write(&log, "").unwrap();
        }
        assert!(place.store.write().await.unwrap_err().is_refused());
        place.store.compare().await.unwrap();
        assert!(matches!(place.store.finding(), Some(Refusal::LogReplaced(_))));
        place.store.close().await;
        let again = place.replica().await;
        assert_eq!(again.read().await.unwrap().count_staff().await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_log_stays_the_same_though_every_connection_of_the_pools_is_closed() {
    let place = place().await;
    place.staff("eva").await;
    let Either::Sqlite(pools) = &*place.store.pools else { unreachable!("a place on SQLite") };
    for pool in [&pools.readers, &pools.writers] {
        if let Some(connection) = pool.try_acquire() {
            connection.close().await.unwrap();
        }
    }
    assert_eq!(place.store.compare().await.unwrap(), None);
    place.staff("bo").await;
    assert_eq!(place.store.finding(), None);
}

#[tokio::test]
async fn a_file_that_can_not_be_read_any_more_is_trouble_until_it_can() {
    let place = place().await;
    let Either::Sqlite(dir) = &place.home else { unreachable!("a place on SQLite") };
    let file = dir.path().join("nyckel.sqlite");
    place.staff("eva").await;
    place.store.empty_log().await.unwrap();
    let good = std::fs::read(&file).unwrap();
    for kept in [0, 100] {
        std::fs::write(&file, [&good[..kept], &vec![b'x'; good.len() - kept]].concat()).unwrap();
        place.store.compare().await.unwrap_err();
        assert_eq!(place.store.trouble(), Some(Trouble::Damaged));
        std::fs::write(&file, &good).unwrap();
        assert_eq!(place.store.compare().await.unwrap(), None);
        assert_eq!(place.store.trouble(), None);
    }
}
