//! What somebody can sign in with, since when, and how what came since a moment is taken away.

use super::{at, commit, on_both};
use crate::model::{HeldCredentials, Identity, PasskeyId, PasskeyLabel, StaffId};
use crate::store::{NewPasskey, Store};

async fn add_passkey(store: &Store, staff: &StaffId, name: &str, seconds: i64) {
    let (id, label) = (PasskeyId(format!("id of {name}")), PasskeyLabel::read(name).unwrap());
    let at = at(seconds);
    let new = NewPasskey { id: &id, staff, credential_id: name, credential: "a key", label: &label, at };
    assert!(commit!(store, tx => tx.add_passkey(&new)));
}

#[tokio::test]
async fn what_somebody_signs_in_with_is_told_with_its_time() {
    on_both(async |place| {
        let eva = place.staff("eva").await;
        let held = async || place.store.read().await.unwrap().held_credentials(&eva).await.unwrap();
        let password_set_at = Some(at(0));
        assert_eq!(held().await, HeldCredentials { password_set_at, ..HeldCredentials::default() });
        commit!(place.store, tx => tx.set_password_hash(&eva, "another hash", at(3)));
        commit!(place.store, tx => tx.set_totp(&eva, b"sealed", at(50).as_second() / 30, at(61)));
        commit!(place.store, tx => tx.put_recovery_codes(&eva, &["one".to_owned(), "two".to_owned()], at(62)));
        commit!(place.store, tx => tx.take_recovery_code(&eva, "one", at(63)));
        let identity = Identity { issuer: "https://id.example.se".to_owned(), subject: "1".to_owned() };
        commit!(place.store, tx => tx.add_identity(&identity, &eva, at(64)));
        add_passkey(&place.store, &eva, "key", 65).await;
        let held = held().await;
        let app = held.app.as_ref().unwrap();
        assert_eq!((held.password_set_at, app.added_at, app.used_at), (Some(at(3)), Some(at(61)), at(50)));
        assert_eq!((held.codes.left, held.codes.made_at), (1, Some(at(62))));
        assert_eq!(held.single_sign_on.as_ref().unwrap().added_at, Some(at(64)));
        assert!(held.has_factors() && held.passkeys[0].added_at == at(65));
        let nobody = StaffId("nobody".to_owned());
        let nothing = place.store.read().await.unwrap().held_credentials(&nobody).await.unwrap();
        assert_eq!(nothing, HeldCredentials::default());
    })
    .await;
}

#[tokio::test]
async fn what_came_since_a_moment_is_taken_away_and_nothing_else() {
    on_both(async |place| {
        let (eva, bo) = (place.staff("eva").await, place.staff("bo").await);
        let codes = async || place.store.read().await.unwrap().recovery_codes_left(&eva).await.unwrap();
        add_passkey(&place.store, &eva, "old", 10).await;
        add_passkey(&place.store, &eva, "new", 20).await;
        add_passkey(&place.store, &bo, "bo's", 30).await;
        commit!(place.store, tx => tx.set_totp(&eva, b"sealed", 7, at(15)));
        commit!(place.store, tx => tx.put_recovery_codes(&eva, &["one".to_owned()], at(10)));

        assert!(commit!(place.store, tx => tx.remove_factors(&eva, Some(at(21)))).is_empty());
        let removed = commit!(place.store, tx => tx.remove_factors(&eva, Some(at(20))));
        assert_eq!((removed.passkeys, removed.app), (vec!["new".to_owned()], false));
        let removed = commit!(place.store, tx => tx.remove_factors(&eva, Some(at(11))));
        assert_eq!((removed.passkeys.len(), removed.app, codes().await), (0, true, 1));
        // Codes that came later go, too; and all when nothing is left that they stand in for.
        commit!(place.store, tx => tx.put_recovery_codes(&eva, &["two".to_owned()], at(40)));
        assert!(commit!(place.store, tx => tx.remove_factors(&eva, Some(at(40)))).is_empty());
        assert_eq!(codes().await, 0);
        // What came before anybody noted the time stays, unless everything goes.
        commit!(place.store, tx => tx.set_totp(&eva, b"sealed", 7, at(50)));
        place.execute("UPDATE staff SET totp_added_at = NULL").await.unwrap();
        commit!(place.store, tx => tx.put_recovery_codes(&eva, &["three".to_owned()], at(0)));
        assert_eq!(commit!(place.store, tx => tx.remove_factors(&eva, Some(at(0)))).passkeys, ["old"]);
        assert!(commit!(place.store, tx => tx.remove_factors(&eva, None)).app);
        let held = place.store.read().await.unwrap().held_credentials(&eva).await.unwrap();
        assert!(!held.has_factors() && codes().await == 0);
        assert_eq!(place.store.read().await.unwrap().passkeys_of(&bo).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_came_before_the_times_were_noted_is_told_as_the_audit_knows_it() {
    const MIGRATION: &str = include_str!("../../../migrations/sqlite/0015_credentials.sql");
    // In prose, as versions of that time did.
    const KEPT: &str = "WITH kept (second, kind, detail) AS (SELECT 10, 'staff.second_factor_set', CAST(NULL AS TEXT) \
        UNION ALL SELECT 20, 'staff.second_factor_set', 'passkey: another thing' \
        UNION ALL SELECT 30, 'staff.password_set', 'eva' UNION ALL SELECT 40, 'staff.password_set', 'bo') \
        INSERT INTO audit (seq, at, kind, staff_id, staff_name, detail, mac) \
        SELECT 100 + second, 1795000000000 + second * 1000, kind, s.id, 'eva', detail, h.mac \
        FROM kept, staff s, audit_head h";
    on_both(async |place| {
        let eva = place.staff("eva").await;
        commit!(place.store, tx => tx.set_totp(&eva, b"sealed", 7, at(99)));
        place.execute(KEPT).await.unwrap();
        place.execute("UPDATE staff SET totp_added_at = NULL, password_set_at = NULL").await.unwrap();
        for statement in MIGRATION.split_inclusive(';').filter(|text| text.trim_start().starts_with("UPDATE")) {
            place.execute(statement).await.unwrap();
        }
        let held = place.store.read().await.unwrap().held_credentials(&eva).await.unwrap();
        assert_eq!((held.app.unwrap().added_at, held.password_set_at), (Some(at(10)), Some(at(30))));
    })
    .await;
}
