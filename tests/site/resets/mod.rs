//! The main job: find the account, confirm, and see the new password once.

mod callers;
mod conflicts;
mod fail_closed;
mod failures;
mod lock_outs;
mod lost_commits;
mod once;
mod protected;
mod reasons;
mod showing;
mod step_up;

use nyckel::model::{AuditKind, Fact, OperationState};

use crate::stage::{Person, panel};

#[tokio::test]
async fn an_operator_finds_an_account_and_gives_its_owner_a_new_password() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;

    let overview = eva.visits("/").await;
    let account = eva.fills_in(&overview, "Find", &[("q", "anna l")]).await;
    assert_eq!((account.status, account.at.as_str()), (200, "/accounts/anna@example.se"));
    assert_eq!(account.text("h1"), "anna@example.se");

    let confirmation = eva.clicks(&account, "Reset password…").await;
    assert_eq!(confirmation.text("h1"), "Reset the password of anna@example.se");
    confirmation.must_say(200, &["stops working at once", "You’ll see it once, on the next page."]);
    assert_eq!(panel.resets(), (0, 0), "looking at the confirmation page resets nothing");

    let result = eva.fills_in(&confirmation, "Reset password", &[("ticket", "812")]).await;
    assert_eq!(result.text("h1"), "New password for anna@example.se");
    assert_eq!(result.password(), panel.glesys.password_of("anna@example.se"));
    assert_ne!(result.password().as_deref(), Some("initial"));
    assert_eq!(panel.resets(), (1, 1));

    let back = eva.clicks(&result, "Close").await;
    back.must_say(200, &[&format!("Password reset. Shown to you at {}.", panel.time_of_day())]);
    let account = eva.clicks(&back, "anna@example.se").await;
    account.must_say(200, &["ticket 812"]);
    assert_eq!(account.texts("section[aria-labelledby=history] .mark"), ["Shown"]);
    assert_eq!(panel.resets(), (1, 1));
}

#[tokio::test]
async fn each_step_of_a_reset_has_one_row_in_the_audit() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    let result = eva.fills_in(&page, "Reset password", &[("ticket", "812")]).await;
    let id = result.at.strip_prefix("/operations/").unwrap();
    assert_eq!(eva.visits(&format!("/resets/{id}")).await.at, result.at, "the address that it had before leads there");
    for kind in [AuditKind::ResetIntent, AuditKind::ResetOutcome, AuditKind::ResetShown] {
        let event = panel.one(kind).await;
        assert_eq!(event.staff_name.as_deref(), Some("eva"));
        assert_eq!(event.address.unwrap().as_str(), "anna@example.se");
        assert_eq!(event.operation.unwrap().as_str(), id);
        assert_eq!(event.client.as_deref(), Some("127.0.0.1"));
        assert!(event.reference.is_some());
    }
    assert_eq!(panel.one(AuditKind::ResetIntent).await.facts.text(Fact::Ticket), Some("812"));
    assert_eq!(panel.one(AuditKind::ResetOutcome).await.outcome.as_deref(), Some("done"));
    assert!(panel.audit(AuditKind::ResetSeen).await.is_empty());
    assert!(panel.audit(AuditKind::ResetRefused).await.is_empty());
}

#[tokio::test]
async fn each_reset_makes_another_password_and_the_last_one_works() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let first = eva.resets("anna@example.se").await.password();
    panel.clock.turn(180);
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    page.must_say(200, &["Reset 3 minutes ago by eva.", "Resetting again makes that password useless"]);
    let second = eva.presses(&page, "Reset password").await.password();
    assert_ne!(first, second);
    assert_eq!(second, panel.glesys.password_of("anna@example.se"));
}

#[tokio::test]
async fn a_reset_touches_no_other_account() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let before = panel.glesys.state();
    eva.resets("anna@example.se").await;
    let mut after = panel.glesys.state();
    let domain = after.domains.get_mut("example.se").unwrap();
    let anna = before.mailbox("anna@example.se").unwrap().clone();
    domain.accounts.insert("anna@example.se".to_owned(), anna);
    assert_eq!(after, before);
}

#[tokio::test]
async fn a_ticket_that_is_too_long_is_refused_with_the_form_kept() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    let refused = eva.fills_in(&page, "Reset password", &[("ticket", &"å".repeat(201))]).await;
    refused.must_say(422, &["At most 200 characters."]);
    assert_eq!(refused.attributes("#ticket", "value"), ["å".repeat(201)]);
    assert_eq!(panel.resets(), (0, 0));
    let result = eva.fills_in(&refused, "Reset password", &[("ticket", &"å".repeat(200))]).await;
    assert_eq!(result.password(), panel.glesys.password_of("anna@example.se"));
}

#[tokio::test]
async fn two_people_reset_two_accounts_without_meeting() {
    let panel = panel().await;
    let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await);
    let (anna, bo) = tokio::join!(eva.resets("anna@example.se"), olle.resets("bo@example.se"));
    assert_eq!(anna.password(), panel.glesys.password_of("anna@example.se"));
    assert_eq!(bo.password(), panel.glesys.password_of("bo@example.se"));
    assert_eq!(panel.operation(anna.at.strip_prefix("/operations/").unwrap()).await.state(), OperationState::Done);
}

#[tokio::test]
async fn nobody_resets_anything_without_signing_in() {
    let panel = panel().await;
    Person::hired(&panel, "eva", &[]).await;
    let stranger = Person::stranger(&panel);
    for path in ["/", "/accounts/anna@example.se", "/accounts/anna@example.se/reset", "/audit", "/domains/example.se"] {
        let page = stranger.visits(path).await;
        assert_eq!(page.text("h1"), "Sign in", "{path}");
    }
    let page = stranger.posts("/accounts/anna@example.se/reset", &[("token", "x")]).await;
    assert_eq!((page.status, page.header("location")), (303, "/sign-in?undone=lost&next=%2F"));
    assert_eq!(panel.resets(), (0, 0));
}
