//! A lock-out: the account gets a new password that nobody has, until somebody resets it.

use nyckel::model::{AuditKind, Fact, Role};
use nyckel::simulator::{Fault, Times};

use crate::stage::{Person, Stage, panel};

const ANNA: &str = "/accounts/anna@example.se";

/// Locks anna's account out, with that ticket; the page that says how it went.
async fn locks_out(person: &Person, ticket: &str) -> crate::stage::Page {
    let account = person.visits(ANNA).await;
    let confirmation = person.clicks(&account, "Lock out…").await;
    person.fills_in(&confirmation, "Lock out", &[("ticket", ticket)]).await
}

#[tokio::test]
async fn an_operator_locks_an_account_out_and_nobody_gets_its_password() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let account = eva.visits(ANNA).await;
    assert!(!account.says("Locked out by"));

    let confirmation = eva.clicks(&account, "Lock out…").await;
    assert_eq!(confirmation.text("h1"), "Lock out anna@example.se");
    confirmation.must_say(200, &["Nobody gets the new password", "Mail is still received", "until it connects again"]);
    assert_eq!(panel.resets(), (0, 0), "looking at the confirmation page locks nobody out");

    panel.glesys.next_password("N0body-gets}this");
    let result = eva.fills_in(&confirmation, "Lock out", &[("ticket", "INC-812")]).await;
    assert_eq!(result.text("h1"), "Locked out: anna@example.se");
    result.must_say(200, &["Nobody gets the new password", "Reset the password to let the owner in again."]);
    assert_eq!((result.password(), panel.resets()), (None, (1, 1)));
    assert_eq!(panel.glesys.password_of("anna@example.se").as_deref(), Some("N0body-gets}this"));
    assert!(panel.database.texts("SELECT operation_id FROM sealed").await.is_empty());
    for (page, at) in [(&result, "result"), (&eva.visits(&result.at).await, "result again")] {
        assert!(!page.body.contains("N0body"), "the {at} page holds the password");
    }

    let account = eva.clicks(&result, "Go to the account").await;
    account.must_say(200, &["Locked out by eva", "ticket INC-812", "Reset the password to let the owner in again."]);
    assert_eq!(account.texts("section[aria-labelledby=history] .mark"), ["Locked out"]);
    let domain = eva.visits("/domains/example.se").await;
    assert_eq!(domain.texts("th .mark-warn"), ["Locked out"]);
    for kind in [AuditKind::LockOutIntent, AuditKind::LockOutOutcome] {
        assert_eq!(panel.one(kind).await.facts.text(Fact::Ticket), Some("INC-812"));
    }
}

#[tokio::test]
async fn an_account_is_locked_out_until_its_next_reset() {
    let panel = Stage::usual().with("NYCKEL_RESETS_PER_ACCOUNT", "off").opens().await;
    let eva = panel.operator("eva").await;
    locks_out(&eva, "").await;
    let not_now = Fault::Status { http: 423, code: 423, text: "Server Locked".to_owned(), envelope: true };
    panel.glesys.fault("email/resetpassword", not_now, Times::Once);
    eva.resets("anna@example.se").await.must_say(200, &["Password not reset"]);
    eva.visits(ANNA).await.must_say(200, &["Locked out by eva"]);

    let confirmation = eva.visits("/accounts/anna@example.se/reset").await;
    confirmation.must_say(200, &["Locked out just now by eva."]);
    assert_eq!(
        eva.presses(&confirmation, "Reset password").await.password(),
        panel.glesys.password_of("anna@example.se")
    );
    assert!(!eva.visits(ANNA).await.says("Locked out by"));
    assert!(!eva.visits("/domains/example.se").await.has("th .mark-warn"));
}

#[tokio::test]
async fn a_lock_out_voids_the_password_of_a_reset_that_was_not_opened() {
    let panel = panel().await;
    let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await);
    let result = eva.confirms("anna@example.se").await;
    locks_out(&olle, "").await.must_say(200, &["Locked out:"]);
    let page = eva.visits(&result).await;
    page.must_say(200, &["The account was locked out after this"]);
    assert_eq!(page.password(), None);
}

#[tokio::test]
async fn a_confirmation_of_one_is_no_confirmation_of_the_other() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let reset = eva.visits("/accounts/anna@example.se/reset").await;
    let token = reset.attributes("[name=token]", "value").remove(0);
    let page = eva.posts("/accounts/anna@example.se/lock-out", &[("token", &token)]).await;
    assert_eq!(page.status, 403, "{:?}", page.texts("main"));
    // Two pages of the same account: what was confirmed first makes the other out of date.
    let lock_out = eva.visits("/accounts/anna@example.se/lock-out").await;
    assert!(eva.presses(&reset, "Reset password").await.password().is_some());
    assert_eq!(eva.presses(&lock_out, "Lock out").await.status, 409);
    let refused = panel.audit(AuditKind::LockOutRefused).await;
    let codes: Vec<_> = refused.iter().filter_map(|event| event.outcome.as_deref()).collect();
    assert_eq!(codes, ["confirmation_invalid", "overtaken"]);
    assert_eq!(panel.resets(), (1, 1));
}

#[tokio::test]
async fn lock_outs_ask_for_what_resets_ask_for_and_have_a_limit_of_their_own() {
    let stage = Stage::usual()
        .with("NYCKEL_LOCK_OUTS_PER_STAFF", "2/hour")
        .with("NYCKEL_RESET_REASON", "required")
        .with("NYCKEL_PROTECTED_ACCOUNTS", "bo@example.se");
    let panel = stage.opens().await;
    let eva = panel.operator("eva").await;
    locks_out(&eva, "").await.must_say(422, &["Enter a reason or ticket number."]);
    assert_eq!(eva.visits("/accounts/bo@example.se/lock-out").await.status, 403);
    for ticket in ["1", "2"] {
        locks_out(&eva, ticket).await.must_say(200, &["Locked out:"]);
    }
    locks_out(&eva, "3").await.must_say(429, &["You have locked out as many accounts as a person may"]);
    let refused = panel.audit(AuditKind::LockOutRefused).await.pop().unwrap();
    assert_eq!(refused.outcome.as_deref(), Some("lock_outs_of_staff"));
    assert_eq!(panel.resets(), (2, 2));
    panel.clock.turn(601);
    let page = eva.visits("/accounts/anna@example.se/lock-out").await;
    page.must_say(200, &["Lock out anna@example.se", "Your current password"]);
    assert_eq!(
        panel.signed_in(Role::Viewer, "vera").await.visits("/accounts/anna@example.se/lock-out").await.status,
        403
    );
}

#[tokio::test]
async fn an_account_can_be_locked_out_however_often_it_was_reset() {
    let panel = Stage::usual().with("NYCKEL_RESETS_PER_STAFF", "3/hour").opens().await;
    let eva = panel.operator("eva").await;
    for _ in 0..3 {
        assert!(eva.resets("anna@example.se").await.password().is_some());
    }
    eva.resets("anna@example.se").await.must_say(429, &["Not done"]);
    locks_out(&eva, "").await.must_say(200, &["Locked out:"]);
    assert_eq!(panel.resets(), (4, 4));
}

#[tokio::test]
async fn the_page_of_an_old_lock_out_says_what_came_after_it_and_advises_nothing() {
    let panel = Stage::usual().with("NYCKEL_RESETS_PER_ACCOUNT", "off").opens().await;
    let (eva, vera) = (panel.operator("eva").await, panel.viewer("vera").await);
    let page = locks_out(&eva, "").await;
    let seen = vera.visits(&page.at).await;
    assert!(seen.says("Locked out:") && !seen.says("Reset the password"), "who can't reset is not told to");
    panel.glesys.fault("email/resetpassword", Fault::CloseAfter, Times::Once);
    let unknown = locks_out(&eva, "").await;
    unknown.must_say(200, &["May have been locked out:", "Lock it out again to be sure."]);
    panel.clock.turn(61);
    assert!(eva.resets("anna@example.se").await.password().is_some());
    for at in [page.at, unknown.at] {
        let page = eva.visits(&at).await;
        page.must_say(200, &["Its password was reset just now by eva."]);
        assert!(!page.says("let the owner in") && !page.says("Lock it out again"), "{:?}", page.texts("main"));
    }
}

#[tokio::test]
async fn what_is_refused_of_a_locked_out_account_leaves_it_locked_out() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    locks_out(&eva, "").await;
    let not_now = Fault::Status { http: 423, code: 423, text: "Server Locked".to_owned(), envelope: true };
    panel.glesys.fault("email/resetpassword", not_now, Times::Always);
    for page in [locks_out(&eva, "").await, eva.resets("anna@example.se").await] {
        page.must_say(200, &["The account is still locked out; nothing was changed."]);
        assert!(!page.says("The old password still works"));
    }
}

#[tokio::test]
async fn what_may_have_voided_a_password_is_not_told_as_a_fact() {
    let panel = panel().await;
    let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await);
    let result = eva.confirms("anna@example.se").await;
    panel.glesys.fault("email/resetpassword", Fault::CloseBefore, Times::Once);
    locks_out(&olle, "").await.must_say(200, &["May have been locked out:"]);
    let history = eva.visits(ANNA).await.texts("section[aria-labelledby=history] .mark");
    assert_eq!(history, ["Unknown", "Not shown"]);
    let page = eva.visits(&result).await;
    page.must_say(200, &["The password may have been changed again after this"]);
    assert!(!page.says("was locked out"));
}

#[tokio::test]
async fn an_account_whose_lock_out_is_unknown_is_listed_as_one_that_may_be_locked_out() {
    let panel = Stage::usual().with("NYCKEL_RESETS_PER_ACCOUNT", "off").opens().await;
    let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await.reading("sv"));
    panel.glesys.fault("email/resetpassword", Fault::CloseAfter, Times::Once);
    locks_out(&eva, "").await.must_say(200, &["May have been locked out:"]);
    let bo = eva.visits("/accounts/bo@example.se/lock-out").await;
    eva.presses(&bo, "Lock out").await.must_say(200, &["Locked out:"]);

    let both = ["May be locked out", "Locked out"];
    assert_eq!(eva.visits("/domains/example.se").await.texts("th .mark-warn"), both);
    assert_eq!(olle.visits("/domains/example.se").await.texts("th .mark-warn"), ["Kan vara spärrat", "Spärrat"]);
    assert_eq!(eva.visits("/?q=example.se").await.texts(".hits .mark-warn")[..2], both);
    let listed = eva.visits("/domains/example.se?locked=1").await;
    assert_eq!((listed.texts("tbody th").len(), listed.texts("th .mark-warn")), (2, both.map(str::to_owned).to_vec()));
    let several = eva.visits("/domains/example.se/bulk?locked=1").await;
    assert_eq!(
        (several.texts("tbody th").len(), several.texts("td .mark-warn")),
        (2, both.map(str::to_owned).to_vec())
    );
    let file = eva.posts("/domains/example.se/export", &[("format", "csv"), ("locked", "1")]).await.body;
    let ends: Vec<_> = file.lines().skip(1).filter_map(|line| line.rsplit(',').next()).collect();
    assert_eq!(ends, ["\"unknown\"", "\"yes\""], "{file}");
    assert!(panel.one(AuditKind::DomainExported).await.facts.kept().unwrap().contains("\"filter_locked_out\":true"));
}

#[tokio::test]
async fn the_page_of_an_account_that_may_be_locked_out_says_so_until_a_reset_is_known_to_be_done() {
    let panel = Stage::usual().with("NYCKEL_RESETS_PER_ACCOUNT", "off").opens().await;
    let eva = panel.operator("eva").await;
    panel.glesys.fault("email/resetpassword", Fault::CloseAfter, Times::Once);
    locks_out(&eva, "").await;
    let account = eva.visits(ANNA).await;
    account.must_say(200, &["May be locked out", "eva tried to lock it out just now and GleSYS did not say"]);
    assert!(!account.says("Locked out by") && !account.says("Lock it out again"), "not in the first minute");
    panel.clock.turn(61);
    eva.visits(ANNA).await.must_say(200, &["May be locked out", "Lock it out again to be sure."]);

    let not_now = Fault::Status { http: 423, code: 423, text: "Server Locked".to_owned(), envelope: true };
    panel.glesys.fault("email/resetpassword", not_now, Times::Once);
    let refused = eva.resets("anna@example.se").await;
    refused.must_say(200, &["Password not reset", "Nothing was changed."]);
    assert!(!refused.says("The old password still works"), "{:?}", refused.texts("main"));
    eva.visits(ANNA).await.must_say(200, &["May be locked out"]);
    assert!(eva.resets("anna@example.se").await.password().is_some());
    assert!(!eva.visits(ANNA).await.says("May be locked out"));
}
