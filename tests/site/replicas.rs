//! Two replicas over one database: what was done at one is seen at the other, on the page of the address at once.

use nyckel::simulator::{Fault, Times};

use crate::stage::{Panel, Person, panel};

const LIST: &str = "email/list";
const ANNA: &str = "/accounts/anna@example.se";
const INFO: &str = "/aliases/info@example.se";

/// Two replicas that have read everything, and a manager at the first.
async fn two() -> (Panel, Panel, Person) {
    let panel = panel().await;
    let other = panel.replica().await;
    let mia = panel.manager("mia").await;
    panel.clock.turn(5);
    (panel, other, mia)
}

/// Opens a page of an address and fills in its form.
async fn does(mia: &Person, path: &str, button: &str, values: &[(&str, &str)]) -> crate::stage::Page {
    let page = mia.visits(path).await;
    mia.fills_in(&page, button, values).await
}

#[tokio::test]
async fn saved_stands_above_what_was_saved_at_the_other_replica_too() {
    let (panel, other, mia) = Box::pin(two()).await;
    let saved = does(&mia, &format!("{ANNA}/edit"), "Save", &[("quota", "5")]).await;
    saved.must_say(200, &["Saved.", "5 GiB"]);
    panel.clock.turn(1);
    mia.at(&other).visits(&saved.at).await.must_say(200, &["Saved.", "5 GiB"]);
    let calls = panel.glesys.calls_to(LIST);
    mia.at(&other).visits(&saved.at).await.must_say(200, &["Saved.", "5 GiB"]);
    mia.visits(&saved.at).await.must_say(200, &["Saved.", "5 GiB"]);
    assert_eq!(panel.glesys.calls_to(LIST), calls, "one knows it by now, and the other did it itself");

    let saved = does(&mia, &format!("{INFO}/edit"), "Save", &[("targets", "bo@example.se")]).await;
    panel.clock.turn(1);
    let page = mia.at(&other).visits(&saved.at).await;
    page.must_say(200, &["Saved."]);
    assert_eq!(page.texts("section[aria-labelledby=targets] li .address"), ["bo@example.se"]);
    panel.clock.turn(1);
    let back = does(&mia.at(&other), &format!("{INFO}/edit"), "Save", &[("targets", "carl@example.com")]).await;
    panel.clock.turn(1);
    let page = mia.visits(&back.at).await;
    let targets = page.texts("section[aria-labelledby=targets] li .address");
    assert_eq!(targets, ["carl@example.com"], "the other way round, after a change of one's own");
}

#[tokio::test]
async fn an_outcome_that_nobody_knows_is_looked_up_at_the_other_replica_too() {
    let (panel, other, mia) = Box::pin(two()).await;
    panel.glesys.fault("email/editaccount", Fault::CloseAfter, Times::Once);
    does(&mia, &format!("{ANNA}/edit"), "Save", &[("quota", "5")]).await.must_say(200, &["GleSYS did not say"]);
    panel.clock.turn(1);
    mia.at(&other).visits(ANNA).await.must_say(200, &["5 GiB"]);
}

#[tokio::test]
async fn what_was_deleted_at_one_replica_is_gone_at_the_other_even_while_glesys_is_slow() {
    let (panel, other, mia) = Box::pin(two()).await;
    does(&mia, &format!("{ANNA}/delete"), "Delete account", &[("address", "anna@example.se")]).await;
    does(&mia, &format!("{INFO}/delete"), "Delete alias", &[]).await.must_say(200, &["Deleted: info@example.se"]);
    panel.clock.turn(1);
    mia.at(&other).visits(INFO).await.must_say(404, &["No such"]);
    let third = panel.replica().await;
    panel.glesys.change(|state| *state = std::mem::take(state).account("dag@example.se"));
    third.built.app.directory.read_all().await;
    does(&mia, "/accounts/dag@example.se/delete", "Delete account", &[("address", "dag@example.se")]).await;
    panel.clock.turn(1);
    panel.glesys.fault(LIST, Fault::HangBefore, Times::Always);
    for path in ["/accounts/dag@example.se", "/accounts/dag@example.se/client-settings"] {
        mia.at(&third).visits(path).await.must_say(404, &["No such email account"]);
    }
}

#[tokio::test]
async fn somebody_elses_reset_is_no_reason_to_read_a_domain_again() {
    let (panel, other, mia) = Box::pin(two()).await;
    mia.resets("anna@example.se").await;
    panel.clock.turn(1);
    let calls = panel.glesys.calls_to(LIST);
    mia.at(&other).visits(ANNA).await.must_say(200, &["by mia"]);
    assert_eq!(panel.glesys.calls_to(LIST), calls);
}
