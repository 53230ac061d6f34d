//! What redirects mail, speaks in an owner's name, deletes or shows a password asks anew who one is and has its limits.

use nyckel::model::{AuditKind, Role};
use nyckel::simulator::State;

use crate::stage::{PASSWORD, Page, Panel, Person, Stage, panel};

const NEW_ALIAS: &str = "/domains/example.se/aliases/new";
const EDIT_ALIAS: &str = "/aliases/info@example.se/edit";
const EDIT_ANNA: &str = "/accounts/anna@example.se/edit";
const CHANGES: [&str; 4] = ["email/createalias", "email/editalias", "email/editaccount", "email/delete"];

fn changes(panel: &Panel) -> usize {
    CHANGES.into_iter().map(|function| panel.glesys.calls_to(function)).sum()
}

/// Answers the question who one is.
async fn proves(person: &Person, page: &Page) -> Page {
    assert_eq!(page.text("h1"), "Confirm it’s you", "{page:#?}");
    person.fills_in(page, "Continue", &[("password", PASSWORD)]).await
}

async fn leads(person: &Person, local: &str, targets: &str) -> Page {
    let form = person.visits(NEW_ALIAS).await;
    person.fills_in(&form, "Create alias", &[("local", local), ("targets", targets)]).await
}

#[tokio::test]
async fn an_alias_that_leads_outside_asks_who_one_is_and_nothing_typed_is_lost() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    panel.clock.turn(11 * 60);
    let page = leads(&mia, "order", "anna@example.se, mia@outside.example").await;
    let page = proves(&mia, &page).await;
    page.must_say(200, &["Nothing is saved yet."]);
    assert_eq!(page.attributes("#local", "value"), ["order"]);
    assert_eq!(page.texts("#targets"), ["anna@example.se, mia@outside.example"]);
    assert_eq!(changes(&panel), 0);
    assert_eq!(panel.one(AuditKind::ChangeRefused).await.outcome.as_deref(), Some("proof_too_old"));
    mia.presses(&page, "Create alias").await.must_say(200, &["Created."]);
    assert_eq!(changes(&panel), 1);
}

#[tokio::test]
async fn an_alias_within_the_companys_domains_asks_nothing() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    panel.clock.turn(11 * 60);
    leads(&mia, "order", "anna@example.se, carl@example.com").await.must_say(200, &["Created."]);
}

#[tokio::test]
async fn other_targets_ask_who_one_is_before_and_after_they_are_typed() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    panel.clock.turn(9 * 60);
    let form = mia.visits(EDIT_ALIAS).await;
    panel.clock.turn(9 * 60);
    let page = mia.fills_in(&form, "Save", &[("targets", "bo@example.se")]).await;
    let page = proves(&mia, &page).await;
    page.must_say(200, &["Nothing is saved yet."]);
    assert_eq!((page.texts("#targets"), changes(&panel)), (vec!["bo@example.se".to_owned()], 0));
    mia.presses(&page, "Save").await.must_say(200, &["Saved."]);
    panel.clock.turn(11 * 60);
    assert_eq!(proves(&mia, &mia.visits(EDIT_ALIAS).await).await.at, EDIT_ALIAS);
}

#[tokio::test]
async fn an_automatic_reply_asks_who_one_is_and_more_storage_does_not() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    panel.clock.turn(11 * 60);
    let form = mia.visits(EDIT_ANNA).await;
    let page = mia.fills_in(&form, "Save", &[("quota", "5")]).await;
    page.must_say(200, &["Saved."]);
    let mut form = mia.visits(EDIT_ANNA).await.form("Save");
    form.fields.retain(|(name, _)| name != "text");
    form.fields.extend(
        [("reply", "yes"), ("text", "Write to ann@outside.example <i>")].map(|(n, v)| (n.to_owned(), v.to_owned())),
    );
    let answer = mia.sends(mia.posting(&form.action, &form.fields)).await;
    assert!(!answer.header("location").contains("outside"), "no text in a link");
    assert!(panel.database.texts("SELECT CAST(count(*) AS TEXT) FROM draft").await == ["1"]);
    let page = proves(&mia, &mia.visits(answer.header("location")).await).await;
    page.must_say(200, &["Nothing is saved yet."]);
    assert_eq!(page.texts("#text"), ["Write to ann@outside.example <i>"]);
    mia.presses(&page, "Save").await.must_say(200, &["Saved."]);
    assert!(panel.glesys.state().mailbox("anna@example.se").unwrap().autorespond);
    panel.clock.turn(31 * 60);
    panel.sweeps().await;
    assert!(
        panel.database.texts("SELECT CAST(count(*) AS TEXT) FROM draft").await == ["0"],
        "no draft is kept for long"
    );
}

#[tokio::test]
async fn several_accounts_at_once_ask_who_one_is_and_what_was_chosen_stays() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    panel.clock.turn(11 * 60);
    let chosen = [("action", "spam_level 0"), ("account", "anna"), ("account", "bo")];
    let answer = mia.posts("/domains/example.se/bulk", &chosen).await;
    let page = mia.visits(answer.header("location")).await;
    let page = mia.presses(&page, "Change 2 accounts").await;
    let page = proves(&mia, &page).await;
    assert_eq!(changes(&panel), 0);
    mia.presses(&page, "Change 2 accounts").await;
    panel.until(|panel| async move { changes(&panel) == 2 }).await;
}

/// A panel that never asks who one is, where mail may be led outside, replies set and so on so often.
async fn limited(name: &str, rate: &str) -> (Panel, Person) {
    let accounts = (0..6).fold(State::empty(), |state, n| state.account(&format!("a{n}@example.se")));
    let stage = Stage::of(accounts.alias("info@example.se", "a0@example.se,old@outside.example"));
    let panel = stage.with("NYCKEL_FRESH_SIGN_IN", "0").with(name, rate).opens().await;
    let mia = panel.manager("mia").await;
    (panel, mia)
}

#[tokio::test]
async fn new_targets_outside_are_counted_and_no_others() {
    let (panel, mia) = limited("NYCKEL_REDIRECTS_PER_STAFF", "3/hour").await;
    leads(&mia, "in", "a0@example.se").await.must_say(200, &["Created."]);
    leads(&mia, "two", "x@outside.example, y@outside.example").await.must_say(200, &["Created."]);
    let edited = |targets: &'static str| {
        let mia = mia.clone();
        async move { mia.fills_in(&mia.visits(EDIT_ALIAS).await, "Save", &[("targets", targets)]).await }
    };
    edited("a1@example.se, old@outside.example").await.must_say(200, &["Saved."]);
    edited("new@outside.example, old@outside.example").await.must_say(200, &["Saved."]);
    let refused = leads(&mia, "three", "z@outside.example").await;
    refused.must_say(429, &["Not done: your limit is reached", "outside the company’s domains"]);
    assert_eq!(refused.texts("#targets"), ["z@outside.example"], "what was typed is kept");
    assert_eq!(panel.one(AuditKind::ChangeRefused).await.outcome.as_deref(), Some("redirects_of_staff"));
    leads(&mia, "four", "a2@example.se").await.must_say(200, &["Created."]);
    let other = panel.manager("olle").await;
    leads(&other, "three", "z@outside.example").await.must_say(200, &["Created."]);
}

#[tokio::test]
async fn all_together_lead_so_much_mail_outside() {
    let (panel, mia) = limited("NYCKEL_REDIRECTS_TOTAL", "1/min").await;
    leads(&mia, "one", "x@outside.example").await.must_say(200, &["Created."]);
    let olle = panel.manager("olle").await;
    leads(&olle, "two", "x@outside.example").await.must_say(429, &["Not done: the panel’s limit is reached"]);
    panel.clock.turn(61);
    leads(&olle, "two", "x@outside.example").await.must_say(200, &["Created."]);
}

#[tokio::test]
async fn deleting_and_making_anew_does_not_get_past_the_limit_on_passwords() {
    let (panel, mia) = limited("NYCKEL_RESETS_TOTAL", "2/hour").await;
    assert!(mia.resets("a0@example.se").await.password().is_some());
    let mut made = 0;
    for n in 0..3 {
        let form = mia.visits("/domains/example.se/accounts/new").await;
        let page = mia.fills_in(&form, "Create account", &[("local", format!("b{n}").as_str())]).await;
        if page.password().is_some() {
            made += 1;
        } else {
            page.must_say(429, &["by resets and new accounts"]);
        }
    }
    assert_eq!(made, 1);
    mia.resets("a1@example.se").await.must_say(429, &["Not done: the panel’s limit is reached"]);
    assert_eq!(panel.glesys.calls_to("email/createaccount"), 1);
}

#[tokio::test]
async fn replies_and_deletions_have_limits_of_their_own() {
    let (panel, mia) = limited("NYCKEL_REPLIES_PER_STAFF", "1/hour").await;
    for (n, status) in [(0, 200), (1, 429)] {
        let mut form = mia.visits(&format!("/accounts/a{n}@example.se/edit")).await.form("Save");
        form.fields.retain(|(name, _)| name != "text");
        form.fields.extend([("reply", "yes"), ("text", "Away")].map(|(n, v)| (n.to_owned(), v.to_owned())));
        let answer = mia.sends(mia.posting(&form.action, &form.fields)).await;
        assert_eq!(if answer.status == 303 { 200 } else { answer.status }, status);
    }
    assert_eq!(panel.glesys.calls_to("email/editaccount"), 1);

    let (panel, mia) = limited("NYCKEL_DELETIONS_PER_STAFF", "1/hour").await;
    for (n, status) in [(0, 200), (1, 429)] {
        let address = format!("a{n}@example.se");
        let page = mia.visits(&format!("/accounts/{address}/delete")).await;
        let page = mia.fills_in(&page, "Delete account", &[("address", &address)]).await;
        assert_eq!(page.status, status);
    }
    assert_eq!(panel.glesys.calls_to("email/delete"), 1);
}

#[tokio::test]
async fn accounts_changed_many_at_once_are_counted_one_by_one() {
    let (panel, mia) = limited("NYCKEL_BATCHED_PER_STAFF", "3/hour").await;
    let mut fields = vec![("action", "spam_level 0")];
    fields.extend(["a0", "a1", "a2", "a3", "a4", "a5"].map(|account| ("account", account)));
    let answer = mia.posts("/domains/example.se/bulk", &fields).await;
    let page = mia.visits(answer.header("location")).await;
    mia.presses(&page, "Change 6 accounts").await;
    panel.until(|panel| async move { !panel.audit(AuditKind::BatchStopped).await.is_empty() }).await;
    let page = mia.visits(&page.at).await;
    page.must_say(200, &["The person who started it has reached their limit"]);
    assert_eq!(changes(&panel), 3);
    assert_eq!(panel.one(AuditKind::BatchStopped).await.outcome.as_deref(), Some("batched_of_staff"));
}

#[tokio::test]
async fn a_role_that_was_lost_counts_before_any_proof() {
    let panel = panel().await;
    let mia = Person::hired(&panel, "mia", &[(Role::Viewer, "example.se")]).await;
    mia.signs_in().await;
    panel.clock.turn(11 * 60);
    assert_eq!(mia.visits(NEW_ALIAS).await.status, 403);
}
