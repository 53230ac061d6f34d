//! Proving anew who one is before a reset.

use nyckel::model::{AuditKind, Role};

use crate::stage::{Form, PASSWORD, Page, Person, Stage, panel};

const CONFIRM: &str = "/accounts/anna@example.se/reset";
const WRONG: &str = "Wrong password.";

/// Confirms the reset and proves in the same form who one is.
async fn proves(person: &Person, page: &Page, password: &str) -> Page {
    assert!(page.has("#proof"), "{page:#?}");
    person.fills_in(page, "Reset password", &[("proof", password)]).await
}

/// The form that confirms the reset, with the proof typed in.
async fn with_proof(person: &Person) -> Form {
    let mut form = person.visits(CONFIRM).await.form("Reset password");
    form.fields.retain(|(name, _)| name != "proof");
    form.fields.push(("proof".to_owned(), PASSWORD.to_owned()));
    form
}

#[tokio::test]
async fn a_reset_asks_who_one_is_ten_minutes_after_signing_in_and_then_goes_on() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.clock.turn(10 * 60);
    assert!(!eva.visits(CONFIRM).await.has("#proof"), "ten minutes are still fresh");
    panel.clock.turn(1);
    let page = eva.visits(CONFIRM).await;
    page.must_say(200, &["Reset the password of anna@example.se", "Your current password"]);
    let page = proves(&eva, &page, PASSWORD).await;
    assert_eq!(page.password(), panel.glesys.password_of("anna@example.se"));
    let event = panel.one(AuditKind::ProvedAgain).await;
    assert_eq!(event.staff_name.as_deref(), Some("eva"));
    assert!(panel.audit(AuditKind::ResetRefused).await.is_empty());
    // It counts for what else is grave, too.
    assert!(!eva.visits("/accounts/bo@example.se/lock-out").await.has("#proof"));
}

#[tokio::test]
async fn what_was_typed_on_the_confirmation_page_is_not_lost() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.clock.turn(9 * 60);
    let page = eva.visits(CONFIRM).await;
    panel.clock.turn(9 * 60);
    let typed = [("ticket", "812 & åäö"), ("hand_over", "link")];
    let page = eva.fills_in(&page, "Reset password", &typed).await;
    page.must_say(422, &["Show that it is you: fill this in."]);
    let page = proves(&eva, &page, "not the password").await;
    page.must_say(422, &[WRONG]);
    assert_eq!(page.attributes("#ticket", "value"), ["812 & åäö"]);
    assert_eq!(page.attributes("[name=hand_over][checked]", "value"), ["link"]);
    assert!(!page.body.contains("not the password"));
    assert_eq!((panel.resets(), page.has("#proof[autofocus]"), page.has("h1[autofocus]")), ((0, 0), true, false));
    proves(&eva, &page, PASSWORD).await.must_say(201, &["Link and code"]);
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
    proves(&eva, &page, PASSWORD).await.must_say(429, &["Too many attempts."]);
    assert_eq!(panel.audit(AuditKind::SignInFailed).await.len(), 10);
    assert_eq!((panel.resets(), panel.audit(AuditKind::SignInLimited).await.len()), ((0, 0), 1));
    panel.clock.turn(15 * 60);
    let page = eva.visits(CONFIRM).await;
    assert!(proves(&eva, &page, PASSWORD).await.password().is_some());
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
    eva.posts("/sign-in/again", &[("password", PASSWORD)]).await;
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
async fn a_proof_in_the_form_ends_a_stolen_cookie_and_shows_the_password_under_the_new_one() {
    let panel = panel().await;
    let other = panel.replica().await;
    let eva = panel.operator("eva").await;
    panel.clock.turn(11 * 60);
    let page = eva.visits(CONFIRM).await;
    let (old, thief) = (eva.cookie().unwrap(), Person::stranger(&panel));
    thief.takes_cookie(&old);
    assert!(thief.visits("/").await.says("Overview"));
    let shown = proves(&eva.at(&other), &page, PASSWORD).await;
    assert_eq!(shown.password(), panel.glesys.password_of("anna@example.se"));
    assert_ne!(eva.cookie().unwrap(), old);
    assert_eq!(thief.visits("/").await.text("h1"), "Sign in");
}

#[tokio::test]
async fn a_double_click_with_a_proof_does_one_reset_and_leads_to_it() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.clock.turn(11 * 60);
    let form = with_proof(&eva).await;
    let click = || panel.answers(eva.posting(&form.action, &form.fields));
    let (first, second) = tokio::join!(click(), click());
    assert_eq!((first.status, first.header("location")), (303, second.header("location")));
    assert_eq!(panel.resets(), (1, 1));
}

#[tokio::test]
async fn an_answer_that_was_lost_takes_no_password_along_though_it_came_with_a_proof() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.clock.turn(11 * 60);
    let form = with_proof(&eva).await;
    let old = eva.cookie();
    // Whoever waits for the first answer never gets it, and a proxy sends the form again.
    let lost = panel.answers(eva.posting(&form.action, &form.fields)).await;
    panel.until_at_rest().await;
    let again = panel.answers(eva.posting(&form.action, &form.fields)).await;
    assert_eq!((again.status, again.header("location")), (303, lost.header("location")));
    assert_eq!(eva.cookie(), old);
    let shown = eva.visits(again.header("location")).await;
    assert_eq!(shown.password(), panel.glesys.password_of("anna@example.se"));
    assert_ne!(eva.cookie(), old, "the new cookie comes with the password");
    assert_eq!(panel.resets(), (1, 1));
}

#[tokio::test]
async fn a_proof_in_the_form_counts_once_whatever_is_reset_after_it() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    panel.clock.turn(11 * 60);
    proves(&mia, &mia.visits(CONFIRM).await, PASSWORD).await;
    let cookie = mia.cookie();
    for account in ["bo@example.se", "anna@example.se"] {
        panel.clock.turn(9 * 60);
        assert!(mia.resets(account).await.password().is_some(), "{account}");
    }
    assert_eq!(mia.cookie(), cookie);
    assert_eq!(mia.visits("/accounts/bo@example.se/delete").await.text("h1"), "Confirm it’s you");
}

#[tokio::test]
async fn nothing_renews_a_proof_beyond_four_hours() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    for round in 0..24 {
        panel.clock.turn(9 * 60 + 59);
        assert!(mia.resets(["anna@example.se", "bo@example.se"][round % 2]).await.password().is_some(), "{round}");
    }
    panel.clock.turn(25);
    assert!(mia.visits(CONFIRM).await.has("#proof"), "four hours and a second, and half a minute since the last");
}

#[tokio::test]
async fn a_form_that_was_sent_leads_to_what_it_began_though_its_proof_is_worth_nothing_any_more() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.clock.turn(11 * 60);
    let page = eva.visits(CONFIRM).await;
    let shown = proves(&eva, &page, PASSWORD).await;
    let again = proves(&eva, &page, "as a code that was used").await;
    assert_eq!((again.at, panel.resets()), (shown.at, (1, 1)));
    assert!(panel.audit(AuditKind::SignInFailed).await.is_empty());
}

#[tokio::test]
async fn resets_renew_the_proof_for_resets_alone_and_for_four_hours() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    let asks = async |minutes: i64| {
        panel.clock.turn(minutes * 60);
        mia.visits(CONFIRM).await.has("#proof")
    };
    // Nine minutes after nine minutes, to the end of the fourth hour.
    for round in 1..=26 {
        assert!(!asks(9).await, "{round}");
        let account = ["anna@example.se", "bo@example.se"][round % 2];
        assert!(mia.resets(account).await.password().is_some(), "{round}");
        if round == 2 {
            assert_eq!(mia.visits("/accounts/bo@example.se/delete").await.text("h1"), "Confirm it’s you");
        }
    }
    assert!(!asks(5).await);
    mia.resets("anna@example.se").await;
    assert!(asks(2).await, "more than four hours have passed, whenever the last reset was");
    proves(&mia, &mia.visits(CONFIRM).await, PASSWORD).await;
    assert!(!asks(10).await);
    assert!(asks(1).await, "anyone who rests is asked");
    assert_eq!(panel.audit(AuditKind::ProvedAgain).await.len(), 1);
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
    assert_eq!((page.text("h1").as_str(), panel.resets()), ("Sign in", (0, 0)));
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
