//! Selecting the accounts of a change of several, without JavaScript: nothing that was chosen is lost on the way.

use super::{begin_form, manager, panel};
use crate::stage::Page;

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
    page.must_say(200, &["though they do not match the filter come first: 1."]);
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
    let form = eva.visits("/domains/example.se/bulk?select=all").await;
    // As Enter in the field does.
    let page =
        eva.fills_in(&form, "Continue", &[("action", "spam_level 5"), ("account", "a0"), ("filter", "a2")]).await;
    page.must_say(200, &["Which accounts"]);
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
    let form = eva.clicks(&domain, "Change several accounts…").await;
    assert_eq!(listed(&form), ["a5", "a4", "a2", "a1", "a0"]);
    assert!(form.has("input[name=reply][checked]") && !form.has("input[name=full][checked]"));
    assert_eq!(form.attributes("#filter", "value"), ["a"]);
    let all = eva.presses(&form, "Select all shown").await;
    assert_eq!((ticked(&all), listed(&all)), (listed(&form), listed(&form)));
    let hostile = eva.visits("/domains/example.se/bulk?account=%01&account=nobody&select=%3Cb%3E&order=x&full=1").await;
    assert_eq!((hostile.status, ticked(&hostile).len()), (200, 0));
}
