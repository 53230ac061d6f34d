//! Proving anew who one is before a reset.

use nyckel::model::{AuditKind, Role};

use crate::stage::{PASSWORD, Page, Person, Stage, panel};

const CONFIRM: &str = "/accounts/anna@example.se/reset";
const WRONG: &str = "The password is wrong.";

/// Answers the question who one is.
async fn proves(person: &Person, page: &Page, password: &str) -> Page {
    assert_eq!(page.text("h1"), "Confirm it’s you", "{page:#?}");
    person.fills_in(page, "Continue", &[("password", password)]).await
}

#[tokio::test]
async fn a_reset_asks_who_one_is_ten_minutes_after_signing_in_and_then_goes_on() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.clock.turn(10 * 60);
    assert!(eva.visits(CONFIRM).await.says("Reset the password of"), "ten minutes are still fresh");
    panel.clock.turn(1);
    let page = eva.visits(CONFIRM).await;
    let page = proves(&eva, &page, PASSWORD).await;
    assert_eq!(page.at, CONFIRM);
    let page = eva.presses(&page, "Reset password").await;
    assert_eq!(page.password(), panel.glesys.password_of("anna@example.se"));
    let event = panel.one(AuditKind::ProvedAgain).await;
    assert_eq!(event.staff_name.as_deref(), Some("eva"));
}

#[tokio::test]
async fn what_was_typed_on_the_confirmation_page_is_not_lost() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.clock.turn(9 * 60);
    let page = eva.visits(CONFIRM).await;
    panel.clock.turn(9 * 60);
    let page = eva.fills_in(&page, "Reset password", &[("ticket", "812 & åäö")]).await;
    assert_eq!(panel.resets(), (0, 0));
    let page = proves(&eva, &page, PASSWORD).await;
    assert_eq!(page.attributes("#ticket", "value"), ["812 & åäö"]);
    eva.presses(&page, "Reset password").await;
    assert_eq!(panel.resets(), (1, 1));
}

#[tokio::test]
async fn a_wrong_password_proves_nothing_and_is_counted_like_any_other_try() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.clock.turn(11 * 60);
    let mut page = eva.visits(CONFIRM).await;
    let cookie = eva.cookie();
    for _ in 0..10 {
        page = proves(&eva, &page, "not the password").await;
        page.must_say(422, &[WRONG]);
    }
    assert_eq!(eva.cookie(), cookie);
    assert!(eva.visits(CONFIRM).await.says("Confirm it’s you"));
    proves(&eva, &page, PASSWORD).await.must_say(429, &["Too many tries."]);
    assert_eq!(panel.audit(AuditKind::SignInFailed).await.len(), 10);
    panel.clock.turn(15 * 60);
    assert_eq!(proves(&eva, &page, PASSWORD).await.at, CONFIRM);
}

#[tokio::test]
async fn the_session_goes_on_under_a_new_cookie() {
    let panel = panel().await;
    let other = panel.replica().await;
    let eva = panel.operator("eva").await;
    panel.clock.turn(9 * 60);
    // A password that waits, and a confirmation page in another tab.
    let waiting = eva.confirms("bo@example.se").await;
    panel.until_at_rest().await;
    let other_tab = eva.visits(CONFIRM).await;
    let old = eva.cookie().unwrap();
    panel.clock.turn(2 * 60);
    let page = eva.visits("/accounts/carl@example.com/reset").await;
    proves(&eva, &page, PASSWORD).await;
    assert_ne!(eva.cookie().unwrap(), old);

    let thief = Person::stranger(&panel);
    thief.takes_cookie(&old);
    assert_eq!(thief.visits("/").await.text("h1"), "Sign in");
    let shown = eva.at(&other).visits(&waiting).await;
    assert_eq!(shown.password(), panel.glesys.password_of("bo@example.se"));
    let page = eva.presses(&other_tab, "Reset password").await;
    assert_eq!(page.password(), panel.glesys.password_of("anna@example.se"));
    eva.signs_out().await;
    assert_eq!(eva.visits("/").await.text("h1"), "Sign in");
}

#[tokio::test]
async fn a_double_click_on_the_answer_still_goes_on() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.clock.turn(11 * 60);
    let page = eva.visits(CONFIRM).await;
    let form = page.form("Continue");
    let mut fields = form.fields;
    fields.retain(|(name, _)| name != "password");
    fields.push(("password".to_owned(), PASSWORD.to_owned()));
    let again = eva.posting(&form.action, &fields);
    assert_eq!(eva.sends(eva.posting(&form.action, &fields)).await.header("location"), CONFIRM);
    assert_eq!(eva.sends(again).await.header("location"), CONFIRM);
    assert!(eva.visits(CONFIRM).await.says("Reset the password of"));
}

#[tokio::test]
async fn a_session_that_was_ended_gets_no_new_cookie() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.clock.turn(11 * 60);
    let page = eva.visits(CONFIRM).await;
    let elsewhere = Person::stranger(&panel);
    elsewhere.takes_cookie(&eva.cookie().unwrap());
    elsewhere.posts("/sign-out", &[("", ""); 0]).await;
    let page = proves(&eva, &page, PASSWORD).await;
    assert_eq!(page.text("h1"), "Sign in");
}

#[tokio::test]
async fn where_nobody_wants_it_a_reset_never_asks() {
    let panel = Stage::usual().with("NYCKEL_FRESH_SIGN_IN", "0").opens().await;
    let eva = panel.operator("eva").await;
    for _ in 0..20 {
        panel.clock.turn(25 * 60);
        eva.visits("/").await;
    }
    let page = eva.visits(CONFIRM).await;
    assert!(eva.presses(&page, "Reset password").await.password().is_some());
}

#[tokio::test]
async fn signing_in_again_leads_nowhere_else() {
    let panel = panel().await;
    let eva = panel.signed_in(Role::Operator, "eva").await;
    for next in ["https://evil.example/", "//evil.example", "/\\evil.example", ""] {
        let answer = eva.posts("/sign-in/again", &[("password", PASSWORD), ("next", next)]).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/"), "{next}");
    }
}
