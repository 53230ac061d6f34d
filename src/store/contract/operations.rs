//! Operations: recorded once, ended once, shown once.

use std::collections::HashSet;

use super::{Place, address, at, checked, commit, new_operation, on_both, operation_id};
use crate::model::{
    CameOf, DisplayName, DomainName, HandOver, Holder, Operation, OperationId, OperationKind, OperationState, Outcome,
    SessionId, StaffId, Tick, WhyNot, WhyUnknown,
};
use crate::store::NewOperation;

#[tokio::test]
async fn an_operation_is_read_back_as_it_was_recorded() {
    on_both(async |place| {
        let (staff, session) = place.eva().await;
        let grounds = checked(Some("+46 8 – Åsa's “phone”"));
        let new = NewOperation { account_created: Some(at(-9)), grounds: &grounds, ..new_operation() };
        assert!(commit!(place.store, tx => tx.add_operation(&new)).is_some());
        let expected = Operation {
            id: new.id.clone(),
            kind: OperationKind::ResetPassword,
            address: new.address.clone(),
            staff,
            staff_name: "eva".to_owned(),
            told_as: "eva".to_owned(),
            holder: Holder::Session(session),
            account_created: Some(at(-9)),
            grounds: grounds.clone(),
            came_of: CameOf::default(),
            outcome: None,
            begun_at: at(0),
            begun_tick: Tick(1),
            ended_at: None,
            ended_tick: None,
            shown_at: None,
            seen_at: None,
            letter: None,
            link_mail: None,
            sealed_until: None,
            forgotten_at: None,
            hand_over: Some(HandOver::Shown),
            link: None,
        };
        let mut reading = place.store.read().await.unwrap();
        assert_eq!(reading.operation(new.id).await.unwrap().as_ref(), Some(&expected));
        assert_eq!(reading.operation_of_nonce("nonce 0").await.unwrap().as_ref(), Some(&expected));
        assert_eq!(reading.operations_on(new.address, 5).await.unwrap(), std::slice::from_ref(&expected));
        assert_eq!(reading.operation(&operation_id(9)).await.unwrap(), None);
        assert_eq!(reading.operation_of_nonce("nonce 9").await.unwrap(), None);
        assert!(reading.operations_on(&address("bo@example.se"), 5).await.unwrap().is_empty());
        drop(reading);
        let name = DisplayName::parse("Eva Lind").unwrap();
        commit!(place.store, tx => tx.set_display_name(&expected.staff, name.as_ref()));
        let found = place.store.read().await.unwrap().operation(new.id).await.unwrap().unwrap();
        assert_eq!((found.staff_name.as_str(), found.told_as.as_str()), ("eva", "Eva Lind"));
    })
    .await;
}

#[tokio::test]
async fn an_operation_is_of_somebody() {
    on_both(async |place| {
        let mut tx = place.store.write().await.unwrap();
        let nobody = StaffId("nobody".to_owned());
        assert!(tx.add_operation(&NewOperation { staff: &nobody, ..new_operation() }).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn an_address_is_free_again_when_its_operation_has_ended_but_a_nonce_never_is() {
    on_both(async |place| {
        place.eva().await;
        let first = place.operation(1, "anna@example.se").await;
        let (second, third) = (operation_id(2), operation_id(3));
        let next = NewOperation { id: &second, nonce: "nonce 2", ..new_operation() };
        assert!(commit!(place.store, tx => tx.add_operation(&next)).is_none());
        place.end(&first, OperationState::Unknown, 1).await;
        assert!(commit!(place.store, tx => tx.add_operation(&next)).is_some());
        place.end(&second, OperationState::Refused, 2).await;
        let again = NewOperation { id: &third, nonce: "nonce 1", ..new_operation() };
        assert!(commit!(place.store, tx => tx.add_operation(&again)).is_none());
    })
    .await;
}

#[tokio::test]
async fn an_operation_ends_once_and_says_how() {
    on_both(async |place| {
        place.eva().await;
        let foreign = Outcome::Foreign { state: OperationState::Refused, reason: "of a later version".to_owned() };
        let ends = WhyNot::all().into_iter().map(Outcome::Not).chain([Outcome::Done, foreign]);
        for (number, outcome) in (1..).zip(ends) {
            let id = place.operation(number, "anna@example.se").await;
            assert!(commit!(place.store, tx => tx.end_operation(&id, &outcome, at(3))).is_some());
            let other = Outcome::Not(WhyNot::Unknown(WhyUnknown::LeaseRanOut));
            assert!(commit!(place.store, tx => tx.end_operation(&id, &other, at(4))).is_none());
            let ended = place.store.read().await.unwrap().operation(&id).await.unwrap().unwrap();
            assert_eq!((ended.outcome, ended.ended_at), (Some(outcome), Some(at(3))));
        }
        assert!(commit!(place.store, tx => tx.end_operation(&operation_id(99), &Outcome::Done, at(3))).is_none());
    })
    .await;
}

async fn claim(place: &Place, id: &OperationId, holder: &Holder, seconds: i64) -> bool {
    commit!(place.store, tx => tx.claim_showing(id, holder, at(seconds)))
}

async fn see(place: &Place, id: &OperationId, holder: &Holder, seconds: i64) -> bool {
    commit!(place.store, tx => tx.note_seen(id, holder, at(seconds)))
}

#[tokio::test]
async fn only_the_session_that_confirmed_a_reset_is_shown_it_and_only_when_it_is_done() {
    on_both(async |place| {
        let (_, session) = place.eva().await;
        let holder = Holder::Session(session);
        let other = Holder::Session(SessionId("another hash".to_owned()));
        let id = place.operation(1, "anna@example.se").await;
        assert!(!claim(place, &id, &holder, 1).await);
        place.end(&id, OperationState::Done, 2).await;
        assert!(!see(place, &id, &holder, 3).await);
        assert!(!claim(place, &id, &other, 3).await);
        assert!(claim(place, &id, &holder, 3).await);
        assert!(!claim(place, &id, &holder, 4).await);
        assert!(!see(place, &id, &other, 5).await);
        assert!(see(place, &id, &holder, 5).await);
        assert!(!see(place, &id, &holder, 6).await);
        let shown = place.store.read().await.unwrap().operation(&id).await.unwrap().unwrap();
        assert_eq!((shown.shown_at, shown.seen_at), (Some(at(3)), Some(at(5))));
    })
    .await;
}

#[tokio::test]
async fn a_reset_that_did_not_happen_is_not_shown() {
    on_both(async |place| {
        let (_, session) = place.eva().await;
        let holder = Holder::Session(session);
        for (number, state) in
            [(2, OperationState::Unknown), (3, OperationState::Refused), (4, OperationState::NotSent)]
        {
            let id = place.operation(number, "anna@example.se").await;
            place.end(&id, state, 7).await;
            assert!(!claim(place, &id, &holder, 8).await);
        }
    })
    .await;
}

#[tokio::test]
async fn the_newest_operations_come_first() {
    on_both(async |place| {
        place.eva().await;
        // The clock was set back twice, and the ids were made by replicas that tell other times.
        for (number, begun_at) in [(7, at(20)), (9, at(10)), (3, at(-99))] {
            let (id, nonce) = (operation_id(number), format!("nonce {number}"));
            let new = NewOperation { id: &id, nonce: &nonce, begun_at, ..new_operation() };
            assert!(commit!(place.store, tx => tx.add_operation(&new)).is_some());
            place.end(&id, OperationState::Refused, 30).await;
        }
        let mut reading = place.store.read().await.unwrap();
        let listed = reading.operations_on(new_operation().address, 2).await.unwrap();
        assert_eq!(listed.iter().map(|operation| operation.id.clone()).collect::<Vec<_>>(), [3, 9].map(operation_id));
        let ticks = listed.iter().map(|operation| (operation.begun_tick, operation.ended_tick.unwrap()));
        let ticks: Vec<_> = ticks.flat_map(|(begun, ended)| [ended, begun]).collect();
        assert!(ticks.is_sorted_by(|later, earlier| later > earlier), "{ticks:?}");
        assert_eq!(reading.last_tick().await.unwrap(), ticks[0]);
    })
    .await;
}

#[tokio::test]
async fn an_operation_is_in_flight_until_it_has_ended() {
    on_both(async |place| {
        place.eva().await;
        let ended = place.operation(1, "anna@example.se").await;
        place.end(&ended, OperationState::Done, 1).await;
        let id = place.operation(2, "bo@example.se").await;
        let mut reading = place.store.read().await.unwrap();
        let running = reading.operations_in_flight().await.unwrap();
        assert_eq!(running.into_iter().map(|operation| operation.id).collect::<Vec<_>>(), [id]);
    })
    .await;
}

#[tokio::test]
async fn an_account_is_locked_out_or_may_be_until_it_is_known_to_have_another_password() {
    use OperationKind::{CreateAccount, DeleteAccount, EditAccount, LockOut, ResetPassword};
    use OperationState::{Done, NotSent, Refused, Unknown};
    on_both(async |place| {
        place.eva().await;
        let example = DomainName::parse("example.se").unwrap();
        let (mut number, nothing) = (0, HashSet::new());
        let mut tries = async |on: &str, kind, state| {
            number += 1;
            let (id, nonce, on) = (operation_id(number), format!("nonce {number}"), address(on));
            let new = NewOperation { id: &id, nonce: &nonce, address: &on, kind, ..new_operation() };
            assert!(commit!(place.store, tx => tx.add_operation(&new)).is_some());
            place.end(&id, state, 1).await;
            let mut reading = place.store.read().await.unwrap();
            let ids = |held: Vec<Operation>| held.into_iter().map(|held| held.id).collect::<HashSet<_>>();
            let held = ids(reading.lock_outs_of(&[&on]).await.unwrap());
            let listed = reading.lock_outs_in(on.domain()).await.unwrap();
            assert_eq!(held, ids(listed.into_iter().filter(|held| held.address == on).collect()));
            let asked: Vec<_> = (0..60).map(|n| address(&format!("a{n}@example.se"))).chain([on]).collect();
            assert_eq!(held, ids(reading.lock_outs_of(&asked.iter().collect::<Vec<_>>()).await.unwrap()));
            (id, held)
        };
        for state in [Refused, NotSent] {
            assert_eq!(tries("anna@example.se", LockOut, state).await.1, nothing, "{state:?}");
        }
        let (perhaps, held) = tries("anna@example.se", LockOut, Unknown).await;
        assert_eq!(held, HashSet::from([perhaps]));
        for ends in [ResetPassword, CreateAccount, DeleteAccount] {
            let (first, held) = tries("anna@example.se", LockOut, Done).await;
            let it = HashSet::from([first]);
            assert_eq!(held, it, "what is known takes the place of what is not");
            for (kind, state) in [(EditAccount, Done), (ends, Unknown), (ends, Refused), (LockOut, NotSent)] {
                assert_eq!(tries("anna@example.se", kind, state).await.1, it, "{kind:?} {state:?}");
            }
            let (second, held) = tries("anna@example.se", LockOut, Done).await;
            assert_eq!(held, HashSet::from([second]));
            let (third, held) = tries("anna@example.se", LockOut, Unknown).await;
            assert!(held.len() == 2 && held.contains(&third), "{held:?}");
            assert_eq!(tries("anna@example.se", ends, Done).await.1, nothing, "{ends:?}");
        }
        tries("bo@example.se", LockOut, Done).await;
        tries("bo@www.example.se", LockOut, Done).await;
        let listed = place.store.read().await.unwrap().lock_outs_in(&example).await.unwrap();
        assert_eq!(listed.iter().map(|held| held.address.as_str()).collect::<Vec<_>>(), ["bo@example.se"]);
    })
    .await;
}
