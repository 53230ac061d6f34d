//! Making, changing and deleting aliases: what they have in common, making them, and reading them.

mod changes;
mod failures;
mod outside;

use nyckel::model::{AuditKind, Role};
use nyckel::simulator::State;

use crate::stage::{Page, Panel, Person, Stage, panel};

const NEW: &str = "/domains/example.se/aliases/new";
const INFO: &str = "/aliases/info@example.se";
const EDIT: &str = "/aliases/info@example.se/edit";
const DELETE: &str = "/aliases/info@example.se/delete";
const CREATE_ALIAS: &str = "email/createalias";
const EDIT_ALIAS: &str = "email/editalias";
const DELETE_ANY: &str = "email/delete";

/// Where GleSYS leads the alias.
fn goto(panel: &Panel, alias: &str) -> Option<String> {
    let domain = alias.split_once('@').map_or("", |(_, domain)| domain);
    panel.glesys.state().domains.get(domain)?.aliases.get(alias).map(|alias| alias.goto.clone())
}

fn calls(panel: &Panel) -> [usize; 3] {
    [CREATE_ALIAS, EDIT_ALIAS, DELETE_ANY].map(|function| panel.glesys.calls_to(function))
}

async fn manager(panel: &Panel) -> Person {
    panel.signed_in(Role::Manager, "maja").await
}

async fn creates(person: &Person, local: &str, targets: &str) -> Page {
    let form = person.visits(NEW).await;
    person.fills_in(&form, "Create alias", &[("local", local), ("targets", targets)]).await
}

async fn leads(person: &Person, targets: &str) -> Page {
    let form = person.visits(EDIT).await;
    person.fills_in(&form, "Save", &[("targets", targets)]).await
}

fn targets_told(page: &Page) -> Vec<String> {
    page.texts("section[aria-labelledby=targets] li .address")
}

#[tokio::test]
async fn a_manager_makes_an_alias_from_the_domains_page() {
    let panel = panel().await;
    let maja = manager(&panel).await;
    let domain = maja.visits("/domains/example.se").await;
    let form = maja.clicks(&domain, "New alias").await;
    form.must_say(200, &["New alias in example.se", "@example.se"]);
    let typed = [("local", " Order "), ("targets", "Anna@example.se\r\nbo@example.se, x@elsewhere.example")];
    let page = maja.fills_in(&form, "Create alias", &typed).await;
    page.must_say(200, &["Created.", "by maja"]);
    assert_eq!(page.text("h1"), "order@example.se");
    assert_eq!(targets_told(&page), ["anna@example.se", "bo@example.se", "x@elsewhere.example"]);
    let leads_to = "anna@example.se,bo@example.se,x@elsewhere.example";
    assert_eq!(goto(&panel, "order@example.se").as_deref(), Some(leads_to));
    assert_eq!(calls(&panel), [1, 0, 0]);

    let intent = panel.one(AuditKind::AliasCreateIntent).await;
    let told = concat!(
        r#"{"targets":["anna@example.se","bo@example.se","x@elsewhere.example"],"#,
        r#""outside":["x@elsewhere.example"]}"#
    );
    assert_eq!((intent.facts.kept().as_deref(), intent.staff_name.as_deref()), (Some(told), Some("maja")));
    assert_eq!(intent.address.unwrap().as_str(), "order@example.se");
    assert_eq!(panel.one(AuditKind::AliasCreateOutcome).await.outcome.as_deref(), Some("done"));

    assert_eq!(maja.visits("/?q=order").await.at, "/aliases/order@example.se", "the directory knows at once");
    let olle = panel.viewer("olle").await;
    let seen = olle.visits(&page.at).await;
    seen.must_say(200, &["by maja"]);
    assert!(!seen.says("Created."), "only who did it is told that it was just done");
}

#[tokio::test]
async fn an_alias_is_made_from_the_account_that_it_shall_lead_to() {
    let panel = panel().await;
    let maja = manager(&panel).await;
    let account = maja.visits("/accounts/bo@example.se").await;
    account.must_say(200, &["No alias leads here."]);
    let form = maja.clicks(&account, "New alias that leads here").await;
    maja.fills_in(&form, "Create alias", &[("local", "sales")]).await.must_say(200, &["Created."]);
    assert_eq!(goto(&panel, "sales@example.se").as_deref(), Some("bo@example.se"));
    let account = maja.visits("/accounts/bo@example.se").await;
    assert!(account.link("sales@example.se").is_some());
}

#[tokio::test]
async fn what_is_wrong_with_a_new_alias_is_said_at_its_field_before_glesys_is_asked() {
    let panel = panel().await;
    let maja = manager(&panel).await;
    let long = "a".repeat(65);
    for (local, targets, sentence) in [
        (long.as_str(), "anna@example.se", "At most 64 characters before the @, and 254 in all."),
        ("", "anna@example.se", "Enter the part before @."),
        ("a b", "anna@example.se", "Use a–z, digits and characters such as . - _ +"),
        ("order@example.com", "anna@example.se", "Enter only the part before @. The domain is example.se."),
        ("anna", "bo@example.se", "There is an account anna@example.se already."),
        ("Info@example.se", "bo@example.se", "There is an alias info@example.se already."),
        ("order", " \r\n", "Write at least one address."),
        ("order", "anna@example.se\r\nhej", "“hej” is not an email address."),
        ("order", "anna@example.se, ANNA@example.se", "anna@example.se is listed more than once."),
        ("order", "order@example.se", "order@example.se is the alias itself"),
    ] {
        let page = creates(&maja, local, targets).await;
        page.must_say(422, &[sentence]);
        assert_eq!(page.attributes("#local", "value"), [local], "what was typed stays");
        assert_eq!(page.form("Create alias").fields.len(), 3);
    }
    let many: Vec<_> = (0..101).map(|n| format!("a{n}@elsewhere.example")).collect();
    creates(&maja, "order", &many.join("\n")).await.must_say(422, &["At most 100 addresses."]);
    assert_eq!(calls(&panel), [0; 3]);
    assert!(panel.audit(AuditKind::AliasCreateIntent).await.is_empty());

    let page = creates(&maja, "order", "hej").await;
    let page = maja.fills_in(&page, "Create alias", &[("targets", "anna@example.se")]).await;
    page.must_say(200, &["Created."]);
}

#[tokio::test]
async fn an_alias_that_was_made_elsewhere_meanwhile_is_found_before_glesys_is_asked_to_make_it() {
    let panel = panel().await;
    let maja = manager(&panel).await;
    let form = maja.visits(NEW).await;
    panel.glesys.change(|state| *state = std::mem::take(state).alias("order@example.se", "bo@example.se"));
    let page = maja.fills_in(&form, "Create alias", &[("local", "order"), ("targets", "anna@example.se")]).await;
    page.must_say(422, &["There is an alias order@example.se already."]);
    assert_eq!(calls(&panel), [0; 3]);
}

#[tokio::test]
async fn a_project_that_is_full_gets_no_further_alias() {
    let mut state = State::empty().account("anna@example.se").alias("info@example.se", "anna@example.se");
    state.maxaliases = 1;
    let panel = Stage::of(state).opens().await;
    let maja = manager(&panel).await;
    creates(&maja, "order", "anna@example.se").await.must_say(422, &["The project has reached its limit of 1 aliases"]);
    assert_eq!(calls(&panel), [0; 3]);
}

#[tokio::test]
async fn mail_is_not_led_round_in_circles() {
    let state = State::empty().account("anna@example.se").alias("info@example.se", "anna@example.se");
    let state = state.alias("a@example.se", "b@example.com").alias("b@example.com", "info@example.se");
    let panel = Stage::of(state).opens().await;
    let maja = manager(&panel).await;
    let way = "info@example.se → a@example.se → b@example.com → info@example.se";
    leads(&maja, "anna@example.se\r\na@example.se").await.must_say(422, &["a@example.se leads back", way]);
    assert_eq!(calls(&panel), [0; 3]);
    leads(&maja, "new@elsewhere.example").await.must_say(200, &["Saved."]);

    let eva = Person::hired(&panel, "eva", &[(Role::Manager, "example.se")]).await;
    eva.signs_in().await;
    let page = leads(&eva, "a@example.se").await;
    page.must_say(200, &["Saved."]);
    assert!(!page.body.contains("example.com →"), "the way through a domain that is not theirs is not told");
}

#[tokio::test]
async fn a_target_that_does_not_exist_yet_is_asked_about_once() {
    let panel = panel().await;
    let maja = manager(&panel).await;
    let page = creates(&maja, "order", "anna@example.se\r\nnew@example.se").await;
    page.must_say(422, &["These addresses don’t exist yet", "new@example.se"]);
    assert_eq!(calls(&panel), [0; 3]);
    let page = maja.fills_in(&page, "Create anyway", &[("targets", "new@example.se, newer@example.se")]).await;
    page.must_say(422, &["newer@example.se"]);
    let page = maja.presses(&page, "Create anyway").await;
    page.must_say(200, &["Created.", "doesn’t exist: mail to it will bounce"]);
    assert_eq!(goto(&panel, "order@example.se").as_deref(), Some("new@example.se,newer@example.se"));
    let form = maja.visits("/aliases/order@example.se/edit").await;
    let typed = "new@example.se\r\nnewer@example.se\r\nbo@example.se";
    let page = maja.fills_in(&form, "Save", &[("targets", typed)]).await;
    page.must_say(200, &["Saved."]);
}

#[tokio::test]
async fn a_missing_target_is_asked_about_after_all_else_is_right() {
    let panel = panel().await;
    let maja = manager(&panel).await;
    let page = creates(&maja, "not an address", "new@example.se").await;
    page.must_say(422, &["These addresses don’t exist yet"]);
    let page = maja.fills_in(&page, "Create alias", &[("local", "order")]).await;
    page.must_say(422, &["These addresses don’t exist yet"]);
    assert_eq!(calls(&panel), [0; 3]);
    maja.presses(&page, "Create anyway").await.must_say(200, &["Created."]);
    let form = maja.visits("/aliases/order@example.se/edit").await;
    let page = maja.fills_in(&form, "Save", &[("targets", "newer@example.se\r\nno address")]).await;
    let page = maja.fills_in(&page, "Save", &[("targets", "newer@example.se")]).await;
    page.must_say(422, &["These addresses don’t exist yet"]);
    maja.presses(&page, "Save anyway").await.must_say(200, &["Saved."]);
}

#[tokio::test]
async fn what_exists_in_other_domains_is_not_told() {
    let panel = panel().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Manager, "example.se")]).await;
    eva.signs_in().await;
    let mut pages = Vec::new();
    for target in ["carl@example.com", "nobody@example.com", "nobody@elsewhere.example"] {
        let local = format!("to{}", pages.len());
        let page = creates(&eva, &local, target).await;
        page.must_say(200, &["Created.", "not hosted here, or not yours to see"]);
        pages.push(page.text("section[aria-labelledby=targets]").replace(target, ""));
    }
    assert_eq!(pages[0], pages[1], "which addresses there are in the company's other domains is not told");
    assert_eq!(
        pages[2].replace("outside the company’s domains ", ""),
        pages[0],
        "only which domains are the company's is"
    );
    let account = panel.viewer("olle").await.visits("/accounts/carl@example.com").await;
    assert!(account.link("to0@example.se").is_some(), "aliases of all domains lead here");
    let carl = Person::hired(&panel, "carl", &[(Role::Viewer, "example.com")]).await;
    carl.signs_in().await;
    carl.visits("/accounts/carl@example.com").await.must_say(200, &["No alias leads here."]);
}

#[tokio::test]
async fn a_chain_of_aliases_can_be_read() {
    let state = State::empty().account("anna@example.se").alias("info@example.se", "sales@example.se,bo@x.example");
    let state = state.alias("sales@example.se", "team@example.com").alias("team@example.com", "anna@example.se");
    let panel =
        Stage::of(state.alias("loop@example.se", "round@example.se").alias("round@example.se", "loop@example.se"));
    let panel = panel.opens().await;
    let eva = panel.viewer("eva").await;
    let page = eva.visits(INFO).await;
    let order = ["sales@example.se", "team@example.com", "anna@example.se", "bo@x.example"];
    assert_eq!(targets_told(&page), order);
    assert_eq!(page.texts("section[aria-labelledby=targets] ul ul ul .address"), ["anna@example.se"]);
    eva.visits("/aliases/loop@example.se").await.must_say(200, &["loops back to this alias"]);
}

#[tokio::test]
async fn the_pages_speak_swedish() {
    let panel = panel().await;
    let maja = manager(&panel).await.reading("sv");
    maja.visits(NEW).await.must_say(200, &["Nytt alias i example.se", "En adress per rad."]);
    maja.visits(DELETE).await.must_say(200, &["Ta bort aliaset info@example.se"]);
    let form = maja.visits(EDIT).await;
    maja.fills_in(&form, "Spara", &[("targets", "hej")]).await.must_say(422, &["”hej” är inte en e-postadress."]);
}

#[tokio::test]
async fn an_alias_that_leads_out_of_the_companys_domains_is_marked_wherever_it_is_shown() {
    let panel = Stage::usual().opens().await;
    panel
        .glesys
        .change(|state| *state = std::mem::take(state).alias("in@example.se", "anna@example.se,carl@example.com"));
    panel.built.app.directory.read_all().await;
    let maja = manager(&panel).await;
    let marked = "leads outside the company’s domains";
    for (page, sentence) in [
        (INFO, "someone@elsewhere.example outside the company’s domains"),
        ("/domains/example.se", marked),
        ("/accounts/anna@example.se", marked),
        ("/?q=example.se", marked),
        (DELETE, "It leads outside the company’s domains."),
        ("/accounts/anna@example.se/delete", marked),
    ] {
        let page = maja.visits(page).await;
        page.must_say(200, &[sentence]);
        assert_eq!(page.texts("body")[0].matches("outside the company").count(), 1, "only that one: {}", page.at);
        maja.reading("sv").visits(&page.at).await.must_say(200, &["utanför företagets domäner"]);
    }
    creates(&maja, "out", "x@elsewhere.example").await.must_say(200, &["Created."]);
    let auditor = panel.signed_in(Role::Auditor, "aud").await;
    auditor
        .visits("/audit")
        .await
        .must_say(200, &["leads to: x@elsewhere.example; outside the company’s domains: x@elsewhere.example"]);
    let swedish = auditor.reading("sv").visits("/audit").await;
    swedish.must_say(200, &["leder till: x@elsewhere.example; utanför företagets domäner: x@elsewhere.example"]);
}
