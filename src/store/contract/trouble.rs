//! Whether anything can be recorded.

use super::on_both;
use crate::store::Trouble;

#[tokio::test]
async fn a_trial_record_is_written_again_and_again_and_shows_that_all_is_well() {
    on_both(async |place| {
        for _ in 0..2 {
            place.store.probe().await.unwrap();
            assert_eq!(place.store.trouble(), None);
        }
    })
    .await;
}

#[tokio::test]
async fn a_store_that_was_closed_is_in_trouble() {
    on_both(async |place| {
        place.store.close().await;
        assert!(place.store.write().await.is_err());
        assert_eq!(place.store.trouble(), Some(Trouble::Away));
    })
    .await;
}
