//! What somebody worked on last.

use super::{address, on_both};
use crate::model::{OperationKind, StaffId};

#[tokio::test]
async fn what_somebody_did_last_comes_first_and_nobody_elses_with_it() {
    on_both(async |place| {
        let (eva, _) = place.eva().await;
        place.operation(1, "anna@example.se").await;
        place.operation(2, "bo@example.se").await;
        let mut reading = place.store.read().await.unwrap();
        let [anna, bo] = ["anna@example.se", "bo@example.se"].map(|of| (OperationKind::ResetPassword, address(of)));
        assert_eq!(reading.last_of(&eva, 5).await.unwrap(), [bo.clone(), anna]);
        assert_eq!(reading.last_of(&eva, 1).await.unwrap(), [bo]);
        assert_eq!(reading.last_of(&StaffId("olle".to_owned()), 5).await.unwrap(), []);
    })
    .await;
}
