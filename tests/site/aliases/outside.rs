//! Aliases that lead out of the company's domains through others: as grave as those that do so themselves.

use nyckel::model::{AuditKind, Role};
use nyckel::simulator::{Fault, State, Times};

use super::{EDIT_ALIAS, calls, creates, leads};
use crate::stage::{Panel, Person, Stage};

/// Some lead outside through others, in two domains; some go round and round, and stay inside.
fn accounts() -> State {
    State::empty()
        .account("anna@example.se")
        .account("carl@example.com")
        .alias("info@example.se", "anna@example.se")
        .alias("one@example.se", "x@outside.example,anna@example.se")
        .alias("two@example.com", "one@example.se")
        .alias("three@example.se", "two@example.com")
        .alias("round@example.se", "about@example.com,anna@example.se")
        .alias("about@example.com", "round@example.se")
        .alias("shop@example.com", "carl@example.com")
}

async fn panel() -> (Panel, Person) {
    let panel = Stage::of(accounts()).opens().await;
    let mia = panel.manager("mia").await;
    panel.clock.turn(11 * 60);
    (panel, mia)
}

#[tokio::test]
async fn whoever_leads_mail_outside_through_other_aliases_is_asked_who_they_are() {
    for target in ["one@example.se", "two@example.com", "three@example.se"] {
        let (panel, mia) = panel().await;
        let page = creates(&mia, "order", &format!("anna@example.se, {target}")).await;
        assert_eq!((page.text("h1").as_str(), calls(&panel)), ("Confirm it’s you", [0; 3]), "{target}");
        mia.signs_in().await;
        creates(&mia, "order", target).await.must_say(200, &["Created."]);
        let intent = panel.one(AuditKind::AliasCreateIntent).await.facts;
        let facts = format!(r#"{{"targets":["{target}"],"outside":["x@outside.example"]}}"#);
        assert_eq!(intent.kept(), Some(facts));
    }
}

#[tokio::test]
async fn aliases_that_go_round_inside_ask_nothing() {
    let (_, mia) = panel().await;
    creates(&mia, "order", "round@example.se, about@example.com, shop@example.com").await.must_say(200, &["Created."]);
}

#[tokio::test]
async fn each_end_outside_counts_once_however_mail_gets_there() {
    let stage = Stage::of(accounts()).with("NYCKEL_FRESH_SIGN_IN", "0");
    let panel = stage.with("NYCKEL_REDIRECTS_PER_STAFF", "2/hour").opens().await;
    let mia = panel.manager("mia").await;
    creates(&mia, "order", "one@example.se, three@example.se, x@outside.example").await.must_say(200, &["Created."]);
    leads(&mia, "three@example.se").await.must_say(200, &["Saved."]);
    // It went there before.
    leads(&mia, "x@outside.example").await.must_say(200, &["Saved."]);
    creates(&mia, "sales", "two@example.com").await.must_say(429, &["Not done: your limit is reached"]);
    creates(&mia, "sales", "round@example.se").await.must_say(200, &["Created."]);
}

#[tokio::test]
async fn what_nobody_knows_may_lead_outside() {
    let panel = Stage::of(accounts()).gives_up_after(100).opens().await;
    let mia = panel.manager("mia").await;
    panel.glesys.fault(EDIT_ALIAS, Fault::HangAfter, Times::Once);
    let form = mia.visits("/aliases/shop@example.com/edit").await;
    mia.fills_in(&form, "Save", &[("targets", "anna@example.se")]).await;
    panel.clock.turn(11 * 60);
    // Another way from where it stands now, but nobody here can know.
    panel.glesys.fault("email/list", Fault::Html, Times::Once);
    let page = creates(&mia, "order", "carl@example.com").await;
    assert_eq!(page.text("h1"), "Confirm it’s you");
    // A list that could not be read is left alone for some seconds.
    panel.clock.turn(11);
    creates(&mia, "order", "carl@example.com").await.must_say(200, &["Created."]);
}

#[tokio::test]
async fn aliases_are_marked_that_lead_outside_through_others_as_far_as_one_may_see_them() {
    let panel = Stage::of(accounts()).opens().await;
    let mark = "leads outside the company’s domains";
    let marked = async |person: &Person| {
        let page = person.visits("/domains/example.se").await;
        let rows: Vec<_> = page.texts("tr").into_iter().filter(|row| row.contains(mark)).collect();
        rows.iter().filter_map(|row| row.split('@').next().map(str::to_owned)).collect::<Vec<_>>()
    };
    let mia = panel.manager("mia").await;
    assert_eq!(marked(&mia).await, ["one", "three"]);
    mia.visits("/?q=t").await.must_say(200, &["two@example.com Alias Leads to one@example.se leads outside"]);
    let olle = Person::hired(&panel, "olle", &[(Role::Viewer, "example.se")]).await;
    olle.signs_in().await;
    assert_eq!(marked(&olle).await, ["one"], "where an alias of another domain leads is not told");
}
