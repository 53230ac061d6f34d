//! The fewest acts from the search to a new password, and back to the next caller.

use crate::stage::{Person, panel};
use nyckel::model::Role;

const RESETS: &str = ".hits a[href$='/reset']";

#[tokio::test]
async fn after_closing_the_overview_says_so_and_lists_ones_own_last_accounts() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    assert!(eva.visits("/").await.texts("#lately").is_empty());
    for address in ["anna@example.se", "bo@example.se", "anna@example.se", "asa@räksmörgås.se"] {
        let page = eva.visits(&format!("/accounts/{address}/reset")).await;
        let back = eva.clicks(&eva.presses(&page, "Reset password").await, "Close").await;
        let shown = format!("{address}: Password reset. Shown to you at {}.", panel.time_of_day());
        back.must_say(200, &[&shown]);
        assert!(back.at.starts_with("/?shown="));
    }
    let page = eva.visits("/").await;
    assert!(!page.says("Password reset."), "that was said");
    assert_eq!(page.texts(".hits .address"), ["asa@räksmörgås.se", "anna@example.se", "bo@example.se"]);
    assert_eq!(page.attributes(RESETS, "href").len(), 3);
    // What is looked for takes their place.
    assert!(eva.visits("/?q=example.se").await.texts("#lately").is_empty());

    let mia = panel.manager("mia").await;
    let page = mia.visits("/accounts/bo@example.se/delete").await;
    mia.fills_in(&page, "Delete account", &[("address", "bo@example.se")]).await;
    assert_eq!(eva.visits("/").await.texts(".hits .address"), ["asa@räksmörgås.se", "anna@example.se"]);
}

#[tokio::test]
async fn nobody_is_told_of_accounts_that_others_worked_on_or_that_they_may_not_see_any_more() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let result = eva.resets("anna@example.se").await;
    let closed = format!("/?shown={}", result.at.strip_prefix("/operations/").unwrap());
    let olle = panel.operator("olle").await;
    let page = olle.visits(&closed).await;
    assert!(page.texts("#lately").is_empty() && !page.says("Password reset."), "{page:#?}");
    let mail = Person::hired(&panel, "mail", &[(Role::Operator, "example.com")]).await;
    mail.signs_in().await;
    assert!(!mail.visits(&closed).await.says("anna@example.se"));
}

#[tokio::test]
async fn a_hit_leads_straight_to_the_question_for_whoever_may_reset_it_and_for_nobody_else() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/?q=example.se").await;
    assert_eq!(page.attributes(RESETS, "href"), ["/accounts/anna@example.se/reset", "/accounts/bo@example.se/reset"]);
    assert_eq!(eva.clicks(&page, "Reset password… bo@example.se").await.at, "/accounts/bo@example.se/reset");
    let vera = panel.viewer("vera").await;
    let page = vera.visits("/?q=example.se").await;
    assert_eq!((page.texts(".hits .address").len(), page.attributes(RESETS, "href").len()), (3, 0));
    // A colleague's own mailbox is for admins alone.
    let page = panel.admin("bo@example.se").await.visits("/?q=example.se").await;
    assert_eq!(page.attributes(RESETS, "href").len(), 2);
    assert_eq!(eva.visits("/?q=example.se").await.attributes(RESETS, "href"), ["/accounts/anna@example.se/reset"]);
}

#[tokio::test]
async fn the_reset_stands_beside_actions_where_it_can_be_had_and_has_the_focus() {
    let panel = panel().await;
    let button = ".head a.button[autofocus]";
    let eva = panel.operator("eva").await;
    let page = eva.visits("/accounts/anna@example.se").await;
    assert_eq!(page.attributes(button, "href"), ["/accounts/anna@example.se/reset"]);
    let page = panel.viewer("vera").await.visits("/accounts/anna@example.se").await;
    assert!(page.attributes(button, "href").is_empty());
    page.must_say(200, &["Reset password…", "Keyboard shortcuts"]);
    eva.visits("/keys").await.must_say(200, &["Go to the search", "Copy the new password", "Leave a question"]);
    assert!(!Person::stranger(&panel).visits("/sign-in").await.says("Keyboard shortcuts"));
}
