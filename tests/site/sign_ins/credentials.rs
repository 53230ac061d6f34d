//! Credentials come and go only by their owner's proof or an admin's, and the owner is told.

use nyckel::model::{Act, AuditEvent, AuditKind, PasskeyId, PasskeyLabel, Role, StaffId};
use nyckel::store::NewPasskey;

use crate::stage::{PASSWORD, Page, Panel, Person, Stage, panel};

#[tokio::test]
async fn what_an_admin_changes_about_somebodys_sign_in_is_told_to_them_with_who_did_it() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    let eva = Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    let id = panel.database.texts("SELECT id FROM staff WHERE name = 'eva'").await.remove(0);
    let (names, edit) = (format!("/staff/{id}/names"), format!("/staff/{id}/edit"));
    admin.has_proved(Act::ChangeStaff).await;
    admin.posts(&names, &[("name", "eva.lind"), ("display_name", "")]).await;
    admin.has_proved(Act::ChangeStaff).await;
    admin.posts(&edit, &[("everywhere", "operator"), ("was", "viewer everywhere")]).await;
    admin.posts(&format!("/staff/{id}/disable"), &[("", "")]).await;
    admin.has_proved(Act::ChangeStaff).await;
    admin.posts(&format!("/staff/{id}/enable"), &[("", "")]).await;
    admin.has_proved(Act::ChangeStaff).await;
    admin.posts(&format!("/staff/{id}/invite"), &[("", "")]).await;
    let page = eva.called("eva.lind").signs_in_with(PASSWORD).await;
    page.must_say(
        200,
        &[
            "The name you sign in with was changed from eva by admin.",
            "Your roles were changed by admin.",
            "You were let in again by admin.",
            "A link to a new password was made by admin.",
        ],
    );
    assert!(!admin.visits("/").await.says("How you sign in has changed"), "it is nobody else's business");
}

/// Somebody who has stolen a cookie a moment after its owner signed in.
fn thief_of(eva: &Person) -> Person {
    let thief = eva.in_another_browser();
    if let Some(cookie) = eva.cookie() {
        thief.takes_cookie(&cookie);
    }
    thief
}

#[tokio::test]
async fn a_stolen_cookie_adds_nothing_takes_nothing_away_and_changes_no_password() {
    let panel = Stage::usual().with("NYCKEL_PUBLIC_URL", "http://localhost:8080").opens().await;
    let eva = panel.operator("eva").await;
    let thief = thief_of(&eva);
    for (path, fields) in [
        ("/profile/passkeys/new", &[("label", "mine"), ("ceremony", ""), ("answer", "")][..]),
        ("/profile/passkeys/new/options", &[("", "")]),
        ("/profile/second-factor", &[("token", "x"), ("code", "123456")]),
        ("/sign-in/again", &[("for", "add-passkey"), ("password", "not the password")]),
        ("/sign-in/again/passkey", &[("for", "add-passkey"), ("ceremony", ""), ("answer", "")]),
        ("/profile/second-factor/remove", &[("proof", "")]),
        ("/profile/second-factor/recovery-codes", &[("proof", "not the password")]),
        ("/profile/password", &[("old", "not the password"), ("new", "another four words"), ("proof", "")]),
    ] {
        let answer = thief.posts(path, fields).await;
        let asked = answer.status == 303 && answer.header("location").contains("again?for=");
        let led = answer.status == 303 && answer.header("location") == "/profile/second-factor";
        assert!(asked || led || answer.status == 422, "{path}: {answer:#?}");
    }
    for path in ["/profile/passkeys/new", "/profile/second-factor"] {
        assert_eq!(thief.visits(path).await.text("h1"), "Confirm it’s you", "{path}");
    }
    // A proof that the owner gives for a reset, or for something else, is none for this.
    eva.posts("/sign-in/again", &[("password", PASSWORD)]).await;
    eva.has_proved(Act::MakeCodes).await;
    assert_eq!(eva.visits("/profile/passkeys/new").await.text("h1"), "Confirm it’s you");
    assert_eq!(thief.visits("/").await.text("h1"), "Sign in", "and the cookie that was stolen is void");
    for kind in [AuditKind::SecondFactorSet, AuditKind::SecondFactorRemoved, AuditKind::PasswordSet] {
        assert!(panel.audit(kind).await.is_empty());
    }
    let of_all = "SELECT id FROM passkey UNION SELECT hash FROM recovery_code UNION SELECT id FROM staff WHERE totp_seed IS NOT NULL";
    assert!(panel.database.texts(of_all).await.is_empty());
    assert_eq!(eva.in_another_browser().signs_in_with(PASSWORD).await.at, "/", "the owner is not locked out");
}

#[tokio::test]
async fn a_stolen_cookie_puts_no_notice_away_and_the_owner_does_who_has_proved_who_they_are_since() {
    let panel = panel().await;
    let (admin, eva) = (panel.admin("admin").await, panel.operator("eva").await);
    let id = panel.database.texts("SELECT id FROM staff WHERE name = 'eva'").await.remove(0);
    let is_renamed = async |name: &str| {
        admin.has_proved(Act::ChangeStaff).await;
        admin.posts(&format!("/staff/{id}/names"), &[("name", name), ("display_name", "")]).await;
    };
    is_renamed("eva.lind").await;
    let thief = thief_of(&eva);
    let (title, told) = ("How you sign in has changed", "The name you sign in with was changed from eva by admin.");
    let read = "I have read this";
    let page = thief.presses(&thief.visits("/").await, read).await;
    assert_eq!(page.text("h1"), "Confirm it’s you");
    thief.fills_in(&page, "Continue", &[("password", "not the password")]).await.must_say(422, &[title, told]);
    let page = eva.presses(&eva.visits("/").await, read).await;
    let page = eva.fills_in(&page, "Continue", &[("password", PASSWORD)]).await;
    page.must_say(200, &[title, told]);
    let page = eva.presses(&page, read).await;
    page.must_say(200, &["Changes of how you sign in, the last 90 days", told]);
    assert!(!page.says(title));

    // Whoever has signed in since is asked nothing.
    is_renamed("eva.maria").await;
    let elsewhere = eva.in_another_browser().called("eva.maria");
    let page = elsewhere.presses(&elsewhere.signs_in().await, read).await;
    assert_eq!((page.at.as_str(), page.says(title), page.says(told)), ("/profile", false, true));
    panel.clock.turn(91 * 86_400);
    panel.sweeps().await;
    elsewhere.signs_in().await;
    assert!(!elsewhere.visits("/profile").await.says("the last 90 days"));
}

#[tokio::test]
async fn a_clock_that_is_set_back_makes_no_permit_last_longer() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    eva.has_proved(Act::SetUpApp).await;
    panel.clock.turn(-5);
    assert_eq!(eva.visits("/profile/second-factor").await.text("h1"), "Confirm it’s you");
}

#[tokio::test]
async fn a_stolen_cookie_of_an_admins_gives_nobody_access_and_one_proof_is_good_for_one_change() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    let id = panel.database.texts("SELECT id FROM staff WHERE name = 'eva'").await.remove(0);
    let thief = thief_of(&admin);
    let asked = |page: &Page| page.status == 303 && page.header("location").contains("again?for=change-staff");
    for (path, fields) in [
        ("/staff/new".to_owned(), &[("name", "accomplice"), ("everywhere", "admin")][..]),
        (format!("/staff/{id}/edit"), &[("everywhere", "admin"), ("was", "viewer everywhere")]),
        (format!("/staff/{id}/names"), &[("name", "mallory"), ("display_name", "")]),
        (format!("/staff/{id}/invite"), &[("", "")]),
        (format!("/staff/{id}/reset-second-factor"), &[("", "")]),
        (format!("/staff/{id}/end-sessions"), &[("factors", "all")]),
    ] {
        let answer = thief.posts(&path, fields).await;
        assert!(asked(&answer), "{path}: {answer:#?}");
    }
    admin.posts(&format!("/staff/{id}/disable"), &[("", "")]).await;
    assert!(asked(&thief.posts(&format!("/staff/{id}/enable"), &[("", "")]).await));
    assert_eq!(panel.database.texts("SELECT name FROM staff ORDER BY name").await, ["admin", "eva"]);

    // What was typed is not lost on the way; the proof is good for this alone.
    let form = [("name", "olle"), ("everywhere", "operator")];
    let page = admin.visits("/staff/new").await;
    page.must_say(200, &["Confirm it’s you", "gives someone access"]);
    let page = admin.fills_in(&page, "Continue", &[("password", PASSWORD)]).await;
    assert_eq!(admin.fills_in(&page, "Create invitation link", &form).await.status, 201);
    let asked = admin.fills_in(&page, "Create invitation link", &[("name", "bo"), ("everywhere", "viewer")]).await;
    let page = admin.fills_in(&asked, "Continue", &[("password", PASSWORD)]).await;
    assert_eq!(page.attributes("#name", "value"), ["bo"]);
    assert_eq!(admin.presses(&page, "Create invitation link").await.status, 201);
}

/// Gives somebody a passkey at this moment, as whoever got in would.
async fn gains_passkey(panel: &Panel, name: &str, label: &str) {
    let staff = StaffId(panel.database.texts(&format!("SELECT id FROM staff WHERE name = '{name}'")).await.remove(0));
    let (id, label) = (PasskeyId(format!("id-of-{label}")), PasskeyLabel::read(label).unwrap());
    let (credential_id, at) = (label.as_str(), panel.clock.now());
    let new = NewPasskey { id: &id, staff: &staff, credential_id, credential: "a key", label: &label, at };
    let mut tx = panel.built.store.write().await.unwrap();
    assert!(tx.add_passkey(&new).await.unwrap());
    // A change of what somebody signs in with is recorded, or it does not commit.
    tx.record(&AuditEvent::new(AuditKind::SecondFactorSet, at)).await.unwrap();
    tx.commit().await.unwrap();
}

const LABELS: &str = "SELECT label FROM passkey ORDER BY added_at";

#[tokio::test]
async fn ending_everything_ends_what_was_added_since_and_leaves_what_was_there_before() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let elsewhere = eva.in_another_browser();
    elsewhere.signs_in().await;
    gains_passkey(&panel, "eva", "mine").await;
    panel.clock.turn(20 * 60);
    let since = panel.clock.now().to_zoned(panel.built.app.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string();
    gains_passkey(&panel, "eva", "the-thiefs").await;
    let page = eva.visits("/profile").await;
    let page = eva.clicks(&page, "Sign out all other devices and remove passkeys, app and codes…").await;
    let button = "Sign out all other devices";
    let unread = eva.fills_in(&page, button, &[("factors", "since"), ("since", "yesterday")]).await;
    unread.must_say(422, &["Write a day such as 2026-11-23"]);
    let refused = eva.fills_in(&page, button, &[("factors", "since"), ("since", &since), ("proof", "000000")]).await;
    refused.must_say(422, &["That code didn’t work"]);
    eva.has_proved(Act::EndFactors).await;
    let page = eva.fills_in(&page, button, &[("factors", "since"), ("since", &since)]).await;
    page.must_say(200, &["Signed out everywhere else.", "The passkey “the-thiefs” was removed."]);
    assert_eq!(panel.database.texts(LABELS).await, ["mine"]);
    assert_eq!(elsewhere.visits("/").await.text("h1"), "Sign in");
    let removed = panel.one(AuditKind::SecondFactorRemoved).await;
    assert_eq!(removed.facts.kept().as_deref(), Some(r#"{"person":"eva","passkeys":["the-thiefs"]}"#));
}

#[tokio::test]
async fn an_admin_sees_what_somebody_signs_in_with_and_ends_what_was_added() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    panel.operator("eva").await;
    gains_passkey(&panel, "eva", "mine").await;
    panel.clock.turn(9 * 60);
    gains_passkey(&panel, "eva", "the-thiefs").await;
    let page = admin.clicks(&admin.visits("/staff").await, "eva").await;
    page.must_say(
        200,
        &["Ways to sign in", "Password set 9 minutes ago", "Passkey mine added 9 minutes ago · never used"],
    );
    page.must_say(200, &["Passkey the-thiefs added just now", "Their app and passkeys stay."]);
    let button = "Sign out everywhere";
    let unread = admin.fills_in(&page, button, &[("factors", "since"), ("since", "?")]).await;
    unread.must_say(422, &["Write a day such as 2026-11-23"]);
    admin.has_proved(Act::ChangeStaff).await;
    let since = panel.clock.now().to_zoned(panel.built.app.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string();
    admin
        .fills_in(&page, button, &[("factors", "since"), ("since", &since)])
        .await
        .must_say(200, &["Signed out everywhere."]);
    assert_eq!(panel.database.texts(LABELS).await, ["mine"]);
    admin.has_proved(Act::ChangeStaff).await;
    admin.fills_in(&page, button, &[("factors", "all")]).await.must_say(200, &["Signed out everywhere."]);
    assert!(panel.database.texts(LABELS).await.is_empty());
}

#[tokio::test]
async fn the_command_line_ends_what_was_added_too() {
    let panel = panel().await;
    panel.operator("eva").await;
    gains_passkey(&panel, "eva", "mine").await;
    panel.clock.turn(60);
    let since = panel.clock.now();
    gains_passkey(&panel, "eva", "the-thiefs").await;
    let told = since.to_zoned(panel.built.app.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let (code, said) = panel.runs(&format!("staff sign-out eva --factors-since {told}")).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Removed the passkey \"the-thiefs\".") && said.contains("What stays: 1 passkeys."), "{said}");
    assert_eq!(panel.database.texts(LABELS).await, ["mine"]);
    let (code, said) = panel.runs("staff sign-out eva --all-factors").await;
    assert_eq!((code, said.contains("eva is signed out everywhere.")), (Some(0), true), "{said}");
    assert!(panel.database.texts(LABELS).await.is_empty());
    let ended = panel.audit(AuditKind::SessionsEnded).await.pop().unwrap();
    assert!(ended.client.unwrap().starts_with("user "), "the audit knows who ran it");
    let (code, said) = panel.runs("staff sign-out eva --factors-since yesterday").await;
    assert_eq!((code, said.contains("write 2026-11-23")), (Some(2), true), "{said}");
    let eva = Person::stranger(&panel).called("eva");
    eva.signs_in_with(PASSWORD).await.must_say(200, &["The passkey “mine” was removed at the command line"]);
}
