//! GleSYS fails or refuses, and hostile texts.

use std::time::Duration;

use nyckel::model::AuditKind;
use nyckel::simulator::{Fault, State, Times};

use super::{
    CREATE_ALIAS, DELETE, DELETE_ANY, EDIT, EDIT_ALIAS, INFO, NEW, calls, creates, goto, leads, manager, targets_told,
};
use crate::stage::{Page, Person, Stage, panel};

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
                "unknown" => "We don’t know if it was done: GleSYS did not say.",
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
    let sentence = "Not created: order@example.se. GleSYS did not accept the address or one that it is to lead to.";
    page.must_say(422, &[sentence, "Nothing was changed."]);
    let full = Fault::Status { http: 400, code: 400, text: "Maximum number reached".to_owned(), envelope: true };
    panel.glesys.fault(CREATE_ALIAS, full, Times::Once);
    let page = maja.presses(&page, "Create alias").await;
    page.must_say(422, &["GleSYS says that the project has as many as it may have."]);
    assert_eq!(
        (page.attributes("#local", "value"), page.texts("#targets")),
        (vec!["order".into()], vec!["anna@example.se".into()])
    );
    maja.presses(&page, "Create alias").await.must_say(200, &["Created."]);
    assert_eq!(calls(&panel), [3, 2, 0]);
}

#[tokio::test]
async fn what_was_not_done_leads_back_to_its_form() {
    let panel = panel().await;
    let maja = manager(&panel).await;
    let denied = || Fault::Status { http: 401, code: 401, text: "No permission".to_owned(), envelope: true };
    panel.glesys.fault(CREATE_ALIAS, denied(), Times::Once);
    let page = change(&maja, CREATE_ALIAS).await;
    assert_eq!(page.texts(".ways a"), ["Back to the form", "Go to the domain"]);
    let form = maja.clicks(&page, "Back to the form").await;
    form.must_say(200, &["Not created: order@example.se. The panel’s API key may not call email/createalias."]);
    assert_eq!(form.attributes("#local", "value"), ["order"]);
    panel.glesys.fault(EDIT_ALIAS, denied(), Times::Once);
    let page = change(&maja, EDIT_ALIAS).await;
    let form = maja.clicks(&page, "Back to the form").await;
    form.must_say(200, &["Not changed: info@example.se.", "may not call email/editalias"]);
    panel.glesys.fault(DELETE_ANY, denied(), Times::Once);
    let page = change(&maja, DELETE_ANY).await;
    assert_eq!(page.texts(".ways a"), ["Go to the alias", "Go to the domain"]);
    assert_eq!(calls(&panel), [1; 3]);
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
    assert_eq!(
        (page.attributes("#local", "value"), page.texts("#targets")),
        (vec!["order".into()], vec!["anna@example.se".into()])
    );
    let kept = maja.fills_in(&edit, "Save", &[("targets", "bo@example.se")]).await;
    assert!(matches!(kept.status, 502 | 503) && kept.says("Nothing was changed."), "{kept:#?}");
    assert_eq!(kept.texts("#targets"), ["bo@example.se"]);
    assert!(panel.audit(AuditKind::AliasCreateIntent).await.is_empty());
    panel.glesys.comes_back().await;
    assert_eq!(calls(&panel), [0; 3]);
    panel.clock.turn(11);
    panel.built.app.directory.read_all().await;
    maja.presses(&page, "Create alias").await.must_say(200, &["Created."]);
    maja.presses(&kept, "Save").await.must_say(200, &["Saved."]);
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
    // What GleSYS has already is kept as it is.
    leads(&maja, hostile).await.must_say(422, &["It leads there already"]);
    for text in ["<b>1</b>", "</textarea><img src=x>", "a@b.se\u{1}", "\u{202e}a@b.se", "a@b.se&goto=x", "{{7*7}}"] {
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
