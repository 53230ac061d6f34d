//! The head that is noted outside the database: after each commit, never before, and compared wherever something is
//! recorded.

use std::fs;

use super::tie::{forget_head, was_made_by_an_earlier_version};
use super::{Either, Place, SECRET, at, commit, data_dir, on_both, open_with, opening};
use crate::model::{AuditEvent, AuditHead, AuditKind, Fact};
use crate::store::head::{Head, Told};
use crate::store::ties::Values;
use crate::store::{Error, Noted, Opening, Refusal, Store, on};

fn event() -> AuditEvent {
    AuditEvent::new(AuditKind::SignedOut, at(0))
}

async fn is_recorded(store: &Store) -> Result<(), Error> {
    let mut tx = store.write().await?;
    tx.record(&event()).await?;
    tx.commit().await
}

/// What the file tells.
fn told(place: &Place) -> Noted {
    match Head::in_dir(&data_dir(&place.home), opening(SECRET).keys).told().unwrap() {
        Told::Head(noted) => noted,
        other => panic!("{other:?}"),
    }
}

async fn opened(place: &Place) -> Result<Store, Error> {
    open_with(&place.home, &opening(SECRET)).await
}

fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// Puts the audit back to where it ended with row `seq`.
async fn goes_back_to(place: &Place, seq: i64) {
    let mut tx = place.store.write().await.unwrap();
    if matches!(place.home, Either::Sqlite(_)) {
        on!(&mut tx.db, c => sqlx::query("DROP TRIGGER IF EXISTS audit_keeps_rows").execute(c).await.map(drop))
            .unwrap();
    } else {
        on!(&mut tx.db, c => sqlx::query("ALTER TABLE audit DISABLE TRIGGER USER").execute(c).await.map(drop)).unwrap();
    }
    for sql in [
        "DELETE FROM audit WHERE seq > $1",
        "UPDATE audit_head SET seq = $1, mac = (SELECT mac FROM audit WHERE audit.seq = $1)",
    ] {
        on!(&mut tx.db, c => sqlx::query(sql).bind(seq).execute(c).await.map(drop)).unwrap();
    }
    tx.commit().await.unwrap();
}

/// As if an older copy had been accepted elsewhere.
async fn an_era_begins(place: &Place, era: i64) {
    let database_id = told(place).database_id;
    let values = Values::of("database").text(&database_id);
    let mac = place.store.keys.mac(&if era == 0 { values } else { values.number(era) });
    let mut tx = place.store.write().await.unwrap();
    on!(&mut tx.db, c => sqlx::query("UPDATE tie SET era = $1, mac = $2")
        .bind(era).bind(&mac[..]).execute(c).await.map(drop))
    .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn the_head_is_noted_after_each_commit_and_never_before() {
    on_both(async |place| {
        assert_eq!((told(place).era, told(place).head.seq), (0, 0));
        for seq in 1..=3 {
            let mut tx = place.store.write().await.unwrap();
            tx.record(&event()).await.unwrap();
            assert_eq!(told(place).head.seq, seq - 1);
            tx.commit().await.unwrap();
            assert_eq!(Some(told(place).head), place.store.read().await.unwrap().audit_head().await.unwrap());
        }
        let mut tx = place.store.write().await.unwrap();
        tx.record(&event()).await.unwrap();
        drop(tx);
        place.store.must_be_as_left().await.unwrap();
        assert_eq!(told(place).head.seq, 3, "what is not committed is not noted");
        let mut tx = place.store.write().await.unwrap();
        for _ in 0..3 {
            tx.record(&event()).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(told(place).head.seq, 6);
    })
    .await;
}

#[tokio::test]
async fn whoever_was_killed_before_noting_goes_on_all_the_same() {
    on_both(async |place| {
        is_recorded(&place.store).await.unwrap();
        let file = data_dir(&place.home).join("audit-head");
        let before = fs::read(&file).unwrap();
        for _ in 0..2 {
            is_recorded(&place.store).await.unwrap();
        }
        fs::write(&file, before).unwrap();
        let store = opened(place).await.unwrap();
        assert_eq!(told(place).head.seq, 3);
        is_recorded(&store).await.unwrap();
        is_recorded(&place.store).await.unwrap();
        store.close().await;
        assert_eq!(told(place).head.seq, 5, "and whoever remembers less than the file does");
    })
    .await;
}

#[tokio::test]
async fn nothing_is_recorded_in_an_older_copy() {
    on_both(async |place| {
        for _ in 0..4 {
            is_recorded(&place.store).await.unwrap();
        }
        goes_back_to(place, 3).await;
        assert_eq!(refusal(is_recorded(&place.store).await), Refusal::OlderCopy(4));
        assert_eq!(refusal(place.store.read().await.map(drop)), Refusal::OlderCopy(4), "nor is it read any more");
        assert_eq!(refusal(place.store.write().await.map(drop)), Refusal::OlderCopy(4));
        assert_eq!(refusal(opened(place).await), Refusal::OlderCopy(4));
        assert_eq!(told(place).head.seq, 4);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_recorded_after_rows_that_took_the_place_of_others() {
    on_both(async |place| {
        let file = data_dir(&place.home).join("audit-head");
        for _ in 0..2 {
            is_recorded(&place.store).await.unwrap();
        }
        let before = fs::read(&file).unwrap();
        for _ in 0..2 {
            is_recorded(&place.store).await.unwrap();
        }
        let noted = told(place);
        goes_back_to(place, 2).await;
        // Somebody who has noted no more than that records on, elsewhere.
        fs::write(&file, before).unwrap();
        let elsewhere = opened(place).await.unwrap();
        for _ in 0..3 {
            commit!(elsewhere, tx => tx.record(&event().with(Fact::Note, "another")));
        }
        elsewhere.close().await;
        assert_eq!(refusal(is_recorded(&place.store).await), Refusal::OlderCopy(noted.head.seq));
    })
    .await;
}

#[tokio::test]
async fn a_forged_end_of_the_audit_is_neither_recorded_after_nor_noted() {
    on_both(async |place| {
        for _ in 0..2 {
            is_recorded(&place.store).await.unwrap();
        }
        for (edit, undo) in [
            ("UPDATE audit_head SET seq = 1000", "UPDATE audit_head SET seq = 2"),
            ("UPDATE audit_head SET mac = (SELECT mac FROM audit WHERE audit.seq = 1)", ""),
        ] {
            place.execute(edit).await.unwrap();
            assert_eq!(refusal(place.store.must_be_as_left().await), Refusal::ForeignAudit);
            assert_eq!(refusal(opened(place).await), Refusal::ForeignAudit);
            if !undo.is_empty() {
                place.execute(undo).await.unwrap();
            }
        }
        assert_eq!(refusal(is_recorded(&place.store).await), Refusal::ForeignAudit);
        assert_eq!(told(place).head.seq, 2);
    })
    .await;
}

#[tokio::test]
async fn an_accepted_copy_is_followed_and_none_of_an_earlier_era() {
    on_both(async |place| {
        for _ in 0..4 {
            is_recorded(&place.store).await.unwrap();
        }
        goes_back_to(place, 2).await;
        an_era_begins(place, 1).await;
        is_recorded(&place.store).await.unwrap();
        assert_eq!((told(place).era, told(place).head.seq), (1, 3));
        an_era_begins(place, 2).await;
        place.store.must_be_as_left().await.unwrap();
        assert_eq!((told(place).era, told(place).head.seq), (2, 3));
        for _ in 0..3 {
            is_recorded(&place.store).await.unwrap();
        }
        an_era_begins(place, 1).await;
        assert_eq!(refusal(place.store.must_be_as_left().await), Refusal::OlderCopy(6));
        assert_eq!(refusal(opened(place).await), Refusal::OlderCopy(6));
    })
    .await;
}

#[tokio::test]
async fn a_beginning_behind_rows_that_do_not_hold_is_an_end_like_any_other() {
    on_both(async |place| {
        for _ in 0..4 {
            is_recorded(&place.store).await.unwrap();
        }
        let replica = place.replica().await;
        let second = place.store.read().await.unwrap().audit_records(2, 1).await.unwrap().remove(0);
        let held = AuditHead { seq: 2, mac: second.mac };
        let mut tx = place.store.write().await.unwrap();
        tx.begin_era(&held, &opening(SECRET).entropy).await.unwrap();
        let beginning = AuditEvent::new(AuditKind::RollbackAccepted, at(1)).with(Fact::HeldHead, held.short());
        tx.record(&beginning).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((told(place).era, told(place).head.seq), (1, 5));
        // A replica that is new takes it for the end.
        if let Either::Postgres(_) = place.home {
            forget_head(place);
        }
        opened(place).await.unwrap().close().await;
        is_recorded(&replica).await.unwrap();
        replica.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_head_of_another_database_is_refused() {
    on_both(async |place| {
        is_recorded(&place.store).await.unwrap();
        let other = Place::open(Either::Sqlite(tempfile::tempdir().unwrap())).await;
        is_recorded(&other.store).await.unwrap();
        fs::copy(data_dir(&other.home).join("audit-head"), data_dir(&place.home).join("audit-head")).unwrap();
        assert_eq!(refusal(opened(place).await), Refusal::OtherDatabase);
        place.store.must_be_as_left().await.unwrap();
        opened(place).await.unwrap().close().await;
    })
    .await;
}

#[tokio::test]
async fn an_audit_that_was_cut_to_before_the_tie_is_not_adopted_where_a_head_was_noted() {
    on_both(async |place| {
        place.staff("eva").await;
        let file = data_dir(&place.home).join("audit-head");
        let noted = fs::read(&file).unwrap();
        was_made_by_an_earlier_version(place).await;
        fs::write(&file, &noted).unwrap();
        assert_eq!(refusal(opened(place).await), Refusal::Untied);
        fs::remove_file(&file).unwrap();
        opened(place).await.unwrap().close().await;
    })
    .await;
}

#[tokio::test]
async fn a_replica_without_a_data_directory_works_and_says_so() {
    on_both(async |place| {
        let nowhere = Opening { data_dir: "/nowhere".into(), ..opening(SECRET) };
        let store = match &place.home {
            Either::Sqlite(dir) => Store::open_sqlite(&dir.path().join("nyckel.sqlite"), &nowhere).await,
            Either::Postgres(url) => Store::open_postgres(url, &nowhere).await,
        };
        let store = store.unwrap();
        for _ in 0..2 {
            is_recorded(&store).await.unwrap();
        }
        assert!(store.head_unnoted().is_some() && place.store.head_unnoted().is_none());
        goes_back_to(place, 1).await;
        assert_eq!(refusal(is_recorded(&store).await), Refusal::OlderCopy(2), "it still remembers");
        store.close().await;
    })
    .await;
}
