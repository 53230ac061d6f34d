//! Messages to mailboxes: one has a message at a time, and it ends once.

use std::time::Duration;

use super::{Place, at, at_once, commit, on_both};
use crate::model::{LetterEnd, LetterState, OperationId, OperationState, WhyUntold};

const HOLD: Duration = Duration::from_mins(2);
const LASTS: Duration = Duration::from_hours(72);

/// A reset that ended so, of which the mailbox is to be told.
async fn told(place: &Place, number: u64, address: &str, state: OperationState) -> OperationId {
    let id = place.operation(number, address).await;
    commit!(place.store, tx => tx.put_letter(&id, LASTS, None));
    place.end(&id, state, 1).await;
    id
}

async fn due(place: &Place) -> Vec<OperationId> {
    place.store.read().await.unwrap().letters_due(place.store.elapsed(), 10).await.unwrap()
}

async fn letter(place: &Place, id: &OperationId) -> Option<LetterState> {
    place.store.read().await.unwrap().operation(id).await.unwrap().unwrap().letter
}

#[tokio::test]
async fn a_message_is_taken_by_one_and_ends_once() {
    on_both(async |place| {
        place.eva().await;
        let id = told(place, 1, "anna@example.se", OperationState::Done).await;
        assert_eq!(due(place).await, std::slice::from_ref(&id));
        let taken = at_once(place, 20, |_, store| {
            let id = id.clone();
            async move { commit!(store, tx => tx.take_letter(&id, HOLD)) }
        });
        assert_eq!(taken.await.into_iter().flatten().collect::<Vec<_>>(), [1]);
        assert!(due(place).await.is_empty());
        let ended = at_once(place, 20, |n, store| {
            let (id, failure) = (id.clone(), (n % 2 == 1).then_some(WhyUntold::RecipientRefused));
            async move { commit!(store, tx => tx.end_letter(&id, failure, at(2))) }
        });
        assert_eq!(ended.await.into_iter().filter(|ended| *ended).count(), 1);
        assert!(!commit!(place.store, tx => tx.put_letter_back(&id, WhyUntold::Away, HOLD)));
        let state = letter(place, &id).await.unwrap();
        let is_sent = state.failure.is_none();
        assert_eq!(state.ended, Some((if is_sent { LetterEnd::Sent } else { LetterEnd::GivenUp }, at(2))));
        assert!(!place.store.read().await.unwrap().letters_wait().await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn only_what_was_done_or_may_be_is_told_of() {
    on_both(async |place| {
        place.eva().await;
        let states = [OperationState::Done, OperationState::Unknown, OperationState::Refused, OperationState::NotSent];
        let mut ids = Vec::new();
        for (number, state) in (1..).zip(states) {
            ids.push(told(place, number, &format!("a{number}@example.se"), state).await);
        }
        let running = place.operation(9, "anna@example.se").await;
        commit!(place.store, tx => tx.put_letter(&running, LASTS, None));
        let mut found = due(place).await;
        found.sort();
        assert_eq!(found, ids[..2]);
        assert_eq!((letter(place, &ids[2]).await, letter(place, &running).await), (None, None));
        commit!(place.store, tx => tx.remove_needless_letters());
        assert_eq!(place.number("SELECT count(*) FROM outbox").await, 3);
    })
    .await;
}

#[tokio::test]
async fn what_fails_waits_and_is_given_up_in_the_end() {
    on_both(async |place| {
        place.eva().await;
        let id = told(place, 1, "anna@example.se", OperationState::Done).await;
        let other = told(place, 2, "bo@example.se", OperationState::Unknown).await;
        assert!(commit!(place.store, tx => tx.put_letter_back(&id, WhyUntold::WrongLogin, HOLD)));
        commit!(place.store, tx => tx.note_what_keeps_letters(WhyUntold::Away));
        assert_eq!(due(place).await, std::slice::from_ref(&other), "the other is due still");
        let failure = |letter: Option<LetterState>| letter.unwrap().failure;
        assert_eq!(failure(letter(place, &id).await), Some(WhyUntold::WrongLogin), "its own reason stays");
        assert_eq!(failure(letter(place, &other).await), Some(WhyUntold::Away));
        commit!(place.store, tx => tx.note_letters_switched_off());
        assert_eq!(failure(letter(place, &id).await), Some(WhyUntold::SwitchedOff), "whatever it was before");
        commit!(place.store, tx => tx.note_what_keeps_letters(WhyUntold::NoTls));
        assert_eq!(failure(letter(place, &other).await), Some(WhyUntold::NoTls), "somebody tries again");
        assert!(commit!(place.store, tx => tx.end_overdue_letters(WhyUntold::Away, at(3))).is_empty());
        place.execute("UPDATE outbox SET over_elapsed = -1, failure = NULL").await.unwrap();
        assert_eq!(commit!(place.store, tx => tx.end_overdue_letters(WhyUntold::Away, at(3))).len(), 2);
        let state = LetterState { failure: Some(WhyUntold::Away), ended: Some((LetterEnd::GivenUp, at(3))) };
        assert_eq!(letter(place, &id).await, Some(state));
    })
    .await;
}
