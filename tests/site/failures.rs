//! GleSYS refuses, fails or falls silent at the reset: the page says in which of three worlds we are.

use std::time::Duration;

use nyckel::model::AuditKind;
use nyckel::simulator::{Fault, State, Times, Wrong};

use crate::stage::{Page, Panel, Person, Stage, panel};

const RESET: &str = "email/resetpassword";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum World {
    NotReset,
    Unknown,
}

/// The page, the audit and the account's overview agree on the world, and there was at most one call.
async fn must_be_in(world: World, outcome: &str, panel: &Panel, page: &Page) {
    let told = match world {
        World::NotReset => ["Not reset: the password of", "The old password still works; nothing was changed."],
        World::Unknown => ["May have been reset: the password of", "the old one may no longer work."],
    };
    page.must_say(200, &told);
    assert_eq!(page.password(), None);
    let id = page.at.strip_prefix("/resets/").unwrap();
    page.must_say(200, &[id]);
    let event = panel.one(AuditKind::ResetOutcome).await;
    assert_eq!((event.outcome.as_deref(), event.operation.unwrap().as_str()), (Some(outcome), id));
    panel.one(AuditKind::ResetIntent).await;
    assert!(panel.audit(AuditKind::ResetShown).await.is_empty());
    assert!(panel.database.texts("SELECT operation_id FROM sealed").await.is_empty());
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
    must_be_in(World::NotReset, "refused: wrong_key", &panel, &page).await;
    page.must_say(200, &["GleSYS does not accept the panel’s API key."]);
    assert_eq!(panel.resets(), (1, 0));
}

#[tokio::test]
async fn a_key_that_may_only_read_is_told_which_function_it_lacks() {
    let (panel, eva) = stage().await;
    panel.glesys.deny_function(RESET);
    let page = eva.resets("anna@example.se").await;
    must_be_in(World::NotReset, "refused: no_permission", &panel, &page).await;
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
    must_be_in(World::NotReset, "not_sent: connect", &panel, &page).await;
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
    must_be_in(World::NotReset, "refused: not_found", &panel, &page).await;
    page.must_say(200, &["it may have been deleted just now"]);
}

fn status(http: u16) -> Fault {
    Fault::Status { http, code: http, text: "Something".to_owned(), envelope: true }
}

fn bare(http: u16) -> Fault {
    Fault::Status { http, code: http, text: "Something".to_owned(), envelope: false }
}

fn redirect(http: u16) -> Fault {
    Fault::Redirect { http, to: None }
}

/// Faults, the world that each puts us in, and whether GleSYS did it.
fn every_fault() -> Vec<(Fault, World, &'static str, bool)> {
    let unknown = |fault: Fault, reason: &'static str| {
        let applies = fault.applies();
        (fault, World::Unknown, reason, applies)
    };
    let refused = |fault: Fault, reason: &'static str| (fault, World::NotReset, reason, false);
    vec![
        unknown(Fault::HangBefore, "unknown: timeout"),
        unknown(Fault::HangAfter, "unknown: timeout"),
        unknown(Fault::Slow(Duration::from_millis(600)), "unknown: timeout"),
        unknown(Fault::Drip(Duration::from_millis(50)), "unknown: timeout"),
        unknown(Fault::CloseBefore, "unknown: connection_lost"),
        unknown(Fault::CloseAfter, "unknown: connection_lost"),
        unknown(Fault::EndBefore, "unknown: connection_lost"),
        unknown(Fault::EndAfter, "unknown: connection_lost"),
        unknown(Fault::HalfHead, "unknown: connection_lost"),
        unknown(Fault::HalfAnswer, "unknown: connection_lost"),
        unknown(Fault::NotHttp, "unknown: unusable_answer"),
        unknown(Fault::Garbage, "unknown: unusable_answer"),
        unknown(Fault::EmptyBody, "unknown: unusable_answer"),
        unknown(Fault::Html, "unknown: unusable_answer"),
        unknown(Fault::Xml, "unknown: unusable_answer"),
        unknown(redirect(301), "unknown: redirect"),
        unknown(redirect(307), "unknown: redirect"),
        unknown(redirect(308), "unknown: redirect"),
        unknown(status(408), "unknown: timeout"),
        unknown(status(500), "unknown: server_error"),
        unknown(bare(502), "unknown: server_error"),
        unknown(bare(503), "unknown: server_error"),
        unknown(Fault::CodeMismatch { http: 500, code: 200 }, "unknown: server_error"),
        unknown(Fault::CodeMismatch { http: 200, code: 500 }, "unknown: server_error"),
        unknown(Fault::Huge(10_000_000), "unknown: answer_too_large"),
        unknown(Fault::GzipBomb(10_000_000), "unknown: unusable_answer"),
        unknown(Fault::WrongType(Wrong::Number), "unknown: unusable_answer"),
        unknown(Fault::WrongType(Wrong::Null), "unknown: unusable_answer"),
        unknown(Fault::WrongType(Wrong::Empty), "unknown: unusable_answer"),
        unknown(Fault::WrongType(Wrong::Missing), "unknown: unusable_answer"),
        unknown(Fault::WrongType(Wrong::List), "unknown: unusable_answer"),
        refused(status(400), "refused: invalid"),
        refused(status(429), "refused: too_many_calls"),
        refused(bare(403), "refused: no_permission"),
    ]
}

#[tokio::test]
async fn every_way_to_fail_puts_the_person_in_the_right_world_after_one_call() {
    let faults = every_fault();
    let addresses: Vec<_> = (0..faults.len()).map(|n| format!("a{n}@example.se")).collect();
    let stage = Stage::of(addresses.iter().fold(State::empty(), |state, address| state.account(address)));
    let stage = stage.with("NYCKEL_RESETS_PER_STAFF", "off").with("NYCKEL_RESETS_TOTAL", "off");
    let panel = stage.gives_up_after(250).opens().await;
    let eva = panel.operator("eva").await;
    for (address, (fault, world, outcome, applied)) in addresses.iter().zip(faults) {
        let told = format!("{fault:?}");
        // Between two misfortunes GleSYS answers, or it would be left alone.
        panel.glesys.heal();
        assert!(panel.built.app.directory.read_all().await);
        panel.glesys.fault(RESET, fault, Times::Always);
        let before = panel.resets();
        let page = eva.resets(address).await;
        let title = if world == World::NotReset { "Not reset" } else { "May have been reset" };
        assert!(page.says(title) && page.password().is_none(), "{told}: {:?}", page.texts("main"));
        let events = panel.audit(AuditKind::ResetOutcome).await;
        assert_eq!(events.last().unwrap().outcome.as_deref(), Some(outcome), "{told}");
        assert_eq!(panel.resets(), (before.0 + 1, before.1 + usize::from(applied)), "{told}");
    }
    let kinds = [AuditKind::ResetIntent, AuditKind::ResetOutcome];
    for kind in kinds {
        assert_eq!(panel.audit(kind).await.len(), addresses.len());
    }
    assert!(panel.audit(AuditKind::ResetShown).await.is_empty());
}

#[tokio::test]
async fn a_refusal_needs_no_rest_and_an_unknown_outcome_does() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.glesys.fault(RESET, status(400), Times::Once);
    let page = eva.resets("anna@example.se").await;
    must_be_in(World::NotReset, "refused: invalid", &panel, &page).await;
    assert!(page.link("Reset password again…").is_some());
    assert_eq!(eva.visits("/accounts/anna@example.se/reset").await.status, 200);
    panel.glesys.fault(RESET, Fault::CloseAfter, Times::Once);
    eva.resets("bo@example.se").await.must_say(200, &["May have been reset"]);
    assert_eq!(eva.visits("/accounts/bo@example.se/reset").await.status, 409);
}
