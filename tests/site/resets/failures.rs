//! GleSYS refuses, fails or falls silent at the reset: the page says in which of three worlds we are.

use nyckel::model::AuditKind;
use nyckel::simulator::{Fault, Times};

use crate::stage::{Page, Panel, Person, Stage, panel};

const RESET: &str = "email/resetpassword";

/// The page, the audit and the account's overview agree that nothing was changed, and there was at most one call.
async fn must_be_unchanged(outcome: &str, panel: &Panel, page: &Page) {
    page.must_say(200, &["Password not reset:", "The old password still works; nothing was changed."]);
    assert_eq!(page.password(), None);
    let id = page.at.strip_prefix("/operations/").unwrap();
    page.must_say(200, &[id]);
    let event = panel.one(AuditKind::ResetOutcome).await;
    assert_eq!((event.outcome.as_deref(), event.operation.unwrap().as_str()), (Some(outcome), id));
    panel.one(AuditKind::ResetIntent).await;
    assert!(panel.audit(AuditKind::ResetShown).await.is_empty());
    assert!(panel.database.texts("SELECT operation_id FROM sealed").await.is_empty());
}

fn status(http: u16) -> Fault {
    Fault::Status { http, code: http, text: "Something".to_owned(), envelope: true }
}

async fn stage() -> (Panel, Person) {
    let panel = Stage::usual().gives_up_after(300).opens().await;
    let eva = panel.operator("eva").await;
    (panel, eva)
}

#[tokio::test]
async fn a_wrong_key_changes_nothing_and_is_an_admins_business() {
    let (panel, eva) = stage().await;
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    panel.glesys.set_credentials("cl12345", "another-key");
    let page = eva.presses(&page, "Reset password").await;
    must_be_unchanged("refused: wrong_key", &panel, &page).await;
    page.must_say(200, &["GleSYS does not accept the panel’s API key."]);
    assert_eq!(panel.resets(), (1, 0));
}

#[tokio::test]
async fn a_key_that_may_only_read_is_told_which_function_it_lacks() {
    let (panel, eva) = stage().await;
    panel.glesys.deny_function(RESET);
    let page = eva.resets("anna@example.se").await;
    must_be_unchanged("refused: no_permission", &panel, &page).await;
    page.must_say(200, &["The panel’s API key may not call email/resetpassword."]);
    panel.glesys.allow_function(RESET);
    let page = eva.clicks(&page, "Reset password again…").await;
    assert_eq!(eva.presses(&page, "Reset password").await.password(), panel.glesys.password_of("anna@example.se"));
}

#[tokio::test]
async fn a_glesys_that_is_down_changes_nothing() {
    let (panel, eva) = stage().await;
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    panel.glesys.goes_away().await;
    let page = eva.presses(&page, "Reset password").await;
    must_be_unchanged("not_sent: connect", &panel, &page).await;
    page.must_say(200, &["GleSYS could not be reached, so nothing was sent."]);
    assert_eq!(panel.resets(), (0, 0));
    panel.glesys.comes_back().await;
    assert!(eva.resets("anna@example.se").await.password().is_some(), "nothing to wait for");
}

#[tokio::test]
async fn an_account_deleted_in_the_meantime_is_not_reset() {
    let (panel, eva) = stage().await;
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    panel.glesys.change(|state| drop(state.domains.get_mut("example.se").unwrap().accounts.remove("anna@example.se")));
    let page = eva.presses(&page, "Reset password").await;
    must_be_unchanged("refused: not_found", &panel, &page).await;
    page.must_say(200, &["it may have been deleted just now"]);
}

#[tokio::test]
async fn a_refusal_needs_no_rest_and_an_unknown_outcome_does() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.glesys.fault(RESET, status(400), Times::Once);
    let page = eva.resets("anna@example.se").await;
    must_be_unchanged("refused: invalid", &panel, &page).await;
    assert!(page.link("Reset password again…").is_some());
    assert_eq!(eva.visits("/accounts/anna@example.se/reset").await.status, 200);
    panel.glesys.fault(RESET, Fault::CloseAfter, Times::Once);
    eva.resets("bo@example.se").await.must_say(200, &["We don’t know if the password was reset"]);
    assert_eq!(eva.visits("/accounts/bo@example.se/reset").await.status, 409);
}
