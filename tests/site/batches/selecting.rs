//! Selecting the accounts of a change of several, without JavaScript: nothing that was chosen is lost on the way.

use nyckel::simulator::State;

use super::{begin_form, manager, panel};
use crate::stage::{Page, Stage};

fn ticked(page: &Page) -> Vec<String> {
    page.attributes("input[name=account][checked]", "value")
}

fn listed(page: &Page) -> Vec<String> {
    page.attributes("input[name=account]", "value")
}

fn chosen(page: &Page) -> (Vec<String>, Vec<String>) {
    (page.attributes("option[selected]", "value"), page.attributes("#quota", "value"))
}

#[tokio::test]
async fn what_was_chosen_and_ticked_is_kept_while_the_list_is_filtered() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    let form = eva.visits("/domains/example.se/bulk").await;
    let typed = [("action", "quota"), ("quota", "7"), ("account", "a1"), ("filter", "still")];
    let page = eva.fills_in(&form, "Filter", &typed).await;
    assert_eq!((listed(&page), ticked(&page)), (vec!["a1".to_owned(), "still".to_owned()], vec!["a1".to_owned()]));
    assert_eq!(chosen(&page), (vec!["quota".to_owned()], vec!["7".to_owned()]));
    page.must_say(200, &["that don’t match the filter are listed first: 1."]);
    let page = eva.presses(&page, "Select all shown").await;
    assert_eq!((ticked(&page), chosen(&page).1), (vec!["a1".to_owned(), "still".to_owned()], vec!["7".to_owned()]));
    let page = eva.presses(&page, "Show all").await;
    assert_eq!(
        (listed(&page).len(), ticked(&page), chosen(&page).1[0].as_str()),
        (7, listed(&page)[1..2].iter().chain(&listed(&page)[6..]).cloned().collect(), "7")
    );
    let none = eva.presses(&page, "Select none").await;
    assert_eq!((listed(&none).len(), ticked(&none).len(), chosen(&none)), (7, 0, chosen(&page)));
    assert!(panel.database.texts("SELECT id FROM batch").await.is_empty());
}

#[tokio::test]
async fn a_filter_that_was_only_typed_is_followed_before_anything_is_confirmed() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    let form = eva.visits("/domains/example.se/bulk").await;
    let form = eva.presses(&form, "Select all shown").await;
    // As Enter in the field does.
    let page =
        eva.fills_in(&form, "Continue", &[("action", "spam_level 5"), ("account", "a0"), ("filter", "a2")]).await;
    page.must_say(200, &["Accounts"]);
    assert_eq!((listed(&page), ticked(&page)), (vec!["a0".to_owned(), "a2".to_owned()], vec!["a0".to_owned()]));
    assert!(panel.database.texts("SELECT id FROM batch").await.is_empty());
    let page = eva.presses(&page, "Continue").await;
    page.must_say(200, &["Set the spam filter to level 5 of 5", "Change 1 account"]);
    begin_form(&page);
}

#[tokio::test]
async fn the_filter_of_the_domain_page_is_taken_along() {
    let panel = panel().await;
    panel.glesys.change(|state| {
        state.domains.get_mut("example.se").unwrap().accounts.get_mut("a3@example.se").unwrap().autorespond = false;
    });
    panel.built.app.directory.read_all().await;
    let eva = manager(&panel, "eva").await;
    let domain = eva.visits("/domains/example.se?reply=1&filter=a&order=desc&page=9").await;
    let form = eva.clicks(&domain, "Bulk edit…").await;
    assert_eq!(listed(&form), ["a5", "a4", "a2", "a1", "a0"]);
    assert!(form.has("input[name=reply][checked]") && !form.has("input[name=full][checked]"));
    assert_eq!(form.attributes("#filter", "value"), ["a"]);
    let all = eva.presses(&form, "Select all shown").await;
    assert_eq!((ticked(&all), listed(&all)), (listed(&form), listed(&form)));
    let hostile = eva.visits("/domains/example.se/bulk?account=%01&account=nobody&select=%3Cb%3E&order=x&full=1").await;
    assert_eq!((hostile.status, ticked(&hostile).len()), (200, 0));
}

#[tokio::test]
async fn five_hundred_accounts_are_selected_without_standing_in_an_address() {
    let names: Vec<_> = (0..500).map(|n| format!("{n:0>3}-{}", "somebody-with-a-long-name".repeat(2))).collect();
    let state = names.iter().fold(State::empty(), |state, name| state.account(&format!("{name}@example.se")));
    let panel = Stage::of(state).opens().await;
    let eva = manager(&panel, "eva").await;
    let form = eva.visits("/domains/example.se/bulk").await;
    // The stage looks at how long every address is.
    let all = eva.presses(&form, "Select all shown").await;
    assert_eq!(ticked(&all).len(), 500);
    let few = eva.fills_in(&all, "Filter", &[("action", "spam_level 5"), ("filter", "499-")]).await;
    assert_eq!((listed(&few).len(), ticked(&few).len()), (500, 500), "what is selected stays, whatever the filter");
    assert!(few.at.contains("filter=499-"), "{}", few.at);
    // Reload, Back, and another tab that looks at the list.
    let address = few.at.clone();
    assert_eq!(ticked(&eva.visits(&address).await).len(), 500);
    assert_eq!(ticked(&eva.visits(&all.at).await).len(), 500);
    assert_eq!(ticked(&eva.visits("/domains/example.se/bulk").await).len(), 0);
    let page = eva.presses(&few, "Continue").await;
    page.must_say(200, &["Change 500 accounts"]);

    // Nobody else finds it, not even the same person elsewhere.
    let other = eva.in_another_browser();
    other.signs_in().await;
    assert_eq!(ticked(&other.visits(&address).await).len(), 0);
}

#[tokio::test]
async fn a_filter_of_any_length_makes_no_long_address() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    let long = "å".repeat(3000);
    let form = eva.visits("/domains/example.se/bulk").await;
    let page = eva.fills_in(&form, "Filter", &[("filter", &long)]).await;
    assert_eq!(page.attributes("#filter", "value"), ["å".repeat(127)]);
    let stranger = eva.in_another_browser();
    let page = stranger.visits(&format!("/?q={}", "%C3%A5".repeat(300))).await;
    page.must_say(200, &["Sign in"]);
    assert_eq!(page.attributes("form[action='/sign-in'] input[name=next]", "value"), ["/"]);
}
