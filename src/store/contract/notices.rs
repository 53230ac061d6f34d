//! What people are shown until they put it away.

use super::{Place, at, commit, on, on_both};
use crate::model::{CookieHash, Notice, NoticeKind, SessionId, StaffId};

fn notice(kind: NoticeKind, seconds: i64) -> Notice {
    Notice { kind, subject: None, by: None, at: at(seconds), client: Some("192.0.2.1".to_owned()) }
}

impl Place {
    /// What the database keeps of a session's cookie.
    async fn cookie(&self, session: &SessionId) -> CookieHash {
        let mut reading = self.store.read().await.unwrap();
        let cookie = on!(&mut reading, c => sqlx::query_scalar("SELECT cookie FROM session WHERE id = $1")
            .bind(&session.0).fetch_one(c).await);
        CookieHash(cookie.unwrap())
    }
}

#[tokio::test]
async fn what_somebody_is_told_stays_until_they_have_seen_it_and_the_same_is_told_once() {
    on_both(async |place| {
        let (eva, session) = place.eva().await;
        let bo = place.staff("bo").await;
        let has = async || place.store.read().await.unwrap().session(&session).await.unwrap().unwrap().has_notices;
        assert!(!has().await);
        let added = |label: &str, seconds| notice(NoticeKind::PasskeyAdded, seconds).about(label);
        for told in [added("one", 1), added("two", 2), notice(NoticeKind::PasswordSet, 3), added("one", 4)] {
            commit!(place.store, tx => tx.tell(&eva, &told));
        }
        commit!(place.store, tx => tx.tell(&bo, &Notice { by: Some("admin".to_owned()), ..notice(NoticeKind::LetInAgain, 5) }));
        commit!(place.store, tx => tx.tell(&StaffId("nobody".to_owned()), &notice(NoticeKind::Renamed, 6)));
        assert!(has().await);
        let open = place.store.read().await.unwrap().notices_of(&eva).await.unwrap();
        let told: Vec<_> = open.iter().map(|open| (open.number, open.notice.clone(), open.times)).collect();
        let expected =
            [(4, added("one", 4), 2), (3, notice(NoticeKind::PasswordSet, 3), 1), (2, added("two", 2), 1)];
        assert_eq!(told, expected);
        let bos = place.store.read().await.unwrap().notices_of(&bo).await.unwrap();
        assert_eq!(bos[0].notice.by.as_deref(), Some("admin"));

        // What came after the page was made is not put away with it, whatever was put away before.
        let proves = async |new: &str| {
            let (old, new) = (place.cookie(&session).await, CookieHash(new.to_owned()));
            assert!(commit!(place.store, tx => tx.change_cookie(&old, &new, b"a root", Some(at(6)))));
        };
        proves("after four").await;
        assert!(commit!(place.store, tx => tx.put_notices_away(&eva, &session, 4, at(6))));
        assert!(!has().await);
        commit!(place.store, tx => tx.tell(&eva, &added("three", 7)));
        assert!(commit!(place.store, tx => tx.put_notices_away(&eva, &session, 4, at(7))));
        assert!(has().await);
        let open = place.store.read().await.unwrap().notices_of(&eva).await.unwrap();
        assert_eq!((open[0].number, open[0].times), (5, 1));

        // Nor what came after the last proof in that session.
        assert!(!commit!(place.store, tx => tx.put_notices_away(&eva, &session, 5, at(8))));
        assert!(!commit!(place.store, tx => tx.put_notices_away(&eva, &SessionId("no session".to_owned()), 5, at(8))));
        assert!(has().await);
        proves("after five").await;
        assert!(commit!(place.store, tx => tx.put_notices_away(&eva, &session, 5, at(9))));

        // The same again is shown anew, and what was put away is kept for a while.
        commit!(place.store, tx => tx.tell(&eva, &added("three", 10)));
        let past = async || {
            let past = place.store.read().await.unwrap().notices_put_away(&eva, 9).await.unwrap();
            past.iter().map(|told| told.number).collect::<Vec<_>>()
        };
        assert_eq!(past().await, [5, 4, 3, 2]);
        commit!(place.store, tx => tx.forget_notices_put_away_before(at(9)));
        assert_eq!((past().await, has().await), (vec![5], true));
    })
    .await;
}

#[tokio::test]
async fn every_kind_of_notice_is_read_back() {
    on_both(async |place| {
        let eva = place.staff("eva").await;
        for kind in NoticeKind::ALL {
            commit!(place.store, tx => tx.tell(&eva, &notice(kind, 1)));
        }
        let open = place.store.read().await.unwrap().notices_of(&eva).await.unwrap();
        assert_eq!(open.iter().rev().map(|open| open.notice.kind).collect::<Vec<_>>(), NoticeKind::ALL);
    })
    .await;
}
