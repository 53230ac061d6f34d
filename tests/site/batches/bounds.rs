//! Which accounts a change of several leaves out, how many it may have, and whom it concerns.

use nyckel::model::{AuditKind, Role};
use nyckel::simulator::{Fault, State, Times};

use super::{away, begin_form, begins, edited, ends, manager, marks, panel, selects};
use crate::stage::{Person, Stage};

#[tokio::test]
async fn protected_accounts_are_left_out_for_whoever_is_no_admin() {
    let panel = Stage::of(away()).with("NYCKEL_PROTECTED_ACCOUNTS", "a0@example.se").opens().await;
    let eva = manager(&panel, "eva").await;
    let form = eva.visits("/domains/example.se/bulk").await;
    let form = eva.presses(&form, "Select all shown").await;
    assert_eq!(form.attributes("input[name=account][disabled]", "value"), ["a0"]);
    let page = selects(&eva, "auto_reply_off", &["a0", "a1"]).await;
    page.must_say(200, &["Left out", "Protected account: only admins can do this."]);
    assert!(!page.says("looked at again"));
    let page = begins(&eva, &page).await;
    assert_eq!(marks(&ends(&panel, &eva, &page).await), ["Left out", "Changed"]);
    assert_eq!(edited(&panel), ["a1@example.se"]);
    let admin = panel.admin("admin").await;
    let page = selects(&admin, "auto_reply_off", &["a0"]).await;
    let page = begins(&admin, &page).await;
    assert_eq!(marks(&ends(&panel, &admin, &page).await), ["Changed"]);
}

#[tokio::test]
async fn accounts_that_others_are_busy_with_or_that_are_gone_are_left_out() {
    let panel = Stage::of(away()).gives_up_after(600).opens().await;
    let (eva, olle) = (manager(&panel, "eva").await, manager(&panel, "olle").await);
    let page = selects(&eva, "auto_reply_off", &["a0", "a1", "a2", "a3"]).await;
    panel.glesys.fault("email/resetpassword", Fault::HangAfter, Times::Always);
    olle.resets("a1@example.se").await.must_say(200, &["We don’t know if the password was reset"]);
    panel.glesys.change(|state| {
        let domain = state.domains.get_mut("example.se").unwrap();
        domain.accounts.remove("a2@example.se");
        domain.accounts.get_mut("a3@example.se").unwrap().autorespond = false;
    });
    let confirmation = olle.visits("/accounts/a0@example.se/reset").await;
    let (_, page) = tokio::join!(olle.submits(&confirmation), async {
        panel.until_called(2).await;
        let page = begins(&eva, &page).await;
        let running = "SELECT id FROM batch WHERE state = 'running'";
        panel.until(move |panel| async move { panel.database.texts(running).await.is_empty() }).await;
        eva.visits(&page.at).await
    });
    assert_eq!(marks(&page), ["Left out", "Left out", "Left out", "Nothing to change"]);
    page.must_say(
        200,
        &["Something else was being done to it.", "it’s left alone for a minute", "It no longer exists."],
    );
    assert_eq!(edited(&panel), [""; 0]);
    let codes: Vec<_> = panel.audit(AuditKind::ChangeRefused).await.into_iter().filter_map(|e| e.outcome).collect();
    assert_eq!(codes.len(), 3, "{codes:?}");
}

#[tokio::test]
async fn a_form_that_does_not_fit_is_shown_again_with_what_was_chosen() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    let page = selects(&eva, "", &["a1"]).await;
    page.must_say(422, &["Choose what to change."]);
    assert_eq!(page.attributes("input[name=account][checked]", "value"), ["a1"]);
    let page = selects(&eva, "spam_level 2", &[]).await;
    page.must_say(422, &["Select at least one account."]);
    assert_eq!(page.attributes("option[selected]", "value"), ["spam_level 2"]);
    let hostile = "<script>alert(1)</script>";
    for account in
        ["nobody", "", "a0@evil.example", "carl@example.com@", "\u{1}", hostile, "a0\r\nx", &"x".repeat(9000)]
    {
        selects(&eva, "auto_reply_off", &[account]).await.must_say(422, &["One of the selected accounts"]);
    }
    for action in ["spam_level 6", "delete", hostile, "spam_level 99999999999999999999"] {
        selects(&eva, action, &["a0"]).await.must_say(422, &["Choose what to change."]);
    }
    let fields = [("filter", hostile), ("action", "x")];
    let page = eva.posts("/domains/example.se/bulk", &fields).await;
    assert!(page.status == 422 && !page.body.contains("<script>alert"), "{page:?}");
    assert!(panel.database.texts("SELECT id FROM batch").await.is_empty());
    for path in ["/batches/x", "/batches/019ab000-0000-7000-8000-000000000001", "/batches/..%2F"] {
        assert_eq!(eva.visits(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_batch_has_five_hundred_accounts_at_most() {
    let names: Vec<_> = (0..501).map(|n| format!("n{n:03}")).collect();
    let state = names.iter().fold(State::empty(), |state, name| state.account(&format!("{name}@example.se")));
    let panel = Stage::of(state).opens().await;
    let eva = manager(&panel, "eva").await;
    let form = eva.visits("/domains/example.se/bulk").await;
    let form = eva.presses(&form, "Select all shown").await;
    form.must_say(200, &["The first 500 of 501 are shown"]);
    assert_eq!(form.attributes("input[name=account][checked]", "value").len(), 500);
    let all: Vec<_> = names.iter().map(String::as_str).collect();
    selects(&eva, "spam_level 1", &all).await.must_say(422, &["Select at most 500 accounts."]);
    let page = selects(&eva, "spam_level 1", &all[..500]).await;
    assert!(page.says("Change 500 accounts"));
    let twice: Vec<_> = ["n000"].into_iter().cycle().take(600).collect();
    assert!(selects(&eva, "spam_level 1", &twice).await.says("Change 1 account"));
}

#[tokio::test]
async fn a_batch_is_for_whom_it_concerns() {
    let panel = panel().await;
    let (eva, olle) = (manager(&panel, "eva").await, manager(&panel, "olle").await);
    let viewer = panel.viewer("vera").await;
    let page = selects(&eva, "auto_reply_off", &["a0"]).await;
    let form = begin_form(&page);
    for person in [&olle, &viewer] {
        assert_eq!(person.visits(&page.at).await.status, 404, "what is not begun is its maker's");
        assert_eq!(person.sends(person.posting(&form.action, &form.fields)).await.status, 404);
    }
    let page = begins(&eva, &page).await;
    ends(&panel, &olle, &page).await.must_say(200, &["Finished on", "Started by eva"]);
    assert_eq!(viewer.visits(&page.at).await.status, 404);
    assert_eq!(viewer.posts(&format!("{}/stop", page.at), &[]).await.status, 404);
    // Whoever began it may look at it when the right is gone, but not act.
    eva.now_holds(&[(Role::Viewer, "*")]).await;
    let looked = eva.visits(&page.at).await;
    looked.must_say(200, &["Finished on"]);
    assert!(!looked.has("main form"));
    assert_eq!(eva.sends(eva.posting(&form.action, &form.fields)).await.status, 403);
}

#[tokio::test]
async fn what_is_not_confirmed_within_two_hours_is_forgotten() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    let page = selects(&eva, "auto_reply_off", &["a0"]).await;
    panel.clock.turn(2 * 3600 + 1);
    panel.sweeps().await;
    eva.signs_in().await;
    eva.visits(&page.at).await.must_say(404, &["No such change"]);
    assert!(panel.database.texts("SELECT address FROM batch_item").await.is_empty());
}

#[tokio::test]
async fn an_account_that_was_changed_elsewhere_since_it_was_read_has_its_turn_all_the_same() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    eva.visits("/domains/example.se").await.must_say(200, &["still@example.se"]);
    panel.glesys.change(|state| {
        let domain = state.domains.get_mut("example.se").unwrap();
        domain.accounts.get_mut("still@example.se").unwrap().autorespond = true;
        domain.accounts.get_mut("a0@example.se").unwrap().autorespond = false;
    });
    let page = selects(&eva, "auto_reply_off", &["still", "a0"]).await;
    page.must_say(200, &["It has the setting already", "looked at again"]);
    let page = begins(&eva, &page).await;
    assert_eq!(marks(&ends(&panel, &eva, &page).await), ["Nothing to change", "Changed"]);
    assert_eq!(edited(&panel), ["still@example.se"]);
}

#[tokio::test]
async fn whoever_lost_every_right_in_a_domain_does_not_see_its_batches_any_more() {
    let panel = panel().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Manager, "example.se"), (Role::Viewer, "example.com")]).await;
    eva.signs_in().await;
    let begun = selects(&eva, "auto_reply_off", &["a0"]).await;
    let form = begin_form(&begun);
    let begun = begins(&eva, &begun).await;
    ends(&panel, &eva, &begun).await;
    let proposed = selects(&eva, "spam_level 1", &["a1"]).await;
    eva.now_holds(&[(Role::Viewer, "example.com")]).await;
    for page in [&begun, &proposed] {
        let looked = eva.visits(&page.at).await;
        assert!(looked.status == 404 && !looked.body.contains("@example.se"), "{looked:?}");
    }
    assert_eq!(eva.sends(eva.posting(&form.action, &form.fields)).await.status, 404);
}
