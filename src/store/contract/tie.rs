//! The database and its secret key belong together: with any other key nothing is opened, and nothing is changed.

use super::{Either, Place, SECRET, at, commit, on_both, open_with, opening};
use crate::model::{AuditEvent, AuditKind};
use crate::store::{Error, Refusal};

async fn refused(place: &Place, secret: &str) -> Refusal {
    match open_with(&place.home, &opening(secret)).await {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// By a replica that has just started: nothing that it remembers is in its way.
async fn is_recorded(place: &Place, rows: usize) {
    let replica = place.replica().await;
    for _ in 0..rows {
        commit!(replica, tx => tx.record(&AuditEvent::new(AuditKind::SignedOut, at(0))));
    }
}

/// As it is where no head was noted yet.
pub(super) fn forget_head(place: &Place) {
    std::fs::remove_file(super::data_dir(&place.home).join("audit-head")).unwrap();
}

/// As a version before the tie left it.
pub(super) async fn was_made_by_an_earlier_version(place: &Place) {
    // What was recorded with a MAC over the staff would not verify without it.
    let past: &[&str] = match place.home {
        Either::Sqlite(_) => &["DROP TRIGGER IF EXISTS audit_keeps_rows"],
        Either::Postgres(_) => &["ALTER TABLE audit DISABLE TRIGGER USER"],
    };
    for statement in past {
        place.execute(statement).await.unwrap();
    }
    if place.number("SELECT count(*) FROM audit WHERE staff_mac IS NOT NULL").await > 0 {
        place.execute("DELETE FROM audit").await.unwrap();
        place.execute("UPDATE audit_head SET seq = 0, mac = substr(mac, 1, 0)").await.unwrap();
        forget_head(place);
        is_recorded(place, 1).await;
    }
    forget_head(place);
    for statement in [
        "DROP TABLE tie",
        "DROP INDEX audit_staff_mac",
        "ALTER TABLE audit DROP COLUMN staff_mac",
        "ALTER TABLE staff DROP COLUMN rights_mac",
        "ALTER TABLE staff DROP COLUMN credentials_mac",
        "ALTER TABLE session DROP COLUMN mac",
        "CREATE TABLE invitation AS SELECT staff_id, hash, expires_at FROM link WHERE kind = 'invitation'",
        "CREATE TABLE sign_in_link AS SELECT staff_id, hash, expires_at FROM link WHERE kind = 'sign-in link'",
        "DROP TABLE link",
        "ALTER TABLE passkey DROP COLUMN mac",
    ] {
        place.execute(statement).await.unwrap();
    }
    place.execute("DELETE FROM _sqlx_migrations WHERE version IN (16, 18, 23)").await.unwrap();
}

#[tokio::test]
async fn a_database_opens_with_the_key_that_it_was_made_with_and_no_other() {
    on_both(async |place| {
        assert_eq!(refused(place, "others").await, Refusal::ForeignKey);
        is_recorded(place, 2).await;
        assert_eq!(refused(place, "others").await, Refusal::ForeignKey);
        open_with(&place.home, &opening(SECRET)).await.unwrap().close().await;
        assert_eq!(place.number("SELECT count(*) FROM tie").await, 1);
    })
    .await;
}

#[tokio::test]
async fn the_era_of_a_database_takes_the_key_to_write() {
    on_both(async |place| {
        place.execute("UPDATE tie SET era = 1").await.unwrap();
        assert_eq!(refused(place, SECRET).await, Refusal::ForeignKey);
        place.execute("UPDATE tie SET era = 0").await.unwrap();
        open_with(&place.home, &opening(SECRET)).await.unwrap().close().await;
    })
    .await;
}

#[tokio::test]
async fn a_database_of_an_earlier_version_is_tied_to_the_key_of_its_audit() {
    on_both(async |place| {
        for rows in 0..4 {
            is_recorded(place, rows.min(1)).await;
            was_made_by_an_earlier_version(place).await;
            if rows > 0 {
                assert_eq!(refused(place, "others").await, Refusal::ForeignAudit, "after {rows} rows");
                let migrated = "SELECT count(*) FROM _sqlx_migrations WHERE version = 16";
                assert_eq!(place.number(migrated).await, 0, "what is refused is not brought up to date");
            }
            open_with(&place.home, &opening(SECRET)).await.unwrap().close().await;
            assert_eq!(refused(place, "others").await, Refusal::ForeignKey);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_is_left_byte_for_byte() {
    let place = Place::open(Either::Sqlite(tempfile::tempdir().unwrap())).await;
    is_recorded(&place, 2).await;
    place.store.close().await;
    let Either::Sqlite(dir) = &place.home else { unreachable!("a place on SQLite") };
    let files = || {
        let mut files: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        files.into_iter().map(|file| (file.clone(), std::fs::read(file).unwrap())).collect::<Vec<_>>()
    };
    let before = files();
    assert_eq!(refused(&place, "others").await, Refusal::ForeignKey);
    assert!(files() == before);
}
