//! Making, changing and deleting aliases.

use std::time::Duration;

use nyckel::model::{AuditKind, Role};
use nyckel::simulator::{Fault, State, Times};
use tokio::task::JoinSet;

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
    let (_, domain) = alias.split_once('@').unwrap();
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
    let told = "leads to anna@example.se, bo@example.se, x@elsewhere.example";
    assert_eq!((intent.detail.as_deref(), intent.staff_name.as_deref()), (Some(told), Some("maja")));
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
    for (local, targets, sentence) in [
        ("", "anna@example.se", "Write the part before the @."),
        ("a b", "anna@example.se", "That can’t stand before the @."),
        ("order@example.com", "anna@example.se", "That is an address in another domain."),
        ("anna", "bo@example.se", "anna@example.se is an email account already."),
        ("Info@example.se", "bo@example.se", "info@example.se is an alias already."),
        ("order", " \r\n", "Write at least one address."),
        ("order", "anna@example.se\r\nhej", "“hej” is not an email address."),
        ("order", "anna@example.se, ANNA@example.se", "anna@example.se stands here more than once."),
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
    page.must_say(422, &["order@example.se is an alias already."]);
    assert_eq!(calls(&panel), [0; 3]);
}

#[tokio::test]
async fn a_project_that_is_full_gets_no_further_alias() {
    let mut state = State::empty().account("anna@example.se").alias("info@example.se", "anna@example.se");
    state.maxaliases = 1;
    let panel = Stage::of(state).opens().await;
    let maja = manager(&panel).await;
    creates(&maja, "order", "anna@example.se").await.must_say(422, &["The project has all 1 aliases"]);
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
    page.must_say(422, &["Nothing stands at these addresses now", "new@example.se"]);
    assert_eq!(calls(&panel), [0; 3]);
    let page = maja.fills_in(&page, "Create anyway", &[("targets", "new@example.se, newer@example.se")]).await;
    page.must_say(422, &["newer@example.se"]);
    let page = maja.presses(&page, "Create anyway").await;
    page.must_say(200, &["Created.", "nothing there: mail is returned to its sender"]);
    assert_eq!(goto(&panel, "order@example.se").as_deref(), Some("new@example.se,newer@example.se"));
    let form = maja.visits("/aliases/order@example.se/edit").await;
    let typed = "new@example.se\r\nnewer@example.se\r\nbo@example.se";
    let page = maja.fills_in(&form, "Save", &[("targets", typed)]).await;
    page.must_say(200, &["Saved."]);
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
    assert!(pages.iter().all(|page| *page == pages[0]), "{pages:?}");
    let account = panel.viewer("olle").await.visits("/accounts/carl@example.com").await;
    assert!(account.link("to0@example.se").is_some(), "aliases of all domains lead here");
    let carl = Person::hired(&panel, "carl", &[(Role::Viewer, "example.com")]).await;
    carl.signs_in().await;
    carl.visits("/accounts/carl@example.com").await.must_say(200, &["No alias leads here."]);
}

#[tokio::test]
async fn a_manager_leads_an_alias_elsewhere() {
    let panel = panel().await;
    let maja = manager(&panel).await;
    let alias = maja.visits(INFO).await;
    let form = maja.clicks(&alias, "Edit…").await;
    form.must_say(200, &["Targets of info@example.se"]);
    assert_eq!(form.body.matches("anna@example.se\nsomeone@elsewhere.example</textarea>").count(), 1);
    let page = maja.fills_in(&form, "Save", &[("targets", "bo@example.se")]).await;
    page.must_say(200, &["Saved.", "Changed", "by maja"]);
    assert_eq!(targets_told(&page), ["bo@example.se"]);
    assert_eq!(goto(&panel, "info@example.se").as_deref(), Some("bo@example.se"));
    assert_eq!(calls(&panel), [0, 1, 0]);
    let told = "leads to bo@example.se instead of anna@example.se, someone@elsewhere.example";
    assert_eq!(panel.one(AuditKind::AliasEditIntent).await.detail.as_deref(), Some(told));
    assert_eq!(panel.one(AuditKind::AliasEditOutcome).await.outcome.as_deref(), Some("done"));
}

#[tokio::test]
async fn the_order_of_targets_is_no_change() {
    let panel = panel().await;
    let maja = manager(&panel).await;
    let page = leads(&maja, "Someone@elsewhere.example\r\nanna@example.se").await;
    page.must_say(422, &["It leads there already; nothing was sent."]);
    panel.glesys.change(|state| {
        *state = std::mem::take(state).alias("info@example.se", "someone@elsewhere.example,ANNA@example.se");
    });
    maja.fills_in(&page, "Save", &[("targets", "bo@example.se")]).await.must_say(200, &["Saved."]);
    assert_eq!(calls(&panel), [0, 1, 0]);
}

#[tokio::test]
async fn an_edit_of_what_somebody_changed_elsewhere_meanwhile_is_asked_about() {
    let panel = panel().await;
    let maja = manager(&panel).await;
    let form = maja.visits(EDIT).await;
    panel.glesys.change(|state| *state = std::mem::take(state).alias("info@example.se", "other@elsewhere.example"));
    let page = maja.fills_in(&form, "Save", &[("targets", "bo@example.se")]).await;
    page.must_say(422, &["Somebody changed this alias after you opened the form", "other@elsewhere.example"]);
    assert!(page.body.contains("bo@example.se</textarea>"), "both are shown");
    assert_eq!(calls(&panel), [0; 3]);
    maja.presses(&page, "Save").await.must_say(200, &["Saved."]);
    let told = "leads to bo@example.se instead of other@elsewhere.example";
    assert_eq!(panel.one(AuditKind::AliasEditIntent).await.detail.as_deref(), Some(told));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_people_who_save_at_once_on_two_replicas_one_is_served() {
    let panel = panel().await;
    let other = panel.replica().await;
    let mut forms = Vec::new();
    for n in 0..6 {
        let maja = panel.signed_in(Role::Manager, &format!("maja{n}")).await;
        let maja = maja.at(if n % 2 == 0 { &panel } else { &other });
        let form = maja.visits(EDIT).await;
        forms.push((maja, form, format!("to{n}@elsewhere.example")));
    }
    let mut posts = JoinSet::new();
    for (maja, form, target) in forms {
        posts.spawn(async move { maja.fills_in(&form, "Save", &[("targets", &target)]).await });
    }
    let pages = posts.join_all().await;
    let saved: Vec<_> = pages.iter().filter(|page| page.says("Saved.")).collect();
    assert_eq!(saved.len(), 1, "{:?}", pages.iter().map(|page| page.status).collect::<Vec<_>>());
    assert_eq!(goto(&panel, "info@example.se"), targets_told(saved[0]).pop());
    assert!(pages.iter().all(|page| matches!(page.status, 200 | 409 | 422)));
    assert_eq!(calls(&panel), [0, 1, 0]);
}

#[tokio::test]
async fn somebody_elses_try_between_reading_and_recording_stops_an_edit() {
    let panel = Stage::usual().gives_up_after(300).opens().await;
    let (maja, mona) = (manager(&panel).await, panel.signed_in(Role::Manager, "mona").await);
    let form = maja.visits(EDIT).await;
    panel.glesys.fault(EDIT_ALIAS, Fault::CloseBefore, Times::Once);
    leads(&mona, "mona@elsewhere.example").await.must_say(200, &["May have been changed:"]);
    let page = maja.fills_in(&form, "Save", &[("targets", "bo@example.se")]).await;
    page.must_say(409, &["mona"]);
    panel.clock.turn(61);
    maja.fills_in(&form, "Save", &[("targets", "bo@example.se")]).await.must_say(200, &["Saved."]);
    assert_eq!(calls(&panel), [0, 2, 0]);
}

#[tokio::test]
async fn a_manager_deletes_an_alias_knowing_what_follows() {
    let state = State::empty().account("anna@example.se").alias("info@example.se", "anna@example.se");
    let panel = Stage::of(state.alias("all@example.com", "info@example.se")).opens().await;
    let maja = manager(&panel).await;
    let alias = maja.visits(INFO).await;
    assert!(alias.link("all@example.com").is_some());
    let page = maja.clicks(&alias, "Delete…").await;
    page.must_say(200, &["Delete the alias info@example.se", "It leads to anna@example.se"]);
    page.must_say(200, &["Mail to it is returned to its sender", "all@example.com"]);
    assert_eq!(page.attributes("[autofocus]", "tabindex"), ["-1"], "the heading has the focus, not a button");
    assert_eq!(page.texts("a[data-esc]"), ["Cancel"]);
    assert_eq!(calls(&panel), [0; 3]);
    let page = maja.presses(&page, "Delete alias").await;
    page.must_say(200, &["Deleted: info@example.se", "Done by maja"]);
    assert_eq!((goto(&panel, "info@example.se"), calls(&panel)), (None, [0, 0, 1]));
    let intent = panel.one(AuditKind::AliasDeleteIntent).await;
    assert_eq!(intent.detail.as_deref(), Some("led to anna@example.se"));
    maja.visits(INFO).await.must_say(404, &[]);
    maja.visits("/aliases/all@example.com").await.must_say(200, &["nothing there"]);
}

#[tokio::test]
async fn a_deletion_asks_for_a_fresh_proof_of_identity() {
    let panel = panel().await;
    let maja = manager(&panel).await;
    panel.clock.turn(9 * 60);
    let form = maja.visits(DELETE).await;
    panel.clock.turn(2 * 60);
    let proof = maja.presses(&form, "Delete alias").await;
    assert!(proof.at.starts_with("/sign-in/again"), "{}", proof.at);
    assert_eq!(calls(&panel), [0; 3]);
    let fields = [("password", crate::stage::PASSWORD)];
    let page = maja.fills_in(&proof, "Go on", &fields).await;
    page.must_say(200, &["Delete the alias info@example.se"]);
    maja.presses(&page, "Delete alias").await.must_say(200, &["Deleted:"]);
}

#[tokio::test]
async fn a_deletion_of_what_was_changed_meanwhile_is_asked_about() {
    let panel = panel().await;
    let maja = manager(&panel).await;
    let form = maja.visits(DELETE).await;
    panel.glesys.change(|state| *state = std::mem::take(state).alias("info@example.se", "boss@elsewhere.example"));
    let page = maja.presses(&form, "Delete alias").await;
    page.must_say(422, &["Somebody changed this alias after you opened the page", "boss@elsewhere.example"]);
    assert_eq!(calls(&panel), [0; 3]);
    maja.presses(&page, "Delete alias").await.must_say(200, &["Deleted:"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_posted_many_times_is_one_call() {
    let panel = panel().await;
    let maja = manager(&panel).await;
    let new = [("local", "order"), ("targets", "anna@example.se")];
    let edit = [("targets", "bo@example.se"), ("x", "y")];
    let steps = [(NEW, "Create alias", new), (EDIT, "Save", edit), (DELETE, "Delete alias", [("x", "y"); 2])];
    for (path, button, values) in steps {
        let form = maja.visits(path).await;
        let mut posts = JoinSet::new();
        for _ in 0..8 {
            let (maja, form) = (maja.clone(), form.clone());
            posts.spawn(async move { maja.fills_in(&form, button, &values).await });
        }
        let pages = posts.join_all().await;
        assert!(pages.iter().all(|page| page.at == pages[0].at && page.status == 200), "{pages:#?}");
        let late = maja.fills_in(&form, button, &values).await;
        assert_eq!(late.at, pages[0].at, "and long afterwards");
    }
    assert_eq!(calls(&panel), [1; 3]);
}

#[tokio::test]
async fn a_form_from_the_history_makes_no_second_alias_by_mistake() {
    let panel = panel().await;
    let maja = manager(&panel).await;
    let form = maja.visits(NEW).await;
    maja.fills_in(&form, "Create alias", &[("local", "one"), ("targets", "anna@example.se")]).await;
    let page = maja.fills_in(&form, "Create alias", &[("local", "two"), ("targets", "anna@example.se")]).await;
    page.must_say(422, &["one@example.se was created with this form before."]);
    maja.presses(&page, "Create alias").await.must_say(200, &["Created."]);
    assert_eq!(calls(&panel), [2, 0, 0]);
}

#[tokio::test]
async fn a_form_that_was_open_for_too_long_is_kept() {
    let panel = panel().await;
    let maja = manager(&panel).await;
    let [new, edit] = [maja.visits(NEW).await, maja.visits(EDIT).await];
    for _ in 0..13 {
        panel.clock.turn(10 * 60);
        maja.visits("/").await;
    }
    let typed = [("local", "order"), ("targets", "anna@example.se")];
    let page = maja.fills_in(&new, "Create alias", &typed).await;
    page.must_say(422, &["The form was open for too long"]);
    maja.presses(&page, "Create alias").await.must_say(200, &["Created."]);
    let page = maja.fills_in(&edit, "Save", &[("targets", "bo@example.se")]).await;
    page.must_say(422, &["The form was open for too long"]);
    maja.presses(&page, "Save").await.must_say(200, &["Saved."]);
}

#[tokio::test]
async fn whoever_may_not_sees_the_actions_with_the_reason() {
    let panel = Stage::usual().with("NYCKEL_PROTECTED_ACCOUNTS", "info@example.se, ceo@*").opens().await;
    let (eva, maja) = (panel.operator("eva").await, manager(&panel).await);
    let page = eva.visits(INFO).await;
    page.must_say(200, &["Edit…", "Delete…", "It takes a manager."]);
    let page = maja.visits(INFO).await;
    page.must_say(200, &["This address is protected. It takes an admin."]);
    assert!(page.link("Edit…").is_none() && page.link("Delete…").is_none());
    for path in [EDIT, DELETE] {
        maja.visits(path).await.must_say(403, &["This account is protected"]);
    }
    creates(&maja, "ceo", "maja@elsewhere.example").await.must_say(403, &["This account is protected"]);
    assert_eq!((calls(&panel), panel.audit(AuditKind::RightDenied).await.len()), ([0; 3], 2));
    assert_eq!(panel.one(AuditKind::ChangeRefused).await.outcome.as_deref(), Some("reset_protected_passwords"));
    let admin = panel.admin("admin").await;
    leads(&admin, "bo@example.se").await.must_say(200, &["Saved."]);
}

#[tokio::test]
async fn an_account_is_no_alias_and_what_is_not_there_is_not_found() {
    let panel = panel().await;
    let maja = manager(&panel).await;
    for what in ["edit", "delete"] {
        let page = maja.visits(&format!("/aliases/anna@example.se/{what}")).await;
        assert_eq!((page.status, page.at.as_str()), (200, "/accounts/anna@example.se"));
        maja.visits(&format!("/aliases/nobody@example.se/{what}")).await.must_say(404, &["nobody@example.se"]);
    }
    maja.visits("/domains/elsewhere.example/aliases/new").await.must_say(404, &[]);
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
    eva.visits("/aliases/loop@example.se").await.must_say(200, &["this alias: mail goes round"]);
}

/// Each function of GleSYS that a page about aliases leads to.
async fn change(person: &Person, function: &str) -> Page {
    match function {
        CREATE_ALIAS => creates(person, "order", "anna@example.se").await,
        EDIT_ALIAS => leads(person, "bo@example.se").await,
        _ => {
            let form = person.visits(DELETE).await;
            person.presses(&form, "Delete alias").await
        }
    }
}

#[tokio::test]
async fn however_glesys_fails_there_is_one_call_and_the_right_world() {
    let status = |http, text: &str| Fault::Status { http, code: http, text: text.to_owned(), envelope: true };
    let worlds = [
        (Fault::Slow(Duration::from_millis(50)), "done", true),
        (Fault::CloseAfter, "unknown: connection_lost", true),
        (Fault::CloseBefore, "unknown: connection_lost", false),
        (Fault::HangAfter, "unknown: timeout", true),
        (status(500, "Oops"), "unknown: server_error", false),
        (status(401, "No permission"), "refused: no_permission", false),
        (status(400, "Could not find it"), "refused: not_found", false),
    ];
    for (fault, outcome, is_made) in worlds {
        for (function, [create, edit, delete]) in
            [(CREATE_ALIAS, [1, 0, 0]), (EDIT_ALIAS, [0, 1, 0]), (DELETE_ANY, [0, 0, 1])]
        {
            let panel = Stage::usual().gives_up_after(300).opens().await;
            let maja = manager(&panel).await;
            panel.glesys.fault(function, fault.clone(), Times::Once);
            let page = change(&maja, function).await;
            let sentence = match outcome.split(':').next().unwrap() {
                "done" if function == DELETE_ANY => "Deleted:",
                "done" => "d.",
                "unknown" => "GleSYS did not say whether it was done.",
                _ => "Nothing was changed.",
            };
            page.must_say(200, &[sentence]);
            assert_eq!(calls(&panel), [create, edit, delete], "{function} {fault:?}");
            let ends = [AuditKind::AliasCreateOutcome, AuditKind::AliasEditOutcome, AuditKind::AliasDeleteOutcome];
            let kind = ends[[create, edit, delete].iter().position(|n| *n == 1).unwrap()];
            assert_eq!(panel.one(kind).await.outcome.as_deref(), Some(outcome), "{function} {fault:?}");
            let (address, there) = match function {
                CREATE_ALIAS => ("order@example.se", is_made),
                _ => ("info@example.se", !(is_made && function == DELETE_ANY)),
            };
            let told = maja.visits(&format!("/aliases/{address}")).await;
            assert_eq!((told.status == 200, goto(&panel, address).is_some()), (there, there), "{function} {fault:?}");
            if there {
                assert_eq!(targets_told(&told).join(","), goto(&panel, address).unwrap());
            }
        }
    }
}

#[tokio::test]
async fn what_glesys_refuses_of_the_targets_is_said_at_the_field() {
    let panel = panel().await;
    let maja = manager(&panel).await;
    let refused = || Fault::Status { http: 400, code: 400, text: "Invalid goto".to_owned(), envelope: true };
    panel.glesys.fault(EDIT_ALIAS, refused(), Times::Once);
    let page = leads(&maja, "bo@example.se").await;
    page.must_say(422, &["GleSYS did not accept these addresses. Nothing was changed."]);
    assert!(page.body.contains("bo@example.se</textarea>"));
    assert_eq!(panel.one(AuditKind::AliasEditOutcome).await.outcome.as_deref(), Some("refused: invalid"));
    maja.presses(&page, "Save").await.must_say(200, &["Saved."]);

    panel.glesys.fault(CREATE_ALIAS, refused(), Times::Once);
    let page = creates(&maja, "order", "anna@example.se").await;
    page.must_say(200, &["Not created: order@example.se", "Nothing was changed."]);
    assert_eq!(calls(&panel), [1, 2, 0]);
}

#[tokio::test]
async fn while_glesys_is_away_nothing_is_begun() {
    let panel = panel().await;
    let maja = manager(&panel).await;
    let [new, edit] = [maja.visits(NEW).await, maja.visits(EDIT).await];
    panel.glesys.goes_away().await;
    let typed = [("local", "order"), ("targets", "anna@example.se")];
    let page = maja.fills_in(&new, "Create alias", &typed).await;
    page.must_say(502, &["Nothing was changed."]);
    let page = maja.fills_in(&edit, "Save", &[("targets", "bo@example.se")]).await;
    assert!(matches!(page.status, 502 | 503) && page.says("Nothing was changed."), "{page:#?}");
    assert!(panel.audit(AuditKind::AliasCreateIntent).await.is_empty());
    panel.glesys.comes_back().await;
    assert_eq!(calls(&panel), [0; 3]);
}

#[tokio::test]
async fn hostile_targets_are_only_text() {
    let hostile = "<script>alert(1)</script>";
    let panel = Stage::of(State::empty().account("anna@example.se").alias("info@example.se", hostile)).opens().await;
    let maja = manager(&panel).await;
    for path in [INFO, EDIT, DELETE] {
        let page = maja.visits(path).await;
        page.must_say(200, &[]);
        assert!(!page.body.contains("<script>alert"), "{path}");
    }
    for text in [hostile, "</textarea><img src=x>", "a@b.se\u{0}", "\u{202e}a@b.se", "a@b.se&goto=x", "{{7*7}}"] {
        let page = leads(&maja, text).await;
        page.must_say(422, &["is not an email address."]);
        assert!(!page.has("main img") && !page.body.contains("<script>alert"), "{text}");
    }
    let long = "x".repeat(5000);
    assert!(!leads(&maja, &long).await.text("#targets-problem").contains(&long));
    assert_eq!(calls(&panel), [0; 3]);
    leads(&maja, "o'neill+x=y/{z}@example.net").await.must_say(200, &["Saved."]);
    assert_eq!(goto(&panel, "info@example.se").as_deref(), Some("o'neill+x=y/{z}@example.net"));
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
