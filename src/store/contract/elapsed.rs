//! How much time has passed, as several replicas find it out together.

use super::on_both;

#[tokio::test]
async fn replicas_count_no_second_twice_and_lose_none_that_one_of_them_saw() {
    on_both(async |place| {
        let replica = place.replica().await;
        let begun = place.store.write().await.unwrap().elapsed().await.unwrap();
        for _ in 0..12 {
            place.clock.turn(5);
            for store in [&place.store, &replica] {
                store.probe().await.unwrap();
            }
        }
        for store in [&place.store, &replica] {
            let passed = store.write().await.unwrap().elapsed().await.unwrap().since(begun);
            assert_eq!(passed.as_secs(), 60);
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_that_begins_counts_as_older_than_it_is_whoever_moves_the_time_on() {
    on_both(async |place| {
        place.clock.turn(30);
        // Its first look is late, and the other one has counted half a minute that it knows nothing of.
        let late = place.replica().await;
        let begun = late.write().await.unwrap().elapsed_at_most().await.unwrap();
        place.clock.turn(10);
        for store in [&place.store, &late, &place.store] {
            store.probe().await.unwrap();
            let now = store.write().await.unwrap().elapsed().await.unwrap();
            assert!(now.since(begun).as_secs() <= 10, "{begun:?} {now:?}");
        }
        let begun = place.store.write().await.unwrap().elapsed_at_most().await.unwrap();
        place.clock.turn(10);
        late.probe().await.unwrap();
        let now = late.write().await.unwrap().elapsed().await.unwrap();
        assert!(now.since(begun).as_secs() <= 10, "{begun:?} {now:?}");
    })
    .await;
}

#[tokio::test]
async fn what_has_passed_outlives_the_process() {
    on_both(async |place| {
        place.clock.turn(60);
        place.store.probe().await.unwrap();
        let before = place.store.elapsed();
        let next = place.replica().await;
        assert_eq!(next.elapsed().since(before).as_secs(), 0);
        assert!(next.elapsed() > before);
    })
    .await;
}
