//! One's own passkeys: adding and removing them.

use nyckel::model::{Act, AuditKind, Role};

use super::{ADD, ALONE, NO, USE, adds, asks, eva_with_passkey, named, sends, uses};
use crate::stage::{Authenticator, PASSWORD, Person};

#[tokio::test]
async fn the_first_passkey_ends_what_was_begun_with_the_password_alone_and_later_ones_nothing() {
    let panel = named().opens().await;
    let eva = panel.operator("eva").await;
    let thief = eva.in_another_browser();
    thief.signs_in().await;
    let mut key = Authenticator::at(&panel);
    adds(&eva, &mut key, "First").await.must_say(201, &["Your recovery codes"]);
    assert_eq!(thief.visits("/").await.text("h1"), "Sign in");
    let elsewhere = eva.in_another_browser();
    let page = elsewhere.visits("/sign-in").await;
    assert_eq!(uses(&elsewhere, &page, ALONE, &mut key).await.at, "/");

    let page = adds(&eva, &mut Authenticator::at(&panel), "Second").await;
    page.must_say(200, &["The passkey is added.", "First", "Second", "Recovery codes left: 10."]);
    assert_eq!(elsewhere.visits("/").await.text("h1"), eva.visits("/").await.text("h1"));
    eva.has_proved(Act::AddPasskey).await;
    let page = eva.visits("/profile/passkeys/new").await;
    let asked = asks(&eva, &page, ADD).await;
    assert_eq!(key.makes(&asked["publicKey"]), None, "it knows that it has one");
}

#[tokio::test]
async fn adding_and_removing_ask_who_one_is_however_lately_one_signed_in() {
    let panel = named().opens().await;
    let eva = panel.operator("eva").await;
    let asked = eva.visits("/profile/passkeys/new").await;
    asked.must_say(200, &["Confirm it’s you", "To add a passkey, confirm once more that it’s you."]);
    let page = eva.fills_in(&asked, "Continue", &[("password", PASSWORD)]).await;
    assert_eq!(page.at, "/profile/passkeys/new");
    let mut key = Authenticator::at(&panel);
    let challenge = asks(&eva, &page, ADD).await;
    let answer = key.makes(&challenge["publicKey"]).unwrap();
    let fields = [("label", "My key"), ("ceremony", challenge["token"].as_str().unwrap()), ("answer", &answer)];
    eva.fills_in(&page, ADD, &fields).await.must_say(201, &["Your recovery codes"]);

    // One proof is good for one passkey, within minutes.
    let again = eva.visits("/profile/passkeys/new").await;
    assert_eq!(again.text("h1"), "Confirm it’s you");
    let page = uses(&eva, &again, USE, &mut key).await;
    assert_eq!(page.at, "/profile/passkeys/new");
    let challenge = asks(&eva, &page, ADD).await;
    let answer = Authenticator::at(&panel).makes(&challenge["publicKey"]).unwrap();
    panel.clock.turn(10 * 60 + 1);
    assert_eq!(sends(&eva, &page, ADD, &challenge, &answer).await.text("h1"), "Confirm it’s you");
    assert_eq!(
        eva.presses(&page, ADD).await.text("h1"),
        "Confirm it’s you",
        "so it is where the script got no challenge"
    );

    let page = eva.clicks(&eva.visits("/profile").await, "Remove…").await;
    page.must_say(200, &["Remove My key", "Your code", "Use a passkey instead"]);
    eva.presses(&page, "Remove").await.must_say(422, &["Show that it is you: fill this in."]);
    eva.fills_in(&page, "Remove", &[("proof", PASSWORD)]).await.must_say(422, &["That code didn’t work"]);
    let again = eva.clicks(&page, "Use a passkey instead").await;
    let page = uses(&eva, &again, USE, &mut key).await;
    page.must_say(200, &["You have just shown that it is you."]);
    eva.presses(&page, "Remove").await.must_say(200, &["The passkey is removed."]);
    assert_eq!(
        panel.one(AuditKind::SecondFactorRemoved).await.facts.kept().as_deref(),
        Some(r#"{"passkeys":["My key"]}"#)
    );
    assert_eq!(panel.database.texts("SELECT hash FROM recovery_code").await, Vec::<String>::new());
    let elsewhere = eva.in_another_browser();
    let page = elsewhere.visits("/sign-in").await;
    uses(&elsewhere, &page, ALONE, &mut key).await.must_say(422, &[NO]);
    elsewhere.signs_in().await;
}

#[tokio::test]
async fn an_admin_takes_lost_passkeys_away() {
    let panel = named().opens().await;
    let admin = panel.admin("admin").await;
    let (eva, mut key) = eva_with_passkey(&panel).await;
    let page = admin.clicks(&admin.visits("/staff").await, "eva").await;
    admin.has_proved(Act::ChangeStaff).await;
    admin.presses(&page, "Turn off two-step sign-in").await.must_say(200, &["Two-step sign-in is off."]);
    assert_eq!(eva.visits("/").await.text("h1"), "Sign in");
    let page = eva.visits("/sign-in").await;
    uses(&eva, &page, ALONE, &mut key).await.must_say(422, &[NO]);
    eva.signs_in().await;
}

#[tokio::test]
async fn whoever_must_have_a_second_factor_may_choose_a_passkey_and_keeps_the_last_one() {
    let panel = named().with("NYCKEL_REQUIRE_SECOND_FACTOR", "all").opens().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Operator, "*")]).await;
    eva.signs_in_with(PASSWORD).await.must_say(200, &["Confirm it’s you"]);
    eva.has_proved(Act::SetUpApp).await;
    let page = eva.visits("/profile/second-factor").await;
    eva.has_proved(Act::AddPasskey).await;
    let page = eva.clicks(&page, "Use a passkey instead").await;
    page.must_say(200, &["Your company requires this before you can continue."]);
    let (mut first, mut second) = (Authenticator::at(&panel), Authenticator::at(&panel));
    let asked = asks(&eva, &page, ADD).await;
    let answer = first.makes(&asked["publicKey"]).unwrap();
    sends(&eva, &page, ADD, &asked, &answer).await.must_say(201, &["Your recovery codes"]);
    assert_eq!(eva.visits("/").await.at, "/");

    let ids = panel.database.texts("SELECT id FROM passkey").await;
    assert!(!eva.visits("/profile").await.body.contains("remove?passkey="));
    eva.has_proved(Act::RemoveFactor).await;
    assert_eq!(eva.posts("/profile/second-factor/remove", &[("passkey", &ids[0])]).await.status, 409);
    panel.clock.turn(1);
    let page = adds(&eva, &mut second, "Another").await;
    let page = eva.clicks(&page, "Remove…").await;
    eva.presses(&page, "Remove").await.must_say(200, &["The passkey is removed.", "Another"]);
    let bo = Person::hired(&panel, "bo", &[(Role::Operator, "*")]).await;
    let page = bo.visits("/sign-in").await;
    assert_eq!(uses(&bo, &page, ALONE, &mut second).await.at, "/");
}

#[tokio::test]
async fn nobody_removes_somebody_elses_passkey() {
    let panel = named().opens().await;
    let (_eva, mut key) = eva_with_passkey(&panel).await;
    let bo = panel.operator("bo").await;
    let ids = panel.database.texts("SELECT id FROM passkey").await;
    bo.has_proved(Act::RemoveFactor).await;
    assert_eq!(bo.posts("/profile/second-factor/remove", &[("passkey", &ids[0])]).await.status, 303);
    assert_eq!(panel.audit(AuditKind::SecondFactorRemoved).await.len(), 0);
    let page = bo.in_another_browser().visits("/sign-in").await;
    assert_eq!(uses(&bo.in_another_browser(), &page, ALONE, &mut key).await.at, "/");
}

#[tokio::test]
async fn a_label_is_only_a_text_and_must_be_there() {
    let panel = named().opens().await;
    let eva = panel.operator("eva").await;
    let hostile = "<script>alert(1)</script>\"'";
    adds(&eva, &mut Authenticator::at(&panel), hostile).await.must_say(201, &["Your recovery codes"]);
    let page = eva.visits("/profile").await;
    page.must_say(200, &[hostile]);
    assert!(!page.body.contains("<script>alert"));
    let page = adds(&eva, &mut Authenticator::at(&panel), " \t ").await;
    page.must_say(422, &["Give it a name."]);
    eva.has_proved(Act::AddPasskey).await;
    let page = eva.visits("/profile/passkeys/new").await;
    assert_eq!(page.attributes("#label", "value"), ["Unknown browser"], "there is something to begin with");
}

#[tokio::test]
async fn a_panel_without_a_name_says_why_it_has_no_passkeys() {
    let panel = crate::stage::panel().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/profile").await;
    page.must_say(200, &["Passkeys don’t work here, because the panel’s address is a number and not a name."]);
    assert!(page.link("Add a passkey…").is_none());
    assert!(!Person::stranger(&panel).visits("/sign-in").await.says("passkey"));
    for path in ["/profile/passkeys/new/options", "/sign-in/passkey/options", "/sign-in/again/passkey/options"] {
        assert_eq!(eva.posts(path, &[("", "")]).await.status, 404, "{path}");
    }
}
