//! Sessions: an ended one stays ended.

use super::{at, at_once, commit, on_both};
use crate::model::{DomainName, Domains, Grant, OperationState, Role, SessionHash, StaffId};

#[tokio::test]
async fn a_running_session_says_whose_it_is() {
    on_both(async |place| {
        let (eva, session) = place.eva().await;
        let grants = ["example.com", "example.se"]
            .map(|domain| Domains::One(DomainName::parse(domain).unwrap()))
            .map(|domains| Grant { role: Role::Operator, domains });
        for grant in &grants {
            commit!(place.store, tx => tx.add_grant(&eva, grant));
        }
        commit!(place.store, tx => tx.touch_session(&session, at(60)));
        let row = place.store.read().await.unwrap().signed_in(&session).await.unwrap().unwrap();
        assert_eq!((row.staff.id, row.created_at, row.seen_at), (eva, at(0), at(60)));
        assert_eq!(row.staff.grants, grants);
        let other = SessionHash("hash of nobody".to_owned());
        assert!(place.store.read().await.unwrap().signed_in(&other).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn an_ended_session_never_comes_back() {
    on_both(async |place| {
        let (eva, session) = place.eva().await;
        assert!(commit!(place.store, tx => tx.end_session(&session, at(1))));
        assert!(!commit!(place.store, tx => tx.end_session(&session, at(2))));
        commit!(place.store, tx => tx.touch_session(&session, at(3)));
        let mut tx = place.store.write().await.unwrap();
        assert!(tx.begin_session(&session, &eva, at(4)).await.is_err());
        drop(tx);
        assert!(place.store.read().await.unwrap().signed_in(&session).await.unwrap().is_none());
        assert_eq!(place.number("SELECT count(*) FROM session WHERE ended_at IS NOT NULL").await, 1);
        assert_eq!(place.number("SELECT seen_at FROM session").await, at(0).as_millisecond());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_wins_against_everything_that_goes_on() {
    on_both(async |place| {
        let (_, session) = place.eva().await;
        at_once(place, 20, move |n, store| {
            let session = session.clone();
            async move {
                if n == 7 {
                    commit!(store, tx => tx.end_session(&session, at(1)));
                } else {
                    commit!(store, tx => tx.touch_session(&session, at(2)));
                }
            }
        })
        .await;
        let session = SessionHash("hash of eva".to_owned());
        assert!(place.store.read().await.unwrap().signed_in(&session).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn ending_a_session_forgets_the_passwords_that_only_it_could_have_opened() {
    on_both(async |place| {
        let (eva, session) = place.eva().await;
        let other = place.session(&eva, "eva's telephone").await;
        for (number, address, session) in [(1, "anna@example.se", &session), (2, "bo@example.se", &other)] {
            let id = place.operation(number, address).await;
            place.end(&id, OperationState::Done, 1).await;
            commit!(place.store, tx => tx.put_sealed(&id, session, b"sealed", at(301)));
        }
        commit!(place.store, tx => tx.end_session(&session, at(2)));
        assert_eq!(place.number("SELECT count(*) FROM sealed").await, 1);
        assert_eq!(
            place.number("SELECT count(*) FROM sealed WHERE session_hash = 'hash of eva''s telephone'").await,
            1
        );
    })
    .await;
}

#[tokio::test]
async fn ending_all_sessions_of_a_person_leaves_those_of_others() {
    on_both(async |place| {
        let (eva, session) = place.eva().await;
        let second = place.session(&eva, "eva's telephone").await;
        let bo = place.staff("bo").await;
        let others = place.session(&bo, "bo").await;
        for (number, address, session) in
            [(1, "anna@example.se", &session), (2, "bo@example.se", &second), (3, "eva@example.se", &others)]
        {
            let id = place.operation(number, address).await;
            place.end(&id, OperationState::Done, 1).await;
            commit!(place.store, tx => tx.put_sealed(&id, session, b"sealed", at(301)));
        }
        commit!(place.store, tx => tx.end_sessions_of(&eva, at(2)));
        let mut reading = place.store.read().await.unwrap();
        assert!(reading.signed_in(&session).await.unwrap().is_none());
        assert!(reading.signed_in(&second).await.unwrap().is_none());
        assert!(reading.signed_in(&others).await.unwrap().is_some());
        drop(reading);
        assert_eq!(place.number("SELECT count(*) FROM sealed").await, 1);
        assert_eq!(place.number("SELECT count(*) FROM sealed WHERE session_hash = 'hash of bo'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_disabled_person_has_no_session() {
    on_both(async |place| {
        let (eva, session) = place.eva().await;
        commit!(place.store, tx => tx.disable_staff(&eva, at(1)));
        assert!(place.store.read().await.unwrap().signed_in(&session).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn nobody_has_no_session() {
    on_both(async |place| {
        let mut tx = place.store.write().await.unwrap();
        let session = SessionHash("hash".to_owned());
        assert!(tx.begin_session(&session, &StaffId("nobody".to_owned()), at(0)).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn sessions_are_removed_when_they_would_have_run_out_anyway() {
    on_both(async |place| {
        let (eva, session) = place.eva().await;
        let later = SessionHash("hash of a later one".to_owned());
        commit!(place.store, tx => tx.begin_session(&later, &eva, at(10)));
        commit!(place.store, tx => tx.remove_sessions_begun_before(at(10)));
        let mut reading = place.store.read().await.unwrap();
        assert!(reading.signed_in(&session).await.unwrap().is_none());
        assert!(reading.signed_in(&later).await.unwrap().is_some());
    })
    .await;
}
