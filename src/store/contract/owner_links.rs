//! Links by which owners read new passwords.

use jiff::SignedDuration;

use super::{Place, at, at_once, commit, new_operation, on_both, operation_id};
use crate::model::owner_link::TRIES;
use crate::model::{AuditEvent, AuditKind, ClosedEnvelope, LinkEnd, OperationId, OperationState, Tick};
use crate::store::{Error, NewOwnerLink, Refusal};

fn envelope(number: u64) -> ClosedEnvelope {
    ClosedEnvelope { hash: format!("hash {number}"), salt: b"\x00salt\xff".into(), sealed: b"\x00sealed\xff".into() }
}

/// A reset that is done, whose link was shown to staff and waits for an hour from `at(1)` on.
async fn waiting(place: &Place, number: u64, address: &str) -> OperationId {
    let id = unshown(place, number, address).await;
    assert!(commit!(place.store, tx => tx.claim_showing(&id, new_operation().holder, at(1))));
    commit!(place.store, tx => tx.take_sealed(&id, super::ends_at(2))).unwrap();
    id
}

/// The same before link and code were shown to staff.
async fn unshown(place: &Place, number: u64, address: &str) -> OperationId {
    let id = place.operation(number, address).await;
    place.end(&id, OperationState::Done, 1).await;
    let envelope = envelope(number);
    let lasts = SignedDuration::from_hours(1);
    let new = NewOwnerLink { operation: &id, envelope: &envelope, lasts, at: at(1) };
    commit!(place.store, tx => tx.put_owner_link(&new));
    commit!(place.store, tx => tx.put_sealed(&id, new_operation().holder, b"link and code", at(301)));
    id
}

async fn ended(place: &Place, id: &OperationId) -> Option<LinkEnd> {
    let link = place.store.read().await.unwrap().owner_link(id).await.unwrap().unwrap();
    link.ended.map(|(end, _)| end)
}

/// How many links still hold something that could be opened.
async fn closed(place: &Place) -> i64 {
    place
        .number("SELECT count(*) FROM owner_link WHERE salt IS NOT NULL OR sealed IS NOT NULL OR mac IS NOT NULL")
        .await
}

#[tokio::test]
async fn each_code_is_counted_before_it_is_tried_and_the_fifth_is_the_last() {
    on_both(async |place| {
        place.eva().await;
        let id = waiting(place, 1, "anna@example.se").await;
        let tried = at_once(place, 20, |_, store| {
            let id = id.clone();
            async move { commit!(store, tx => tx.count_code(&id, at(2))) }
        });
        let tried = tried.await;
        let mut numbers: Vec<i64> = tried.iter().flatten().map(|(_, number)| *number).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=TRIES).collect::<Vec<_>>());
        assert!(tried.into_iter().flatten().all(|(found, _)| found == envelope(1)), "byte for byte");
        let link = place.store.read().await.unwrap().owner_link_of_hash("hash 1").await.unwrap().unwrap();
        assert_eq!((link.operation, link.tries, link.ended), (id, TRIES, None));
    })
    .await;
}

#[tokio::test]
async fn a_link_ends_once_and_leaves_nothing_to_open() {
    on_both(async |place| {
        place.eva().await;
        let id = waiting(place, 1, "anna@example.se").await;
        let ends = [LinkEnd::Read, LinkEnd::Revoked, LinkEnd::WrongCodes, LinkEnd::Overtaken];
        let ended_by = at_once(place, 20, |n, store| {
            let id = id.clone();
            async move { commit!(store, tx => tx.end_owner_link(&id, ends[n % 4], at(2))).then_some(ends[n % 4]) }
        });
        let ended_by: Vec<_> = ended_by.await.into_iter().flatten().collect();
        assert_eq!(ended_by.len(), 1);
        assert_eq!((ended(place, &id).await, closed(place).await), (Some(ended_by[0]), 0));
        assert_eq!(commit!(place.store, tx => tx.count_code(&id, at(2))), None);
        assert!(!commit!(place.store, tx => tx.note_link_opened(&id, at(2))));
        assert!(!commit!(place.store, tx => tx.end_owner_link(&operation_id(9), LinkEnd::Read, at(2))));
    })
    .await;
}

#[tokio::test]
async fn the_page_of_a_link_is_noted_as_opened_once() {
    on_both(async |place| {
        place.eva().await;
        let id = waiting(place, 1, "anna@example.se").await;
        assert!(commit!(place.store, tx => tx.note_link_opened(&id, at(2))));
        assert!(!commit!(place.store, tx => tx.note_link_opened(&id, at(3))));
        let waiting = place.store.read().await.unwrap().hand_overs_that_wait().await.unwrap();
        let [operation] = &waiting[..] else { panic!("{waiting:?}") };
        let link = operation.link.as_ref().unwrap();
        assert_eq!((&operation.id, link.opened_at, link.expires_at), (&id, Some(at(2)), at(3601)));
        assert!(commit!(place.store, tx => tx.end_owner_link(&id, LinkEnd::Revoked, at(4))));
        assert_eq!(place.store.read().await.unwrap().hand_overs_that_wait().await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_link_is_over_by_the_clock_or_by_how_much_time_has_passed() {
    on_both(async |place| {
        place.eva().await;
        let first = waiting(place, 1, "anna@example.se").await;
        assert_eq!(commit!(place.store, tx => tx.end_expired_owner_links(at(3600))), []);
        assert_eq!(commit!(place.store, tx => tx.count_code(&first, at(3601))), None);
        assert_eq!(commit!(place.store, tx => tx.end_expired_owner_links(at(3601))), [first]);
        // The clock goes back by more than a link can last, and no time seems to have passed.
        let second = waiting(place, 2, "bo@example.se").await;
        assert_eq!(commit!(place.store, tx => tx.count_code(&second, at(-86_400))), None);
        place.clock.turn(3600);
        assert_eq!(commit!(place.store, tx => tx.count_code(&second, at(1))), None);
        assert_eq!(commit!(place.store, tx => tx.end_expired_owner_links(at(1))), std::slice::from_ref(&second));
        assert_eq!((ended(place, &second).await, closed(place).await), (Some(LinkEnd::Expired), 0));
    })
    .await;
}

#[tokio::test]
async fn a_link_that_staff_never_saw_ends_with_what_they_would_have_seen() {
    on_both(async |place| {
        let (_, session) = place.eva().await;
        let id = unshown(place, 1, "anna@example.se").await;
        assert_eq!(commit!(place.store, tx => tx.end_expired_owner_links(at(2))), []);
        commit!(place.store, tx => tx.end_session(&session, at(2)));
        assert_eq!(commit!(place.store, tx => tx.end_expired_owner_links(at(2))), std::slice::from_ref(&id));
        assert_eq!(ended(place, &id).await, Some(LinkEnd::Expired));
    })
    .await;
}

#[tokio::test]
async fn a_later_operation_that_may_have_voided_the_password_overtakes_the_link() {
    on_both(async |place| {
        place.eva().await;
        let first = waiting(place, 1, "anna@example.se").await;
        let other = waiting(place, 2, "bo@example.se").await;
        for (number, state, overtaken) in [
            (3, OperationState::Refused, vec![]),
            (4, OperationState::NotSent, vec![]),
            (5, OperationState::Unknown, vec![first.clone()]),
        ] {
            let later = place.operation(number, "anna@example.se").await;
            assert_eq!(commit!(place.store, tx => tx.end_overtaken_owner_links(at(3))), [], "in flight");
            assert!(commit!(place.store, tx => tx.is_link_overtaken(&first)), "in a moment, it may be");
            place.end(&later, state, 3).await;
            assert_eq!(commit!(place.store, tx => tx.is_link_overtaken(&first)), !overtaken.is_empty());
            assert_eq!(commit!(place.store, tx => tx.end_overtaken_owner_links(at(3))), overtaken);
        }
        assert_eq!((ended(place, &first).await, ended(place, &other).await), (Some(LinkEnd::Overtaken), None));
        assert_eq!(commit!(place.store, tx => tx.end_all_owner_links(LinkEnd::Forgotten, at(3))), [other]);
        assert_eq!(closed(place).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_last_try_of_which_nobody_knows_how_it_went_ends_the_link_after_a_while() {
    on_both(async |place| {
        place.eva().await;
        let id = waiting(place, 1, "anna@example.se").await;
        let before = place.store.read().await.unwrap().last_tick().await.unwrap();
        for _ in 0..TRIES {
            assert!(commit!(place.store, tx => tx.count_code(&id, at(2))).is_some());
        }
        assert_eq!(commit!(place.store, tx => tx.end_tried_owner_links(before, at(3))), []);
        let tried = Tick(before.0 + TRIES);
        assert_eq!(commit!(place.store, tx => tx.end_tried_owner_links(tried, at(3))), std::slice::from_ref(&id));
        assert_eq!(ended(place, &id).await, Some(LinkEnd::WrongCodes));
    })
    .await;
}

#[tokio::test]
async fn a_link_that_was_changed_past_the_panel_opens_nothing() {
    on_both(async |place| {
        place.eva().await;
        let id = waiting(place, 1, "anna@example.se").await;
        for change in [
            "UPDATE owner_link SET expires_at = expires_at + 1",
            "UPDATE owner_link SET over_elapsed = over_elapsed + 1",
            "UPDATE owner_link SET sealed = salt",
            "UPDATE owner_link SET hash = 'another'",
        ] {
            place.execute(change).await.unwrap();
            let mut tx = place.store.write().await.unwrap();
            let found = tx.count_code(&id, at(2)).await;
            assert!(matches!(found, Err(Error::Refused(Refusal::RowEdited(_)))), "{change}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_code_that_told_nobody_anything_is_taken_back_and_a_reading_is_taken_once() {
    on_both(async |place| {
        place.eva().await;
        let id = waiting(place, 1, "anna@example.se").await;
        assert!(commit!(place.store, tx => tx.count_code(&id, at(2))).is_some());
        commit!(place.store, tx => tx.take_code_back(&id));
        commit!(place.store, tx => tx.take_code_back(&id));
        assert_eq!(commit!(place.store, tx => tx.count_code(&id, at(2))).map(|(_, number)| number), Some(1));
        assert!(commit!(place.store, tx => tx.take_reading(&id, at(3))));
        assert!(!commit!(place.store, tx => tx.take_reading(&id, at(3))));
        assert_eq!(ended(place, &id).await, Some(LinkEnd::Read));
        commit!(place.store, tx => tx.take_code_back(&id));
        assert_eq!(place.number("SELECT tries FROM owner_link").await, 1, "what has ended stays as it ended");
    })
    .await;
}

#[tokio::test]
async fn a_link_that_says_less_than_the_audit_opens_nothing() {
    on_both(async |place| {
        place.eva().await;
        let kinds = LinkEnd::ALL.map(LinkEnd::told).into_iter().chain([AuditKind::HandOverWrongCode]);
        for (number, kind) in (1..).zip(kinds) {
            let id = waiting(place, number, &format!("anna{number}@example.se")).await;
            let told = AuditEvent { operation: Some(id.clone()), ..AuditEvent::new(kind, at(2)) };
            commit!(place.store, tx => tx.record(&told));
            let mut tx = place.store.write().await.unwrap();
            let read = tx.take_reading(&id, at(3)).await;
            assert!(matches!(read, Err(Error::Refused(Refusal::RowEdited(_)))), "{kind:?}");
            drop(tx);
            let mut tx = place.store.write().await.unwrap();
            let counted = tx.count_code(&id, at(3)).await;
            assert!(matches!(counted, Err(Error::Refused(Refusal::RowEdited(_)))), "{kind:?}");
        }
    })
    .await;
}
