//! Second factors: each code works once.

use super::{at, at_once, commit, on_both};
use crate::model::StaffId;

#[tokio::test]
async fn a_second_factor_is_kept_until_it_is_removed() {
    on_both(async |place| {
        let eva = place.staff("eva").await;
        let seed = async || place.store.read().await.unwrap().totp_seed(&eva).await.unwrap();
        assert_eq!(seed().await, None);
        assert!(!commit!(place.store, tx => tx.take_totp_step(&eva, 1)), "there is none");
        commit!(place.store, tx => tx.set_totp(&eva, b"\x00sealed\xff", 7, at(5)));
        assert_eq!(seed().await.as_deref(), Some(b"\x00sealed\xff".as_slice()));
        let staff = place.store.read().await.unwrap().staff_member(&eva).await.unwrap().unwrap().staff;
        assert!(staff.second_factor);
        commit!(place.store, tx => tx.put_recovery_codes(&eva, &["a hash".to_owned()], at(5)));
        assert!(commit!(place.store, tx => tx.remove_totp(&eva)));
        assert!(!commit!(place.store, tx => tx.remove_totp(&eva)));
        assert_eq!(place.store.read().await.unwrap().recovery_codes_left(&eva).await.unwrap(), 1);
        commit!(place.store, tx => tx.set_totp(&eva, b"sealed", 8, at(6)));
        assert!(commit!(place.store, tx => tx.remove_factors(&eva, None)).app);
        assert_eq!(seed().await, None);
        assert_eq!(place.store.read().await.unwrap().recovery_codes_left(&eva).await.unwrap(), 0);
        let nobody = StaffId("nobody".to_owned());
        assert_eq!(place.store.read().await.unwrap().totp_seed(&nobody).await.unwrap(), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_used_up_once_and_none_before_it_works_any_more() {
    on_both(async |place| {
        let eva = place.staff("eva").await;
        commit!(place.store, tx => tx.set_totp(&eva, b"sealed", 7, at(0)));
        assert!(!commit!(place.store, tx => tx.take_totp_step(&eva, 7)));
        let taken = at_once(place, 20, |_, store| async move {
            let eva = StaffId("id of eva".to_owned());
            commit!(store, tx => tx.take_totp_step(&eva, 9))
        });
        assert_eq!(taken.await.into_iter().filter(|taken| *taken).count(), 1);
        assert!(!commit!(place.store, tx => tx.take_totp_step(&eva, 8)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_is_used_up_once_by_whose_it_is() {
    on_both(async |place| {
        let (eva, bo) = (place.staff("eva").await, place.staff("bo").await);
        let codes = ["one", "two"].map(ToOwned::to_owned);
        commit!(place.store, tx => tx.put_recovery_codes(&eva, &codes, at(0)));
        commit!(place.store, tx => tx.put_recovery_codes(&bo, &["three".to_owned()], at(0)));
        assert!(!commit!(place.store, tx => tx.take_recovery_code(&bo, "one", at(1))));
        let taken = at_once(place, 20, |_, store| async move {
            let eva = StaffId("id of eva".to_owned());
            commit!(store, tx => tx.take_recovery_code(&eva, "one", at(1)))
        });
        assert_eq!(taken.await.into_iter().filter(|taken| *taken).count(), 1);
        assert_eq!(place.store.read().await.unwrap().recovery_codes_left(&eva).await.unwrap(), 1);
        commit!(place.store, tx => tx.put_recovery_codes(&eva, &["four".to_owned()], at(2)));
        assert!(!commit!(place.store, tx => tx.take_recovery_code(&eva, "two", at(2))));
        assert!(commit!(place.store, tx => tx.take_recovery_code(&bo, "three", at(2))));
    })
    .await;
}
