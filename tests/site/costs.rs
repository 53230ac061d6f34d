//! Costs and limits: who sees them, and what is told when GleSYS tells less than usual.

use nyckel::model::Role;
use nyckel::simulator::State;

use crate::stage::{Person, Stage, panel};

#[tokio::test]
async fn whoever_sees_all_domains_sees_what_the_project_holds_and_costs() {
    let state = State::empty().account_with("anna@example.se", |anna| anna.quotaingib = 5);
    let panel = Stage::of(state.account("bo@example.com").alias("info@example.se", "anna@example.se").limits(40, 80));
    let panel = panel.opens().await;
    let eva = panel.viewer("eva").await;
    let overview = eva.visits("/").await;
    let page = eva.clicks(&overview, "Costs and limits of the project").await;
    assert_eq!((page.at.as_str(), page.text("h1").as_str()), ("/costs", "Costs and limits"));
    let line = |row: usize| page.texts(&format!("tbody tr:nth-child({row}) > *"));
    assert_eq!(line(1), ["Email accounts", "2", "40", "50", "10 SEK per account", "0 SEK"]);
    assert_eq!(line(2), ["Aliases", "1", "80", "", "", ""]);
    assert_eq!(line(3), ["Storage of all accounts", "6 GiB", "", "10 GiB", "2.00 SEK per GB", "0 SEK"]);
    let page = eva.reading("sv").visits("/costs").await;
    page.must_say(200, &["Kostnader och gränser", "Alla kontons utrymme", "10 SEK per konto"]);
}

#[tokio::test]
async fn whoever_sees_one_domain_does_not() {
    let panel = panel().await;
    let bo = Person::hired(&panel, "bo", &[(Role::Manager, "example.se"), (Role::Viewer, "example.com")]).await;
    bo.signs_in().await;
    assert!(!bo.visits("/").await.says("Costs"));
    bo.visits("/costs").await.must_say(403, &["Not for your role"]);
}

#[tokio::test]
async fn a_key_that_may_not_ask_for_costs_still_shows_the_limits() {
    let panel = panel().await;
    let eva = panel.viewer("eva").await;
    panel.glesys.deny_function("email/costs");
    let page = eva.visits("/costs").await;
    page.must_say(200, &["The API key may not be allowed email/costs.", "Email accounts"]);
    assert!(!page.says("SEK"));
}

#[tokio::test]
async fn when_glesys_is_gone_the_last_known_costs_are_told_with_their_age() {
    let panel = panel().await;
    let eva = panel.viewer("eva").await;
    eva.visits("/costs").await.must_say(200, &["SEK", "just now"]);
    panel.glesys.goes_away().await;
    panel.clock.turn(185);
    let page = eva.visits("/costs").await;
    page.must_say(200, &["GleSYS does not answer. This is what was known 3 minutes ago.", "SEK"]);
    panel.glesys.comes_back().await;
    panel.clock.turn(11);
    assert!(panel.built.app.directory.read_all().await);
    eva.visits("/costs").await.must_say(200, &["just now"]);
}

#[tokio::test]
async fn while_nothing_was_ever_read_the_page_says_so() {
    let panel = Stage::usual().opens_without_glesys().await;
    let eva = panel.viewer("eva").await;
    eva.visits("/costs").await.must_say(200, &["GleSYS has not answered yet"]);
}
