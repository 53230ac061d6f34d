//! What people are told of approvals besides their pages: what became of what they asked, and where the audit and what was
//! done lead.

use nyckel::model::Role;

use super::{ASK, approved, asks, gives, panel, stage, two};
use crate::stage::Person;

const NOTHING: [(&str, &str); 0] = [];

/// What the overview says of what somebody has asked.
async fn yours(person: &Person) -> Vec<String> {
    person.visits("/").await.texts("[aria-labelledby=asked-by-you] li")
}

#[tokio::test]
async fn an_asker_sees_for_a_day_what_became_of_what_they_asked() {
    let panel = panel().await;
    let (ada, olle) = two(&panel).await;
    assert!(yours(&ada).await.is_empty());
    let asked = asks(&ada, "shown").await;
    olle.posts(&format!("{}/refuse", asked.at), &[("word", "Ring first")]).await;
    let asked = asks(&ada, "shown").await;
    ada.posts(&format!("{}/withdraw", asked.at), &NOTHING).await;
    let given = asks(&ada, "shown").await;
    gives(&olle, &given).await.must_say(200, &["olle approved it on"]);
    panel.clock.turn(31 * 60);
    for person in [&ada, &olle] {
        person.signs_in().await;
    }
    // Not recorded yet that it is over, and then it is.
    for _ in 0..2 {
        let said = yours(&ada).await.join("\n");
        let marks = ["Approved, not done in time", "Refused", "Withdrawn"];
        assert!(marks.iter().all(|mark| said.contains(mark)), "{said}");
        assert_eq!(said.lines().filter(|line| line.contains("anna@example.se")).count(), 3, "{said}");
        panel.sweeps().await;
    }
    ada.visits(&given.at).await.must_say(200, &["It was approved, but not done in time."]);
    asks(&ada, "shown").await;
    panel.clock.turn(4 * 3600 + 60);
    panel.sweeps().await;
    for person in [&ada, &olle] {
        person.signs_in().await;
    }
    let said = yours(&ada).await.join("\n");
    assert!(said.contains("Not answered in time"), "{said}");
    assert!(yours(&olle).await.is_empty(), "they are told to whoever asked");
    panel.clock.turn(24 * 3600);
    ada.signs_in().await;
    assert!(yours(&ada).await.is_empty());
}

#[tokio::test]
async fn what_was_used_leads_for_a_day_from_the_overview_to_what_was_done() {
    let panel = panel().await;
    let (ada, olle) = two(&panel).await;
    let page = approved(&ada, &olle).await;
    let line = page.texts("ul.lines li").into_iter().find(|line| line.contains("INC-812"));
    assert_eq!(line.as_deref(), Some("Reason or ticket: INC-812"));
    let done = ada.presses(&ada.clicks(&page, "Continue").await, "Reset password").await;
    let overview = ada.visits("/").await;
    assert_eq!(yours(&ada).await, ["Reset the password: anna@example.se Used See what was done"]);
    assert_eq!(ada.clicks(&overview, "See what was done").await.at, done.at);
    assert_eq!(ada.clicks(&overview, "Reset the password: anna@example.se").await.at, page.at);
    // A row that somebody wrote past the panel is none, and takes the page from nobody.
    panel.database.run("UPDATE approval SET nonce = 'another'").await;
    assert!(yours(&ada).await.is_empty());
    let panel = super::panel().await;
    let (ada, olle) = two(&panel).await;
    let page = approved(&ada, &olle).await;
    ada.presses(&ada.clicks(&page, "Continue").await, "Reset password").await;
    panel.clock.turn(24 * 3600 + 60);
    ada.signs_in().await;
    assert!(yours(&ada).await.is_empty());
}

#[tokio::test]
async fn what_takes_two_people_says_of_which_account_and_when_the_password_will_be_seen() {
    let panel = panel().await;
    let (ada, _) = two(&panel).await;
    let page = ada.visits("/accounts/anna@example.se/reset").await;
    page.must_say(
        403,
        &["Reset the password: anna@example.se. A colleague who may do the same has to approve it first."],
    );
    let page = ada.clicks(&page, "Ask a colleague to approve").await;
    page.must_say(200, &["You’ll see it once, when you reset the password after the approval."]);
    assert!(!page.says("on the next page"), "{page:#?}");
    let page = ada.reading("sv").visits(ASK).await;
    page.must_say(200, &["Du ser det en gång, när du återställer lösenordet efter godkännandet."]);
}

#[tokio::test]
async fn the_audit_and_what_was_done_lead_to_the_approval() {
    let panel = panel().await;
    let (ada, olle) = two(&panel).await;
    let page = approved(&ada, &olle).await;
    let approval = page.at.clone();
    let form = ada.clicks(&page, "Continue").await;
    let done = ada.presses(&form, "Reset password").await;
    assert!(done.password().is_some(), "{done:#?}");
    let audit = ada.visits("/audit").await;
    let links = audit.attributes("td .faint a", "href").into_iter().filter(|href| *href == approval).count();
    assert!(links >= 3, "asked, given and begun: {audit:#?}");
    audit.must_say(200, &["requested by: ada", "approved by: olle"]);
    let operation = ada.visits(&done.at).await;
    let back = ada.clicks(&operation, "Approved by a second person").await;
    assert_eq!(back.at, approval);
    back.must_say(200, &["It was used on"]);
    // An operator sees what was done, and how it came to be.
    let eva = panel.operator("eva").await;
    let page = eva.visits(&done.at).await;
    eva.clicks(&page, "Approved by a second person").await.must_say(200, &["olle approved it on", "INC-812"]);
    // Nobody is led to what they may not see.
    let vera = panel.viewer("vera").await;
    let page = vera.visits(&done.at).await;
    assert!(page.status == 200 && !page.says("Approved by a second person"), "{page:#?}");
    vera.visits(&approval).await.must_say(404, &["No such approval"]);
}

#[tokio::test]
async fn an_account_of_several_leads_to_them_all() {
    let panel = stage().opens().await;
    let mia = Person::hired(&panel, "mia", &[(Role::Manager, "example.se")]).await;
    mia.signs_in().await;
    let fields = [("action", "virus_check_on"), ("account", "bo")];
    let batch = mia.posts("/domains/example.se/bulk", &fields).await.header("location").to_owned();
    let page = mia.visits(&batch).await;
    let begun = mia.sends(mia.posting(&format!("{batch}/begin"), &page.form("Check again and change").fields)).await;
    assert_eq!(begun.status, 303, "{begun:#?}");
    let running = "SELECT id FROM batch WHERE state = 'running'";
    panel.until(move |panel| async move { panel.database.texts(running).await.is_empty() }).await;
    let operations = panel.database.texts("SELECT id FROM operation").await;
    assert!(mia.visits(ASK).await.status != 200);
    for id in operations {
        let page = mia.visits(&format!("/operations/{id}")).await;
        assert_eq!(mia.clicks(&page, "Part of a change of several accounts").await.at, batch);
    }
}
