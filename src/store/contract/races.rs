//! Operations, when many want the same at once, on two replicas.

use super::{Place, address, at, at_once, commit, ends_at, new_operation, on_both, operation_id};
use crate::model::{AuditEvent, AuditKind, OperationState, Outcome};
use crate::store::{NewOperation, Store};

/// Adds operation `n`, with the audit row that goes with it, as the ledger does.
async fn begin(store: Store, n: u64, nonce: &str, on: &str) -> bool {
    let (id, on) = (operation_id(n), address(on));
    let mut tx = store.write().await.unwrap();
    let new = NewOperation { id: &id, nonce, address: &on, ..new_operation() };
    let added = tx.add_operation(&new).await.unwrap().is_some();
    if added {
        tx.record(&AuditEvent::new(AuditKind::ResetIntent, at(0))).await.unwrap();
        tx.commit().await.unwrap();
    }
    added
}

/// A reset that is done and whose password waits.
async fn done(place: &Place) {
    place.eva().await;
    let id = place.operation(1, "anna@example.se").await;
    place.end(&id, OperationState::Done, 1).await;
    commit!(place.store, tx => tx.put_sealed(&id, new_operation().holder, b"sealed", at(301)));
}

fn how_many(answers: Vec<bool>) -> usize {
    answers.into_iter().filter(|answer| *answer).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_confirmation_posted_many_times_at_once_is_one_operation() {
    on_both(async |place| {
        place.eva().await;
        let added = at_once(place, 20, |n, store| async move {
            let on = format!("account{n}@example.se");
            begin(store, n as u64, "the one nonce", &on).await
        });
        assert_eq!(how_many(added.await), 1);
        assert_eq!(place.number("SELECT count(*) FROM operation").await, 1);
        assert_eq!(place.number("SELECT count(*) FROM audit WHERE kind <> 'staff.added'").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_confirmations_of_one_account_at_once_are_one_operation() {
    on_both(async |place| {
        place.eva().await;
        let added = at_once(place, 20, |n, store| async move {
            begin(store, n as u64, &format!("nonce {n}"), "anna@example.se").await
        });
        assert_eq!(how_many(added.await), 1);
        assert_eq!(place.number("SELECT count(*) FROM operation WHERE state = 'in_flight'").await, 1);
        assert_eq!(place.number("SELECT count(*) FROM audit WHERE kind <> 'staff.added'").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_do_not_stand_in_each_others_way() {
    on_both(async |place| {
        place.eva().await;
        let added = at_once(place, 20, |n, store| async move {
            begin(store, n as u64, &format!("nonce {n}"), &format!("account{n}@example.se")).await
        });
        assert_eq!(how_many(added.await), 20);
        assert_eq!(place.number("SELECT count(*) FROM audit WHERE kind <> 'staff.added'").await, 20);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_ledger_and_the_sweepers_one_ends_an_operation() {
    on_both(async |place| {
        place.eva().await;
        let id = place.operation(1, "anna@example.se").await;
        let ended = at_once(place, 20, |n, store| async move {
            let state = if n % 2 == 0 { OperationState::Done } else { OperationState::Unknown };
            let mut tx = store.write().await.unwrap();
            let outcome = Outcome::read(state, Some(format!("number {n}"))).unwrap();
            let ended = tx.end_operation(&operation_id(1), &outcome, at(2)).await.unwrap().is_some();
            if ended {
                tx.record(&AuditEvent::new(AuditKind::ResetOutcome, at(2))).await.unwrap();
            }
            tx.commit().await.unwrap();
            ended.then_some(Some(outcome))
        });
        let ended: Vec<_> = ended.await.into_iter().flatten().collect();
        let operation = place.store.read().await.unwrap().operation(&id).await.unwrap().unwrap();
        assert_eq!(ended, [operation.outcome]);
        assert_eq!(place.number("SELECT count(*) FROM audit WHERE kind <> 'staff.added'").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_open_a_result_at_once_one_is_shown_it() {
    on_both(async |place| {
        done(place).await;
        let shown = at_once(place, 20, |n, store| async move {
            let id = operation_id(1);
            let mut tx = store.write().await.unwrap();
            let now = at(2 + i64::try_from(n).unwrap());
            if !tx.claim_showing(&id, new_operation().holder, now).await.unwrap() {
                return None;
            }
            let sealed = tx.take_sealed(&id, ends_at(2)).await.unwrap();
            tx.record(&AuditEvent::new(AuditKind::ResetShown, now)).await.unwrap();
            tx.commit().await.unwrap();
            sealed.map(|_| now)
        });
        let shown: Vec<_> = shown.await.into_iter().flatten().collect();
        let operation = place.store.read().await.unwrap().operation(&operation_id(1)).await.unwrap().unwrap();
        assert_eq!(shown, Vec::from_iter(operation.shown_at));
        assert_eq!(shown.len(), 1);
        assert_eq!(place.number("SELECT count(*) FROM audit WHERE kind <> 'staff.added'").await, 1);
        assert_eq!(place.number("SELECT count(*) FROM sealed").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_says_once_that_it_was_seen() {
    on_both(async |place| {
        done(place).await;
        assert!(commit!(place.store, tx => tx.claim_showing(&operation_id(1), new_operation().holder, at(2))));
        let seen = at_once(place, 20, |_, store| async move {
            commit!(store, tx => tx.note_seen(&operation_id(1), new_operation().holder, at(3)))
        });
        assert_eq!(how_many(seen.await), 1);
    })
    .await;
}
