//! Wrong codes, counted by person and place.

use super::{at_once, commit, on_both};
use crate::model::StaffId;

#[tokio::test]
async fn wrong_codes_count_by_person_and_place_until_they_are_forgotten() {
    on_both(async |place| {
        let (eva, bo) = (place.staff("eva").await, place.staff("bo").await);
        let count = async |staff: &StaffId, where_from: &str| {
            place.store.read().await.unwrap().wrong_codes(staff, where_from).await.unwrap()
        };
        let now = place.store.elapsed();
        for made in 1..=2 {
            assert_eq!(commit!(place.store, tx => tx.count_wrong_code(&eva, "anywhere")), made);
        }
        place.clock.turn(9);
        let later = place.store.elapsed();
        commit!(place.store, tx => tx.count_wrong_code(&eva, "with a"));
        commit!(place.store, tx => tx.count_wrong_code(&bo, "anywhere"));
        assert_eq!(count(&eva, "anywhere").await, Some((2, now)));
        commit!(place.store, tx => tx.take_wrong_code_back(&eva, "anywhere"));
        assert_eq!(count(&eva, "anywhere").await, Some((1, now)));
        commit!(place.store, tx => tx.forget_wrong_codes(&eva, Some("with a")));
        assert_eq!((count(&eva, "with a").await, count(&eva, "anywhere").await), (None, Some((1, now))));
        commit!(place.store, tx => tx.forget_wrong_codes_before(later));
        assert_eq!((count(&eva, "anywhere").await, count(&bo, "anywhere").await), (None, Some((1, later))));
        commit!(place.store, tx => tx.forget_wrong_codes(&bo, None));
        assert_eq!(count(&bo, "anywhere").await, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_codes_at_once_are_all_counted() {
    on_both(async |place| {
        place.staff("eva").await;
        let mut counted = at_once(place, 20, async |_, store| {
            let eva = StaffId("id of eva".to_owned());
            commit!(store, tx => tx.count_wrong_code(&eva, "anywhere"))
        })
        .await;
        counted.sort_unstable();
        assert_eq!(counted, (1..=20).collect::<Vec<i64>>());
    })
    .await;
}
