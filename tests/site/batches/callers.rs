//! Before several accounts are locked out somebody has checked who asks for it, once for all of them.

use nyckel::model::{AuditKind, Fact};

use super::{away, ends, manager, marks, selects};
use crate::stage::{PASSWORD, Stage};

const CHECKS: &str = r#"
[way.call-back]
label = "Called back"
asks = "Number called"
[way.seen]
label = "Recognised in person"
[[rule]]
for = ["a0@example.se", "a1@example.se"]
ways = ["call-back", "seen"]
[[rule]]
for = ["a1@*"]
ways = ["seen"]
"#;

fn stage() -> Stage {
    Stage::of(away()).with_file("NYCKEL_CALLER_CHECKS_FILE", CHECKS)
}

#[tokio::test]
async fn a_lock_out_of_several_is_checked_once_and_leaves_out_those_for_whom_that_is_not_enough() {
    let panel = stage().opens().await;
    let mia = manager(&panel, "mia").await;
    let page = selects(&mia, "lock_out", &["a0", "a1", "a2"]).await;
    page.must_say(200, &["How did you check who is asking?", "Enough for 1 of the 2 accounts that need a check."]);
    let refused = mia.fills_in(&page, "Lock out 3 accounts", &[("ticket", "812")]).await;
    refused.must_say(422, &["Choose how you checked who is asking."]);
    assert_eq!(refused.attributes("#ticket", "value"), ["812"]);
    assert_eq!(panel.resets(), (0, 0));
    let values = [("caller", "call-back"), ("caller-call-back", "08-1")];
    let done = mia.fills_in(&refused, "Lock out 3 accounts", &values).await;
    let done = ends(&panel, &mia, &done).await;
    assert_eq!(marks(&done), ["Locked out", "Left out", "Locked out"]);
    done.must_say(200, &["isn’t enough for this account", "ticket 812, caller check: Called back (“08-1”)"]);
    let begun = panel.one(AuditKind::BatchBegun).await.facts;
    assert_eq!((begun.text(Fact::CallerCheck), begun.text(Fact::CallerText)), (Some("call-back"), Some("08-1")));
    let intents = panel.audit(AuditKind::LockOutIntent).await;
    let checks: Vec<_> = intents.iter().filter_map(|intent| intent.facts.text(Fact::CallerCheck)).collect();
    assert_eq!((checks, intents.len()), (vec!["call-back"], 2), "of the one that needs none none is kept");
    let refused = panel.one(AuditKind::LockOutRefused).await;
    assert_eq!(refused.outcome.as_deref(), Some("caller_not_enough"));
}

#[tokio::test]
async fn what_was_chosen_for_several_outlasts_a_proof_of_identity() {
    let panel = stage().opens().await;
    let mia = manager(&panel, "mia").await;
    let page = selects(&mia, "lock_out", &["a0"]).await;
    panel.clock.turn(11 * 60);
    let values = [("caller", "call-back"), ("caller-call-back", "08-1")];
    let asked = mia.fills_in(&page, "Lock out 1 account", &values).await;
    let back = mia.fills_in(&asked, "Continue", &[("password", PASSWORD)]).await;
    assert_eq!(back.attributes("[name=caller][checked]", "value"), ["call-back"]);
    let done = mia.presses(&back, "Lock out 1 account").await;
    assert_eq!(marks(&ends(&panel, &mia, &done).await), ["Locked out"]);
}

#[tokio::test]
async fn changes_that_give_nobody_a_password_and_accounts_without_a_rule_need_no_check() {
    let panel = stage().opens().await;
    let mia = manager(&panel, "mia").await;
    for (action, account) in [("auto_reply_off", "a0"), ("lock_out", "a3")] {
        let page = selects(&mia, action, &[account]).await;
        assert!(!page.says("How did you check"), "{action}");
        let begun = super::begins(&mia, &page).await;
        ends(&panel, &mia, &begun).await.must_say(200, &["Finished on"]);
    }
}

#[tokio::test]
async fn a_reset_of_several_by_link_is_checked_once_too() {
    let panel = stage().opens().await;
    let mia = manager(&panel, "mia").await;
    let page = selects(&mia, "give_links", &["a0", "a3"]).await;
    let refused = mia.presses(&page, "Reset 2 passwords").await;
    refused.must_say(422, &["Choose how you checked who is asking."]);
    assert_eq!(panel.resets(), (0, 0));
    let values = [("caller", "call-back"), ("caller-call-back", "08-1")];
    let done = mia.fills_in(&refused, "Reset 2 passwords", &values).await;
    assert_eq!(marks(&ends(&panel, &mia, &done).await), ["Link and code ready"; 2]);
    let intents = panel.audit(AuditKind::ResetIntent).await;
    let checks: Vec<_> = intents.iter().filter_map(|intent| intent.facts.text(Fact::CallerCheck)).collect();
    assert_eq!((checks, intents.len()), (vec!["call-back"], 2), "of the one that needs none none is kept");
}
