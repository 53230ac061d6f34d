//! Staff members and their grants.

use super::{at, at_once, commit, on_both};
use crate::model::{DisplayName, DomainName, Domains, Grant, Language, Role, StaffId, StaffName, Theme};

fn grant(role: Role, domain: Option<&str>) -> Grant {
    let domains = domain.map_or(Domains::All, |domain| Domains::One(DomainName::parse(domain).unwrap()));
    Grant { role, domains }
}

#[tokio::test]
async fn staff_are_listed_by_name_with_what_they_hold() {
    on_both(async |place| {
        assert_eq!(place.store.read().await.unwrap().count_staff().await.unwrap(), 0);
        let (eva, bo) = (place.staff("eva").await, place.staff("bo").await);
        commit!(place.store, tx => tx.add_grant(&eva, &grant(Role::Operator, Some("example.se"))));
        commit!(place.store, tx => tx.add_grant(&eva, &grant(Role::Auditor, None)));
        commit!(place.store, tx => tx.add_grant(&eva, &grant(Role::Auditor, None)));
        let staff = place.store.read().await.unwrap().all_staff().await.unwrap();
        assert_eq!(staff.iter().map(|record| record.staff.name.as_str()).collect::<Vec<_>>(), ["bo", "eva"]);
        assert_eq!(staff[0].staff.id, bo);
        assert!(staff[0].staff.grants.is_empty());
        assert_eq!(staff[1].staff.grants, [grant(Role::Auditor, None), grant(Role::Operator, Some("example.se"))]);
        assert_eq!(
            (staff[1].staff.language, staff[1].staff.theme, staff[1].staff.disabled_at),
            (None, Theme::System, None)
        );
        assert_eq!(place.store.read().await.unwrap().count_staff().await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn what_a_person_chose_is_read_back() {
    on_both(async |place| {
        place.staff("eva").await;
        place.execute("UPDATE staff SET language = 'sv', theme = 'dark'").await.unwrap();
        let staff = place.store.read().await.unwrap().all_staff().await.unwrap();
        assert_eq!((staff[0].staff.language, staff[0].staff.theme), (Some(Language::Swedish), Theme::Dark));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_given_to_one_person() {
    on_both(async |place| {
        let added = at_once(place, 20, async |n, store| {
            let (id, name) = (StaffId(format!("id {n}")), StaffName::parse("Eva").unwrap());
            commit!(store, tx => tx.add_staff(&id, &name, Some("a hash"), at(0)))
        });
        assert_eq!(added.await.into_iter().filter(|added| *added).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_person_goes_on_under_another_name_unless_somebody_has_it() {
    on_both(async |place| {
        let (eva, session) = place.eva().await;
        place.staff("bo").await;
        let name = |name| StaffName::parse(name).unwrap();
        let mut tx = place.store.write().await.unwrap();
        assert!(!tx.rename_staff(&eva, &name("bo")).await.unwrap());
        drop(tx);
        assert!(commit!(place.store, tx => tx.rename_staff(&eva, &name("eva.lind"))));
        assert!(!commit!(place.store, tx => tx.rename_staff(&StaffId("nobody".to_owned()), &name("olle"))));
        let called = DisplayName::parse("Eva Lind").unwrap();
        commit!(place.store, tx => tx.set_display_name(&eva, called.as_ref()));
        let mut reading = place.store.read().await.unwrap();
        let staff = reading.session(&session).await.unwrap().unwrap().staff;
        assert_eq!(staff.names(), ["eva.lind", "Eva Lind"]);
        assert_eq!(reading.staff_member(&eva).await.unwrap().unwrap().staff.told_as(), "Eva Lind");
        assert!(reading.credentials(&name("eva")).await.unwrap().is_none());
        drop(reading);
        commit!(place.store, tx => tx.set_display_name(&eva, None));
        let staff = place.store.read().await.unwrap().staff_member(&eva).await.unwrap().unwrap().staff;
        assert_eq!(staff.told_as(), "eva.lind");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_are_given_one_name_at_once_one_has_it() {
    on_both(async |place| {
        for n in 0..10 {
            place.staff(&n.to_string()).await;
        }
        let renamed = at_once(place, 10, async |n, store| {
            let (id, name) = (StaffId(format!("id of {n}")), StaffName::parse("eva").unwrap());
            commit!(store, tx => tx.rename_staff(&id, &name))
        });
        assert_eq!(renamed.await.into_iter().filter(|renamed| *renamed).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn signing_in_is_checked_against_the_newest_hash() {
    on_both(async |place| {
        let eva = place.staff("eva").await;
        place.staff("bo").await;
        let name = StaffName::parse("eva").unwrap();
        commit!(place.store, tx => tx.set_password_hash(&eva, "another hash", at(1)));
        let found = place.store.read().await.unwrap().credentials(&name).await.unwrap().unwrap();
        assert_eq!((found.id, found.disabled, found.password_hash.as_deref()), (eva, false, Some("another hash")));
        let nobody = StaffName::parse("nobody").unwrap();
        assert!(place.store.read().await.unwrap().credentials(&nobody).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_person_is_disabled_once_and_the_first_moment_stays() {
    on_both(async |place| {
        let eva = place.staff("eva").await;
        assert!(commit!(place.store, tx => tx.disable_staff(&eva, at(1))));
        assert!(!commit!(place.store, tx => tx.disable_staff(&eva, at(2))));
        let mut reading = place.store.read().await.unwrap();
        assert_eq!(reading.all_staff().await.unwrap()[0].staff.disabled_at, Some(at(1)));
        assert!(reading.credentials(&StaffName::parse("eva").unwrap()).await.unwrap().unwrap().disabled);
    })
    .await;
}

#[tokio::test]
async fn nobody_holds_a_role_that_does_not_exist_and_nothing_is_granted_to_nobody() {
    on_both(async |place| {
        place.staff("eva").await;
        let owner = "INSERT INTO staff_grant (staff_id, role, domain) VALUES ('id of eva', 'owner', '*')";
        assert!(place.execute(owner).await.is_err());
        let mut tx = place.store.write().await.unwrap();
        let given = tx.add_grant(&StaffId("nobody".to_owned()), &grant(Role::Admin, None)).await;
        assert!(given.is_err());
    })
    .await;
}
