//! What operations take of what limits protect.

use jiff::SignedDuration;

use super::{Place, address, commit, new_operation, on_both, operation_id};
use crate::model::{Address, Guarded, OperationState, StaffId, Weight};
use crate::store::{NewOperation, Tried, Within};

impl Place {
    /// What was tried within so many seconds: by the person, of the account, and in all.
    async fn tried(&self, of: Guarded, staff: (&StaffId, i64), account: (&Address, i64), all: i64) -> Tried {
        let within = SignedDuration::from_secs;
        let mut tx = self.store.write().await.unwrap();
        let limits = Within { by_staff: within(staff.1), of_account: within(account.1), in_all: within(all) };
        tx.tried(of, staff.0, account.0, &limits).await.unwrap()
    }
}

#[tokio::test]
async fn what_was_tried_is_counted_by_person_by_account_and_in_all() {
    on_both(async |place| {
        let (eva, _) = place.eva().await;
        let bo = place.staff("bo").await;
        let [anna, other] = ["anna@example.se", "other@example.se"].map(address);
        let made = [(&eva, &anna), (&eva, &anna), (&eva, &other), (&bo, &anna), (&eva, &anna)];
        for (number, (staff, address)) in (1..).zip(made) {
            place.clock.turn(10);
            let (id, nonce) = (operation_id(number), format!("nonce {number}"));
            let new = NewOperation { id: &id, nonce: &nonce, staff, address, ..new_operation() };
            assert!(commit!(place.store, tx => tx.add_operation(&new)).is_some());
            let state = match number {
                4 => OperationState::Unknown,
                // What GleSYS refused counts for whoever tried, not for the account.
                5 => OperationState::Refused,
                _ => OperationState::Done,
            };
            place.end(&id, state, 50).await;
        }
        // They were 40, 30, 20, 10 and 0 seconds ago.
        let tried = place.tried(Guarded::Passwords, (&eva, 41), (&anna, 40), 30).await;
        assert_eq!(tried, Tried { by_staff: 4, of_account: 2, in_all: 3 });
        let tried = place.tried(Guarded::Passwords, (&bo, 10), (&other, 41), 0).await;
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
            let tried = place.tried(guarded, (&eva, 1), (&anna, 1), 1).await;
            assert_eq!(tried, Tried { by_staff: much, of_account: much, in_all: much }, "{guarded:?}");
        }
    })
    .await;
}
