//! Whether anything can be recorded.

use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use super::on_both;
use crate::store::{Error, Trouble};

#[tokio::test]
async fn a_trial_record_is_written_again_and_again_and_shows_that_all_is_well() {
    on_both(async |place| {
        for _ in 0..2 {
            place.store.probe().await.unwrap();
            assert_eq!(place.store.trouble(), None);
        }
    })
    .await;
}

#[tokio::test]
async fn a_store_that_was_closed_is_in_trouble() {
    on_both(async |place| {
        place.store.close().await;
        assert!(place.store.write().await.is_err());
        assert_eq!(place.store.trouble(), Some(Trouble::Away));
    })
    .await;
}

#[tokio::test]
async fn what_the_driver_tells_by_a_number_is_said_in_words_and_once() {
    let dir = tempfile::tempdir().unwrap();
    let options = SqliteConnectOptions::new().filename(dir.path().join("small.db")).create_if_missing(true);
    let mut link = options.connect().await.unwrap();
    sqlx::raw_sql("CREATE TABLE kept (text TEXT); PRAGMA max_page_count = 2").execute(&mut link).await.unwrap();
    let full = "INSERT INTO kept VALUES (hex(zeroblob(100000)))";
    for (statement, expected) in [
        (full, "the disk of the database is full; free"),
        ("PRAGMA query_only = ON; DELETE FROM kept", "read-only; make"),
    ] {
        let error = Error::from(sqlx::raw_sql(statement).execute(&mut link).await.unwrap_err());
        let driver = error.to_string().split_once('(').unwrap().1.to_owned();
        let told = format!("{:#}", anyhow::Error::from(error));
        assert!(told.contains(expected) && told.matches(&driver).count() == 1, "{told}");
    }
}
