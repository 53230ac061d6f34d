//! The one-time token of the first admin.

use super::{at_once, commit, on_both};

#[tokio::test]
async fn a_token_is_good_once_and_only_the_newest_one() {
    on_both(async |place| {
        assert!(!place.store.read().await.unwrap().setup_is_open().await.unwrap());
        commit!(place.store, tx => tx.put_setup_token("old"));
        commit!(place.store, tx => tx.put_setup_token("new"));
        assert!(place.store.read().await.unwrap().setup_is_open().await.unwrap());
        assert!(!commit!(place.store, tx => tx.use_setup_token("old")));
        let mut reading = place.store.read().await.unwrap();
        assert!(!reading.is_setup_token("old").await.unwrap() && reading.is_setup_token("new").await.unwrap());
        drop(reading);
        assert!(commit!(place.store, tx => tx.use_setup_token("new")));
        assert!(!commit!(place.store, tx => tx.use_setup_token("new")));
        assert!(!place.store.read().await.unwrap().setup_is_open().await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_used_many_times_at_once_is_used_once() {
    on_both(async |place| {
        commit!(place.store, tx => tx.put_setup_token("one"));
        let used = at_once(place, 20, async |_, store| commit!(store, tx => tx.use_setup_token("one"))).await;
        assert_eq!(used.into_iter().filter(|used| *used).count(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_that_start_at_once_leave_one_token() {
    on_both(async |place| {
        at_once(place, 8, async |n, store| commit!(store, tx => tx.put_setup_token(&format!("token {n}")))).await;
        assert_eq!(place.number("SELECT count(*) FROM setup_token").await, 1);
    })
    .await;
}
