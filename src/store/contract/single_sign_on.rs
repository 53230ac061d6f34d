//! Single sign-on: identities, sign-ins on their way, links past a password that is switched off.

use super::{Place, at, at_once, commit, ends_at, on_both};
use crate::model::{Act, Domains, Grant, Identity, LinkKind, Role, SessionId, StaffId, StaffName};
use crate::store::single_sign_on::Flow;

fn identity(issuer: &str, subject: &str) -> Identity {
    Identity { issuer: issuer.to_owned(), subject: subject.to_owned() }
}

/// Somebody whom only the provider knows.
async fn from_elsewhere(place: &Place, name: &str, identity: &Identity) -> StaffId {
    let (id, name) = (StaffId(format!("id of {name}")), StaffName::parse(name).unwrap());
    assert!(commit!(place.store, tx => tx.add_staff(&id, &name, None, at(0))));
    commit!(place.store, tx => tx.add_identity(identity, &id, at(0)));
    id
}

#[tokio::test]
async fn an_identity_is_one_person_and_a_person_has_one() {
    on_both(async |place| {
        let eva = identity("https://id.example.se", "1");
        let id = from_elsewhere(place, "eva", &eva).await;
        let found =
            async |identity: Identity| place.store.read().await.unwrap().staff_of_identity(&identity).await.unwrap();
        assert_eq!(found(eva.clone()).await, Some(id.clone()));
        assert_eq!(found(identity("https://id.example.com", "1")).await, None);
        assert_eq!(found(identity("https://id.example.se", "2")).await, None);
        let bo = place.staff("bo").await;
        let mut tx = place.store.write().await.unwrap();
        assert!(tx.add_identity(&eva, &bo, at(0)).await.is_err());
        drop(tx);
        let mut tx = place.store.write().await.unwrap();
        assert!(tx.add_identity(&identity("https://id.example.se", "2"), &id, at(0)).await.is_err());
        drop(tx);
        let mut reading = place.store.read().await.unwrap();
        assert!(reading.staff_member(&id).await.unwrap().unwrap().staff.single_sign_on);
        assert!(!reading.staff_member(&bo).await.unwrap().unwrap().staff.single_sign_on);
    })
    .await;
}

#[tokio::test]
async fn an_admin_of_the_providers_is_one_who_can_sign_in() {
    on_both(async |place| {
        let bo = place.staff("bo").await;
        let eva = from_elsewhere(place, "eva", &identity("https://id.example.se", "1")).await;
        let others = async || place.store.read().await.unwrap().other_admins(&bo).await.unwrap();
        assert_eq!(others().await, 0);
        commit!(place.store, tx => tx.add_grant(&eva, &Grant { role: Role::Admin, domains: Domains::All }));
        assert_eq!(others().await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_generation_grows_with_everything_that_ends_sessions() {
    on_both(async |place| {
        let eva = place.staff("eva").await;
        let now = async |id: &StaffId| place.store.read().await.unwrap().generation(id).await.unwrap();
        assert_eq!(now(&eva).await, Some(0));
        commit!(place.store, tx => tx.end_sessions_of(&eva, None, at(1)));
        assert_eq!((now(&eva).await, now(&StaffId("nobody".to_owned())).await), (Some(1), None));
    })
    .await;
}

#[tokio::test]
async fn a_flow_is_used_once_by_the_browser_that_began_it_and_not_for_long() {
    on_both(async |place| {
        let flow = |seconds| Flow {
            session: Some(SessionId("one".to_owned())),
            next: Some("/profile".to_owned()),
            act: Some(Act::ChangeStaff),
            begun_at: at(seconds),
        };
        commit!(place.store, tx => tx.put_flow("state", "browser", &flow(0)));
        assert_eq!(commit!(place.store, tx => tx.take_flow("state", "other", at(0))), None);
        assert_eq!(commit!(place.store, tx => tx.take_flow("other", "browser", at(0))), None);
        assert_eq!(commit!(place.store, tx => tx.take_flow("state", "browser", at(1))), None, "too old");
        let taken = at_once(place, 8, |_, store| async move {
            commit!(store, tx => tx.take_flow("state", "browser", at(0)))
        });
        let taken: Vec<Flow> = taken.await.into_iter().flatten().collect();
        assert_eq!(taken, [flow(0)]);

        commit!(place.store, tx => tx.put_flow("old", "browser", &flow(5)));
        commit!(place.store, tx => tx.put_flow("new", "browser", &Flow { session: None, next: None, act: None, begun_at: at(6) }));
        commit!(place.store, tx => tx.remove_flows_begun_before(at(6)));
        assert_eq!(commit!(place.store, tx => tx.take_flow("old", "browser", at(0))), None);
        assert!(commit!(place.store, tx => tx.take_flow("new", "browser", at(0))).is_some());
    })
    .await;
}

#[tokio::test]
async fn only_the_last_sign_in_link_of_a_person_is_good_and_not_for_long() {
    on_both(async |place| {
        let (eva, bo) = (place.staff("eva").await, place.staff("bo").await);
        let whose = async |hash, seconds| {
            place.store.read().await.unwrap().owner_of_link(LinkKind::SignIn, hash, ends_at(seconds)).await.unwrap()
        };
        commit!(place.store, tx => tx.put_link(LinkKind::SignIn, &eva, "first", at(10)));
        commit!(place.store, tx => tx.put_link(LinkKind::SignIn, &bo, "of bo", at(10)));
        assert_eq!((whose("first", 9).await, whose("first", 10).await), (Some(eva.clone()), None));
        commit!(place.store, tx => tx.put_link(LinkKind::SignIn, &eva, "second", at(20)));
        assert_eq!((whose("first", 9).await, whose("second", 19).await), (None, Some(eva.clone())));
        commit!(place.store, tx => tx.remove_link(LinkKind::SignIn, &eva));
        assert_eq!((whose("second", 9).await, whose("of bo", 9).await), (None, Some(bo)));
    })
    .await;
}
