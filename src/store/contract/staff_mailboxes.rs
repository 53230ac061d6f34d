//! Staff members' own mailboxes.

use super::{address, at, commit, on_both};

#[tokio::test]
async fn names_that_are_addresses_are_staff_members_own_until_they_are_disabled() {
    on_both(async |place| {
        for name in ["eva", "eva@example.se", "åsa@räksmörgås.se", "asa@räksmörgås.se", "a@b"] {
            place.staff(name).await;
        }
        let gone = place.staff("gone@example.se").await;
        commit!(place.store, tx => tx.disable_staff(&gone, at(1)));
        let own = place.store.read().await.unwrap().staff_mailboxes().await.unwrap();
        assert_eq!(
            own.into_iter().collect::<Vec<_>>(),
            ["asa@räksmörgås.se", "eva@example.se", "åsa@räksmörgås.se"].map(address)
        );
    })
    .await;
}
