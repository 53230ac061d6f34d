//! Known devices: whose they are, and whether they are anybody's.

use super::{at, commit, on_both};
use crate::model::{DeviceHash, StaffName};

#[tokio::test]
async fn a_device_is_known_to_the_panel_and_to_whoever_signed_in_with_it_last() {
    on_both(async |place| {
        let (eva, bo) = (place.staff("eva").await, place.staff("bo").await);
        let device = DeviceHash("a hash".to_owned());
        let known = async || {
            let mut reading = place.store.read().await.unwrap();
            let names = ["eva", "bo"].map(|name| StaffName::parse(name).unwrap());
            let anybodys = reading.is_known_device(&device).await.unwrap();
            let evas = reading.knows_device(&device, &names[0]).await.unwrap();
            (anybodys, evas, reading.knows_device(&device, &names[1]).await.unwrap())
        };
        assert_eq!(known().await, (false, false, false));
        commit!(place.store, tx => tx.put_device(&device, &eva, at(1)));
        assert_eq!(known().await, (true, true, false));
        commit!(place.store, tx => tx.put_device(&device, &bo, at(2)));
        assert_eq!(known().await, (true, false, true));
        commit!(place.store, tx => tx.remove_devices_not_seen_since(at(2)));
        assert_eq!(known().await, (true, false, true));
        commit!(place.store, tx => tx.remove_devices_of(&bo));
        assert_eq!(known().await, (false, false, false));
    })
    .await;
}
