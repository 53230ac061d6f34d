//! One confirmation is at most one call to GleSYS, however often and wherever it is posted, and it comes to its end
//! whoever leaves.

use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use nyckel::model::AuditKind;
use nyckel::simulator::{Fault, State, Times};
use tokio::task::JoinSet;

use crate::stage::{Page, Panel, Person, Stage, panel};

/// Posts the same page from all these places at once.
async fn all_submit(people: Vec<Person>, confirmation: &Page) -> Vec<Page> {
    let mut posts = JoinSet::new();
    for person in people {
        let confirmation = confirmation.clone();
        posts.spawn(async move { person.submits(&confirmation).await });
    }
    posts.join_all().await
}

/// All answers lead to the same operation; its path.
fn one_result(answers: &[Page]) -> String {
    let first = answers[0].header("location").to_owned();
    for answer in answers {
        assert_eq!((answer.status, answer.header("location")), (303, first.as_str()), "{answer:#?}");
    }
    first
}

async fn must_have_one_of_each(panel: &Panel) {
    assert_eq!(panel.resets(), (1, 1));
    panel.one(AuditKind::ResetIntent).await;
    panel.one(AuditKind::ResetOutcome).await;
    assert!(panel.audit(AuditKind::ResetRefused).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_posted_twenty_times_at_once_is_one_call_and_leads_to_one_password() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let confirmation = eva.visits("/accounts/anna@example.se/reset").await;
    let result = one_result(&all_submit(vec![eva.clone(); 20], &confirmation).await);
    let page = eva.visits(&result).await;
    assert_eq!(page.password(), panel.glesys.password_of("anna@example.se"));
    must_have_one_of_each(&panel).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_posted_to_two_replicas_at_once_is_one_call() {
    let panel = panel().await;
    let other = panel.replica().await;
    let eva = panel.operator("eva").await;
    for address in ["anna@example.se", "bo@example.se", "carl@example.com"] {
        let before = panel.resets().0;
        let confirmation = eva.visits(&format!("/accounts/{address}/reset")).await;
        let people = (0..20).map(|n| eva.at(if n % 2 == 0 { &panel } else { &other })).collect();
        let result = one_result(&all_submit(people, &confirmation).await);
        panel.until_at_rest().await;
        assert_eq!(eva.at(&other).visits(&result).await.password(), panel.glesys.password_of(address));
        assert_eq!(panel.resets().0, before + 1);
    }
}

#[tokio::test]
async fn a_double_click_ends_at_the_password_however_slow_it_is() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.glesys.fault("email/resetpassword", Fault::Slow(Duration::from_millis(150)), Times::Once);
    let confirmation = eva.visits("/accounts/anna@example.se/reset").await;
    let (first, second) = tokio::join!(eva.submits(&confirmation), async {
        panel.until_called(1).await;
        eva.submits(&confirmation).await
    });
    let result = one_result(&[first, second]);
    assert_eq!(eva.visits(&result).await.password(), panel.glesys.password_of("anna@example.se"));
    must_have_one_of_each(&panel).await;
}

#[tokio::test]
async fn a_form_that_was_used_leads_to_its_operation_even_hours_later() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let confirmation = eva.visits("/accounts/anna@example.se/reset").await;
    eva.presses(&confirmation, "Reset password").await;
    panel.clock.turn(29 * 60);
    let again = eva.presses(&confirmation, "Reset password").await;
    again.must_say(200, &["The password has already been shown", "can’t be shown again"]);
    must_have_one_of_each(&panel).await;
}

#[tokio::test]
async fn a_slow_reset_shows_a_page_that_looks_again_by_itself() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.glesys.fault("email/resetpassword", Fault::Slow(Duration::from_millis(2600)), Times::Once);
    let page = eva.resets("anna@example.se").await;
    assert_eq!(page.text("h1"), "Resetting the password of anna@example.se");
    assert!(
        page.has("[data-found=onward] [data-reading]") && page.header("refresh").is_empty(),
        "a script looks again"
    );
    // Which is nobody's step, and so shows nothing.
    let looks =
        || eva.begins("GET", &page.at).header("sec-fetch-site", "same-origin").header("sec-fetch-dest", "empty");
    panel.until_at_rest().await;
    let looked = eva.sends(looks().body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!((looked.status, looked.has("[data-reading]"), looked.password()), (200, false, None));
    let page = eva.clicks(&page, "Refresh").await;
    assert_eq!(page.password(), panel.glesys.password_of("anna@example.se"));
    must_have_one_of_each(&panel).await;
}

#[tokio::test]
async fn the_reset_goes_on_when_the_browser_leaves_and_can_be_opened_afterwards() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.glesys.fault("email/resetpassword", Fault::Slow(Duration::from_millis(100)), Times::Once);
    let confirmation = eva.visits("/accounts/anna@example.se/reset").await;
    tokio::select! {
        _ = eva.submits(&confirmation) => panic!("it was to take longer"),
        () = panel.until_called(1) => {}
    }
    panel.until_at_rest().await;
    panel.clock.turn(4 * 60 + 59);
    let account = eva.visits("/accounts/anna@example.se").await;
    let page = eva.clicks(&account, "Password reset: Waiting to be shown").await;
    assert_eq!(page.password(), panel.glesys.password_of("anna@example.se"));
    must_have_one_of_each(&panel).await;
}

#[tokio::test]
async fn a_browser_may_leave_at_any_moment() {
    let addresses: Vec<_> = (0..40).map(|n| format!("a{n}@example.se")).collect();
    let stage = Stage::of(addresses.iter().fold(State::empty(), |state, address| state.account(address)));
    let stage = stage.with("NYCKEL_RESETS_PER_STAFF", "off").with("NYCKEL_RESETS_TOTAL", "off");
    let panel = stage.opens().await;
    let eva = panel.operator("eva").await;
    for (polls, address) in addresses.iter().enumerate() {
        let confirmation = eva.visits(&format!("/accounts/{address}/reset")).await;
        leaves_after(polls, eva.submits(&confirmation)).await;
    }
    panel.until_at_rest().await;
    let intents = panel.audit(AuditKind::ResetIntent).await.len();
    assert_eq!(panel.audit(AuditKind::ResetOutcome).await.len(), intents);
    assert_eq!(panel.resets(), (intents, intents));
    for address in addresses {
        let history = panel.database.texts(&format!("SELECT id FROM operation WHERE address = '{address}'")).await;
        let Some(id) = history.first() else { continue };
        let page = eva.visits(&format!("/operations/{id}")).await;
        assert_eq!(page.password(), panel.glesys.password_of(&address));
    }
}

/// Asks so many times whether it is done, and then drops it.
async fn leaves_after<T>(polls: usize, future: impl Future<Output = T>) {
    let (mut future, mut left) = (pin!(future), polls);
    std::future::poll_fn(|context| {
        if left == 0 || future.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        left -= 1;
        Poll::Pending
    })
    .await;
}

#[tokio::test]
async fn a_panel_that_stops_finishes_what_runs_and_begins_nothing_new() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.glesys.fault("email/resetpassword", Fault::Slow(Duration::from_millis(200)), Times::Once);
    let confirmations =
        (eva.visits("/accounts/anna@example.se/reset").await, eva.visits("/accounts/bo@example.se/reset").await);
    let (first, second) = tokio::join!(eva.submits(&confirmations.0), async {
        panel.until_called(1).await;
        let (second, ()) = tokio::join!(
            async {
                tokio::task::yield_now().await;
                eva.submits(&confirmations.1).await
            },
            panel.built.ledger.stop()
        );
        second
    });
    second.must_say(503, &["The panel is being restarted", "It starts nothing new at the moment"]);
    let after = panel.replica().await;
    let page = eva.at(&after).visits(first.header("location")).await;
    assert_eq!(page.password(), panel.glesys.password_of("anna@example.se"));
    assert_eq!(panel.resets(), (1, 1));
}
