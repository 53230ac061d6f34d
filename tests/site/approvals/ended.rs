//! Approvals that end without being used.

use nyckel::model::{AuditKind, Fact};

use super::{ANNA, ASK, approved, asks, gives, panel, two};

const SAID: &str = "This takes two people";

#[tokio::test]
async fn nobody_answers_for_hours_or_what_was_given_is_not_used_in_half_an_hour() {
    let panel = panel().await;
    let (ada, olle) = two(&panel).await;
    let asked = asks(&ada, "shown").await;
    panel.clock.turn(4 * 3600 + 1);
    for person in [&ada, &olle] {
        person.signs_in().await;
    }
    ada.visits(&asked.at).await.must_say(200, &["Nobody answered in time."]);
    assert!(!olle.visits("/").await.has("#for-you"));
    gives_nothing(&olle, &asked.at).await;
    assert!(panel.audit(AuditKind::ApprovalGiven).await.is_empty());
    panel.sweeps().await;
    assert_eq!(panel.one(AuditKind::ApprovalEnded).await.staff_name.as_deref(), Some("ada"));

    let approval = approved(&ada, &olle).await;
    let confirmation = ada.visits(&format!("{ANNA}/reset")).await;
    panel.clock.turn(29 * 60);
    ada.visits(&approval.at).await.must_say(200, &["It can be done until"]);
    panel.clock.turn(61);
    ada.visits(&approval.at).await.must_say(200, &["It was approved, but not done in time."]);
    let answer = ada.presses(&confirmation, "Reset password").await;
    assert_ne!(answer.status, 201, "{answer:#?}");
    ada.signs_in().await;
    ada.visits(&format!("{ANNA}/reset")).await.must_say(403, &[SAID]);
    assert_eq!(panel.resets(), (0, 0));
}

#[tokio::test]
async fn no_clock_that_is_set_back_lets_an_approval_last_longer() {
    let panel = panel().await;
    let (ada, olle) = two(&panel).await;
    approved(&ada, &olle).await;
    // The clock goes back by 20 minutes, and half an hour passes.
    panel.clock.set_by(-20 * 60);
    for _ in 0..31 {
        panel.clock.turn(60);
        panel.sweeps().await;
    }
    ada.signs_in().await;
    ada.visits(&format!("{ANNA}/reset")).await.must_say(403, &[SAID]);
    panel.one(AuditKind::ApprovalEnded).await;
}

#[tokio::test]
async fn whoever_asked_takes_it_back_even_once_it_is_given() {
    let panel = panel().await;
    let (ada, olle) = two(&panel).await;
    for is_given in [false, true] {
        let asked = asks(&ada, "shown").await;
        if is_given {
            gives(&olle, &asked).await;
        }
        let page = ada.visits(&asked.at).await;
        let page = ada.presses(&page, "Withdraw").await;
        page.must_say(200, &["ada withdrew the request."]);
        assert!(!olle.visits("/").await.has("#for-you"));
        gives_nothing(&olle, &asked.at).await;
        ada.visits(&format!("{ANNA}/reset")).await.must_say(403, &[SAID]);
    }
    assert_eq!(panel.audit(AuditKind::ApprovalWithdrawn).await.len(), 2);
}

async fn gives_nothing(olle: &crate::stage::Person, at: &str) {
    let answer = olle.posts(&format!("{at}/give"), &[("", ""); 0]).await;
    answer.must_say(409, &["Not approved: it is over"]);
}

#[tokio::test]
async fn the_same_that_is_asked_twice_is_one_question() {
    let panel = panel().await;
    let (ada, olle) = two(&panel).await;
    let asked = asks(&ada, "shown").await;
    assert_eq!(ada.visits(ASK).await.at, asked.at);
    let posts = (0..5).map(|_| {
        let fields = [("kind", "delete_account"), ("of", "anna@example.se"), ("ticket", "812")];
        ada.sends(ada.posting("/approvals/new", &fields))
    });
    let answers = futures_util::future::join_all(posts).await;
    assert!(answers.iter().all(|answer| answer.header("location") == answers[0].header("location")), "{answers:#?}");
    assert_eq!(panel.audit(AuditKind::ApprovalAsked).await.len(), 2);
    // Each of them asks for themselves.
    assert_ne!(asks(&olle, "shown").await.at, asked.at);
}

#[tokio::test]
async fn a_row_that_was_changed_or_put_back_past_the_panel_lets_nobody_do_anything() {
    let panel = panel().await;
    let (ada, olle) = two(&panel).await;
    let asked = asks(&ada, "shown").await;
    let by = "(SELECT id FROM staff WHERE name = 'olle')";
    panel.database.run(&format!("UPDATE approval SET state = 'given', decided_by = {by}")).await;
    let answer = ada.visits(&format!("{ANNA}/reset")).await;
    answer.must_say(503, &["The panel does not trust its database"]);
    panel.database.run("UPDATE approval SET state = 'asked', decided_by = NULL").await;
    gives(&olle, &asked).await;
    panel.database.run("CREATE TABLE aside AS SELECT * FROM approval").await;
    assert!(ada.resets("anna@example.se").await.password().is_some());
    panel.clock.turn(1);
    panel.database.run("DELETE FROM approval").await;
    panel.database.run("INSERT INTO approval SELECT * FROM aside").await;
    let confirmation = ada.visits(&format!("{ANNA}/reset")).await;
    assert_eq!(confirmation.status, 200, "the row is as the panel wrote it");
    ada.presses(&confirmation, "Reset password").await.must_say(503, &["The panel does not trust its database"]);
    assert_eq!(panel.resets(), (1, 1));
    assert_eq!(panel.one(AuditKind::ResetIntent).await.facts.text(Fact::ApprovedBy), Some("olle"));
}
