//! Costs and limits: who sees them, and what is told when GleSYS tells less than usual.

use nyckel::model::Role;
use nyckel::simulator::{Fault, State, Times};

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
    page.must_say(200, &["The API key may not be allowed to call email/costs.", "Email accounts"]);
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
    page.must_say(200, &["GleSYS isn’t responding. You’re seeing data from 3 minutes ago.", "SEK"]);
    panel.glesys.comes_back().await;
    panel.clock.turn(11);
    assert!(panel.built.app.directory.read_all().await);
    eva.visits("/costs").await.must_say(200, &["just now"]);
}

#[tokio::test]
async fn while_nothing_was_ever_read_the_page_says_so() {
    let panel = Stage::usual().opens_without_glesys().await;
    let eva = panel.viewer("eva").await;
    eva.visits("/costs").await.must_say(200, &["Waiting for GleSYS"]);
}

/// The usual project, called *Ett*, and *Två*, in which there is one account.
fn two() -> Stage {
    let other = State::empty().account("otto@other.example").limits(7, 8);
    Stage::of(State::empty().account("anna@example.se").account("bo@example.se").limits(40, 80)).project(
        "Två",
        "cl67890",
        "other-key",
        other,
    )
}

fn is_broken() -> Fault {
    Fault::Status { http: 503, code: 503, text: String::new(), envelope: false }
}

/// What stands in each line of the table, by what it is of.
fn rows(page: &crate::stage::Page) -> Vec<[String; 6]> {
    let rows = page.texts("tbody tr").len();
    (1..=rows).map(|row| page.texts(&format!("tbody tr:nth-child({row}) > *")).try_into().unwrap()).collect()
}

#[tokio::test]
async fn of_several_projects_each_has_its_own_limits_and_prices_and_only_counts_are_summed() {
    let panel = two().opens().await;
    let page = panel.viewer("eva").await.visits("/costs").await;
    let expected = [
        ["Email accounts, Ett", "2", "40", "50", "10 SEK per account", "0 SEK"],
        ["Aliases, Ett", "0", "80", "", "", ""],
        ["Storage of all accounts, Ett", "2 GiB", "", "10 GiB", "2.00 SEK per GB", "0 SEK"],
        ["Email accounts, Två", "1", "7", "50", "10 SEK per account", "0 SEK"],
        ["Aliases, Två", "0", "8", "", "", ""],
        ["Storage of all accounts, Två", "1 GiB", "", "10 GiB", "2.00 SEK per GB", "0 SEK"],
        ["Email accounts, all projects", "3", "", "", "", ""],
        ["Aliases, all projects", "0", "", "", "", ""],
    ];
    assert_eq!(rows(&page), expected);
    page.must_say(200, &["Updated just now."]);
}

#[tokio::test]
async fn what_is_known_of_a_project_that_is_away_stays_with_its_age() {
    let panel = two().opens().await;
    let eva = panel.viewer("eva").await;
    let before = rows(&eva.visits("/costs").await);
    panel.others[0].fault_everywhere(is_broken(), Times::Always);
    panel.clock.turn(185);
    let page = eva.visits("/costs").await;
    page.must_say(200, &["Project Två has not answered. This is what was known of it 3 minutes ago.", "just now"]);
    assert_eq!(rows(&page), before);
    assert!(!page.says("Project Ett has not"));
    panel.others[0].heal();
    panel.clock.turn(65);
    let page = eva.visits("/costs").await;
    assert!(!page.says("has not answered") && rows(&page) == before, "{page:#?}");
}

#[tokio::test]
async fn a_project_that_has_never_answered_is_named_and_lends_nobody_its_prices() {
    let panel = two().builds_with(|glesys| glesys[1].fault_everywhere(is_broken(), Times::Always)).await;
    panel.built.app.directory.read_all().await;
    let page = panel.viewer("eva").await.visits("/costs").await;
    page.must_say(200, &["Project Två has not answered yet. Nothing is known of it."]);
    let told: Vec<String> = rows(&page).into_iter().map(|[what, ..]| what).collect();
    assert_eq!(told, ["Email accounts, Ett", "Aliases, Ett", "Storage of all accounts, Ett"], "and no sum");
}

#[tokio::test]
async fn a_project_whose_key_may_not_ask_for_costs_is_named() {
    let panel = two().opens().await;
    panel.others[0].deny_function("email/costs");
    let page = panel.viewer("eva").await.visits("/costs").await;
    page.must_say(200, &["Två: costs aren’t available.", "Email accounts, Två"]);
    assert!(!page.says("Ett: costs aren’t"));
}
