//! An account and an alias that have the same address: each is reached, told and dealt with as what it is.

use nyckel::simulator::State;

use crate::stage::Stage;

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
