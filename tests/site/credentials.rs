//! Credentials come and go only by their owner's proof or an admin's, and the owner is told.

use nyckel::model::{Act, AuditKind, Role};

use crate::stage::{PASSWORD, Person, Stage, panel};

#[tokio::test]
async fn what_an_admin_changes_about_somebodys_sign_in_is_told_to_them_with_who_did_it() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    let eva = Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    let id = panel.database.texts("SELECT id FROM staff WHERE name = 'eva'").await.remove(0);
    let (names, edit) = (format!("/staff/{id}/names"), format!("/staff/{id}/edit"));
    admin.posts(&names, &[("name", "eva.lind"), ("display_name", "")]).await;
    admin.posts(&edit, &[("everywhere", "operator"), ("was", "viewer everywhere")]).await;
    admin.posts(&format!("/staff/{id}/disable"), &[("", "")]).await;
    admin.posts(&format!("/staff/{id}/enable"), &[("", "")]).await;
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
        assert_eq!(thief.visits(path).await.text("h1"), "Is it you?", "{path}");
    }
    // A proof that the owner gives for a reset, or for something else, is none for this.
    eva.posts("/sign-in/again", &[("password", PASSWORD)]).await;
    eva.has_proved(Act::MakeCodes).await;
    assert_eq!(eva.visits("/profile/passkeys/new").await.text("h1"), "Is it you?");
    assert_eq!(thief.visits("/").await.text("h1"), "Sign in", "and the cookie that was stolen is void");
    for kind in [AuditKind::SecondFactorSet, AuditKind::SecondFactorRemoved, AuditKind::PasswordSet] {
        assert!(panel.audit(kind).await.is_empty());
    }
    let of_all = "SELECT id FROM passkey UNION SELECT hash FROM recovery_code UNION SELECT id FROM staff WHERE totp_seed IS NOT NULL";
    assert!(panel.database.texts(of_all).await.is_empty());
    assert_eq!(eva.in_another_browser().signs_in_with(PASSWORD).await.at, "/", "the owner is not locked out");
}

#[tokio::test]
async fn a_clock_that_is_set_back_makes_no_permit_last_longer() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    eva.has_proved(Act::SetUpApp).await;
    panel.clock.turn(-5);
    assert_eq!(eva.visits("/profile/second-factor").await.text("h1"), "Is it you?");
}
