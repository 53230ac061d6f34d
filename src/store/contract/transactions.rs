//! Transactions: all or nothing, and nothing is left behind by one that was given up.

use super::{at, at_once, commit, new_operation, on_both};
use crate::model::{AuditEvent, AuditKind};

#[tokio::test]
async fn a_transaction_that_is_dropped_changes_nothing() {
    on_both(async |place| {
        place.eva().await;
        let mut tx = place.store.write().await.unwrap();
        assert!(tx.add_operation(&new_operation()).await.unwrap());
        tx.record(&AuditEvent::new(AuditKind::ResetIntent, at(0))).await.unwrap();
        tx.count_attempt("eva", at(0)).await.unwrap();
        tx.put_setup_token("one").await.unwrap();
        assert!(tx.end_session(new_operation().session, at(1)).await.unwrap());
        drop(tx);
        assert_eq!(place.number("SELECT count(*) FROM operation").await, 0);
        assert_eq!(place.number("SELECT count(*) FROM audit").await, 0);
        assert_eq!(place.number("SELECT seq FROM audit_head").await, 0);
        assert_eq!(place.number("SELECT count(*) FROM attempt").await, 0);
        assert_eq!(place.number("SELECT count(*) FROM setup_token").await, 0);
        assert_eq!(place.number("SELECT count(*) FROM session WHERE ended_at IS NULL").await, 1);
        assert!(commit!(place.store, tx => tx.add_operation(&new_operation())));
    })
    .await;
}

#[tokio::test]
async fn a_transaction_sees_its_own_changes_and_nobody_else_does() {
    on_both(async |place| {
        place.eva().await;
        let mut tx = place.store.write().await.unwrap();
        assert!(tx.add_operation(&new_operation()).await.unwrap());
        assert!(tx.operation(new_operation().id).await.unwrap().is_some());
        assert!(place.store.read().await.unwrap().operation(new_operation().id).await.unwrap().is_none());
        tx.commit().await.unwrap();
        assert!(place.store.read().await.unwrap().operation(new_operation().id).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn a_statement_that_fails_takes_its_transaction_with_it_and_no_other() {
    on_both(async |place| {
        let (eva, session) = place.eva().await;
        let mut tx = place.store.write().await.unwrap();
        tx.count_attempt("eva", at(0)).await.unwrap();
        assert!(tx.begin_session(&session, &eva, at(1)).await.is_err());
        drop(tx);
        assert_eq!(commit!(place.store, tx => tx.count_attempt("eva", at(0))), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_gives_up_waiting_leaves_the_database_as_good_as_it_was() {
    on_both(async |place| {
        at_once(place, 40, |n, store| async move {
            let patience = std::time::Duration::from_micros(u64::try_from(n).unwrap() * 150);
            let work = async {
                commit!(store, tx => tx.record(&AuditEvent::new(AuditKind::SignedOut, at(0))));
            };
            let _ = tokio::time::timeout(patience, work).await;
        })
        .await;
        commit!(place.store, tx => tx.record(&AuditEvent::new(AuditKind::SignedOut, at(0))));
        let (rows, head) =
            (place.number("SELECT count(*) FROM audit").await, place.number("SELECT seq FROM audit_head").await);
        assert_eq!(rows, head);
    })
    .await;
}
