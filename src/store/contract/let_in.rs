//! Who has let whom in.

use super::{Place, at, commit, on_both};
use crate::model::{Actor, AuditEvent, AuditKind, Fact, StaffId, StaffName};

/// Somebody, or the command line, lets a person in.
async fn tells(place: &Place, kind: AuditKind, by: Option<&StaffId>, name: &str, second: i64) {
    let event = AuditEvent::new(kind, at(second)).with(Fact::Person, name);
    let event = match by {
        Some(by) => event.by(by.clone(), &StaffName::parse("whoever").unwrap()),
        None => AuditEvent { actor: Some(Actor::CommandLine), ..event },
    };
    commit!(place.store, tx => tx.record(&event));
}

async fn is_renamed(place: &Place, id: &StaffId, (before, name): (&str, &str), second: i64) {
    assert!(commit!(place.store, tx => tx.rename_staff(id, &StaffName::parse(name).unwrap())));
    let event = AuditEvent::new(AuditKind::StaffRenamed, at(second));
    let event = event.with(Fact::PersonBefore, before).with(Fact::Person, name);
    commit!(place.store, tx => tx.record(&event));
}

#[tokio::test]
async fn whom_somebody_has_let_in_is_known_whatever_they_are_called_since() {
    on_both(async |place| {
        let anna = place.staff("anna").await;
        let [dora, emil, berit, olle] = [
            place.staff("dora").await,
            place.staff("emil").await,
            place.staff("berit").await,
            place.staff("olle").await,
        ];
        tells(place, AuditKind::GrantsChanged, Some(&anna), "olle", 1).await;
        tells(place, AuditKind::StaffInvited, Some(&anna), "dora", 10).await;
        // Her name goes on to another.
        is_renamed(place, &dora, ("dora", "dorothea"), 11).await;
        is_renamed(place, &berit, ("berit", "dora"), 12).await;
        tells(place, AuditKind::SecondFactorRemoved, Some(&dora), "emil", 13).await;
        tells(place, AuditKind::PasswordSet, Some(&berit), "dora", 14).await;
        tells(place, AuditKind::StaffEnabled, None, "dora", 15).await;
        let let_in = place.store.read().await.unwrap().let_in(at(10)).await.unwrap();
        assert_eq!(let_in.0, [(dora.clone(), emil.clone()), (anna.clone(), dora)]);
        assert!(let_in.are_one(&anna, &emil) && !let_in.are_one(&anna, &berit) && !let_in.are_one(&anna, &olle));
    })
    .await;
}
