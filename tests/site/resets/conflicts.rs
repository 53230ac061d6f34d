//! Two people on one account, confirmations that are no good, limits, and what happens after an unknown outcome.

use std::time::Duration;

use nyckel::model::{AuditKind, Role};
use nyckel::simulator::{Fault, State, Times};
use tokio::task::JoinSet;

use crate::stage::{Page, Panel, Person, Stage, panel};

const RESET: &str = "email/resetpassword";

/// Refused, with one row that says why; nothing went to GleSYS beyond what went before.
async fn must_be_refused(panel: &Panel, page: &Page, status: u16, title: &str, code: &str) {
    page.must_say(status, &[title]);
    assert_eq!(panel.one(AuditKind::ResetRefused).await.outcome.as_deref(), Some(code));
}

#[tokio::test]
async fn while_one_person_resets_an_account_another_is_refused_and_learns_who() {
    let panel = panel().await;
    let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await);
    let before = olle.visits("/accounts/anna@example.se/reset").await;
    panel.glesys.fault(RESET, Fault::Slow(Duration::from_millis(300)), Times::Once);
    let (result, ()) = tokio::join!(eva.resets("anna@example.se"), async {
        panel.until_called(1).await;
        panel.clock.turn(7);
        let page = olle.visits("/accounts/anna@example.se/reset").await;
        page.must_say(409, &["Not reset: a reset is running", "eva began a reset of this account 7 seconds ago"]);
        let page = olle.presses(&before, "Reset password").await;
        must_be_refused(&panel, &page, 409, "Not reset: a reset is running", "in_flight").await;
        let page = olle.visits("/accounts/anna@example.se").await;
        page.must_say(200, &["A reset is running."]);
        assert!(page.link("Reset password…").is_none());
    });
    assert_eq!(result.password(), panel.glesys.password_of("anna@example.se"));
    assert_eq!(panel.resets(), (1, 1));
}

#[tokio::test]
async fn a_confirmation_older_than_somebody_elses_reset_is_refused_with_that_fact() {
    let panel = panel().await;
    let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await);
    let page = olle.visits("/accounts/anna@example.se/reset").await;
    eva.resets("anna@example.se").await;
    panel.clock.turn(65);
    let refused = olle.presses(&page, "Reset password").await;
    must_be_refused(&panel, &refused, 409, "Not reset: eva was faster", "overtaken").await;
    refused.must_say(409, &["eva reset this account a minute ago", "Talk to eva first."]);
    assert_eq!(panel.resets(), (1, 1));
    let page = olle.visits("/accounts/anna@example.se/reset").await;
    page.must_say(200, &["Reset a minute ago by eva."]);
    let result = olle.presses(&page, "Reset password").await;
    assert_eq!(result.password(), panel.glesys.password_of("anna@example.se"));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_people_who_confirm_at_once_on_two_replicas_one_is_served() {
    let panel = panel().await;
    let other = panel.replica().await;
    let mut confirmed = Vec::new();
    for n in 0..8 {
        let person = panel.operator(&format!("eva{n}")).await.at(if n % 2 == 0 { &panel } else { &other });
        let page = person.visits("/accounts/anna@example.se/reset").await;
        confirmed.push((person, page));
    }
    let mut posts = JoinSet::new();
    for (person, page) in confirmed {
        posts.spawn(async move { person.presses(&page, "Reset password").await });
    }
    let pages = posts.join_all().await;
    let shown: Vec<_> = pages.iter().filter_map(Page::password).collect();
    assert_eq!(shown, [panel.glesys.password_of("anna@example.se").unwrap()]);
    assert_eq!(pages.iter().filter(|page| page.status == 409).count(), 7);
    assert_eq!(panel.resets(), (1, 1));
    assert_eq!(panel.audit(AuditKind::ResetRefused).await.len(), 7);
}

#[tokio::test]
async fn a_confirmation_is_good_for_ten_minutes() {
    let panel = Stage::usual().with("NYCKEL_FRESH_SIGN_IN", "0").opens().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    panel.clock.turn(601);
    let refused = eva.presses(&page, "Reset password").await;
    must_be_refused(&panel, &refused, 410, "Not reset: the confirmation is too old", "confirmation_expired").await;
    assert_eq!(panel.resets(), (0, 0));
    let page = eva.clicks(&refused, "Open the confirmation page").await;
    panel.clock.turn(600);
    assert_eq!(eva.presses(&page, "Reset password").await.password(), panel.glesys.password_of("anna@example.se"));
}

#[tokio::test]
async fn a_confirmation_is_good_only_for_whom_and_what_it_was_made() {
    let panel = panel().await;
    let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await);
    let elsewhere = eva.in_another_browser();
    elsewhere.signs_in().await;
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    let token = page.attributes("[name=token]", "value").remove(0);
    let mut tries = Vec::new();
    for (person, address, token) in [
        (&olle, "anna@example.se", token.as_str()),
        (&elsewhere, "anna@example.se", &token),
        (&eva, "bo@example.se", &token),
        (&eva, "anna@example.se", ""),
        (&eva, "anna@example.se", "x.y.z"),
        (&eva, "anna@example.se", &token[1..]),
        (&eva, "anna@example.se", &format!("{token}A")),
        (&eva, "anna@example.se", &format!("\u{1}{token}")),
    ] {
        let answer = person.posts(&format!("/accounts/{address}/reset"), &[("token", token)]).await;
        answer.must_say(403, &["Not reset: the confirmation is not valid", "Nothing was changed."]);
        tries.push(answer);
    }
    let events = panel.audit(AuditKind::ResetRefused).await;
    assert_eq!(events.len(), tries.len());
    assert!(events.iter().all(|event| event.outcome.as_deref() == Some("confirmation_invalid")));
    assert_eq!(eva.posts("/accounts/anna@example.se/reset", &[("ticket", "1")]).await.status, 422);
    assert_eq!(panel.resets(), (0, 0));
    assert_eq!(eva.presses(&page, "Reset password").await.password(), panel.glesys.password_of("anna@example.se"));
}

#[tokio::test]
async fn a_right_that_was_taken_away_counts_for_a_page_that_is_open() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    eva.now_holds(&[(Role::Viewer, "*")]).await;
    eva.presses(&page, "Reset password").await.must_say(403, &["You may not reset passwords here"]);
    panel.one(AuditKind::RightDenied).await;
    assert_eq!(panel.resets(), (0, 0));
}

#[tokio::test]
async fn an_unknown_outcome_makes_the_account_rest_for_a_minute() {
    let panel = Stage::usual().gives_up_after(200).opens().await;
    let eva = panel.operator("eva").await;
    panel.glesys.fault(RESET, Fault::HangAfter, Times::Once);
    let page = eva.resets("anna@example.se").await;
    page.must_say(200, &["We don’t know if the password was reset", "Reset again in 1:00"]);
    panel.clock.turn(8);
    eva.visits(&page.at).await.must_say(200, &["Reset again in 0:52"]);
    let wait = eva.visits("/accounts/anna@example.se/reset").await;
    wait.must_say(409, &["Not reset yet: wait a moment", "The last attempt, by eva, may still go through."]);
    let account = eva.visits("/accounts/anna@example.se").await;
    account.must_say(200, &["The last attempt may still go through. Try again after"]);
    assert_eq!(account.texts("section[aria-labelledby=history] .mark"), ["Unknown"]);

    panel.clock.turn(51);
    assert_eq!(eva.visits("/accounts/anna@example.se/reset").await.status, 409);
    panel.clock.turn(1);
    let page = eva.visits(&page.at).await;
    let page = eva.clicks(&page, "Reset password again…").await;
    page.must_say(200, &["eva tried to reset it a minute ago, and GleSYS did not say how it ended."]);
    let result = eva.presses(&page, "Reset password").await;
    assert_eq!(result.password(), panel.glesys.password_of("anna@example.se"));
    assert_eq!(panel.resets(), (2, 2));
}

#[tokio::test]
async fn the_password_shown_in_the_end_works_although_the_first_try_took_effect_late() {
    let panel = Stage::usual().gives_up_after(100).opens().await;
    let eva = panel.operator("eva").await;
    panel.glesys.fault(RESET, Fault::LateEffect(Duration::from_millis(100)), Times::Once);
    eva.resets("anna@example.se").await.must_say(200, &["We don’t know if the password was reset"]);
    panel.until(|panel| async move { panel.resets().1 == 1 }).await;
    panel.clock.turn(60);
    let page = eva.resets("anna@example.se").await;
    assert_eq!(page.password(), panel.glesys.password_of("anna@example.se"));
    assert_eq!(panel.resets(), (2, 2));
}

#[tokio::test]
async fn an_operation_whose_lease_ran_out_is_unknown_whatever_comes_later() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.glesys.fault(RESET, Fault::Slow(Duration::from_millis(250)), Times::Once);
    let confirmation = eva.visits("/accounts/anna@example.se/reset").await;
    let (answer, ()) = tokio::join!(eva.submits(&confirmation), async {
        panel.until_called(1).await;
        panel.clock.turn(44);
        panel.sweeps().await;
        assert!(panel.audit(AuditKind::ResetOutcome).await.is_empty(), "the lease holds to its last moment");
        panel.clock.turn(1);
        panel.sweeps().await;
        panel.replica().await.sweeps().await;
    });
    let page = eva.visits(answer.header("location")).await;
    page.must_say(
        200,
        &["We don’t know if the password was reset", "The panel was stopped before it could record the answer."],
    );
    let event = panel.one(AuditKind::ResetOutcome).await;
    assert_eq!(event.outcome.as_deref(), Some("unknown: lease_ran_out"));
    assert!(panel.database.texts("SELECT operation_id FROM sealed").await.is_empty());
}

async fn limited(name: &str, rate: &str) -> (Panel, Person) {
    let state = (0..6).fold(State::empty(), |state, n| state.account(&format!("a{n}@example.se")));
    let panel = Stage::of(state).with("NYCKEL_FRESH_SIGN_IN", "0").with(name, rate).opens().await;
    let eva = panel.operator("eva").await;
    (panel, eva)
}

#[tokio::test]
async fn one_person_may_reset_so_many_accounts_an_hour() {
    let (panel, eva) = limited("NYCKEL_RESETS_PER_STAFF", "2/hour").await;
    eva.resets("a0@example.se").await;
    panel.clock.turn(60);
    eva.resets("a1@example.se").await;
    let refused = eva.resets("a2@example.se").await;
    must_be_refused(&panel, &refused, 429, "Not done: your limit is reached", "limit_of_staff").await;
    assert_eq!(panel.resets(), (2, 2));
    let olle = panel.operator("olle").await;
    assert!(olle.resets("a2@example.se").await.password().is_some(), "the limit is one person's");
    panel.clock.turn(29 * 60);
    eva.visits("/").await;
    panel.clock.turn(29 * 60);
    eva.visits("/").await;
    panel.clock.turn(2 * 60);
    assert!(eva.resets("a3@example.se").await.password().is_some());
}

#[tokio::test]
async fn one_account_may_be_reset_so_many_times_in_ten_minutes() {
    let (panel, eva) = limited("NYCKEL_RESETS_PER_ACCOUNT", "3/10min").await;
    for _ in 0..3 {
        panel.clock.turn(1);
        assert!(eva.resets("a0@example.se").await.password().is_some());
    }
    let refused = eva.resets("a0@example.se").await;
    must_be_refused(&panel, &refused, 429, "Not done: this account’s limit is reached", "limit_of_account").await;
    assert_eq!(eva.clicks(&refused, "Go to the account").await.at, "/accounts/a0@example.se");
    assert!(eva.resets("a1@example.se").await.password().is_some());
    panel.clock.turn(600);
    assert!(eva.resets("a0@example.se").await.password().is_some());
}

#[tokio::test]
async fn all_together_may_make_so_many_resets() {
    let (panel, eva) = limited("NYCKEL_RESETS_TOTAL", "2/min").await;
    let olle = panel.operator("olle").await;
    eva.resets("a0@example.se").await;
    olle.resets("a1@example.se").await;
    let refused = eva.resets("a2@example.se").await;
    must_be_refused(&panel, &refused, 429, "Not done: the panel’s limit is reached", "limit_of_panel").await;
    panel.clock.turn(60);
    assert!(eva.resets("a2@example.se").await.password().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_holds_for_confirmations_that_come_at_once_on_two_replicas() {
    let (panel, eva) = limited("NYCKEL_RESETS_PER_STAFF", "2/hour").await;
    let other = panel.replica().await;
    let mut posts = JoinSet::new();
    for n in 0..6 {
        let page = eva.visits(&format!("/accounts/a{n}@example.se/reset")).await;
        let eva = eva.at(if n % 2 == 0 { &panel } else { &other });
        posts.spawn(async move { (eva, page) });
    }
    let ready = posts.join_all().await;
    let mut posts = JoinSet::new();
    for (eva, page) in ready {
        posts.spawn(async move { eva.submits(&page).await.status });
    }
    let mut answers = posts.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [303, 303, 429, 429, 429, 429]);
    assert_eq!(panel.resets(), (2, 2));
}

#[tokio::test]
async fn a_role_in_one_domain_resets_nothing_in_another() {
    let panel = panel().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Operator, "example.com")]).await;
    eva.signs_in().await;
    let page = eva.visits("/accounts/carl@example.com/reset").await;
    let token = page.attributes("[name=token]", "value").remove(0);
    let answer = eva.posts("/accounts/anna@example.se/reset", &[("token", &token)]).await;
    answer.must_say(403, &["You may not reset passwords here"]);
    assert_eq!(panel.one(AuditKind::RightDenied).await.domain.unwrap().as_str(), "example.se");
    assert_eq!(panel.resets(), (0, 0));
}
