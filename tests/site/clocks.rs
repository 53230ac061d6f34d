//! Clocks that are set back or forward and replicas that disagree about the time: what came after what, how long an
//! address rests and whose operation still runs is told by none of them.

use std::time::Duration;

use nyckel::model::{AuditKind, Role};
use nyckel::simulator::{Fault, State, Times};

use crate::stage::{PASSWORD, Panel, Person, Stage, panel};

const RESET: &str = "email/resetpassword";
const ANNA: &str = "anna@example.se";
/// By how much the machine's clock is set back between two resets.
const BACK: [i64; 4] = [3, 45, 3600, 86_400];
/// By how much a clock is set, or how far a replica's is off.
const STEPS: [i64; 4] = [-86_400, -3600, 3600, 86_400];

/// Signs in again if the new time has ended the session.
async fn is_there(person: &Person) {
    if person.visits("/").await.at != "/" {
        person.signs_in().await;
    }
}

/// Lets so many half minutes pass on two replicas that do what they do every few seconds.
async fn pass(half_minutes: u32, panels: [&Panel; 2]) {
    for _ in 0..half_minutes {
        panels[0].clock.turn(30);
        for panel in panels {
            panel.sweeps().await;
        }
    }
}

/// Another replica, whose clock is so many seconds off.
async fn replica_off_by(panel: &Panel, seconds: i64) -> Panel {
    let replica = panel.replica_that(|replica| replica.clock = replica.clock.apart(seconds)).await;
    replica.built.app.directory.read_all().await;
    replica
}

async fn shows_what_opens_it(panel: &Panel, person: &Person, result: &str) {
    let page = person.visits(result).await;
    assert!(page.password().is_some(), "{page:#?}");
    assert_eq!(page.password(), panel.glesys.password_of(ANNA));
}

#[tokio::test]
async fn the_password_that_works_is_shown_and_the_void_one_is_not_whenever_the_clock_is_set_back() {
    for seconds in BACK {
        let panel = panel().await;
        let eva = panel.operator("eva").await;
        let void = eva.confirms(ANNA).await;
        panel.clock.set_by(-seconds);
        is_there(&eva).await;
        let valid = eva.confirms(ANNA).await;
        assert_ne!(void, valid);
        shows_what_opens_it(&panel, &eva, &valid).await;
        let page = eva.visits(&void).await;
        page.must_say(200, &["Reset, but not shown"]);
        assert_eq!(page.password(), None, "by {seconds} s");
        assert_eq!(panel.resets(), (2, 2));
    }
}

#[tokio::test]
async fn the_password_that_works_is_shown_when_one_replicas_clock_is_behind() {
    for seconds in [2, 240] {
        let panel = panel().await;
        let behind = panel.replica_that(|replica| replica.clock = replica.clock.apart(-seconds)).await;
        behind.built.app.directory.read_all().await;
        let eva = panel.operator("eva").await;
        let void = eva.confirms(ANNA).await;
        let valid = eva.at(&behind).confirms(ANNA).await;
        eva.at(&behind).visits(&void).await.must_say(200, &["Reset, but not shown", "was reset again"]);
        shows_what_opens_it(&panel, &eva, &valid).await;
        let account = eva.visits("/accounts/anna@example.se").await;
        assert_eq!(account.texts("section[aria-labelledby=history] .mark"), ["Shown", "Not shown"], "the newest first");
    }
}

#[tokio::test]
async fn a_confirmation_older_than_somebody_elses_reset_is_refused_whenever_the_clock_is_set_back() {
    for seconds in [3, 45, 299] {
        let panel = panel().await;
        let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await);
        eva.resets(ANNA).await;
        let page = olle.visits("/accounts/anna@example.se/reset").await;
        panel.clock.set_by(-seconds);
        let result = eva.resets(ANNA).await;
        let refused = olle.presses(&page, "Reset password").await;
        refused.must_say(409, &["Not reset: eva was faster"]);
        assert_eq!(panel.one(AuditKind::ResetRefused).await.outcome.as_deref(), Some("overtaken"));
        assert_eq!(result.password(), panel.glesys.password_of(ANNA), "what eva was shown still works");
    }
}

#[tokio::test]
async fn an_account_rests_after_an_unknown_outcome_however_the_clock_is_set() {
    for (before, after) in [(0, 3600), (0, -3600), (-3, 0), (-3600, 0), (0, 61), (0, 86_400), (0, -86_400)] {
        let panel = Stage::usual().gives_up_after(100).opens().await;
        let eva = panel.operator("eva").await;
        eva.resets(ANNA).await;
        panel.clock.set_by(before);
        is_there(&eva).await;
        panel.glesys.fault(RESET, Fault::HangAfter, Times::Once);
        let page = eva.resets(ANNA).await;
        page.must_say(200, &["We don’t know if the password was reset", "Reset again in 1:00"]);
        panel.clock.turn(8);
        panel.clock.set_by(after);
        is_there(&eva).await;
        eva.visits(&page.at).await.must_say(200, &["Reset again in 0:52"]);
        eva.visits("/accounts/anna@example.se/reset").await.must_say(409, &["Not reset yet: wait a moment"]);
        panel.clock.turn(51);
        eva.visits("/accounts/anna@example.se/reset").await.must_say(409, &["Not reset yet: wait a moment"]);
        panel.clock.turn(1);
        let result = eva.resets(ANNA).await;
        assert!(result.password().is_some(), "set by {before} and {after} s: {result:#?}");
        assert_eq!(result.password(), panel.glesys.password_of(ANNA));
    }
}

#[tokio::test]
async fn a_replica_that_has_just_started_lets_an_account_rest_for_a_minute_of_its_own() {
    let panel = Stage::usual().gives_up_after(100).opens().await;
    let eva = panel.operator("eva").await;
    panel.glesys.fault(RESET, Fault::HangAfter, Times::Once);
    eva.resets(ANNA).await.must_say(200, &["We don’t know if the password was reset"]);
    panel.clock.turn(30);
    let ahead = panel.replica_that(|replica| replica.clock = replica.clock.apart(250)).await;
    ahead.sweeps().await;
    panel.clock.turn(30);
    let eva_there = eva.at(&ahead);
    eva_there.visits("/accounts/anna@example.se/reset").await.must_say(409, &["Not reset yet: wait a moment"]);
    panel.clock.turn(30);
    let result = eva_there.resets(ANNA).await;
    assert_eq!(result.password(), panel.glesys.password_of(ANNA));
}

#[tokio::test]
async fn nobody_gives_up_an_operation_that_runs_because_a_clock_was_set_forward() {
    let panel = panel().await;
    let ahead = panel.replica_that(|replica| replica.clock = replica.clock.apart(7200)).await;
    let eva = panel.operator("eva").await;
    panel.glesys.fault(RESET, Fault::Slow(Duration::from_millis(250)), Times::Once);
    let confirmation = eva.visits("/accounts/anna@example.se/reset").await;
    let (answer, ()) = tokio::join!(eva.submits(&confirmation), async {
        panel.until_called(1).await;
        panel.clock.set_by(3600);
        for panel in [&panel, &ahead] {
            panel.sweeps().await;
        }
        panel.clock.set_by(-3600);
        panel.clock.turn(44);
        for panel in [&panel, &ahead] {
            panel.sweeps().await;
        }
        assert!(panel.audit(AuditKind::ResetOutcome).await.is_empty(), "it runs");
    });
    shows_what_opens_it(&panel, &eva, answer.header("location")).await;
}

#[tokio::test]
async fn an_operation_whose_panel_died_is_given_up_although_the_clock_was_set_back() {
    let panel = panel().await;
    let other = panel.replica().await;
    other.sweeps().await;
    let eva = panel.operator("eva").await;
    panel.glesys.fault(RESET, Fault::HangAfter, Times::Once);
    let confirmation = eva.visits("/accounts/anna@example.se/reset").await;
    eva.submits(&confirmation).await;
    panel.until_called(1).await;
    other.sweeps().await;
    panel.clock.set_by(-86_400);
    other.sweeps().await;
    panel.clock.turn(45);
    other.sweeps().await;
    let outcome = panel.one(AuditKind::ResetOutcome).await.outcome;
    assert_eq!(outcome.as_deref(), Some("unknown: lease_ran_out"));
}

#[tokio::test]
async fn a_password_waits_for_five_minutes_however_the_clock_is_set() {
    for (back, sweeps) in [(290, false), (290, true), (-3600, true)] {
        let panel = panel().await;
        let eva = panel.operator("eva").await;
        let result = eva.confirms(ANNA).await;
        panel.clock.turn(if back > 0 { 299 } else { 0 });
        panel.clock.set_by(-back);
        if sweeps {
            panel.clock.turn(1);
            panel.sweeps().await;
            assert!(panel.database.texts("SELECT operation_id FROM sealed").await.is_empty(), "set back by {back}");
        } else {
            panel.clock.turn(1);
        }
        is_there(&eva).await;
        let page = eva.visits(&result).await;
        page.must_say(200, &["Reset, but not shown"]);
        assert_eq!(page.password(), None);
    }
}

#[tokio::test]
async fn what_a_clock_that_was_far_ahead_has_dated_is_over_once_it_is_set_right() {
    let panel = panel().await;
    panel.clock.set_by(3600);
    let eva = panel.operator("eva").await;
    panel.clock.set_by(-3600);
    assert_ne!(eva.visits("/").await.at, "/", "the session began in the future");
    eva.signs_in().await;
    assert!(eva.resets(ANNA).await.password().is_some());
    // Clocks are never quite the same.
    panel.clock.set_by(-299);
    assert_eq!(eva.visits("/").await.at, "/");
}

#[tokio::test]
async fn a_limit_neither_forgets_nor_holds_for_longer_however_clocks_are_set() {
    for step in STEPS {
        let accounts = (0..5).fold(State::empty(), |state, n| state.account(&format!("a{n}@example.se")));
        let stage = Stage::of(accounts).with("NYCKEL_FRESH_SIGN_IN", "0");
        let panel = stage.with("NYCKEL_RESETS_PER_STAFF", "2/10min").opens().await;
        let other = replica_off_by(&panel, step).await;
        let eva = panel.operator("eva").await;
        let there = eva.at(&other);
        assert!(eva.resets("a0@example.se").await.password().is_some());
        is_there(&there).await;
        assert!(there.resets("a1@example.se").await.password().is_some());
        let is_refused = async || {
            for eva in [&eva, &there] {
                is_there(eva).await;
                let page = eva.resets("a2@example.se").await;
                assert_eq!(page.status, 429, "set by {step}: {page:#?}");
            }
        };
        is_refused().await;
        panel.clock.set_by(step);
        is_refused().await;
        // Whoever starts now has seen nothing of it.
        let late = replica_off_by(&panel, 86_400).await;
        is_there(&eva.at(&late)).await;
        assert_eq!(eva.at(&late).resets("a2@example.se").await.status, 429);
        pass(19, [&panel, &other]).await;
        is_refused().await;
        // Not for longer than clocks may be apart.
        pass(10, [&panel, &other]).await;
        is_there(&there).await;
        assert!(there.resets("a3@example.se").await.password().is_some(), "set by {step}");
        is_there(&eva).await;
        assert!(eva.resets("a4@example.se").await.password().is_some(), "set by {step}");
        is_refused().await;
    }
}

#[tokio::test]
async fn tries_to_sign_in_neither_come_back_nor_wait_for_longer_however_clocks_are_set() {
    for step in STEPS {
        let panel = panel().await;
        let other = replica_off_by(&panel, step).await;
        let eva = Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
        let there = eva.at(&other);
        for n in 0..10 {
            let eva = [&eva, &there][n % 2];
            assert_eq!(eva.signs_in_with("not the password").await.status, 422);
        }
        for _ in 0..2 {
            assert_eq!(eva.signs_in_with(PASSWORD).await.status, 429, "set by {step}");
            assert_eq!(there.signs_in_with(PASSWORD).await.status, 429, "set by {step}");
            panel.clock.set_by(step);
        }
        pass(31, [&panel, &other]).await;
        there.signs_in().await;
        // Nor does a window come back in which all tries were used up.
        panel.clock.set_by(-2 * step - 15 * 60);
        eva.in_another_browser().signs_in().await;
    }
}
