//! What stops a change of several accounts in the middle, and how it goes on.

use std::time::Duration;

use nyckel::model::{AuditKind, Role};
use nyckel::simulator::{Fault, Times};

use super::{EDIT, Gate, begins, edited, ends, manager, marks, panel, replies, selects};
use crate::stage::Panel;

async fn stopped_because(panel: &Panel) -> Option<String> {
    panel.one(AuditKind::BatchStopped).await.outcome
}

#[tokio::test]
async fn a_key_that_may_not_edit_stops_the_batch_at_once() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    panel.glesys.deny_function(EDIT);
    let page = selects(&eva, "auto_reply_off", &["a0", "a1", "a2", "a3", "a4", "a5"]).await;
    let page = begins(&eva, &page).await;
    let page = ends(&panel, &eva, &page).await;
    page.must_say(200, &["before all were done.", "may not call email/editaccount", "The others are unchanged."]);
    assert!(edited(&panel).len() <= 2, "the two that were under way");
    assert_eq!(stopped_because(&panel).await.as_deref(), Some("no_permission"));
}

#[tokio::test]
async fn a_batch_that_stopped_with_its_last_accounts_does_not_say_that_some_had_no_turn() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    panel.glesys.deny_function(EDIT);
    let page = selects(&eva, "auto_reply_off", &["a0", "a1"]).await;
    let page = begins(&eva, &page).await;
    let page = ends(&panel, &eva, &page).await;
    page.must_say(200, &["when all were done.", "may not call email/editaccount", "Try 2 accounts again"]);
    assert!(!page.says("The others are unchanged.") && !page.says("Continue with the rest"), "{page:#?}");
}

#[tokio::test]
async fn when_glesys_goes_away_in_the_middle_the_rest_is_not_begun_and_goes_on_later() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    panel.glesys.fault(EDIT, Fault::Slow(Duration::from_millis(100)), Times::Always);
    let page = selects(&eva, "auto_reply_off", &["a0", "a1", "a2", "a3", "a4", "a5"]).await;
    let page = begins(&eva, &page).await;
    panel.until(|panel| async move { panel.glesys.calls_to(EDIT) >= 2 }).await;
    panel.glesys.goes_away().await;
    let stopped = ends(&panel, &eva, &page).await;
    stopped.must_say(200, &["before all were done.", "Continue with the rest"]);
    let waiting = marks(&stopped).iter().filter(|mark| ["Not started", "Not changed"].contains(&mark.as_str())).count();
    assert!(waiting >= 3, "{:?}", marks(&stopped));
    panel.glesys.heal();
    panel.glesys.comes_back().await;
    panel.clock.turn(61);
    panel.built.app.directory.read_all().await;
    panel.sweeps().await;
    assert_eq!(eva.visits(&page.at).await.texts("tbody .mark"), marks(&stopped), "it does not go on by itself");
    let going = begins(&eva, &stopped).await;
    let done = ends(&panel, &eva, &going).await;
    assert_eq!(marks(&done).iter().filter(|mark| *mark == "Changed").count(), waiting, "{:?}", marks(&done));
    assert!(!marks(&done).contains(&"Not started".to_owned()));
    let mut once = edited(&panel);
    once.dedup();
    assert_eq!(once, edited(&panel), "no account was sent twice");
    assert_eq!(panel.audit(AuditKind::BatchBegun).await.len(), 2);
}

#[tokio::test]
async fn a_panel_that_stops_in_the_middle_finishes_what_runs_and_another_goes_on_when_told() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    let gate = Gate::before(&panel, EDIT);
    let page = selects(&eva, "auto_reply_off", &["a0", "a1", "a2", "a3", "a4", "a5"]).await;
    let page = begins(&eva, &page).await;
    gate.is_full(&panel).await;
    tokio::join!(panel.built.ledger.stop(), async { gate.opens() });
    let after = panel.replica().await;
    let eva = eva.at(&after);
    let stopped = eva.visits(&page.at).await;
    stopped.must_say(200, &["The panel was being restarted.", "The others are unchanged."]);
    assert_eq!(marks(&stopped), ["Changed", "Changed", "Not started", "Not started", "Not started", "Not started"]);
    assert_eq!(stopped_because(&panel).await.as_deref(), Some("stopping"));
    let going = begins(&eva, &stopped).await;
    assert_eq!(marks(&ends(&after, &eva, &going).await), ["Changed"; 6]);
    assert_eq!(edited(&panel).len(), 6);
    assert_eq!(replies(&panel), [""; 0]);
}

#[tokio::test]
async fn a_batch_whose_panel_died_stands_still_until_somebody_says_go_on() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    let page = selects(&eva, "auto_reply_off", &["a0", "a1"]).await;
    panel.database.run("UPDATE batch SET state = 'running', run = 1").await;
    panel.sweeps().await;
    eva.visits(&page.at).await.must_say(200, &["0 of 2 done"]);
    panel.clock.turn(91);
    panel.sweeps().await;
    panel.replica().await.sweeps().await;
    let stopped = eva.visits(&page.at).await;
    stopped.must_say(200, &["The panel was stopped in the middle of it"]);
    assert_eq!(stopped_because(&panel).await.as_deref(), Some("lease_ran_out"));
    assert_eq!(edited(&panel), [""; 0]);
    let going = begins(&eva, &stopped).await;
    assert_eq!(marks(&ends(&panel, &eva, &going).await), ["Changed"; 2]);
}

#[tokio::test]
async fn somebody_stops_a_batch_and_what_runs_is_finished() {
    let panel = panel().await;
    let (eva, olle) = (manager(&panel, "eva").await, manager(&panel, "olle").await);
    let gate = Gate::before(&panel, EDIT);
    let page = selects(&eva, "auto_reply_off", &["a0", "a1", "a2", "a3", "a4", "a5"]).await;
    let page = begins(&eva, &page).await;
    gate.is_full(&panel).await;
    let running = olle.visits(&page.at).await;
    olle.presses(&running, "Stop").await.must_say(200, &["Someone stopped it."]);
    gate.opens();
    let stopped = ends(&panel, &eva, &page).await;
    assert_eq!(marks(&stopped).iter().filter(|mark| *mark == "Not started").count(), 4);
    let event = panel.one(AuditKind::BatchStopped).await;
    assert_eq!((event.staff_name.as_deref(), event.outcome.as_deref()), (Some("olle"), Some("by_person")));
    let going = begins(&olle, &stopped).await;
    assert_eq!(marks(&ends(&panel, &olle, &going).await), ["Changed"; 6]);
    assert_eq!(panel.audit(AuditKind::BatchBegun).await[1].staff_name.as_deref(), Some("olle"));
}

#[tokio::test]
async fn whoever_loses_the_right_or_the_session_or_is_disabled_in_the_middle_stops_the_batch() {
    for (reason, sentence) in [
        ("manage_mail", "may no longer manage mail in this domain"),
        ("signed_out", "is no longer signed in"),
        ("disabled", "has been disabled"),
    ] {
        let panel = panel().await;
        let eva = manager(&panel, "eva").await;
        let gate = Gate::before(&panel, EDIT);
        let page = selects(&eva, "auto_reply_off", &["a0", "a1", "a2", "a3", "a4", "a5"]).await;
        let page = begins(&eva, &page).await;
        gate.is_full(&panel).await;
        match reason {
            "manage_mail" => eva.now_holds(&[(Role::Viewer, "*")]).await,
            "signed_out" => panel.database.run("UPDATE session SET ended_at = 1").await,
            _ => eva.is_disabled().await,
        }
        gate.opens();
        let looked = ends(&panel, &eva, &page).await;
        assert_eq!(stopped_because(&panel).await.as_deref(), Some(reason));
        assert_eq!(edited(&panel).len(), 2);
        assert_eq!(replies(&panel).len(), 4);
        let looked = if looked.status == 200 && looked.has("tbody") {
            looked
        } else {
            panel.admin("admin").await.visits(&page.at).await
        };
        looked.must_say(200, &[sentence]);
    }
}
