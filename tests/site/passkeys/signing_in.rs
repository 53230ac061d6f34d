//! Passkeys that sign their owner in, or prove anew who it is.

use nyckel::model::{AuditKind, Role};

use super::{ALONE, USE, adds, eva_with_passkey, named, uses};
use crate::sign_ins::links::link_for;
use crate::stage::{Authenticator, PASSWORD, Stage};

#[tokio::test]
async fn a_passkey_signs_in_alone_and_leads_on() {
    let panel = named().opens().await;
    let (eva, mut key) = eva_with_passkey(&panel).await;
    assert_eq!(panel.one(AuditKind::SecondFactorSet).await.facts.kept().as_deref(), Some(r#"{"passkeys":["My key"]}"#));
    eva.visits("/profile").await.must_say(200, &["My key", "never used", "Recovery codes left: 10."]);

    let elsewhere = eva.in_another_browser();
    let page = elsewhere.visits("/accounts/anna@example.se").await;
    let page = uses(&elsewhere, &page, ALONE, &mut key).await;
    assert_eq!((page.status, page.at.as_str()), (200, "/accounts/anna@example.se"));
    let signed_in = panel.audit(AuditKind::SignedIn).await.pop().unwrap();
    assert_eq!(
        (signed_in.staff_name.as_deref(), signed_in.facts.kept().as_deref()),
        (Some("eva"), Some(r#"{"means":["passkey"]}"#))
    );
    elsewhere.visits("/profile").await.must_say(200, &["My key", "last used just now"]);
    assert_eq!(elsewhere.resets("anna@example.se").await.password(), panel.glesys.password_of("anna@example.se"));
}

#[tokio::test]
async fn the_password_alone_is_not_enough_for_whoever_has_a_passkey() {
    let panel = named().opens().await;
    let (eva, mut key) = eva_with_passkey(&panel).await;
    let elsewhere = eva.in_another_browser();
    let page = elsewhere.signs_in_with(PASSWORD).await;
    page.must_say(200, &["Enter your code", "One of your recovery codes."]);
    assert!(elsewhere.cookie().is_none(), "half a sign-in is none");
    elsewhere.fills_in(&page, "Sign in", &[("code", "123456")]).await.must_say(422, &["That code didn’t work"]);
    let page = elsewhere.signs_in_with(PASSWORD).await;
    let page = uses(&elsewhere, &page, USE, &mut key).await;
    assert_eq!((page.status, page.at.as_str()), (200, "/"));
    assert_eq!(
        panel.audit(AuditKind::SignedIn).await.pop().unwrap().facts.kept().as_deref(),
        Some(r#"{"means":["passkey"]}"#)
    );
}

#[tokio::test]
async fn a_lost_passkey_is_made_up_for_by_a_recovery_code() {
    let panel = named().opens().await;
    let eva = panel.operator("eva").await;
    let codes = adds(&eva, &mut Authenticator::at(&panel), "Lost").await.texts(".codes li");
    let elsewhere = eva.in_another_browser();
    let page = elsewhere.signs_in_with(PASSWORD).await;
    assert_eq!(elsewhere.fills_in(&page, "Sign in", &[("code", &codes[0])]).await.at, "/");
}

#[tokio::test]
async fn a_passkey_proves_anew_who_one_is_and_nothing_that_was_typed_is_lost() {
    let panel = named().opens().await;
    let (eva, mut key) = eva_with_passkey(&panel).await;
    panel.clock.turn(9 * 60);
    let confirm = eva.visits("/accounts/anna@example.se/reset").await;
    panel.clock.turn(9 * 60);
    let asked = eva.fills_in(&confirm, "Reset password", &[("ticket", "812 & åäö")]).await;
    asked.must_say(
        422,
        &["Show that it is you", "Or leave this empty and press the button: your passkey is asked for."],
    );
    assert_eq!(asked.attributes("#ticket", "value"), ["812 & åäö"]);
    let before = eva.cookie();
    let options = asked.attributes("form[data-passkey]", "data-options").remove(0);
    let challenge = eva.posts(&options, &[("for", "reset")]).await;
    let challenge: serde_json::Value = serde_json::from_str(&challenge.body).unwrap();
    let answer = key.signs(&challenge["publicKey"]).unwrap();
    let fields = [("ceremony", challenge["token"].as_str().unwrap()), ("answer", answer.as_str())];
    let shown = eva.fills_in(&asked, "Reset password", &fields).await;
    assert_eq!(shown.password(), panel.glesys.password_of("anna@example.se"));
    assert_ne!(eva.cookie(), before);
    assert_eq!(panel.one(AuditKind::ProvedAgain).await.facts.kept().as_deref(), Some(r#"{"means":["passkey"]}"#));
    assert_eq!(panel.resets(), (1, 1));
}

#[tokio::test]
async fn what_was_typed_when_the_session_had_ended_is_there_again_after_signing_in_with_a_passkey() {
    let panel = named().opens().await;
    let (eva, mut key) = eva_with_passkey(&panel).await;
    eva.now_holds(&[(Role::Manager, "*")]).await;
    for (button, is_alone) in [(ALONE, true), (USE, false)] {
        let form = eva.visits("/accounts/anna@example.se/edit").await;
        panel.clock.turn(31 * 60);
        let typed = [("quota", "7"), ("reply", "yes"), ("text", "Away, å")];
        let page = eva.fills_in(&form, "Save", &typed).await;
        page.must_say(200, &["so nothing was done. What you typed is kept"]);
        let page = if is_alone {
            page
        } else {
            // After the password, instead of alone.
            eva.fills_in(&page, "Sign in", &[("name", "eva"), ("password", PASSWORD)]).await
        };
        let page = uses(&eva, &page, button, &mut key).await;
        assert!(page.at.starts_with("/accounts/anna@example.se/edit?draft="), "{}", page.at);
        assert_eq!(page.attributes("#quota", "value"), ["7"]);
        assert!(page.has("#reply[checked]") && page.says("Away, å"));
        assert_eq!(panel.glesys.calls_to("email/editaccount"), 0);
    }
}

#[tokio::test]
async fn under_a_path_passkeys_belong_to_the_host_and_forms_to_the_path() {
    let panel = Stage::usual().with("NYCKEL_PUBLIC_URL", "https://intra.example.se/nyckel").opens().await;
    let (eva, mut key) = eva_with_passkey(&panel).await;
    assert_eq!((key.origin.as_str(), key.site.as_str()), ("https://intra.example.se", "intra.example.se"));
    let elsewhere = eva.in_another_browser();
    let page = elsewhere.visits("/sign-in").await;
    assert_eq!(uses(&elsewhere, &page, ALONE, &mut key).await.at, "/nyckel/");
}

#[tokio::test]
async fn a_panel_that_has_lost_its_name_still_lets_people_in_with_recovery_codes() {
    let panel = named().opens().await;
    let eva = panel.operator("eva").await;
    let codes = adds(&eva, &mut Authenticator::at(&panel), "Of no use now").await.texts(".codes li");
    let nameless = panel.replica_that(|replica| replica.config.public_url = "http://127.0.0.1:8080".parse().unwrap());
    let nameless = Box::pin(nameless).await;
    let eva = eva.in_another_browser().at(&nameless);
    let page = eva.signs_in_with(PASSWORD).await;
    assert!(!page.says(USE));
    assert_eq!(eva.fills_in(&page, "Sign in", &[("code", &codes[0])]).await.at, "/");
}

#[tokio::test]
async fn a_passkey_is_the_second_factor_behind_a_sign_in_link_too() {
    let panel = named().opens().await;
    let eva = panel.admin("eva").await;
    let mut key = Authenticator::at(&panel);
    adds(&eva, &mut key, "My key").await.must_say(201, &[]);
    let link = link_for(&panel, "eva").await;
    let elsewhere = eva.in_another_browser();
    let page = elsewhere.visits(&link).await;
    let half = elsewhere.presses(&page, "Sign in as eva").await;
    assert!(elsewhere.cookie().is_none() && half.says("Enter your code"));
    assert_eq!(uses(&elsewhere, &half, USE, &mut key).await.at, "/");
    let signed_in = panel.audit(AuditKind::SignedIn).await.pop().unwrap();
    assert_eq!(signed_in.facts.kept().as_deref(), Some(r#"{"means":["sign_in_link","passkey"]}"#));
    elsewhere.visits(&link).await.must_say(404, &["This link can’t be used"]);
}
