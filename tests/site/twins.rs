//! An account and an alias that have the same address: each is reached, told and dealt with as what it is.

use nyckel::simulator::State;

use crate::stage::{Panel, Stage};

async fn panel() -> Panel {
    let state = State::empty().account("anna@example.se").account("bo@example.se");
    Stage::of(state.alias("anna@example.se", "bo@example.se")).opens().await
}

#[tokio::test]
async fn an_alias_with_the_address_of_an_account_is_reached_and_led_elsewhere() {
    let state = State::empty().account("anna@example.se").account("bo@example.se");
    let panel = Stage::of(state.alias("anna@example.se", "bo@example.se")).opens().await;
    let maja = panel.manager("maja").await;
    let domain = maja.visits("/domains/example.se").await;
    assert_eq!(domain.texts("h2 .count"), ["2", "1"]);
    let alias = maja.visits("/aliases/anna@example.se").await;
    assert_eq!((alias.status, alias.at.as_str()), (200, "/aliases/anna@example.se"));
    let form = maja.clicks(&alias, "Edit…").await;
    maja.fills_in(&form, "Save", &[("targets", "someone@elsewhere.example")]).await.must_say(200, &["Saved."]);
    let state = panel.glesys.state();
    assert_eq!(state.domains["example.se"].aliases["anna@example.se"].goto, "someone@elsewhere.example");
    assert!(state.mailbox("anna@example.se").is_some());
    assert_eq!(maja.visits("/accounts/anna@example.se").await.text("h1"), "anna@example.se");
}

#[tokio::test]
async fn each_of_two_with_one_address_names_the_other() {
    let panel = panel().await;
    let maja = panel.manager("maja").await;
    let account = maja.visits("/accounts/anna@example.se").await;
    account.must_say(200, &["There is also an alias with this address"]);
    let alias = maja.clicks(&account, "Go to the alias").await;
    assert_eq!(alias.at, "/aliases/anna@example.se");
    alias.must_say(200, &["There is also an account with this address"]);
    assert_eq!(maja.clicks(&alias, "Go to the account").await.at, "/accounts/anna@example.se");
}

#[tokio::test]
async fn an_alias_that_no_call_can_delete_without_the_account_says_so() {
    let panel = panel().await;
    let maja = panel.manager("maja").await;
    let alias = maja.visits("/aliases/anna@example.se").await;
    let why = "An account has the same address, and GleSYS would delete that.";
    alias.must_say(200, &[why]);
    assert_eq!(alias.texts(".menu-list a"), ["Edit…"]);
    let page = maja.visits("/aliases/anna@example.se/delete").await;
    page.must_say(409, &["Not deleted: an account has the same address"]);
    assert_eq!(panel.glesys.calls_to("email/delete"), 0);

    // Gone meanwhile, the account keeps nobody from it.
    panel.glesys.change(|state| {
        state.domains.get_mut("example.se").unwrap().accounts.remove("anna@example.se");
    });
    let page = maja.visits("/aliases/anna@example.se/delete").await;
    maja.presses(&page, "Delete alias").await.must_say(200, &["Deleted: anna@example.se"]);
    assert_eq!(panel.glesys.state().aliases(), 0);
}

#[tokio::test]
async fn whoever_deletes_the_account_is_told_of_the_alias_and_it_stays() {
    let panel = panel().await;
    let maja = panel.manager("maja").await;
    let page = maja.visits("/accounts/anna@example.se/delete").await;
    page.must_say(200, &["An alias has the same address"]);
    let page = maja.fills_in(&page, "Delete account", &[("address", "anna@example.se")]).await;
    page.must_say(200, &["Deleted: anna@example.se"]);
    let alias = maja.visits("/aliases/anna@example.se").await;
    assert_eq!((alias.status, alias.at.as_str()), (200, "/aliases/anna@example.se"));
    assert_eq!(maja.visits("/domains/example.se").await.texts("h2 .count"), ["1", "1"]);
}

#[tokio::test]
async fn what_was_done_to_the_alias_is_not_told_as_done_to_the_account() {
    let panel = panel().await;
    let maja = panel.manager("maja").await;
    let form = maja.visits("/aliases/anna@example.se/edit").await;
    maja.fills_in(&form, "Save", &[("targets", "bo@example.se\nx@elsewhere.example")]).await.must_say(200, &["Saved."]);
    maja.resets("anna@example.se").await;
    let history = |page: &crate::stage::Page| page.texts("section[aria-labelledby=history] li a");
    let account = maja.visits("/accounts/anna@example.se").await;
    assert_eq!(history(&account), ["Password reset: Shown", "Alias: Changed"]);
    let alias = maja.visits("/aliases/anna@example.se").await;
    assert_eq!(history(&alias), ["Email account: Password reset: Shown", "Changed"]);
    let admin = panel.admin("admin").await;
    let audit = admin.visits("/audit").await;
    let links = audit.attributes("td a.address", "href");
    assert!(links.contains(&"/aliases/anna@example.se".to_owned()), "{links:?}");
    assert!(links.contains(&"/accounts/anna@example.se".to_owned()), "{links:?}");
}

#[tokio::test]
async fn mail_to_an_address_that_is_both_goes_the_ways_of_both() {
    let panel = panel().await;
    let maja = panel.manager("maja").await;
    panel.glesys.change(|state| *state = state.clone().alias("bo2@example.se", "anna@example.se"));
    assert!(panel.built.app.directory.read_all().await);
    let alias = maja.visits("/aliases/bo2@example.se").await;
    alias.must_say(200, &["account, and an alias that leads on to"]);
    let form = maja.visits("/aliases/anna@example.se/edit").await;
    let page = maja.fills_in(&form, "Save", &[("targets", "bo2@example.se")]).await;
    page.must_say(422, &["leads back to this alias"]);
}
