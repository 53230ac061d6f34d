//! Changing and deleting aliases: what was changed meanwhile, forms that are posted again, and who may.

use nyckel::model::{AuditKind, Role};
use nyckel::simulator::{Fault, State, Times};
use tokio::task::JoinSet;

use super::{DELETE, EDIT, EDIT_ALIAS, INFO, NEW, calls, creates, goto, leads, manager, targets_told};
use crate::stage::{PASSWORD, Page, Stage, panel};

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
    let told = r#"{"targets":["bo@example.se"],"targets_before":["anna@example.se","someone@elsewhere.example"]}"#;
    assert_eq!(panel.one(AuditKind::AliasEditIntent).await.facts.kept().as_deref(), Some(told));
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
    page.must_say(422, &["Someone changed this alias after you opened the form", "other@elsewhere.example"]);
    assert!(page.body.contains("bo@example.se</textarea>"), "both are shown");
    assert_eq!(calls(&panel), [0; 3]);
    maja.presses(&page, "Save").await.must_say(200, &["Saved."]);
    let told = r#"{"targets":["bo@example.se"],"targets_before":["other@elsewhere.example"]}"#;
    assert_eq!(panel.one(AuditKind::AliasEditIntent).await.facts.kept().as_deref(), Some(told));
}

#[tokio::test]
async fn where_somebody_else_led_an_alias_stays_in_sight_after_a_mistake_in_the_answer() {
    let panel = panel().await;
    let maja = manager(&panel).await;
    let form = maja.visits(EDIT).await;
    panel.glesys.change(|state| *state = std::mem::take(state).alias("info@example.se", "other@elsewhere.example"));
    let asked = maja.fills_in(&form, "Save", &[("targets", "bo@example.se")]).await;
    let told = ["Someone changed this alias after you opened the form", "other@elsewhere.example"];
    asked.must_say(422, &told);
    let wrong = maja.fills_in(&asked, "Save", &[("targets", "nothing")]).await;
    wrong.must_say(422, &told);
    let unchanged = maja.fills_in(&wrong, "Save", &[("targets", "other@elsewhere.example")]).await;
    unchanged.must_say(422, &told);
    maja.fills_in(&unchanged, "Save", &[("targets", "bo@example.se")]).await.must_say(200, &["Saved."]);
    assert_eq!(calls(&panel), [0, 1, 0]);
}

#[tokio::test]
async fn an_alias_with_very_many_targets_can_be_changed_but_not_grow() {
    let many: Vec<_> = (0..150).map(|n| format!("a{n}@elsewhere.example")).collect();
    let state = State::empty().account("anna@example.se").alias("info@example.se", &many.join(","));
    let panel = Stage::of(state).opens().await;
    let maja = manager(&panel).await;
    let more = many.join("\n") + "\nb@elsewhere.example";
    leads(&maja, &more).await.must_say(422, &["At most 150 addresses."]);
    let other = many[1..].join("\n") + "\nb@elsewhere.example";
    leads(&maja, &other).await.must_say(200, &["Saved."]);
    leads(&maja, &many[..120].join("\n")).await.must_say(200, &["Saved."]);
    leads(&maja, &many[..121].join("\n")).await.must_say(422, &["At most 120 addresses."]);
    leads(&maja, "anna@example.se").await.must_say(200, &["Saved."]);
    leads(&maja, &many[..101].join("\n")).await.must_say(422, &["At most 100 addresses."]);
    assert_eq!(calls(&panel), [0, 3, 0]);
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
    page.must_say(409, &["Not done: wait a moment", "mona"]);
    assert_eq!(page.texts("#targets"), ["bo@example.se"]);
    panel.clock.turn(61);
    maja.presses(&page, "Save").await.must_say(200, &["Saved."]);
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
    page.must_say(200, &["New mail to it will bounce", "all@example.com"]);
    assert_eq!(page.attributes("[autofocus]", "tabindex"), ["-1"], "the heading has the focus, not a button");
    assert_eq!(page.texts("a[data-esc]"), ["Cancel"]);
    assert_eq!(calls(&panel), [0; 3]);
    let page = maja.presses(&page, "Delete alias").await;
    page.must_say(200, &["Deleted: info@example.se", "Done by maja"]);
    assert_eq!((goto(&panel, "info@example.se"), calls(&panel)), (None, [0, 0, 1]));
    let intent = panel.one(AuditKind::AliasDeleteIntent).await;
    assert_eq!(intent.facts.kept().as_deref(), Some(r#"{"targets_before":["anna@example.se"]}"#));
    maja.visits(INFO).await.must_say(404, &[]);
    maja.visits("/aliases/all@example.com").await.must_say(200, &["doesn’t exist"]);
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
    let fields = [("password", PASSWORD)];
    let page = maja.fills_in(&proof, "Continue", &fields).await;
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
    page.must_say(422, &["Someone changed this alias after you opened the page", "boss@elsewhere.example"]);
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
        // Whoever is told while it still runs is sent to see it work, the others to what came of it.
        let operation = |page: &Page| page.at[page.at.len() - 36..].to_owned();
        let first = operation(&pages[0]);
        assert!(pages.iter().all(|page| operation(page) == first && page.status == 200), "{pages:#?}");
        let late = maja.fills_in(&form, button, &values).await;
        assert_eq!(operation(&late), first, "and long afterwards");
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
    let asked = maja.fills_in(&edit, "Save", &[("targets", "bo@example.se")]).await;
    let page = maja.fills_in(&asked, "Continue", &[("password", PASSWORD)]).await;
    page.must_say(200, &["Nothing is saved yet."]);
    maja.presses(&page, "Save").await.must_say(200, &["Saved."]);
}

#[tokio::test]
async fn whoever_may_not_sees_the_actions_with_the_reason() {
    let panel = Stage::usual().with("NYCKEL_PROTECTED_ACCOUNTS", "info@example.se, ceo@*").opens().await;
    let (eva, maja) = (panel.operator("eva").await, manager(&panel).await);
    let page = eva.visits(INFO).await;
    page.must_say(200, &["Edit…", "Delete…", "Only managers can do this."]);
    let page = maja.visits(INFO).await;
    page.must_say(200, &["Protected address: only admins can do this."]);
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
