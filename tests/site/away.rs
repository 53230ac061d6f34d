//! GleSYS is slow or gone: what people still can do, what is refused before it is begun, and how it ends by itself.

use std::time::Duration;

use nyckel::model::AuditKind;
use nyckel::simulator::{Fault, State, Times};

use crate::stage::{Panel, Stage, panel};

const RESET: &str = "email/resetpassword";

/// As many failures in a row as it takes.
async fn leaves_glesys_alone(panel: &Panel) {
    for _ in 0..3 {
        assert!(!panel.built.app.directory.read_all().await);
    }
}

#[tokio::test]
async fn a_glesys_that_failed_three_times_gets_no_call_until_it_answered_a_question() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    let bare = Fault::Status { http: 503, code: 503, text: String::new(), envelope: false };
    panel.glesys.fault_everywhere(bare, Times::Always);
    leaves_glesys_alone(&panel).await;
    let calls = panel.glesys.calls().len();

    let refused = eva.presses(&page, "Reset password").await;
    refused.must_say(503, &["GleSYS has stopped responding.", "Nothing was changed."]);
    panel.clock.turn(65);
    for path in ["/", "/domains/example.se", "/accounts/anna@example.se", "/?q=nobody@example.se"] {
        eva.visits(path).await;
    }
    assert_eq!(panel.glesys.calls().len(), calls, "pages ask nothing meanwhile");
    assert_eq!((panel.resets(), panel.audit(AuditKind::ResetIntent).await.len()), ((0, 0), 0));

    panel.glesys.heal();
    panel.clock.turn(10);
    assert!(panel.built.app.directory.read_all().await, "the next question is answered");
    let result = eva.presses(&page, "Reset password").await;
    assert_eq!(result.password(), panel.glesys.password_of("anna@example.se"), "the same page is still good");
}

#[tokio::test]
async fn a_repeated_post_finds_its_reset_though_glesys_went_away_after_it() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    let first = eva.submits(&page).await;
    panel.glesys.goes_away().await;
    leaves_glesys_alone(&panel).await;
    let again = eva.submits(&page).await;
    assert_eq!((again.status, again.header("location")), (303, first.header("location")));
}

#[tokio::test]
async fn when_glesys_hangs_one_page_waits_and_the_others_show_what_is_known() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.glesys.fault_everywhere(Fault::HangBefore, Times::Always);
    panel.clock.turn(180);
    let first = eva.visits("/domains/example.se").await;
    first.must_say(200, &["anna@example.se", "GleSYS is slow. You’re seeing data from 3 minutes ago."]);
    let calls = panel.glesys.calls().len();
    for path in ["/", "/domains/example.se", "/domains/example.com", "/accounts/anna@example.se"] {
        eva.visits(path).await.must_say(200, &["3 minutes ago"]);
    }
    assert_eq!(panel.glesys.calls().len(), calls, "nobody asks again meanwhile");
    let account = eva.visits("/accounts/anna@example.se").await;
    assert!(account.link("Reset password…").is_some(), "slow is not gone: the confirmation page waits longer");
}

#[tokio::test]
async fn while_glesys_is_slow_nobody_waits_for_an_address_that_is_not_known() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.glesys.fault_everywhere(Fault::HangBefore, Times::Always);
    let paths = ["/?q=nobody@example.se", "/accounts/nobody@example.se"];
    eva.visits(paths[0]).await;
    let calls = panel.glesys.calls().len();
    eva.visits(paths[0]).await.must_say(200, &["No results for"]);
    let account = eva.visits(paths[1]).await;
    assert!(account.status == 502 || account.status == 503, "nobody says that there is none: {}", account.status);
    assert_eq!(panel.glesys.calls().len(), calls, "nobody asks meanwhile");
    panel.glesys.heal();
    panel.glesys.change(|state| *state = std::mem::take(state).account("nobody@example.se"));
    panel.clock.turn(31);
    assert_eq!(eva.visits(paths[0]).await.at, "/accounts/nobody@example.se");
}

#[tokio::test]
async fn more_resets_at_once_than_the_panel_makes_are_refused_before_they_begin() {
    let addresses: Vec<_> = (0..17).map(|n| format!("a{n}@example.se")).collect();
    let stage = Stage::of(addresses.iter().fold(State::empty(), |state, address| state.account(address)));
    let panel = stage.opens().await;
    let eva = panel.operator("eva").await;
    panel.glesys.fault(RESET, Fault::Slow(Duration::from_secs(4)), Times::Always);
    let mut pages = Vec::new();
    for address in &addresses {
        pages.push(eva.visits(&format!("/accounts/{address}/reset")).await);
    }
    let last = pages.pop().unwrap();
    let mut running = tokio::task::JoinSet::new();
    for page in pages {
        let eva = eva.clone();
        running.spawn(async move { eva.submits(&page).await });
    }
    panel.until_called(16).await;
    let refused = eva.submits(&last).await;
    refused.must_say(503, &["As many changes as the panel makes at once", "Nothing was changed."]);
    assert!(running.join_all().await.iter().all(|answer| answer.status == 303));
    panel.until_at_rest().await;
    assert_eq!(panel.resets(), (16, 16));
}
