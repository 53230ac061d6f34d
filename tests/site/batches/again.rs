//! What of a change of several accounts is tried again, and what never is.

use std::time::Duration;

use nyckel::model::AuditKind;
use nyckel::simulator::{Fault, Times};

use super::{EDIT, away, begin_form, begins, edited, ends, manager, marks, panel, replies, selects};
use crate::stage::Stage;

#[tokio::test]
async fn an_old_page_does_not_have_a_stopped_batch_go_on() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    panel.glesys.fault(EDIT, Fault::Slow(Duration::from_millis(150)), Times::Always);
    let page = selects(&eva, "auto_reply_off", &["a0", "a1", "a2", "a3", "a4", "a5"]).await;
    let old = begin_form(&page);
    let running = begins(&eva, &page).await;
    panel.until(|panel| async move { panel.glesys.calls_to(EDIT) >= 2 }).await;
    eva.presses(&running, "Stop").await.must_say(200, &["Someone stopped it."]);
    let stopped = ends(&panel, &eva, &page).await;
    let answer = eva.sends(eva.posting(&old.action, &old.fields)).await;
    assert_eq!(answer.status, 303);
    let told = eva.visits(answer.header("location")).await;
    told.must_say(200, &["That page was out of date, so nothing was started.", "Someone stopped it."]);
    assert_eq!(marks(&ends(&panel, &eva, &page).await), marks(&stopped));
    assert_eq!(edited(&panel).len(), 2);
    assert_eq!(panel.audit(AuditKind::BatchBegun).await.len(), 1);
    for fields in [vec![], vec![("run", "")], vec![("run", "x")], vec![("run", "-1")], vec![("run", "7")]] {
        let path = format!("{}/begin", page.at);
        let answer = eva.posts(&path, &fields).await;
        assert!([303, 422].contains(&answer.status), "{answer:?}");
    }
    assert_eq!(panel.audit(AuditKind::BatchBegun).await.len(), 1);
    let going = begins(&eva, &told).await;
    assert_eq!(marks(&ends(&panel, &eva, &going).await), ["Changed"; 6]);
}

#[tokio::test]
async fn what_certainly_was_not_done_is_tried_again_by_going_on() {
    for state in ["refused", "not_sent"] {
        let panel = panel().await;
        let eva = manager(&panel, "eva").await;
        let text = "You do not have permission".to_owned();
        panel.glesys.fault(EDIT, Fault::Status { http: 403, code: 403, text, envelope: true }, Times::Count(2));
        let page = selects(&eva, "auto_reply_off", &["a0", "a1", "a2", "a3"]).await;
        let page = begins(&eva, &page).await;
        let stopped = ends(&panel, &eva, &page).await;
        assert!(marks(&stopped).contains(&"Not changed".to_owned()), "{:?}", marks(&stopped));
        panel.database.run(&format!("UPDATE operation SET state = '{state}' WHERE state = 'refused'")).await;
        panel.glesys.heal();
        let going = begins(&eva, &stopped).await;
        assert_eq!(marks(&ends(&panel, &eva, &going).await), ["Changed"; 4], "{state}");
        assert_eq!(replies(&panel), ["a4@example.se", "a5@example.se"]);
    }
}

#[tokio::test]
async fn accounts_that_others_were_busy_with_have_their_turn_later() {
    let panel = Stage::of(away()).gives_up_after(600).opens().await;
    let (eva, olle) = (manager(&panel, "eva").await, manager(&panel, "olle").await);
    panel.glesys.fault("email/resetpassword", Fault::HangAfter, Times::Always);
    olle.resets("a1@example.se").await.must_say(200, &["We don’t know if the password was reset"]);
    let page = selects(&eva, "auto_reply_off", &["a0", "a1", "a2"]).await;
    let first = begin_form(&page);
    panel.glesys.change(|state| drop(state.domains.get_mut("example.se").unwrap().accounts.remove("a2@example.se")));
    let page = begins(&eva, &page).await;
    let done = ends(&panel, &eva, &page).await;
    assert_eq!(marks(&done), ["Changed", "Left out", "Left out"]);
    panel.clock.turn(61);
    assert_eq!(eva.sends(eva.posting(&first.action, &first.fields)).await.status, 303);
    assert_eq!(edited(&panel), ["a0@example.se"], "what is done is not begun again by an old page");
    let done = eva.visits(&page.at).await;
    let again = eva.presses(&done, "Try 1 account again").await;
    let done = ends(&panel, &eva, &again).await;
    assert_eq!(marks(&done), ["Changed", "Changed", "Left out"]);
    assert!(!done.has("form[action$='/begin']"), "what is gone stays gone");
    assert_eq!(edited(&panel), ["a0@example.se", "a1@example.se"]);
}

#[tokio::test]
async fn what_is_unknown_is_never_tried_again() {
    let panel = Stage::of(away()).gives_up_after(150).opens().await;
    let eva = manager(&panel, "eva").await;
    panel.glesys.fault(EDIT, Fault::HangAfter, Times::Once);
    let page = selects(&eva, "auto_reply_off", &["a0", "a1"]).await;
    let page = begins(&eva, &page).await;
    let done = ends(&panel, &eva, &page).await;
    let mut found = marks(&done);
    found.sort();
    assert_eq!(found, ["Changed", "Unknown"]);
    panel.clock.turn(61);
    assert!(!eva.visits(&page.at).await.has("form[action$='/begin']"));
    for run in ["0", "1", "2"] {
        assert_eq!(eva.posts(&format!("{}/begin", page.at), &[("run", run)]).await.status, 303);
    }
    assert_eq!(marks(&ends(&panel, &eva, &page).await), marks(&done));
    assert_eq!(edited(&panel).len(), 2);
}

#[tokio::test]
async fn an_account_that_another_changed_while_it_was_read_is_left_as_it_is() {
    let panel = panel().await;
    let other = panel.replica().await;
    let (eva, olle) = (manager(&panel, "eva").await, manager(&panel, "olle").await.at(&other));
    let page = selects(&eva, "spam_level 5", &["a0"]).await;
    let theirs = olle.visits("/accounts/a0@example.se/edit").await;
    panel.glesys.fault("email/list", Fault::Slow(Duration::from_millis(300)), Times::Once);
    let reads = panel.glesys.calls_to("email/list");
    let (page, ()) = tokio::join!(begins(&eva, &page), async {
        panel.until(|panel| async move { panel.glesys.calls_to("email/list") > reads }).await;
        olle.fills_in(&theirs, "Save", &[("spam", "1")]).await.must_say(200, &["Saved."]);
    });
    let done = ends(&panel, &eva, &page).await;
    done.must_say(200, &["It was changed while it was read."]);
    assert_eq!(marks(&done), ["Left out"]);
    assert_eq!(panel.one(AuditKind::ChangeRefused).await.outcome.as_deref(), Some("overtaken"));
    let again = eva.presses(&done, "Try 1 account again").await;
    assert_eq!(marks(&ends(&panel, &eva, &again).await), ["Changed"]);
    let told = panel.audit(AuditKind::AccountEditOutcome).await.into_iter().filter_map(|event| event.facts.kept());
    let levels = [(1, 3), (5, 1)].map(|(is, was)| format!(r#"{{"spam_level":{is},"spam_level_before":{was}}}"#));
    assert_eq!(told.collect::<Vec<_>>(), levels);
}
