//! An approval in use: for what was approved, once, and only while whoever gave it still may.

use nyckel::model::address_pattern::AddressPattern;
use nyckel::model::{Act, AuditKind, Fact, HandOver, OperationState, Role};

use super::{ANNA, ASK, approved, asks, gives, panel, stage, two};
use crate::stage::{PASSWORD, Person, Stage};

#[tokio::test]
async fn two_people_reset_a_protected_account() {
    let panel = panel().await;
    let (ada, olle) = two(&panel).await;
    let page = ada.visits(&format!("{ANNA}/reset")).await;
    page.must_say(403, &["This takes two people", "Nothing was changed."]);
    let page = ada.clicks(&page, "Ask a colleague to approve").await;
    page.must_say(200, &["Reset the password", "anna@example.se", "They have four hours"]);
    let missing = ada.presses(&page, "Ask a colleague to approve").await;
    assert_eq!(missing.status, 422, "a colleague judges by the reason");
    let asked =
        ada.fills_in(&page, "Ask a colleague to approve", &[("ticket", "INC-812"), ("hand_over", "shown")]).await;
    asked.must_say(
        200,
        &["Requested by ada on", "A colleague can answer until", "INC-812", "The new password will be shown to ada."],
    );
    assert!(ada.visits("/").await.texts("#asked-by-you + ul a")[0].contains("anna@example.se"));

    let overview = olle.visits("/").await;
    assert_eq!(overview.text("#for-you"), "Waiting for you");
    let page = olle.clicks(&overview, "Reset the password: anna@example.se").await;
    page.must_say(200, &["Requested by ada on", "INC-812", "the reason is ada’s own"]);
    let page = olle.fills_in(&page, "Approve", &[("proof", PASSWORD)]).await;
    page.must_say(200, &["olle approved it on", "ada can do it until"]);
    assert!(!olle.visits("/").await.has("#for-you"));

    let page = ada.visits(&asked.at).await;
    page.must_say(200, &["olle approved it on", "It can be done until"]);
    let confirmation = ada.clicks(&page, "Continue").await;
    confirmation.must_say(200, &["olle has approved this"]);
    assert!(!confirmation.has("#ticket"), "the reason is the one that was approved");
    let result = ada.presses(&confirmation, "Reset password").await;
    assert!(result.password().is_some(), "{result:#?}");
    assert_eq!(panel.resets(), (1, 1));

    let intent = panel.one(AuditKind::ResetIntent).await;
    let id = asked.at.rsplit('/').next();
    let facts = [Fact::Ticket, Fact::ApprovedBy, Fact::Approval].map(|fact| intent.facts.text(fact));
    assert_eq!(facts, [Some("INC-812"), Some("olle"), id]);
    let given = panel.one(AuditKind::ApprovalGiven).await;
    assert_eq!((given.staff_name.as_deref(), given.facts.text(Fact::Person)), (Some("olle"), Some("ada")));
    let page = ada.visits(&asked.at).await;
    page.must_say(200, &["It was used on"]);
    assert_eq!(ada.clicks(&page, "See what was done").await.status, 200);
    // Once.
    panel.clock.turn(1);
    ada.visits(&format!("{ANNA}/reset")).await.must_say(403, &["This takes two people"]);
    assert!(ada.resets("bo@example.se").await.password().is_some(), "other accounts take one person");
}

#[tokio::test]
async fn of_many_confirmations_at_once_one_uses_it() {
    let panel = panel().await;
    let (ada, olle) = two(&panel).await;
    approved(&ada, &olle).await;
    let mut pages = Vec::new();
    for _ in 0..6 {
        pages.push(ada.visits(&format!("{ANNA}/reset")).await);
    }
    let other = Box::pin(panel.replica()).await;
    let elsewhere = ada.at(&other);
    let posts =
        pages.iter().enumerate().map(|(n, page)| if n % 2 == 0 { ada.submits(page) } else { elsewhere.submits(page) });
    let answers = futures_util::future::join_all(posts).await;
    let began = answers.iter().filter(|answer| answer.header("location").starts_with("/operations/"));
    assert_eq!(began.count(), 1, "{answers:#?}");
    panel.until_at_rest().await;
    assert_eq!(panel.resets(), (1, 1));
}

#[tokio::test]
async fn it_is_good_for_who_asked_and_for_the_way_that_was_approved() {
    let panel = panel().await;
    let (ada, olle) = two(&panel).await;
    let by_link = asks(&ada, "link").await;
    gives(&olle, &by_link).await.must_say(200, &["go to its owner by link and code"]);
    let confirmation = ada.visits(&format!("{ANNA}/reset")).await;
    assert_eq!(confirmation.attributes("[name=hand_over]", "value"), ["link"]);
    let answer = ada.fills_in(&confirmation, "Reset password", &[("hand_over", HandOver::Shown.name())]).await;
    answer.must_say(200, &["olle approved it on", "go to its owner by link and code"]);
    assert_eq!(panel.one(AuditKind::ResetRefused).await.outcome.as_deref(), Some("second_person"));
    olle.visits(&format!("{ANNA}/reset")).await.must_say(403, &["This takes two people"]);
    assert_eq!(panel.resets(), (0, 0));
    let result = ada.presses(&confirmation, "Reset password").await;
    result.must_say(201, &["Link and code for anna@example.se"]);
}

#[tokio::test]
async fn what_was_typed_before_the_rule_was_there_is_asked_about_too() {
    let panel = Stage::usual().opens().await;
    let ada = panel.admin("ada").await;
    let confirmation = ada.visits(&format!("{ANNA}/reset")).await;
    let strict = panel.replica_that(|panel| {
        panel.config.second_person.accounts = vec![AddressPattern::parse("*@example.se").unwrap()];
    });
    let strict = Box::pin(strict).await;
    strict.built.app.directory.read_all().await;
    let typed = [("ticket", "INC-812 <b>"), ("hand_over", "link")];
    let ask = ada.at(&strict).fills_in(&confirmation, "Reset password", &typed).await;
    ask.must_say(200, &["This takes two people", "Reset the password", "anna@example.se"]);
    let kept = ["#ticket", "[name=hand_over][checked]"].map(|field| ask.attributes(field, "value").remove(0));
    assert_eq!(kept, ["INC-812 <b>", "link"], "what was typed is there");
    assert!(!ask.at.contains("INC"), "and in no address");
    let asked = ada.at(&strict).presses(&ask, "Ask a colleague to approve").await;
    asked.must_say(200, &["A colleague can answer until", "INC-812 <b>", "link and code"]);
    assert_eq!(panel.resets(), (0, 0));
}

#[tokio::test]
async fn it_counts_only_while_whoever_gave_it_still_may() {
    for is_disabled in [false, true] {
        let panel = panel().await;
        let (ada, olle) = two(&panel).await;
        let approval = approved(&ada, &olle).await;
        let confirmation = ada.visits(&format!("{ANNA}/reset")).await;
        if is_disabled {
            olle.is_disabled().await;
        } else {
            olle.now_holds(&[(Role::Operator, "*")]).await;
        }
        let page = ada.presses(&confirmation, "Reset password").await;
        assert_eq!(page.at, approval.at, "it leads to what was given");
        page.must_say(200, &["It does not count now", "Withdraw"]);
        assert_eq!(panel.resets(), (0, 0));
    }
}

#[tokio::test]
async fn what_was_never_sent_can_be_done_with_the_same_approval() {
    let panel = panel().await;
    let (ada, olle) = two(&panel).await;
    let approval = approved(&ada, &olle).await;
    let confirmation = ada.visits(&format!("{ANNA}/reset")).await;
    panel.glesys.goes_away().await;
    let result = ada.presses(&confirmation, "Reset password").await;
    let id = result.at.rsplit('/').next().unwrap();
    assert_eq!(panel.operation(id).await.state(), OperationState::NotSent, "{result:#?}");
    panel.glesys.comes_back().await;
    ada.visits(&approval.at).await.must_say(200, &["Nothing was sent to GleSYS then, so it still counts until"]);
    panel.clock.turn(61);
    assert!(ada.resets("anna@example.se").await.password().is_some());
    panel.clock.turn(1);
    ada.visits(&format!("{ANNA}/reset")).await.must_say(403, &["This takes two people"]);
    assert_eq!(panel.resets(), (1, 1));
}

#[tokio::test]
async fn what_was_never_sent_can_be_taken_back_by_either() {
    for is_withdrawn in [false, true] {
        let panel = panel().await;
        let (ada, olle) = two(&panel).await;
        let approval = approved(&ada, &olle).await;
        let confirmation = ada.visits(&format!("{ANNA}/reset")).await;
        panel.glesys.goes_away().await;
        ada.presses(&confirmation, "Reset password").await;
        panel.glesys.comes_back().await;
        panel.clock.turn(61);
        let (by, button, said) = if is_withdrawn {
            (&ada, "Withdraw", "ada withdrew the request.")
        } else {
            (&olle, "Take the approval back", "olle refused it on")
        };
        let page = by.visits(&approval.at).await;
        by.presses(&page, button).await.must_say(200, &[said]);
        ada.visits(&format!("{ANNA}/reset")).await.must_say(403, &["This takes two people"]);
        assert_eq!(by.posts(&format!("{}/refuse", approval.at), &[("word", "")]).await.status / 100, 4);
        assert_eq!(panel.resets(), (0, 0));
    }
}

#[tokio::test]
async fn an_operation_that_was_written_back_to_not_sent_does_not_give_its_approval_back() {
    let panel = panel().await;
    let (ada, olle) = two(&panel).await;
    approved(&ada, &olle).await;
    assert!(ada.resets("anna@example.se").await.password().is_some());
    panel.clock.turn(61);
    panel.database.run("UPDATE operation SET state = 'not_sent', reason = 'connect'").await;
    ada.visits(&format!("{ANNA}/reset")).await.must_say(403, &["This takes two people"]);
    assert_eq!(panel.resets(), (1, 1));
}

#[tokio::test]
async fn two_people_delete_a_protected_account_and_one_locks_it_out() {
    let panel = panel().await;
    let (ada, olle) = two(&panel).await;
    let page = ada.visits(&format!("{ANNA}/delete")).await;
    page.must_say(403, &["This takes two people"]);
    let page = ada.clicks(&page, "Ask a colleague to approve").await;
    let asked = ada.fills_in(&page, "Ask a colleague to approve", &[("ticket", "has left")]).await;
    asked.must_say(200, &["Delete the account", "has left"]);
    gives(&olle, &asked).await;
    let page = ada.visits(&asked.at).await;
    let form = ada.clicks(&page, "Continue").await;
    let button = form.text("main form .button-danger");
    let done = ada.fills_in(&form, &button, &[("address", "anna@example.se")]).await;
    assert!(panel.glesys.password_of("anna@example.se").is_none(), "{done:#?}");
    let intent = panel.one(AuditKind::AccountDeleteIntent).await;
    assert_eq!(intent.facts.text(Fact::ApprovedBy), Some("olle"));

    let thief = stage().with("NYCKEL_SECOND_PERSON", "*@example.se").opens().await;
    let eva = thief.operator("eva").await;
    let page = eva.visits("/accounts/bo@example.se/lock-out").await;
    assert_eq!(eva.presses(&page, "Lock out").await.status, 200, "whoever stops a thief does not wait");
    eva.visits("/accounts/bo@example.se/reset").await.must_say(403, &["This takes two people"]);
}

#[tokio::test]
async fn what_takes_one_person_is_just_done() {
    let panel = panel().await;
    let ada = panel.admin("ada").await;
    let page = ada.visits("/approvals/new?kind=reset_password&of=bo@example.se").await;
    assert_eq!(page.at, "/accounts/bo@example.se/reset");
    let eva = panel.operator("eva").await;
    eva.visits(ASK).await.must_say(403, &["This account is protected"]);
    let vera = Person::hired(&panel, "vera", &[(Role::Viewer, "example.se")]).await;
    vera.signs_in().await;
    assert_eq!(
        vera.posts("/approvals/new", &[("kind", "reset_password"), ("of", "anna@example.se")]).await.status,
        403
    );
}

#[tokio::test]
async fn what_takes_two_people_and_a_check_of_who_asks_takes_both() {
    let checks = "[way.seen]\nlabel = \"Recognised in person\"\nasks = \"By what\"\n\n[[rule]]\nfor = [\"*@*\"]\nways = [\"seen\"]\n";
    let panel = stage().with_file("NYCKEL_CALLER_CHECKS_FILE", checks).opens().await;
    let (ada, olle) = two(&panel).await;
    let unasked = ada.visits("/accounts/bo@example.se/reset").await;
    let page = ada.visits(ASK).await;
    let unchecked = ada.fills_in(&page, "Ask a colleague to approve", &[("ticket", "INC-812")]).await;
    unchecked.must_say(422, &["Choose how you checked who is asking."]);
    assert_eq!(unchecked.attributes("#ticket", "value"), ["INC-812"]);
    let values = [("caller", "seen"), ("caller-seen", "his “badge” <7>")];
    let asked = ada.fills_in(&unchecked, "Ask a colleague to approve", &values).await;
    let said = "Caller check: Recognised in person (“his \"badge\" <7>”).";
    olle.visits(&asked.at).await.must_say(200, &[said]);
    gives(&olle, &asked).await.must_say(200, &["olle approved it on", said]);
    let page = ada.visits(&asked.at).await;
    let confirmation = ada.clicks(&page, "Continue").await;
    confirmation.must_say(200, &["olle has approved this"]);
    assert!(!confirmation.says("How did you check who is asking?"), "what was approved is what is done");
    assert_eq!(panel.resets(), (0, 0));
    let done = ada.presses(&confirmation, "Reset password").await;
    assert!(done.password().is_some(), "{done:#?}");
    let intent = panel.one(AuditKind::ResetIntent).await;
    let facts = [Fact::ApprovedBy, Fact::CallerCheck, Fact::CallerText].map(|fact| intent.facts.text(fact));
    assert_eq!(facts, [Some("olle"), Some("seen"), Some("his “badge” <7>")]);
    // An account that takes no second person takes the check all the same.
    ada.presses(&unasked, "Reset password").await.must_say(422, &["Choose how you checked who is asking."]);
}

#[tokio::test]
async fn a_colleagues_mailbox_takes_two_people_also_once_one_has_disabled_or_renamed_them() {
    let panel = panel().await;
    let (ada, bo) = (panel.admin("ada").await, panel.signed_in(Role::Admin, "bo@example.se").await);
    let reset = "/accounts/bo@example.se/reset";
    let id = panel.database.texts("SELECT id FROM staff WHERE name = 'bo@example.se'").await.remove(0);
    for (path, fields) in [("names", &[("name", "bo"), ("display_name", "")][..]), ("disable", &[])] {
        ada.visits(reset).await.must_say(403, &["This takes two people"]);
        ada.has_proved(Act::ChangeStaff).await;
        let answer = ada.posts(&format!("/staff/{id}/{path}"), fields).await;
        assert_eq!(answer.status, 303, "{answer:#?}");
    }
    ada.visits(reset).await.must_say(403, &["This takes two people"]);
    assert_eq!(bo.visits("/").await.text("h1"), "Sign in");
    let eva = panel.operator("eva").await;
    eva.visits(reset).await.must_say(403, &["This account is protected"]);
    panel.clock.turn(7 * 24 * 3600 + 1);
    eva.signs_in().await;
    assert!(eva.resets("bo@example.se").await.password().is_some(), "there was time to notice");
}
