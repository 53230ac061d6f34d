//! Counting attempts.

use super::{at_once, commit, on_both};
use crate::model::Elapsed;

const fn at(seconds: i64) -> Elapsed {
    Elapsed(seconds * 1000)
}

#[tokio::test]
async fn each_window_of_each_key_counts_by_itself() {
    on_both(async |place| {
        for made in 1..=3 {
            assert_eq!(commit!(place.store, tx => tx.count_attempt("eva", at(0))), made);
        }
        assert_eq!(commit!(place.store, tx => tx.count_attempt("eva", at(900))), 1);
        assert_eq!(commit!(place.store, tx => tx.count_attempt("bo", at(0))), 1);
        let mut reading = place.store.read().await.unwrap();
        for (key, made) in [("eva", 4), ("bo", 1), ("olle", 0)] {
            assert_eq!(reading.attempts(key).await.unwrap(), made, "{key}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_at_once_are_all_counted() {
    on_both(async |place| {
        let mut counted =
            at_once(place, 40, async |_, store| commit!(store, tx => tx.count_attempt("eva", at(0)))).await;
        counted.sort_unstable();
        assert_eq!(counted, (1..=40).collect::<Vec<i64>>());
    })
    .await;
}

#[tokio::test]
async fn only_windows_that_began_earlier_are_removed() {
    on_both(async |place| {
        commit!(place.store, tx => tx.count_attempt("eva", at(0)));
        commit!(place.store, tx => tx.count_attempt("eva", at(900)));
        commit!(place.store, tx => tx.remove_attempts_before(at(900)));
        assert_eq!(commit!(place.store, tx => tx.count_attempt("eva", at(0))), 1);
        assert_eq!(commit!(place.store, tx => tx.count_attempt("eva", at(900))), 2);
    })
    .await;
}
