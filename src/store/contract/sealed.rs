//! Sealed passwords.

use super::{Place, at, at_once, commit, ends_at, new_operation, on_both, operation_id};
use crate::model::{Holder, OperationId, OperationState, Tick};

/// A reset that is done, whose password waits until `at(301)`.
async fn waiting(place: &Place, number: u64, address: &str) -> OperationId {
    let id = place.operation(number, address).await;
    place.end(&id, OperationState::Done, 1).await;
    commit!(place.store, tx => tx.put_sealed(&id, new_operation().holder, b"\x00sealed\xff", at(301)));
    id
}

#[tokio::test]
async fn a_sealed_password_is_taken_up_once_byte_for_byte() {
    on_both(async |place| {
        place.eva().await;
        let id = waiting(place, 1, "anna@example.se").await;
        let operation = place.store.read().await.unwrap().operation(&id).await.unwrap().unwrap();
        assert_eq!(operation.sealed_until, Some(at(301)));
        assert_eq!(commit!(place.store, tx => tx.take_sealed(&operation_id(9), ends_at(2))), None);
        assert_eq!(
            commit!(place.store, tx => tx.take_sealed(&id, ends_at(2))).as_deref(),
            Some(&b"\x00sealed\xff"[..])
        );
        assert_eq!(commit!(place.store, tx => tx.take_sealed(&id, ends_at(2))), None);
        let operation = place.store.read().await.unwrap().operation(&id).await.unwrap().unwrap();
        assert_eq!(operation.sealed_until, None);
    })
    .await;
}

#[tokio::test]
async fn a_password_that_expired_is_not_taken_up_but_removed() {
    on_both(async |place| {
        place.eva().await;
        let id = waiting(place, 1, "anna@example.se").await;
        let later = waiting(place, 2, "bo@example.se").await;
        place.execute("UPDATE sealed SET expires_at = expires_at + 1 WHERE operation_id LIKE '%2'").await.unwrap();
        assert!(commit!(place.store, tx => tx.remove_expired_sealed(ends_at(300), None)).is_empty());
        assert_eq!(commit!(place.store, tx => tx.take_sealed(&id, ends_at(301))), None);
        assert_eq!(commit!(place.store, tx => tx.remove_expired_sealed(ends_at(301), None)), [id]);
        assert!(commit!(place.store, tx => tx.remove_expired_sealed(ends_at(301), None)).is_empty());
        let made = place.store.read().await.unwrap().operation(&later).await.unwrap().unwrap().ended_tick;
        let older = made.map(|tick| Tick(tick.0 - 1));
        assert!(commit!(place.store, tx => tx.remove_expired_sealed(ends_at(301), older)).is_empty());
        // A clock that was ahead by more than clocks may be had put it down, or it is old whatever the clock tells.
        assert_eq!(commit!(place.store, tx => tx.take_sealed(&later, ends_at(-300))), None);
        assert!(commit!(place.store, tx => tx.take_sealed(&later, ends_at(301))).is_some());
        let third = waiting(place, 3, "anna@example.se").await;
        assert_eq!(commit!(place.store, tx => tx.remove_expired_sealed(ends_at(-300), None)), [third]);
        let fourth = waiting(place, 4, "anna@example.se").await;
        let last = place.store.read().await.unwrap().last_tick().await.unwrap();
        assert_eq!(commit!(place.store, tx => tx.remove_expired_sealed(ends_at(2), Some(last))), [fourth]);
    })
    .await;
}

#[tokio::test]
async fn an_operation_has_one_sealed_password() {
    on_both(async |place| {
        place.eva().await;
        let id = waiting(place, 1, "anna@example.se").await;
        for id in [id, operation_id(9)] {
            let mut tx = place.store.write().await.unwrap();
            assert!(tx.put_sealed(&id, new_operation().holder, b"another", at(301)).await.is_err());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_take_a_password_up_at_once_one_has_it() {
    on_both(async |place| {
        place.eva().await;
        waiting(place, 1, "anna@example.se").await;
        let taken = at_once(place, 20, async |_, store| {
            let id = operation_id(1);
            commit!(store, tx => tx.take_sealed(&id, ends_at(2)))
        });
        assert_eq!(taken.await.into_iter().flatten().count(), 1);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_sealed_for_a_session_that_was_ended_meanwhile() {
    on_both(async |place| {
        let (_, session) = place.eva().await;
        let id = place.operation(1, "anna@example.se").await;
        commit!(place.store, tx => tx.end_session(&session, at(1)));
        place.end(&id, OperationState::Done, 2).await;
        assert!(!commit!(place.store, tx => tx.put_sealed(&id, &Holder::Session(session), b"sealed", at(301))));
        assert_eq!(place.number("SELECT count(*) FROM sealed").await, 0);
    })
    .await;
}
