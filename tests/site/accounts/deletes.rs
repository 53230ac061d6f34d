//! Deleting: the address is typed, and what goes with it is said before.

use nyckel::model::OperationKind;

use super::{DELETE, account, calls, must_be_refused, rows};
use crate::stage::{PASSWORD, panel};

const PAGE: &str = "/accounts/anna@example.se/delete";

#[tokio::test]
async fn a_manager_deletes_an_account_and_knows_what_goes_with_it() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    panel.glesys.change(|state| *state = state.clone().alias("only@example.se", "anna@example.se"));
    assert!(panel.built.app.directory.read_all().await);
    let page = mia.visits("/accounts/anna@example.se").await;
    assert_eq!(page.texts(".menu-list a"), ["Reset password…", "Edit…", "Mail app settings", "Lock out…", "Delete…"]);
    let page = mia.clicks(&page, "Delete…").await;
    page.must_say(200, &["All mail in it is deleted for good.", "These aliases will stop working: only@example.se"]);
    page.must_say(200, &["Will go on without this account: info@example.se"]);
    assert!(!page.has("button[autofocus]") && page.has("h1[autofocus]"));
    assert!(account(&panel, "anna@example.se").is_some(), "looking at the page deletes nothing");
    let page = mia.fills_in(&page, "Delete account", &[("address", " Anna@EXAMPLE.se ")]).await;
    assert_eq!(page.text("h1"), "Deleted: anna@example.se");
    assert_eq!((account(&panel, "anna@example.se"), calls(&panel, DELETE)), (None, (1, 1)));
    let (intent, outcome) = rows(&panel, OperationKind::DeleteAccount).await;
    assert_eq!((intent.staff_name.as_deref(), outcome.outcome.as_deref()), (Some("mia"), Some("done")));
    let page = mia.clicks(&page, "Go to the domain").await;
    assert!(!page.says("anna@example.se Anna Lind") && page.says("bo@example.se"));
    mia.visits("/accounts/anna@example.se").await.must_say(404, &["No such email account"]);
}

#[tokio::test]
async fn another_address_than_the_accounts_deletes_nothing() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    let mut page = mia.visits(PAGE).await;
    for typed in ["", "anna", "bo@example.se", "anna@example.com"] {
        page = mia.fills_in(&page, "Delete account", &[("address", typed)]).await;
        page.must_say(422, &["The address doesn’t match this account’s."]);
        assert_eq!(page.attributes("#address", "value"), [typed]);
    }
    assert_eq!(calls(&panel, DELETE), (0, 0));
}

#[tokio::test]
async fn a_domain_with_other_letters_is_typed_as_it_is_read_or_as_programs_write_it() {
    for typed in ["Åsa@räksmörgås.se", "asa@räksmörgås.se", "ASA@XN--RKSMRGS-5WAO1O.SE"] {
        let panel = panel().await;
        let mia = panel.manager("mia").await;
        let page = mia.visits("/accounts/asa@räksmörgås.se/delete").await;
        let page = mia.fills_in(&page, "Delete account", &[("address", typed)]).await;
        let deleted = !typed.starts_with('Å');
        assert_eq!(page.status, if deleted { 200 } else { 422 }, "{typed}");
        assert_eq!(calls(&panel, DELETE), (usize::from(deleted), usize::from(deleted)));
    }
}

#[tokio::test]
async fn deleting_asks_who_one_is_and_nothing_that_was_typed_is_lost() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    panel.clock.turn(9 * 60);
    let page = mia.visits(PAGE).await;
    panel.clock.turn(2 * 60);
    let asked = mia.fills_in(&page, "Delete account", &[("address", "anna@example.se")]).await;
    assert_eq!((asked.text("h1").as_str(), calls(&panel, DELETE)), ("Confirm it’s you", (0, 0)));
    must_be_refused(&panel, "proof_too_old").await;
    let page = mia.fills_in(&asked, "Continue", &[("password", PASSWORD)]).await;
    assert_eq!(page.attributes("#address", "value"), ["anna@example.se"]);
    let page = mia.presses(&page, "Delete account").await;
    assert_eq!((page.text("h1").as_str(), calls(&panel, DELETE)), ("Deleted: anna@example.se", (1, 1)));
    panel.clock.turn(11 * 60);
    assert_eq!(mia.visits("/accounts/bo@example.se/delete").await.text("h1"), "Confirm it’s you");
}

#[tokio::test]
async fn whoever_was_slower_than_a_colleague_deletes_nothing() {
    let panel = panel().await;
    let (mia, eva) = (panel.manager("mia").await, panel.operator("eva").await);
    let page = mia.visits(PAGE).await;
    eva.resets("anna@example.se").await;
    let refused = mia.fills_in(&page, "Delete account", &[("address", "anna@example.se")]).await;
    refused.must_say(409, &["Not done: eva was faster"]);
    must_be_refused(&panel, "overtaken").await;
    assert_eq!(calls(&panel, DELETE), (0, 0));
}

#[tokio::test]
async fn an_alias_that_took_the_accounts_place_meanwhile_is_not_deleted() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    let page = mia.visits(PAGE).await;
    panel.glesys.change(|state| {
        state.domains.get_mut("example.se").unwrap().accounts.remove("anna@example.se");
        *state = std::mem::take(state).alias("anna@example.se", "bo@example.se");
    });
    let refused = mia.fills_in(&page, "Delete account", &[("address", "anna@example.se")]).await;
    refused.must_say(404, &["An alias, not an account", "anna@example.se is an alias that leads to bo@example.se"]);
    assert!(panel.glesys.state().domains["example.se"].aliases.contains_key("anna@example.se"));
    assert_eq!(calls(&panel, DELETE), (0, 0));
    panel.glesys.change(|state| drop(state.domains.get_mut("example.se").unwrap().aliases.remove("anna@example.se")));
    let refused = mia.fills_in(&page, "Delete account", &[("address", "anna@example.se")]).await;
    refused.must_say(404, &["No such email account"]);
    assert_eq!(calls(&panel, DELETE), (0, 0));
}

#[tokio::test]
async fn the_same_page_posted_twice_deletes_once_and_ends_at_the_same_outcome() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    let page = mia.visits(PAGE).await;
    let typed = [("address", "anna@example.se")];
    let first = mia.fills_in(&page, "Delete account", &typed).await;
    let second = mia.fills_in(&page, "Delete account", &typed).await;
    assert_eq!((first.at.clone(), calls(&panel, DELETE)), (second.at, (1, 1)));
    assert!(first.at.starts_with("/operations/"));
}
