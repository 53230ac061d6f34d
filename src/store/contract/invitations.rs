//! Invitations: one a person, for a time.

use super::{at, commit, ends_at, on_both};
use crate::model::{Domains, Grant, LinkKind, Role, StaffId, StaffName};

#[tokio::test]
async fn an_invitation_is_good_until_it_is_replaced_used_or_too_old() {
    on_both(async |place| {
        let (eva, bo) = (place.staff("eva").await, place.staff("bo").await);
        let found = async |hash, seconds| {
            place.store.read().await.unwrap().owner_of_link(LinkKind::Invitation, hash, ends_at(seconds)).await.unwrap()
        };
        commit!(place.store, tx => tx.put_link(LinkKind::Invitation, &eva, "first", at(10)));
        commit!(place.store, tx => tx.put_link(LinkKind::Invitation, &bo, "of bo", at(10)));
        assert_eq!(found("first", 9).await, Some(eva.clone()));
        assert_eq!(found("first", 10).await, None);
        commit!(place.store, tx => tx.put_link(LinkKind::Invitation, &eva, "second", at(20)));
        assert_eq!((found("first", 9).await, found("second", 19).await), (None, Some(eva.clone())));
        let record = place.store.read().await.unwrap().staff_member(&eva).await.unwrap().unwrap();
        assert_eq!(record.invited_until, Some(at(20)));
        commit!(place.store, tx => tx.remove_link(LinkKind::Invitation, &eva));
        assert_eq!((found("second", 9).await, found("of bo", 9).await), (None, Some(bo.clone())));
    })
    .await;
}

#[tokio::test]
async fn somebody_without_a_password_is_no_admin_to_rely_on() {
    on_both(async |place| {
        let eva = place.staff("eva").await;
        let (id, name) = (StaffId("id of olle".to_owned()), StaffName::parse("olle").unwrap());
        assert!(commit!(place.store, tx => tx.add_staff(&id, &name, None, at(0))));
        let others = async || place.store.read().await.unwrap().other_admins(&eva).await.unwrap();
        let admin = Grant { role: Role::Admin, domains: Domains::All };
        commit!(place.store, tx => tx.add_grant(&id, &admin));
        assert_eq!(others().await, 0);
        commit!(place.store, tx => tx.set_password_hash(&id, "a hash", at(0)));
        assert_eq!(others().await, 1);
        commit!(place.store, tx => tx.disable_staff(&id, at(1)));
        assert_eq!(others().await, 0);
        assert!(commit!(place.store, tx => tx.enable_staff(&id)));
        assert!(!commit!(place.store, tx => tx.enable_staff(&id)));
        commit!(place.store, tx => tx.remove_grants(&id));
        assert_eq!(others().await, 0);
    })
    .await;
}
