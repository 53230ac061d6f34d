//! Staff members' own mailboxes.

use super::{address, at, commit, on_both};
use crate::model::{AuditEvent, AuditKind, Fact, StaffName};

const WEEK: i64 = 7 * 24 * 3600;

#[tokio::test]
async fn names_that_are_addresses_are_staff_members_own_and_stay_so_for_a_week() {
    on_both(async |place| {
        for name in ["eva", "eva@example.se", "åsa@räksmörgås.se", "asa@räksmörgås.se", "a@b"] {
            place.staff(name).await;
        }
        let gone = place.staff("gone@example.se").await;
        commit!(place.store, tx => tx.disable_staff(&gone, at(1)));
        let bo = place.staff("bo@example.se").await;
        assert!(commit!(place.store, tx => tx.rename_staff(&bo, &StaffName::parse("bo").unwrap())));
        let event = AuditEvent::new(AuditKind::StaffRenamed, at(2)).with(Fact::PersonBefore, "bo@example.se");
        commit!(place.store, tx => tx.record(&event.clone().with(Fact::Person, "bo")));
        let own = async |second| {
            let own = place.store.read().await.unwrap().staff_mailboxes(at(second)).await.unwrap();
            own.into_iter().collect::<Vec<_>>()
        };
        let named = ["asa@räksmörgås.se", "eva@example.se", "åsa@räksmörgås.se"].map(address);
        let lately = ["bo@example.se", "gone@example.se"].map(address);
        let mut all = [&named[..], &lately[..]].concat();
        all.sort();
        assert_eq!(own(WEEK + 1).await, all);
        assert!(!own(WEEK + 2).await.contains(&lately[1]) && own(WEEK + 2).await.contains(&lately[0]));
        assert_eq!(own(WEEK + 3).await, named);
    })
    .await;
}
