//! Whatever is written past the panel gives nobody anything, and old rows can't be put back.

use super::{Place, SECRET, at, commit, ends_at, new_session, on_both, open_with, opening};
use crate::model::{Act, CookieHash, Domains, Grant, LinkKind, PasskeyId, PasskeyLabel, Role, SessionId, StaffId};
use crate::store::{Error, NewPasskey, Refusal};

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    match result {
        Err(Error::Refused(refusal)) => refusal.code(),
        other => panic!("{other:?}"),
    }
}

async fn is_as_left(place: &Place) -> Result<(), Error> {
    place.store.must_be_as_left().await
}

/// Eva, a viewer with a password, an app, a passkey, an identity and a recovery code, who is signed in.
async fn eva(place: &Place) -> (StaffId, CookieHash) {
    let (staff, _) = place.eva().await;
    let viewer = Grant { role: Role::Viewer, domains: Domains::All };
    let label = PasskeyLabel::read("key").unwrap();
    commit!(place.store, tx => tx.add_grant(&staff, &viewer));
    commit!(place.store, tx => tx.set_totp(&staff, b"a seed", 1, at(0)));
    commit!(place.store, tx => tx.put_recovery_codes(&staff, &["one".to_owned(), "two".to_owned()], at(0)));
    let id = PasskeyId("her key".to_owned());
    let new =
        NewPasskey { id: &id, staff: &staff, credential_id: "her id", credential: "{}", label: &label, at: at(0) };
    assert!(commit!(place.store, tx => tx.add_passkey(&new)));
    (staff, CookieHash("cookie of eva".to_owned()))
}

#[tokio::test]
async fn what_is_written_past_the_panel_gives_nobody_anything() {
    on_both(async |place| {
        let (staff, cookie) = eva(place).await;
        let signed_in = async || place.store.read().await.unwrap().signed_in(&cookie).await;
        let begun = async |id: &str| {
            let (id, cookie) = (SessionId(id.to_owned()), CookieHash(id.to_owned()));
            let generation = place.store.read().await.unwrap().generation(&staff).await.unwrap().unwrap();
            let mut tx = place.store.write().await.unwrap();
            let new = crate::store::NewSession { generation, ..new_session(&id, &cookie, &staff, at(1)) };
            tx.begin_session(&new).await
        };
        assert!(is_as_left(place).await.is_ok() && signed_in().await.unwrap().is_some() && begun("a").await.unwrap());
        // Each with what takes it back.
        for (edit, undo) in [
            (
                "INSERT INTO staff_grant VALUES ('id of eva', 'admin', '*')",
                "DELETE FROM staff_grant WHERE role = 'admin'",
            ),
            ("UPDATE staff_grant SET role = 'admin'", "UPDATE staff_grant SET role = 'viewer'"),
            ("UPDATE staff_grant SET domain = 'a.se'", "UPDATE staff_grant SET domain = '*'"),
            ("UPDATE staff SET name = 'ada'", "UPDATE staff SET name = 'eva'"),
            ("UPDATE staff SET generation = generation + 1", "UPDATE staff SET generation = generation - 1"),
        ] {
            assert_eq!(place.execute(edit).await.unwrap(), 1);
            assert!(matches!(code(signed_in().await), "staff_edited" | "row_edited"), "{edit}");
            assert_eq!(code(begun("b").await), "staff_edited", "{edit}");
            assert_eq!(code(is_as_left(place).await), "staff_edited", "{edit}");
            let mut tx = place.store.write().await.unwrap();
            assert_eq!(
                code(tx.set_password_hash(&staff, "new", at(1)).await),
                "staff_edited",
                "no change makes it good"
            );
            drop(tx);
            place.execute(undo).await.unwrap();
            assert!(is_as_left(place).await.is_ok(), "{undo}");
        }
        for (edit, undo) in [
            ("UPDATE staff SET password_hash = 'another'", "UPDATE staff SET password_hash = 'a hash'"),
            ("INSERT INTO identity (issuer, subject, staff_id) VALUES ('i', 's', 'id of eva')", "DELETE FROM identity"),
            ("UPDATE recovery_code SET used_at = 1 WHERE hash = 'one'", "UPDATE recovery_code SET used_at = NULL"),
            ("UPDATE passkey SET credential_id = 'mine'", "UPDATE passkey SET credential_id = 'her id'"),
            ("UPDATE staff SET totp_seed = NULL", ""),
            ("UPDATE recovery_code SET hash = 'mine' WHERE hash = 'one'", ""),
            ("DELETE FROM recovery_code", ""),
            ("DELETE FROM passkey", ""),
        ] {
            place.execute(edit).await.unwrap();
            assert_eq!(code(begun("b").await), "staff_edited", "{edit}");
            assert_eq!(code(is_as_left(place).await), "staff_edited", "{edit}");
            if !undo.is_empty() {
                place.execute(undo).await.unwrap();
                assert!(is_as_left(place).await.is_ok(), "{undo}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn rows_that_let_somebody_in_are_made_with_the_key_alone() {
    on_both(async |place| {
        let (_, cookie) = eva(place).await;
        let bo = place.staff("bo").await;
        place.session(&bo, "bo").await;
        commit!(place.store, tx => tx.put_link(LinkKind::Invitation, &bo, "invited", at(60)));
        commit!(place.store, tx => tx.put_link(LinkKind::SignIn, &bo, "linked", at(60)));
        place.execute("UPDATE session SET staff_id = 'id of eva' WHERE id = 'session of bo'").await.unwrap();
        place.execute("UPDATE session SET proved_at = proved_at + 1 WHERE id = 'session of eva'").await.unwrap();
        place.execute("UPDATE link SET staff_id = 'id of eva' WHERE kind = 'invitation'").await.unwrap();
        place.execute("UPDATE link SET expires_at = expires_at - 1 WHERE kind = 'sign-in link'").await.unwrap();
        place.execute("UPDATE passkey SET credential = '{\"another\":1}'").await.unwrap();
        place.execute("INSERT INTO setup_token (id, hash) VALUES (1, 'mine')").await.unwrap();
        let mut tx = place.store.write().await.unwrap();
        assert_eq!(code(tx.signed_in(&cookie).await), "row_edited");
        assert_eq!(code(tx.session(&SessionId("session of bo".to_owned())).await), "row_edited");
        assert_eq!(code(tx.change_cookie(&cookie, &CookieHash("new".to_owned()), b"root", None).await), "row_edited");
        assert_eq!(code(tx.owner_of_link(LinkKind::Invitation, "invited", ends_at(1)).await), "row_edited");
        assert_eq!(code(tx.owner_of_link(LinkKind::SignIn, "linked", ends_at(1)).await), "row_edited");
        assert_eq!(code(tx.known_passkey("her id").await), "row_edited");
        assert!(!tx.is_setup_token("mine").await.unwrap() && !tx.use_setup_token("mine").await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_session_that_ended_with_all_of_a_persons_is_not_revived() {
    on_both(async |place| {
        let (staff, cookie) = eva(place).await;
        let kept = place.session_now(&staff, "kept").await;
        commit!(place.store, tx => tx.end_sessions_of(&staff, Some(&kept), at(1)));
        place.execute("UPDATE session SET ended_at = NULL").await.unwrap();
        let mut reading = place.store.read().await.unwrap();
        assert_eq!(code(reading.signed_in(&cookie).await), "row_edited");
        assert!(reading.session(&kept).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn one_session_that_was_signed_out_is_not_revived() {
    on_both(async |place| {
        let (staff, _) = eva(place).await;
        let one = place.session_now(&staff, "one").await;
        assert!(commit!(place.store, tx => tx.end_session(&one, at(1))));
        place.execute("UPDATE session SET ended_at = NULL").await.unwrap();
        assert_eq!(code(place.store.read().await.unwrap().session(&one).await), "row_edited");
    })
    .await;
}

#[tokio::test]
async fn a_permit_that_was_written_past_the_panel_permits_nothing() {
    on_both(async |place| {
        let session = SessionId("one".to_owned());
        place
            .execute("INSERT INTO permit (session_id, act, made_at) VALUES ('one', 'add-passkey', 1000)")
            .await
            .unwrap();
        assert_eq!(code(place.store.read().await.unwrap().permit(&session, Act::AddPasskey).await), "row_edited");
        assert_eq!(code(place.store.write().await.unwrap().take_permit(&session, Act::AddPasskey).await), "row_edited");
        // Nor one for another act, or made at another time.
        commit!(place.store, tx => tx.put_permit(&session, Act::MakeCodes, at(1)));
        place.execute("DELETE FROM permit WHERE act = 'add-passkey'").await.unwrap();
        place.execute("UPDATE permit SET act = 'add-passkey'").await.unwrap();
        assert_eq!(code(place.store.read().await.unwrap().permit(&session, Act::AddPasskey).await), "row_edited");
        place.execute("UPDATE permit SET act = 'make-codes', made_at = made_at + 1").await.unwrap();
        assert_eq!(code(place.store.read().await.unwrap().permit(&session, Act::MakeCodes).await), "row_edited");
        place.execute("UPDATE permit SET made_at = made_at - 1").await.unwrap();
        assert_eq!(commit!(place.store, tx => tx.take_permit(&session, Act::MakeCodes)), Some(at(1)));
    })
    .await;
}

#[tokio::test]
async fn old_rows_put_back_with_their_old_macs_are_found() {
    on_both(async |place| {
        let (staff, _) = eva(place).await;
        place.execute("CREATE TABLE old_staff AS SELECT * FROM staff").await.unwrap();
        place.execute("CREATE TABLE old_grant AS SELECT * FROM staff_grant").await.unwrap();
        commit!(place.store, tx => tx.remove_grants(&staff));
        commit!(place.store, tx => tx.disable_staff(&staff, at(1)));
        assert!(is_as_left(place).await.is_ok());
        place.execute("INSERT INTO staff_grant SELECT * FROM old_grant").await.unwrap();
        let set = "UPDATE staff SET disabled_at = NULL, generation = (SELECT generation FROM old_staff), \
            rights_mac = (SELECT rights_mac FROM old_staff), credentials_mac = (SELECT credentials_mac FROM old_staff)";
        place.execute(set).await.unwrap();
        assert_eq!(code(is_as_left(place).await), "staff_not_as_recorded");
        let mut tx = place.store.write().await.unwrap();
        assert_eq!(code(tx.enable_staff(&staff).await), "staff_not_as_recorded", "no change makes it good");
        let ada = StaffId("ada".to_owned());
        let name = crate::model::StaffName::parse("ada").unwrap();
        assert_eq!(code(tx.add_staff(&ada, &name, None, at(2)).await), "staff_not_as_recorded");
    })
    .await;
}

#[tokio::test]
async fn a_change_of_the_staff_that_is_not_recorded_is_not_made() {
    on_both(async |place| {
        let (staff, _) = eva(place).await;
        let mut tx = place.store.write().await.unwrap();
        tx.set_password_hash(&staff, "new", at(1)).await.unwrap();
        assert!(matches!(tx.commit().await, Err(Error::Unrecorded)));
        // What comes to nothing needs no record.
        let mut tx = place.store.write().await.unwrap();
        assert!(
            !tx.enable_staff(&staff).await.unwrap() && !tx.take_recovery_code(&staff, "none", at(1)).await.unwrap()
        );
        tx.commit().await.unwrap();
        assert!(is_as_left(place).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn the_staff_of_an_earlier_version_is_tied_once_and_not_again() {
    on_both(async |place| {
        let (staff, cookie) = eva(place).await;
        commit!(place.store, tx => tx.put_link(LinkKind::Invitation, &staff, "invited", at(60)));
        super::tie::was_made_by_an_earlier_version(place).await;
        let store = open_with(&place.home, &opening(SECRET)).await.unwrap();
        store.must_be_as_left().await.unwrap();
        let mut reading = store.read().await.unwrap();
        assert!(reading.signed_in(&cookie).await.unwrap().is_none(), "everybody signs in again once");
        assert!(reading.known_passkey("her id").await.unwrap().is_some());
        assert!(reading.owner_of_link(LinkKind::Invitation, "invited", ends_at(1)).await.unwrap().is_some());
        drop(reading);
        store.close().await;
        place.execute("INSERT INTO staff_grant VALUES ('id of eva', 'admin', '*')").await.unwrap();
        place.execute("DELETE FROM tie").await.unwrap();
        let again = open_with(&place.home, &opening(SECRET)).await;
        assert!(matches!(again, Err(Error::Refused(Refusal::Untied))), "{again:?}");
    })
    .await;
}
