//! How the company lets new passwords be handed over: no door leads past it.

use nyckel::model::address_pattern::AddressPattern;
use nyckel::model::{AuditKind, HandOver, Role};

use super::both;
use crate::stage::{Person, Stage, panel};

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
