//! What operations take of what limits protect.

use super::{address, at, commit, new_operation, on_both, operation_id};
use crate::model::{Guarded, OperationState, Weight};
use crate::store::{NewOperation, Tried};

#[tokio::test]
async fn what_was_tried_is_counted_by_person_by_account_and_in_all() {
    on_both(async |place| {
        let (eva, _) = place.eva().await;
        let bo = place.staff("bo").await;
        let [anna, other] = ["anna@example.se", "other@example.se"].map(address);
        let made = [(&eva, &anna, 10), (&eva, &anna, 20), (&eva, &other, 30), (&bo, &anna, 40)];
        for (number, (staff, address, seconds)) in (1..).zip(made) {
            let (id, nonce) = (operation_id(number), format!("nonce {number}"));
            let begun_at = at(seconds);
            let new = NewOperation { id: &id, nonce: &nonce, staff, address, begun_at, ..new_operation() };
            assert!(commit!(place.store, tx => tx.add_operation(&new)).is_some());
            place.end(&id, if seconds == 40 { OperationState::Unknown } else { OperationState::Done }, 50).await;
        }
        // What GleSYS refused counts for whoever tried, not for the account.
        let id = operation_id(9);
        let new = NewOperation { id: &id, nonce: "nonce 9", address: &anna, begun_at: at(25), ..new_operation() };
        assert!(commit!(place.store, tx => tx.add_operation(&new)).is_some());
        place.end(&id, OperationState::Refused, 50).await;
        let mut reading = place.store.read().await.unwrap();
        let tried = reading.tried(Guarded::Passwords, (&eva, at(0)), (&anna, at(10)), at(20)).await.unwrap();
        assert_eq!(tried, Tried { by_staff: 4, of_account: 2, in_all: 3 });
        let tried = reading.tried(Guarded::Passwords, (&bo, at(40)), (&other, at(0)), at(40)).await.unwrap();
        assert_eq!(tried, Tried { by_staff: 0, of_account: 1, in_all: 0 });
    })
    .await;
}

#[tokio::test]
async fn each_limit_counts_what_it_protects_by_its_weight_and_nothing_else() {
    on_both(async |place| {
        let (eva, _) = place.eva().await;
        let weights = [None, Some(Weight { of: Guarded::Redirects, much: 7 }), Some(Weight::one(Guarded::Redirects))];
        for (number, weight) in (1..).zip(weights) {
            let (id, nonce) = (operation_id(number), format!("nonce {number}"));
            let new = NewOperation { id: &id, nonce: &nonce, weight, ..new_operation() };
            assert!(commit!(place.store, tx => tx.add_operation(&new)).is_some());
            place.end(&id, OperationState::Done, 1).await;
        }
        let anna = address("anna@example.se");
        for guarded in Guarded::ALL {
            let much = if guarded == Guarded::Redirects { 8 } else { 0 };
            let mut reading = place.store.read().await.unwrap();
            let tried = reading.tried(guarded, (&eva, at(-1)), (&anna, at(-1)), at(-1)).await.unwrap();
            assert_eq!(tried, Tried { by_staff: much, of_account: much, in_all: much }, "{guarded:?}");
        }
    })
    .await;
}
