//! What GleSYS lists is shown as it is: odd addresses are found and handled, and what can't be is said.

use nyckel::model::{Address, AuditKind};
use nyckel::simulator::State;
use serde_json::json;

use crate::stage::Stage;

/// Addresses that nobody could make any more.
fn odd() -> State {
    ["a..b@example.se", "åsa@example.se", "post@under_score.se"]
        .into_iter()
        .fold(State::empty(), State::account)
        .account("anna@example.se")
        .alias("@example.se", "anna@example.se")
        .alias("*@example.se", "anna@example.se")
}

#[tokio::test]
async fn whatever_its_address_an_account_is_listed_found_and_reset() {
    let panel = Stage::of(odd()).opens().await;
    let eva = panel.operator("eva").await;
    let overview = eva.visits("/").await;
    assert!(overview.says("under_score.se"));
    let domain = eva.visits("/domains/example.se").await;
    domain.must_say(200, &["a..b@example.se", "åsa@example.se", "*@example.se"]);
    assert_eq!(domain.texts("h2 .count"), ["3", "2"], "the overview counts the same");
    for address in ["a..b@example.se", "åsa@example.se", "post@under_score.se"] {
        let found = eva.fills_in(&overview, "Find", &[("q", address)]).await;
        assert_eq!((found.status, found.text("h1").as_str()), (200, address));
        let confirmation = eva.clicks(&found, "Reset password…").await;
        let result = eva.presses(&confirmation, "Reset password").await;
        assert_eq!(result.password(), panel.glesys.password_of(address), "{address}");
        assert!(result.password().is_some_and(|password| password != "initial"));
    }
    let asked: Vec<_> = panel.audit(AuditKind::ResetIntent).await.into_iter().filter_map(|row| row.address).collect();
    assert_eq!(
        asked.iter().map(Address::as_str).collect::<Vec<_>>(),
        ["a..b@example.se", "åsa@example.se", "post@under_score.se"]
    );
}

#[tokio::test]
async fn an_alias_for_all_that_comes_to_a_domain_is_led_elsewhere() {
    let panel = Stage::of(odd()).opens().await;
    let maja = panel.manager("maja").await;
    for alias in ["@example.se", "*@example.se"] {
        let page = maja.visits(&format!("/aliases/{alias}")).await;
        assert_eq!(page.text("h1"), alias);
        let form = maja.clicks(&page, "Edit…").await;
        maja.fills_in(&form, "Save", &[("targets", "anna@example.se\npost@under_score.se")])
            .await
            .must_say(200, &["Saved."]);
        let goto = panel.glesys.state().domains["example.se"].aliases[alias].goto.clone();
        assert_eq!(goto, "anna@example.se,post@under_score.se");
    }
}

#[tokio::test]
async fn rows_that_cannot_be_handled_are_shown_with_the_reason_and_counted() {
    let mut state = State::empty().account("anna@example.se").alias("info@example.se", "anna@example.se");
    let domain = state.domains.get_mut("example.se").unwrap();
    domain.oddaccounts =
        vec![json!({"emailaccount": "local name"}), json!("odd"), json!({"emailaccount": "eve@other.se"})];
    domain.oddaliases = vec![json!({"emailalias": "a b@example.se", "goto": "x@x.se"})];
    let panel = Stage::of(state).opens().await;
    let eva = panel.operator("eva").await;
    let overview = eva.visits("/").await;
    let page = eva.visits("/domains/example.se").await;
    page.must_say(200, &["GleSYS lists 4 more here that the panel can’t handle:"]);
    assert_eq!(
        page.texts(".notice-warn li"),
        [
            "local name: is no email address",
            "eve@other.se: is of another domain than the one that GleSYS lists it in",
            "a b@example.se: is no email address",
            "can’t be read",
        ]
    );
    assert_eq!(page.texts("h2 .count"), ["4", "2"]);
    assert!(overview.says("4") && overview.says("2"), "the same counts");
}

#[tokio::test]
async fn targets_that_glesys_has_already_never_keep_another_from_being_changed() {
    let goto = "Anna <anna@example.se>,root,loop@example.se,B@elsewhere.example,b@elsewhere.example,nobody@example.se";
    let state = State::empty().account("anna@example.se").alias("info@example.se", goto);
    let panel = Stage::of(state.alias("loop@example.se", "info@example.se")).opens().await;
    let maja = panel.manager("maja").await;
    let form = maja.visits("/aliases/info@example.se/edit").await;
    let held =
        "Anna <anna@example.se>\nroot\nloop@example.se\nb@elsewhere.example\nb@elsewhere.example\nnobody@example.se";
    assert!(maja.presses(&form, "Save").await.says("It leads there already"));
    let page = maja.fills_in(&form, "Save", &[("targets", &format!("{held}\nanna@example.se"))]).await;
    page.must_say(200, &["Saved."]);
    let now = panel.glesys.state().domains["example.se"].aliases["info@example.se"].goto.clone();
    assert_eq!(now, format!("{goto},anna@example.se"));
    let form = maja.visits("/aliases/info@example.se/edit").await;
    maja.fills_in(&form, "Save", &[("targets", "root\nb@elsewhere.example")]).await.must_say(200, &["Saved."]);
    let now = panel.glesys.state().domains["example.se"].aliases["info@example.se"].goto.clone();
    assert_eq!(now, "root,B@elsewhere.example");
    let form = maja.visits("/aliases/info@example.se/edit").await;
    let page = maja.fills_in(&form, "Save", &[("targets", "root\nother")]).await;
    page.must_say(422, &["“other” is not an email address."]);
}
