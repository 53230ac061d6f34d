//! How the company lets new passwords be handed over: no door leads past it.

use nyckel::model::address_pattern::AddressPattern;
use nyckel::model::{AuditKind, HandOver, Role};

use super::both;
use crate::stage::{Page, Person, Stage, panel};

#[tokio::test]
async fn staff_are_never_shown_what_the_company_says_they_are_not() {
    let panel = Stage::usual().with("NYCKEL_NEVER_SHOWN", "anna@example.se, vd@*").opens().await;
    for role in [Role::Operator, Role::Manager, Role::Admin] {
        let (person, before) = (panel.signed_in(role, role.name()).await, panel.resets());
        let page = person.visits("/accounts/anna@example.se/reset").await;
        page.must_say(200, &["with a link and a code that you pass on"]);
        assert!(!page.says("Show it to me"), "there is nothing to choose");
        for way in ["shown", "link2", ""] {
            let answer = person.fills_in(&page, "Reset password", &[("hand_over", way)]).await;
            assert!([403, 422].contains(&answer.status), "{way} as {role:?}: {}", answer.status);
            assert!(answer.password().is_none());
        }
        // As a page of an earlier version posts it.
        let token = page.attributes("[name=token]", "value").remove(0);
        let answer = person.posts("/accounts/anna@example.se/reset", &[("token", &token)]).await;
        answer.must_say(403, &["this way is not offered", "Nothing was changed."]);
        if role != Role::Operator {
            let form = person.visits("/domains/example.se/accounts/new").await;
            let answer = person.fills_in(&form, "Create account", &[("local", "vd"), ("hand_over", "shown")]).await;
            answer.must_say(403, &["this way is not offered"]);
        }
        assert_eq!(panel.resets(), before);
        assert!(person.resets("bo@example.se").await.password().is_some());
        panel.clock.turn(601);
    }
}

#[tokio::test]
async fn the_first_way_is_chosen_beforehand_and_a_single_one_is_not_asked_about() {
    let panel = Stage::usual().with("NYCKEL_HAND_OVER", "link,shown").opens().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    assert_eq!(page.attributes("[name=hand_over]", "value"), ["link", "shown"]);
    assert!(both(&eva.presses(&page, "Reset password").await).is_some());

    let panel = Stage::usual().with("NYCKEL_HAND_OVER", "shown").opens().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    assert_eq!(page.attributes("[name=hand_over]", "type"), ["hidden"]);
    let answer = eva.fills_in(&page, "Reset password", &[("hand_over", "link")]).await;
    answer.must_say(403, &["this way is not offered"]);
    assert_eq!(panel.one(AuditKind::ResetRefused).await.outcome.as_deref(), Some("way_not_offered"));
    assert_eq!(panel.resets(), (0, 0));
}

#[tokio::test]
async fn check_notes_that_owners_are_not_told_whom_to_call() {
    for (name, value, is_noted) in [
        ("NYCKEL_COMPANY", "Exempel AB", true),
        ("NYCKEL_HELP_LINE", "08-123 45 67", false),
        ("NYCKEL_HAND_OVER", "shown", false),
    ] {
        let (code, said) = Stage::usual().with(name, value).opens().await.runs("check").await;
        assert_eq!((code, said.contains("NYCKEL_HELP_LINE is not set")), (Some(0), is_noted), "{said}");
    }
}

#[tokio::test]
async fn a_confirmation_from_before_the_company_changed_its_mind_is_refused() {
    let open = panel().await;
    let eva = open.operator("eva").await;
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    let now = open.replica_that(|panel| {
        panel.config.hand_over.never_shown = vec![AddressPattern::parse("anna@*").unwrap()];
        panel.config.hand_over.offered = vec![HandOver::Shown, HandOver::Link];
    });
    let now = Box::pin(now).await;
    now.built.app.directory.read_all().await;
    let at_now: Person = eva.at(&now);
    at_now.presses(&page, "Reset password").await.must_say(403, &["this way is not offered"]);
    assert_eq!(open.resets(), (0, 0));
}

#[tokio::test]
async fn the_way_outlasts_a_proof_of_identity_and_a_reason_that_is_missing() {
    let panel = Stage::usual().with("NYCKEL_RESET_REASON", "required").opens().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    let page = eva.fills_in(&page, "Reset password", &[("hand_over", "link"), ("ticket", "")]).await;
    page.must_say(422, &["Enter a reason or ticket number."]);
    assert_eq!(page.attributes("[name=hand_over][checked]", "value"), ["link"]);
}

#[tokio::test]
async fn a_new_account_is_offered_just_what_its_domain_and_address_allow() {
    let panel = Stage::usual().with("NYCKEL_NEVER_SHOWN", "*@example.se, vd@*").opens().await;
    let eva = panel.manager("eva").await;
    let form = eva.visits("/domains/example.se/accounts/new").await;
    assert_eq!(form.attributes("[name=hand_over]", "type"), ["hidden"], "the whole domain's are never shown");
    assert!(both(&eva.fills_in(&form, "Create account", &[("local", "karin")]).await).is_some());

    let panel = Stage::usual().with("NYCKEL_NEVER_SHOWN", "vd@*").opens().await;
    let eva = panel.manager("eva").await;
    let form = eva.visits("/domains/example.se/accounts/new").await;
    assert_eq!(form.attributes("[name=hand_over]", "value"), ["shown", "link"]);
    let again = eva.fills_in(&form, "Create account", &[("local", "vd"), ("hand_over", "shown")]).await;
    again.must_say(403, &["this way is not offered"]);
    assert_eq!(again.attributes("[name=hand_over]", "type"), ["hidden"], "for vd there is only the link");
    assert!(both(&eva.presses(&again, "Create account").await).is_some());
}

/// Fills in the form of a new account and posts it with this way, or with none.
async fn creates(person: &Person, local: &str, way: Option<&str>) -> Page {
    let page = person.visits("/domains/example.se/accounts/new").await;
    let mut fields = page.form("Create account").fields;
    fields.retain(|(name, _)| !["hand_over", "local"].contains(&name.as_str()));
    fields.push(("local".to_owned(), local.to_owned()));
    fields.extend(way.map(|way| ("hand_over".to_owned(), way.to_owned())));
    let answer = person.sends(person.posting("/domains/example.se/accounts/new", &fields)).await;
    if answer.status == 303 { person.visits(answer.header("location")).await } else { answer }
}

#[tokio::test]
async fn a_new_account_takes_no_way_that_nobody_chose() {
    let panel = panel().await;
    let eva = panel.manager("eva").await;
    for way in [None, Some(""), Some("link2"), Some("Shown")] {
        let answer = creates(&eva, "karin", way).await;
        answer.must_say(422, &["The form could not be read"]);
    }
    assert_eq!(panel.glesys.password_of("karin@example.se"), None);

    let panel = Stage::usual().with("NYCKEL_HAND_OVER", "link").opens().await;
    let eva = panel.manager("eva").await;
    creates(&eva, "karin", Some("link2")).await.must_say(422, &["The form could not be read"]);
    assert!(both(&creates(&eva, "karin", None).await).is_some(), "there is but one");
}

#[tokio::test]
async fn a_password_that_waits_is_not_shown_once_the_company_says_so() {
    let open = panel().await;
    let eva = open.operator("eva").await;
    let result = eva.confirms("anna@example.se").await;
    let tight = open.replica_that(|panel| {
        panel.config.hand_over.never_shown = vec![AddressPattern::parse("anna@*").unwrap()];
    });
    let tight = Box::pin(tight).await;
    let answer = eva.at(&tight).visits(&result).await;
    assert_eq!(answer.password(), None);
    answer.must_say(200, &["Reset, but not shown", "staff are not shown", "Reset it again"]);
}

#[tokio::test]
async fn the_check_says_where_links_would_lead_nowhere() {
    for (public_url, ways, is_said) in [
        ("http://127.0.0.1:8080", "shown,link", true),
        ("http://127.0.0.1:8080", "shown", false),
        ("https://nyckel.example", "shown,link", false),
    ] {
        let stage = Stage::usual().with("NYCKEL_PUBLIC_URL", public_url).with("NYCKEL_HAND_OVER", ways);
        let (_, said) = stage.opens().await.runs("check").await;
        assert_eq!(said.contains("notice: owners of mailboxes can't open their links"), is_said, "{said}");
        assert!(said.contains("configuration: good"), "{said}");
    }
}
