//! Editing: only what differs is sent, and what somebody else changed meanwhile is shown first.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nyckel::model::{AuditKind, OperationKind};
use nyckel::simulator::{Fault, Times};
use tokio::sync::Semaphore;

use super::{EDIT, account, behind_our_back, calls, must_be_refused, rows};
use crate::stage::{Page, Person, Stage, panel};

const PAGE: &str = "/accounts/anna@example.se/edit";

async fn edits(person: &Person, values: &[(&str, &str)]) -> Page {
    let page = person.visits(PAGE).await;
    person.fills_in(&page, "Save", values).await
}

#[tokio::test]
async fn a_manager_changes_what_an_account_may_hold() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    let page = mia.visits("/accounts/anna@example.se").await;
    let page = mia.clicks(&page, "Edit…").await;
    assert_eq!(page.text("h1"), "Edit the account anna@example.se");
    assert_eq!(page.attributes("#quota", "value"), ["1"]);
    let page = mia.fills_in(&page, "Save", &[("quota", " 5 ")]).await;
    page.must_say(200, &["Saved.", "5 GiB"]);
    assert_eq!(page.text("h1"), "anna@example.se");
    assert_eq!(page.texts("section[aria-labelledby=history] .mark"), ["Changed"]);
    assert_eq!(account(&panel, "anna@example.se").unwrap().quotaingib, 5);
    assert_eq!(calls(&panel, EDIT), (1, 1));
    let (intent, outcome) = rows(&panel, OperationKind::EditAccount).await;
    assert_eq!(intent.facts.kept().as_deref(), Some(r#"{"quota_gib":5,"quota_gib_before":1}"#));
    assert_eq!((intent.staff_name.as_deref(), outcome.outcome.as_deref()), (Some("mia"), Some("done")));
    let olle = panel.manager("olle").await;
    assert!(!olle.visits(&page.at).await.says("Saved."), "only the session that did it is told");
}

#[tokio::test]
async fn every_field_can_be_changed_to_its_lowest_and_to_nothing() {
    let panel = panel().await;
    behind_our_back(&panel, |anna| {
        anna.rejectspam = true;
        anna.autorespond = true;
        anna.autorespondmessage = Some("Away".to_owned());
    });
    let mia = panel.manager("mia").await;
    let page = mia.visits(PAGE).await;
    let mut form = page.form("Save");
    form.fields.retain(|(name, _)| !["refuse", "virus", "reply", "keep", "text", "spam"].contains(&name.as_str()));
    form.fields.extend([("spam", "0"), ("text", "")].map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(mia.sends(mia.posting(&form.action, &form.fields)).await.status, 303);
    let anna = account(&panel, "anna@example.se").unwrap();
    assert_eq!((anna.antispamlevel, anna.antivirus, anna.rejectspam), (0, false, false));
    assert_eq!((anna.autorespond, anna.autorespondmessage, anna.autorespondsaveemail), (false, None, false));
}

#[tokio::test]
async fn a_reply_of_several_lines_arrives_as_it_was_written_and_its_text_is_not_in_the_audit() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    let text = "\r\nHej!\r\n\r\nI am in hospital <b>&amp; \"away\".\r\n";
    edits(&mia, &[("reply", "yes"), ("text", text)]).await.must_say(200, &["Saved.", "in hospital"]);
    let anna = account(&panel, "anna@example.se").unwrap();
    let kept = text.replace("\r\n", "\n");
    assert_eq!((anna.autorespond, anna.autorespondmessage.as_deref()), (true, Some(kept.as_str())));
    let (intent, _) = rows(&panel, OperationKind::EditAccount).await;
    let length = kept.chars().count();
    let expected = format!(
        r#"{{"automatic_reply":true,"automatic_reply_before":false,"reply_length":{length},"reply_length_before":0}}"#
    );
    assert_eq!(intent.facts.kept().as_deref(), Some(expected.as_str()));
    assert!(!format!("{:?}", panel.database.dump().await).contains("hospital"));
    let page = mia.visits(PAGE).await;
    mia.presses(&page, "Save").await.must_say(422, &["Nothing to save. GleSYS has these settings already."]);
    assert_eq!(calls(&panel, EDIT), (1, 1));
}

#[tokio::test]
async fn a_reply_that_glesys_wrote_in_its_own_way_is_no_change() {
    let panel = panel().await;
    let text = "\n\r\nOne\rtwo\u{1}\r\n";
    behind_our_back(&panel, |anna| anna.autorespondmessage = Some(text.to_owned()));
    let mia = panel.manager("mia").await;
    edits(&mia, &[]).await.must_say(422, &["Nothing to save."]);
    edits(&mia, &[("quota", "2")]).await.must_say(200, &["Saved."]);
    let anna = account(&panel, "anna@example.se").unwrap();
    assert_eq!((anna.quotaingib, anna.autorespondmessage.as_deref()), (2, Some(text)), "only what differs is sent");
}

#[tokio::test]
async fn what_cannot_be_is_told_at_its_field_before_glesys_is_asked() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    let long = "å".repeat(2001);
    for (values, field, sentence) in [
        ([("quota", "0"), ("reply", "")], "quota", "Enter a whole number from 1 to 1000."),
        ([("quota", "1001"), ("reply", "")], "quota", "Enter a whole number from 1 to 1000."),
        ([("quota", "2,5"), ("reply", "")], "quota", "Enter a whole number from 1 to 1000."),
        ([("spam", "6"), ("reply", "")], "spam", "Choose a level from 0 to 5."),
        ([("text", long.as_str()), ("reply", "")], "text", "At most 2000 characters; this has 2001."),
        ([("text", "  "), ("reply", "yes")], "text", "Enter the message."),
    ] {
        let refused = edits(&mia, &values).await;
        refused.must_say(422, &[sentence]);
        assert_eq!(refused.texts(&format!("#{field}-problem")), [sentence]);
        assert!(refused.has(&format!("#{field}[aria-invalid][autofocus]")));
    }
    let refused = edits(&mia, &[("quota", "0"), ("text", "Kept\r\n"), ("refuse", "yes")]).await;
    assert!(refused.has("#refuse[checked]") && refused.texts("#text") == ["Kept"]);
    mia.fills_in(&refused, "Save", &[("quota", "3")]).await.must_say(200, &["Saved."]);
    assert_eq!(account(&panel, "anna@example.se").unwrap().autorespondmessage.as_deref(), Some("Kept\n"));
    assert_eq!(calls(&panel, EDIT), (1, 1));
}

#[tokio::test]
async fn two_people_who_edit_at_once_do_not_undo_each_other_unseen() {
    let panel = panel().await;
    let other = panel.replica().await;
    let (mia, olle) = (panel.manager("mia").await, panel.manager("olle").await.at(&other));
    let (ours, theirs) = (mia.visits(PAGE).await, olle.visits(PAGE).await);
    let values = [("quota", "9"), ("spam", "5"), ("refuse", "yes")];
    olle.fills_in(&theirs, "Save", &values).await.must_say(200, &["Saved."]);
    panel.clock.turn(120);
    let asked = mia.fills_in(&ours, "Save", &[("quota", "2"), ("reply", "yes"), ("text", "Away")]).await;
    asked.must_say(
        409,
        &["Someone changed this while you were editing", "olle changed it 2 minutes ago. Nothing was sent."],
    );
    let told = [
        "Storage. Now: 9 GiB; you have: 2 GiB.",
        "Spam filter. Now: Level 5 of 5; you have not changed it.",
        "Reject spam on arrival. Now: On; you have not changed it.",
    ];
    assert_eq!(asked.texts(".notice li"), told);
    assert_eq!(calls(&panel, EDIT), (1, 1), "nothing is sent before the person has decided");
    // What they did not touch is what it is now.
    assert_eq!(asked.attributes("#quota", "value"), ["2"]);
    assert_eq!(asked.attributes("#spam [selected]", "value"), ["5"]);
    assert!(asked.has("#refuse[checked]") && asked.has("#reply[checked]"));
    mia.presses(&asked, "Save").await.must_say(200, &["Saved."]);
    let anna = account(&panel, "anna@example.se").unwrap();
    assert_eq!((anna.quotaingib, anna.antispamlevel, anna.rejectspam, anna.autorespond), (2, 5, true, true));
    let last = panel.audit(AuditKind::AccountEditIntent).await.remove(1);
    let expected = concat!(
        r#"{"quota_gib":2,"quota_gib_before":9,"automatic_reply":true,"automatic_reply_before":false,"#,
        r#""reply_length":4,"reply_length_before":0}"#
    );
    assert_eq!(last.facts.kept().as_deref(), Some(expected));
}

#[tokio::test]
async fn what_somebody_else_has_changed_stays_in_sight_after_a_mistake_in_the_answer() {
    let panel = panel().await;
    let (mia, olle) = (panel.manager("mia").await, panel.manager("olle").await);
    let (ours, theirs) = (mia.visits(PAGE).await, olle.visits(PAGE).await);
    let values = [("quota", "9"), ("spam", "5"), ("refuse", "yes")];
    olle.fills_in(&theirs, "Save", &values).await.must_say(200, &["Saved."]);
    let asked = mia.fills_in(&ours, "Save", &[("quota", "2")]).await;
    asked.must_say(409, &["Someone changed this while you were editing"]);
    let wrong = mia.fills_in(&asked, "Save", &[("quota", "much"), ("spam", "1")]).await;
    wrong.must_say(422, &["Someone changed this while you were editing"]);
    let told = [
        "Storage. Now: 9 GiB; you have: “much”.",
        "Spam filter. Now: Level 5 of 5; you have: Level 1 of 5.",
        "Reject spam on arrival. Now: On; you have not changed it.",
    ];
    assert_eq!(wrong.texts(".notice-warn li"), told);
    let wrong = mia.fills_in(&wrong, "Save", &[("reply", "yes")]).await;
    assert_eq!(wrong.texts(".notice-warn li"), told, "after a second mistake too");
    mia.fills_in(&wrong, "Save", &[("quota", "2"), ("text", "Away")]).await.must_say(200, &["Saved."]);
    let anna = account(&panel, "anna@example.se").unwrap();
    assert_eq!((anna.quotaingib, anna.antispamlevel, anna.rejectspam, anna.autorespond), (2, 1, true, true));
}

#[tokio::test]
async fn an_edit_that_another_one_overtakes_while_glesys_is_read_is_not_sent() {
    let panel = panel().await;
    let other = panel.replica().await;
    let (mia, olle) = (panel.manager("mia").await, panel.manager("olle").await.at(&other));
    let (ours, theirs) = (mia.visits(PAGE).await, olle.visits(PAGE).await);
    // Answered with what stood there before the other edit, but told after it.
    panel.glesys.fault("email/list", Fault::Slow(Duration::from_secs(1)), Times::Once);
    let before = panel.glesys.calls_to("email/list");
    let (refused, ()) = tokio::join!(mia.fills_in(&ours, "Save", &[("quota", "2")]), async {
        panel.until(|panel| async move { panel.glesys.calls_to("email/list") > before }).await;
        olle.fills_in(&theirs, "Save", &[("quota", "9")]).await.must_say(200, &["Saved."]);
    });
    must_be_refused(&panel, "overtaken").await;
    refused.must_say(409, &["olle changed it", "Nothing was sent.", "Now: 9 GiB; you have: 2 GiB."]);
    assert_eq!((account(&panel, "anna@example.se").unwrap().quotaingib, calls(&panel, EDIT)), (9, (1, 1)));
    mia.presses(&refused, "Save").await.must_say(200, &["Saved.", "2 GiB"]);
}

#[tokio::test]
async fn a_double_click_whose_second_reads_what_the_first_has_done_ends_at_the_same_edit() {
    let panel = panel().await;
    let other = panel.replica().await;
    let mia = panel.manager("mia").await;
    let page = mia.visits(PAGE).await;
    let (came, goes_on) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let is_held = Arc::new(AtomicBool::new(false));
    let (comes, waits) = (came.clone(), goes_on.clone());
    panel.glesys.watch(move |function, _| {
        let holds = function == "email/list" && !is_held.swap(true, Ordering::SeqCst);
        let (comes, waits) = (comes.clone(), waits.clone());
        async move {
            if holds {
                comes.add_permits(1);
                waits.acquire().await.unwrap().forget();
            }
        }
    });
    let (second, ()) = tokio::join!(mia.fills_in(&page, "Save", &[("quota", "2")]), async {
        came.acquire().await.unwrap().forget();
        mia.at(&other).fills_in(&page, "Save", &[("quota", "2")]).await.must_say(200, &["Saved."]);
        goes_on.add_permits(1);
    });
    second.must_say(200, &["Saved.", "2 GiB"]);
    assert_eq!(calls(&panel, EDIT), (1, 1));
}

#[tokio::test]
async fn what_was_changed_in_glesys_own_panel_is_asked_about_too() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    let page = mia.visits(PAGE).await;
    behind_our_back(&panel, |anna| anna.quotaingib = 7);
    let asked = mia.fills_in(&page, "Save", &[("quota", "2")]).await;
    asked.must_say(409, &["It was changed after you opened this page. Nothing was sent."]);
    let again = mia.fills_in(&page, "Save", &[("quota", "7")]).await;
    again.must_say(422, &["Nothing to save."]);
    // And once more, while they look at what there is now.
    behind_our_back(&panel, |anna| anna.quotaingib = 8);
    let asked = mia.presses(&asked, "Save").await;
    asked.must_say(409, &["Now: 8 GiB; you have: 2 GiB."]);
    mia.presses(&asked, "Save").await.must_say(200, &["Saved.", "2 GiB"]);
    assert_eq!(calls(&panel, EDIT), (1, 1));
}

#[tokio::test]
async fn nobody_is_named_for_a_change_that_they_did_not_make() {
    let panel = Stage::usual().gives_up_after(200).opens().await;
    let (mia, olle) = (panel.manager("mia").await, panel.manager("olle").await);
    let page = mia.visits(PAGE).await;
    let refuses = Fault::Status { http: 400, code: 400, text: "quotaingib is too large".to_owned(), envelope: true };
    panel.glesys.fault(EDIT, refuses, Times::Once);
    edits(&olle, &[("quota", "999")]).await.must_say(422, &["GleSYS did not accept this much storage."]);
    behind_our_back(&panel, |anna| anna.quotaingib = 7);
    let asked = mia.fills_in(&page, "Save", &[("quota", "2")]).await;
    asked.must_say(409, &["It was changed after you opened this page.", "Now: 7 GiB"]);
    assert!(!asked.says("olle"));
    // Of whom GleSYS did not say what came of it, nobody says more than is known.
    panel.glesys.fault(EDIT, Fault::CloseAfter, Times::Once);
    edits(&olle, &[("quota", "9")]).await.must_say(200, &["May have been changed"]);
    panel.clock.turn(61);
    let asked = mia.fills_in(&page, "Save", &[("quota", "2")]).await;
    asked.must_say(409, &["olle may have changed it a minute ago.", "Now: 9 GiB"]);
}

#[tokio::test]
async fn a_long_reply_that_was_made_at_glesys_can_be_seen_kept_and_shortened() {
    let panel = panel().await;
    let long = "Åter på måndag. ".repeat(2500);
    behind_our_back(&panel, |anna| anna.autorespondmessage = Some(long.clone()));
    let mia = panel.manager("mia").await;
    edits(&mia, &[("quota", "2")]).await.must_say(200, &["Saved.", "2 GiB"]);
    assert_eq!(account(&panel, "anna@example.se").unwrap().autorespondmessage.as_ref(), Some(&long));
    let page = mia.visits(PAGE).await;
    assert_eq!(page.body.matches("Åter på måndag.").count(), 2500, "it stands there once");
    behind_our_back(&panel, |anna| anna.autorespondmessage = Some("Back".to_owned()));
    let asked = mia.fills_in(&page, "Save", &[("text", "Away")]).await;
    asked.must_say(409, &["Now: “Back”; you have: “Away”."]);
    mia.presses(&asked, "Save").await.must_say(200, &["Saved."]);
    assert_eq!(account(&panel, "anna@example.se").unwrap().autorespondmessage.as_deref(), Some("Away"));
    assert_eq!(calls(&panel, EDIT), (2, 2));
}

#[tokio::test]
async fn a_form_from_the_browsers_history_is_not_saved_in_silence() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    let page = mia.visits(PAGE).await;
    mia.fills_in(&page, "Save", &[("quota", "2")]).await.must_say(200, &["Saved."]);
    let again = mia.fills_in(&page, "Save", &[("quota", "2")]).await;
    again.must_say(200, &["Saved."]);
    let asked = mia.fills_in(&page, "Save", &[("quota", "2"), ("spam", "1")]).await;
    asked.must_say(409, &["You have saved this form before, with something else in it."]);
    assert_eq!(calls(&panel, EDIT), (1, 1));
    mia.presses(&asked, "Save").await.must_say(200, &["Saved.", "Level 1 of 5"]);
}

#[tokio::test]
async fn the_form_of_an_alias_or_of_nobody_leads_where_there_is_something() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    for what in ["edit", "delete"] {
        assert_eq!(mia.visits(&format!("/accounts/info@example.se/{what}")).await.at, "/aliases/info@example.se");
        mia.visits(&format!("/accounts/nobody@example.se/{what}")).await.must_say(404, &["No such email account"]);
    }
}

#[tokio::test]
async fn only_an_admin_changes_a_protected_account() {
    let panel = Stage::usual().with("NYCKEL_PROTECTED_ACCOUNTS", "anna@example.se, boss@*").opens().await;
    let mia = panel.manager("mia").await;
    let page = mia.visits("/accounts/anna@example.se").await;
    assert_eq!(page.texts(".menu-off small"), ["Protected account: only admins can do this."; 4]);
    for what in ["edit", "delete"] {
        let page = mia.visits(&format!("/accounts/anna@example.se/{what}")).await;
        page.must_say(403, &["This account is protected", "Only an admin may reset its password or change it."]);
    }
    let denied = panel.audit(AuditKind::RightDenied).await;
    assert_eq!((denied.len(), denied[0].outcome.as_deref()), (2, Some("reset_protected_passwords")));
    let page = mia.visits("/domains/example.se/accounts/new").await;
    let refused = mia.fills_in(&page, "Create account", &[("local", "boss")]).await;
    refused.must_say(403, &["This account is protected"]);
    must_be_refused(&panel, "reset_protected_passwords").await;
    let admin = panel.admin("admin").await;
    edits(&admin, &[("quota", "2")]).await.must_say(200, &["Saved."]);
}

#[tokio::test]
async fn whoever_may_not_sees_the_actions_with_the_reason() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/accounts/anna@example.se").await;
    assert!(page.link("Reset password…").is_some());
    assert_eq!(page.texts(".menu-off small"), ["Only managers can do this."; 2]);
    let domain = eva.visits("/domains/example.se").await;
    assert!(domain.link("New account…").is_none());
    domain.must_say(200, &["Only managers can create accounts and aliases."]);
    eva.visits(PAGE).await.must_say(403, &["You may not change accounts here", "Ask a manager"]);
    assert_eq!(panel.one(AuditKind::RightDenied).await.outcome.as_deref(), Some("manage_mail"));
}
