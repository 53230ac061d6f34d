//! A new era: everything that lets somebody in is gone, numbers are above all earlier ones, and the audit goes on.

use super::{Place, SECRET, at, commit, new_session, on_both, open_with, opening};
use crate::model::{AuditEvent, AuditHead, AuditKind, CookieHash, LinkKind, SessionId};
use crate::store::ties::Tie;
use crate::store::{AuditRecord, Error, NewSession, Opening, Purpose, Store};

/// Begins an era after a row of the audit, and records it.
async fn begins(store: &Store, held: &AuditHead) -> i64 {
    let entropy = opening(SECRET).entropy;
    let mut tx = store.write().await.unwrap();
    let era = tx.begin_era(held, &entropy).await.unwrap();
    tx.record(&AuditEvent::new(AuditKind::RollbackAccepted, at(1))).await.unwrap();
    tx.commit().await.unwrap();
    era
}

async fn head(place: &Place) -> AuditHead {
    place.store.read().await.unwrap().audit_head().await.unwrap().unwrap()
}

async fn rows(place: &Place) -> Vec<AuditRecord> {
    place.store.read().await.unwrap().audit_records(i64::MIN, 100).await.unwrap()
}

#[tokio::test]
async fn an_era_begins_with_nobody_in_and_with_numbers_above_all_before() {
    on_both(async |place| {
        let (eva, session) = place.eva().await;
        place.operation(1, "anna@example.se").await;
        commit!(place.store, tx => tx.put_permit(&session, crate::model::Act::AddPasskey, at(0)));
        commit!(place.store, tx => tx.put_link(LinkKind::Invitation, &eva, "hash", at(9)));
        commit!(place.store, tx => tx.put_recovery_codes(&eva, &["one".to_owned()], at(0)));
        commit!(place.store, tx => tx.put_draft(&session, b"typed", at(9)));
        for era in [1, 2] {
            let before = (place.store.read().await.unwrap().last_tick().await.unwrap(), head(place).await);
            assert_eq!(begins(&place.store, &before.1).await, era);
            let left = "SELECT (SELECT count(*) FROM session) + (SELECT count(*) FROM permit) \
                + (SELECT count(*) FROM link) + (SELECT count(*) FROM recovery_code) + (SELECT count(*) FROM draft)";
            assert_eq!(place.number(left).await, 0);
            let mut reading = place.store.read().await.unwrap();
            assert_eq!(reading.generation(&eva).await.unwrap(), Some(era << 32));
            assert!(reading.last_tick().await.unwrap().0 >= era << 32);
            drop(reading);
            assert!(place.store.must_be_as_left().await.is_ok());
            assert_eq!(head(place).await.seq, before.1.seq + 1, "the audit goes on");
            let (id, cookie) = (SessionId(format!("s{era}")), CookieHash(format!("c{era}")));
            let old = NewSession { generation: (era - 1) << 32, ..new_session(&id, &cookie, &eva, at(1)) };
            assert!(!commit!(place.store, tx => tx.begin_session(&old)), "what was proved before");
            assert!(commit!(place.store, tx => tx.begin_session(&NewSession { generation: era << 32, ..old })));
        }
    })
    .await;
}

#[tokio::test]
async fn the_audit_goes_on_after_the_last_row_that_holds_and_behind_all_that_there_are() {
    on_both(async |place| {
        for _ in 0..4 {
            commit!(place.store, tx => tx.record(&AuditEvent::new(AuditKind::SignedOut, at(0))));
        }
        let all = rows(place).await;
        let held = AuditHead { seq: 2, mac: all[1].mac.clone() };
        place.execute("DELETE FROM audit_head").await.unwrap();
        begins(&place.store, &held).await;
        let all = rows(place).await;
        let mut chain = place.store.chain();
        assert!(chain.follow(&all[0]) && chain.follow(&all[1]) && chain.follow(&all[4]));
        assert_eq!((chain.end().seq, Some(chain.end())), (5, Some(&head(place).await)));
    })
    .await;
}

#[tokio::test]
async fn a_database_without_its_tie_opens_only_to_be_accepted_and_only_with_its_key() {
    on_both(async |place| {
        place.staff("eva").await;
        place.execute("DELETE FROM tie").await.unwrap();
        let open = async |secret: &str, purpose| open_with(&place.home, &Opening { purpose, ..opening(secret) }).await;
        for (secret, purpose) in [(SECRET, Purpose::Serve), ("others", Purpose::Accept)] {
            assert!(matches!(open(secret, purpose).await, Err(Error::Refused(_))), "{secret} {purpose:?}");
        }
        let store = open(SECRET, Purpose::Accept).await.unwrap();
        assert_eq!(place.number("SELECT count(*) FROM tie").await, 0, "opening accepts nothing");
        begins(&store, &head(place).await).await;
        store.close().await;
        open(SECRET, Purpose::Serve).await.unwrap().close().await;
        // A tie of another key.
        let foreign = Tie::new(&opening("others").keys, "x".to_owned(), 7);
        commit!(place.store, tx => tx.put_tie(&foreign));
        assert!(matches!(open(SECRET, Purpose::Accept).await, Err(Error::Refused(_))));
    })
    .await;
}
