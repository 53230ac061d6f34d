//! Sessions: an ended one stays ended.

use super::{at, at_once, commit, new_session, on_both};
use crate::model::{
    CookieHash, DomainName, Domains, Grant, Holder, OperationState, Role, SessionId, StaffId, StaffName,
};
use crate::store::NewSession;

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
        let row = place.store.read().await.unwrap().session(&session).await.unwrap().unwrap();
        assert_eq!((row.staff.id, row.created_at, row.seen_at), (eva, at(0), at(60)));
        assert_eq!(row.staff.grants, grants);
        let other = SessionId("hash of nobody".to_owned());
        assert!(place.store.read().await.unwrap().session(&other).await.unwrap().is_none());
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
        let cookie = CookieHash("another cookie".to_owned());
        assert!(tx.begin_session(&new_session(&session, &cookie, &eva, at(4))).await.is_err());
        drop(tx);
        assert!(place.store.read().await.unwrap().session(&session).await.unwrap().is_none());
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
        let session = SessionId("session of eva".to_owned());
        assert!(place.store.read().await.unwrap().session(&session).await.unwrap().is_none());
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
            commit!(place.store, tx => tx.put_sealed(&id, &Holder::Session(session.clone()), b"sealed", at(301)));
        }
        commit!(place.store, tx => tx.end_session(&session, at(2)));
        assert_eq!(place.number("SELECT count(*) FROM sealed").await, 1);
        assert_eq!(
            place.number("SELECT count(*) FROM sealed WHERE session_id = 'session of eva''s telephone'").await,
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
            commit!(place.store, tx => tx.put_sealed(&id, &Holder::Session(session.clone()), b"sealed", at(301)));
        }
        commit!(place.store, tx => tx.end_sessions_of(&eva, None, at(2)));
        let mut reading = place.store.read().await.unwrap();
        assert!(reading.session(&session).await.unwrap().is_none());
        assert!(reading.session(&second).await.unwrap().is_none());
        assert!(reading.session(&others).await.unwrap().is_some());
        drop(reading);
        assert_eq!(place.number("SELECT count(*) FROM sealed").await, 1);
        assert_eq!(place.number("SELECT count(*) FROM sealed WHERE session_id = 'session of bo'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_disabled_person_has_no_session() {
    on_both(async |place| {
        let (eva, session) = place.eva().await;
        commit!(place.store, tx => tx.disable_staff(&eva, at(1)));
        assert!(place.store.read().await.unwrap().session(&session).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn nobody_has_no_session() {
    on_both(async |place| {
        let mut tx = place.store.write().await.unwrap();
        let session = SessionId("hash".to_owned());
        let (cookie, nobody) = (CookieHash("cookie".to_owned()), StaffId("nobody".to_owned()));
        assert!(!tx.begin_session(&new_session(&session, &cookie, &nobody, at(0))).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn sessions_are_removed_when_they_would_have_run_out_anyway() {
    on_both(async |place| {
        let (eva, session) = place.eva().await;
        let later = SessionId("hash of a later one".to_owned());
        let cookie = CookieHash("a later cookie".to_owned());
        commit!(place.store, tx => tx.begin_session(&new_session(&later, &cookie, &eva, at(10))));
        commit!(place.store, tx => tx.remove_sessions_begun_before(at(10)));
        let mut reading = place.store.read().await.unwrap();
        assert!(reading.session(&session).await.unwrap().is_none());
        assert!(reading.session(&later).await.unwrap().is_some());
    })
    .await;
}

fn cookie(text: &str) -> CookieHash {
    CookieHash(text.to_owned())
}

#[tokio::test]
async fn a_session_is_found_by_its_cookie_until_it_gets_another_one() {
    on_both(async |place| {
        let (_, session) = place.eva().await;
        let (old, new) = (cookie("cookie of eva"), cookie("a new cookie"));
        let signed_in = async |cookie: &CookieHash| {
            let row = place.store.read().await.unwrap().signed_in(cookie).await.unwrap();
            row.map(|row| (row.id, row.root, row.proved_at))
        };
        assert_eq!(signed_in(&old).await, Some((session.clone(), b"a wrapped root".to_vec(), at(0))));
        assert!(commit!(place.store, tx => tx.change_cookie(&old, &new, b"another", Some(at(2)))));
        assert!(!commit!(place.store, tx => tx.change_cookie(&old, &cookie("a third"), b"x", Some(at(3)))));
        assert_eq!(signed_in(&old).await, None);
        assert_eq!(signed_in(&new).await, Some((session.clone(), b"another".to_vec(), at(2))));
        assert!(commit!(place.store, tx => tx.change_cookie(&new, &old, b"again", None)));
        assert_eq!(signed_in(&old).await.unwrap().2, at(2), "nothing was proved");
        commit!(place.store, tx => tx.end_session_of_cookie(&new, at(3)));
        assert!(signed_in(&old).await.is_some(), "what was its cookie ends nothing any more");
        commit!(place.store, tx => tx.end_session_of_cookie(&old, at(3)));
        assert_eq!(signed_in(&old).await, None);
    })
    .await;
}

#[tokio::test]
async fn an_ended_session_gets_no_new_cookie() {
    on_both(async |place| {
        let (_, session) = place.eva().await;
        commit!(place.store, tx => tx.end_session(&session, at(1)));
        let (old, new) = (cookie("cookie of eva"), cookie("a new cookie"));
        assert!(!commit!(place.store, tx => tx.change_cookie(&old, &new, b"x", None)));
    })
    .await;
}

#[tokio::test]
async fn a_person_sees_their_running_sessions_and_can_keep_one_of_them() {
    on_both(async |place| {
        let (eva, session) = place.eva().await;
        let telephone = place.session(&eva, "eva's telephone").await;
        let ended = place.session(&eva, "eva's old computer").await;
        place.session(&place.staff("bo").await, "bo").await;
        commit!(place.store, tx => tx.end_session(&ended, at(1)));
        commit!(place.store, tx => tx.touch_session(&telephone, at(60)));
        let seen = async |after| {
            let rows = place.store.read().await.unwrap().sessions_of(&eva, at(after)).await.unwrap();
            rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
        };
        assert_eq!(seen(-1).await, [telephone.clone(), session.clone()]);
        assert_eq!(seen(0).await, std::slice::from_ref(&telephone));
        commit!(place.store, tx => tx.end_sessions_of(&eva, Some(&session), at(61)));
        assert_eq!(seen(-1).await, [session]);
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_that_was_overtaken_begins_no_session() {
    on_both(async |place| {
        let eva = place.staff("eva").await;
        let name = StaffName::parse("eva").unwrap();
        let checked = place.store.read().await.unwrap().credentials(&name).await.unwrap().unwrap();
        commit!(place.store, tx => tx.end_sessions_of(&eva, None, at(1)));
        let (id, cookie) = (SessionId("late".to_owned()), cookie("late"));
        let late = NewSession { generation: checked.generation, ..new_session(&id, &cookie, &eva, at(2)) };
        assert!(!commit!(place.store, tx => tx.begin_session(&late)));
        let now = place.store.read().await.unwrap().credentials(&name).await.unwrap().unwrap();
        assert!(commit!(place.store, tx => tx.begin_session(&NewSession { generation: now.generation, ..late })));
    })
    .await;
}
