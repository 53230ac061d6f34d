//! Creating: the password is shown once, to whoever made the account.

use std::time::Duration;

use nyckel::model::{AuditKind, OperationKind, Role};
use nyckel::simulator::{Fault, Times};

use super::{CREATE, account, calls, rows};
use crate::stage::{PASSWORD, Page, Panel, Person, panel};

const PAGE: &str = "/domains/example.se/accounts/new";

async fn creates(person: &Person, values: &[(&str, &str)]) -> Page {
    let page = person.visits(PAGE).await;
    person.fills_in(&page, "Create account", values).await
}

#[tokio::test]
async fn a_manager_creates_an_account_and_sees_its_password_once() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    let page = mia.visits("/domains/example.se").await;
    let page = mia.clicks(&page, "New account…").await;
    assert_eq!(
        (page.text("h1").as_str(), page.text("#local-domain").as_str()),
        ("New account in example.se", "@example.se")
    );
    assert!(page.has("#virus[checked]") && page.has("#keep[checked]") && !page.has("#refuse[checked]"));
    let values = [("local", "Karin.Ek"), ("quota", "3"), ("spam", "0")];
    let page = mia.fills_in(&page, "Create account", &values).await;
    assert_eq!(page.text("h1"), "New account, with the password for karin.ek@example.se");
    page.must_say(201, &["Your email account is ready."]);
    assert_eq!(page.password(), panel.glesys.password_of("karin.ek@example.se"));
    let karin = account(&panel, "karin.ek@example.se").unwrap();
    assert_eq!((karin.quotaingib, karin.antispamlevel, karin.antivirus), (3, 0, true));
    let (intent, outcome) = rows(&panel, OperationKind::CreateAccount).await;
    assert!(intent.facts.kept().unwrap().starts_with(r#"{"quota_gib":3,"spam_level":0,"virus_check":true,"#));
    assert_eq!(outcome.outcome.as_deref(), Some("done"));
    panel.one(AuditKind::ResetShown).await;
    let again = mia.visits(&page.at).await;
    again.must_say(200, &["Created, and the password has already been shown: karin.ek@example.se"]);
    let back = mia.clicks(&page, "Close").await;
    back.must_say(200, &[&format!("Account created. Its password was shown to you at {}.", panel.time_of_day())]);
    assert_eq!(calls(&panel, CREATE), (1, 1));
    mia.visits("/domains/example.se").await.must_say(200, &["karin.ek@example.se"]);
}

#[tokio::test]
async fn what_cannot_be_created_is_told_at_its_field_before_glesys_is_asked() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    let long = "a".repeat(65);
    for (local, sentence) in [
        ("", "Enter the part before @."),
        ("karin ek", "Use a–z, digits and characters such as . - _ +. No spaces, å, ä or ö."),
        (long.as_str(), "At most 64 characters before the @, and 254 in all."),
        ("karin@example.com", "Enter only the part before @. The domain is example.se."),
        ("ANNA", "There is an account anna@example.se already."),
        ("info@example.se", "There is an alias info@example.se already."),
    ] {
        let refused = creates(&mia, &[("local", local), ("quota", "7")]).await;
        assert_eq!((refused.status, refused.text("#local-problem").as_str()), (422, sentence));
        assert_eq!(refused.attributes("#local", "value"), [local]);
        assert_eq!(refused.attributes("#quota", "value"), ["7"]);
        assert!(refused.has("#local[aria-invalid][autofocus]"));
    }
    let refused = creates(&mia, &[("local", ""), ("quota", "many"), ("reply", "yes")]).await;
    assert_eq!(refused.texts(".field-error").len(), 3, "everything that is wrong is told at once");
    assert_eq!(refused.attributes(".faults a", "href"), ["#local", "#quota", "#text"], "and leads to each field");
    assert!(
        refused.has(".faults[autofocus]") && !refused.has("form [autofocus]"),
        "with the focus, where it is several"
    );
    assert_eq!(calls(&panel, CREATE), (0, 0));
}

#[tokio::test]
async fn an_account_made_in_glesys_own_panel_a_moment_ago_is_seen() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    let page = mia.visits(PAGE).await;
    panel.glesys.change(|state| *state = std::mem::take(state).account("karin@example.se"));
    let refused = mia.fills_in(&page, "Create account", &[("local", "karin")]).await;
    refused.must_say(422, &["There is an account karin@example.se already."]);
    assert_eq!(calls(&panel, CREATE), (0, 0));
}

#[tokio::test]
async fn a_project_that_is_full_takes_no_more() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    panel.glesys.change(|state| state.maxaccounts = 4);
    panel.clock.turn(61);
    let refused = creates(&mia, &[("local", "karin")]).await;
    refused.must_say(422, &["The project is full. GleSYS allows 4 email accounts in this project"]);
    assert_eq!((refused.attributes("#local", "value"), calls(&panel, CREATE)), (vec!["karin".to_owned()], (0, 0)));
}

#[tokio::test]
async fn what_glesys_itself_refuses_lands_at_the_field_that_it_is_about() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    let says = |text: &str| Fault::Status { http: 400, code: 400, text: text.to_owned(), envelope: true };
    for (text, selector, sentence) in [
        ("karin@example.se already exists", "#local-problem", "GleSYS says that the address is taken already."),
        ("quotaingib is too large", "#quota-problem", "GleSYS did not accept this much storage."),
        ("The maximum number of accounts is reached", ".notice", "GleSYS says that the project has as many accounts"),
    ] {
        panel.glesys.fault(CREATE, says(text), Times::Once);
        let refused = creates(&mia, &[("local", "karin"), ("text", "Kept")]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text(selector).contains(sentence), "{:?}", refused.text(selector));
        assert_eq!(refused.texts("#text"), ["Kept"]);
    }
    panel.glesys.fault(CREATE, says("Invalid value"), Times::Once);
    let refused = creates(&mia, &[("local", "karin"), ("text", "Kept")]).await;
    let sentence = "Not created: karin@example.se. GleSYS did not accept the address or one of the settings.";
    refused.must_say(422, &[sentence, "Nothing was changed."]);
    assert_eq!(refused.texts("#text"), ["Kept"]);
    let denied = Fault::Status { http: 401, code: 401, text: "No permission".to_owned(), envelope: true };
    panel.glesys.fault(CREATE, denied, Times::Once);
    let page = creates(&mia, &[("local", "karin")]).await;
    assert_eq!(page.text("h1"), "Not created: karin@example.se");
    assert_eq!(calls(&panel, CREATE), (5, 0));
    panel.glesys.fault("email/editaccount", says("Invalid value"), Times::Once);
    let page = mia.visits("/accounts/anna@example.se/edit").await;
    let refused = mia.fills_in(&page, "Save", &[("text", "Kept")]).await;
    refused.must_say(422, &["Not changed: anna@example.se. GleSYS did not accept one of the settings."]);
    assert_eq!(refused.texts("#text"), ["Kept"]);
    panel.glesys.fault("email/editaccount", says("quotaingib is too large"), Times::Once);
    let page = mia.visits("/accounts/anna@example.se/edit").await;
    let refused = mia.fills_in(&page, "Save", &[("quota", "999")]).await;
    assert_eq!(
        (refused.status, refused.text("#quota-problem").as_str()),
        (422, "GleSYS did not accept this much storage.")
    );
}

#[tokio::test]
async fn a_double_click_creates_one_account_and_ends_at_its_password() {
    let panel = panel().await;
    let other = panel.replica().await;
    for (place, person) in [("karin", panel.clone()), ("lars", other)] {
        let mia = panel.manager(&format!("mia-{place}")).await;
        panel.glesys.fault(CREATE, Fault::Slow(Duration::from_millis(150)), Times::Once);
        let page = mia.visits(PAGE).await;
        let mut form = page.form("Create account");
        form.fields.retain(|(name, _)| name != "local");
        form.fields.push(("local".to_owned(), place.to_owned()));
        let before = calls(&panel, CREATE).0;
        let mia_there = mia.at(&person);
        let (first, second) = tokio::join!(mia.sends(mia.posting(&form.action, &form.fields)), async {
            panel.until(|panel| async move { calls(&panel, CREATE).0 > before }).await;
            mia_there.sends(mia_there.posting(&form.action, &form.fields)).await
        });
        // Long after, too: the account is there by now.
        let third = mia.sends(mia.posting(&form.action, &form.fields)).await;
        for answer in [&first, &second, &third] {
            assert_eq!((answer.status, answer.header("location")), (303, first.header("location")));
        }
        let page = mia.visits(first.header("location")).await;
        assert_eq!(page.password(), panel.glesys.password_of(&format!("{place}@example.se")));
        assert_eq!(calls(&panel, CREATE).0, before + 1);
    }
    assert!(panel.audit(AuditKind::ChangeRefused).await.is_empty());
}

#[tokio::test]
async fn a_form_from_the_browsers_history_creates_nothing_in_silence() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    let page = mia.visits(PAGE).await;
    mia.fills_in(&page, "Create account", &[("local", "karin")]).await;
    let refused = mia.fills_in(&page, "Create account", &[("local", "lars")]).await;
    refused.must_say(409, &["You’ve already sent this form. It was sent for karin@example.se."]);
    assert_eq!(calls(&panel, CREATE), (1, 1));
    assert!(mia.presses(&refused, "Create account").await.password().is_some());
    assert!(account(&panel, "lars@example.se").is_some());
}

#[tokio::test]
async fn creating_asks_who_one_is_and_only_a_reply_is_typed_again_because_links_end_up_in_logs() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    panel.clock.turn(9 * 60);
    let page = mia.visits(PAGE).await;
    panel.clock.turn(2 * 60);
    let typed = [("local", "karin"), ("quota", "4"), ("refuse", "yes"), ("reply", "yes"), ("text", "Hej & hå")];
    let mut form = page.form("Create account");
    form.fields.retain(|(name, _)| !["virus", "local", "quota", "text"].contains(&name.as_str()));
    form.fields.extend(typed.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let answer = mia.sends(mia.posting(&form.action, &form.fields)).await;
    assert_eq!((answer.status, calls(&panel, CREATE)), (303, (0, 0)));
    let link = answer.header("location");
    assert!(!link.contains("Hej") && !link.contains("token") && link.len() < 300, "{link}");
    let asked = mia.visits(link).await;
    let page = mia.fills_in(&asked, "Continue", &[("password", PASSWORD)]).await;
    page.must_say(200, &["Nothing is saved yet."]);
    assert_eq!(
        (page.attributes("#local", "value"), page.texts("#text")),
        (vec!["karin".to_owned()], vec!["Hej & hå".to_owned()])
    );
    assert!(!page.has("#virus[checked]") && page.has("#refuse[checked]") && page.has("#reply[checked]"));
    let created = mia.presses(&page, "Create account").await;
    assert!(created.password().is_some());
    let karin = account(&panel, "karin@example.se").unwrap();
    assert_eq!((karin.quotaingib, karin.antivirus, karin.autorespondmessage.as_deref()), (4, false, Some("Hej & hå")));
    panel.clock.turn(11 * 60);
    assert_eq!(mia.visits(PAGE).await.text("h1"), "Confirm it’s you");
}

#[tokio::test]
async fn whatever_is_posted_the_link_to_the_proof_stays_short() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    panel.clock.turn(11 * 60);
    let long = "å".repeat(2000);
    let fields = [("local", long.as_str()), ("x", &long), ("quota", "4"), ("text", &long)];
    let link = mia.posts(PAGE, &fields).await.header("location").to_owned();
    assert!(link.starts_with("/sign-in/again?") && link.len() < 300, "{link}");
    let asked = mia.visits(&link).await;
    let page = mia.fills_in(&asked, "Continue", &[("password", PASSWORD)]).await;
    assert_eq!((page.attributes("#quota", "value"), page.texts("#text")), (vec!["4".to_owned()], vec![long]));
}

async fn created(panel: &Panel, mia: &Person) -> String {
    let page = mia.visits(PAGE).await;
    let mut form = page.form("Create account");
    form.fields.retain(|(name, _)| name != "local");
    form.fields.push(("local".to_owned(), "karin".to_owned()));
    let answer = mia.sends(mia.posting(&form.action, &form.fields)).await;
    panel.until_at_rest().await;
    answer.header("location").to_owned()
}

#[tokio::test]
async fn nobody_else_sees_it_and_after_five_minutes_nobody_does() {
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    let result = created(&panel, &mia).await;
    let olle = panel.manager("olle").await;
    let page = olle.visits(&result).await;
    page.must_say(200, &["Not shown yet", "Only the session that created the account can see its password."]);
    panel.clock.turn(301);
    let page = mia.visits(&result).await;
    page.must_say(200, &["Created, but not shown", "nobody knows its password. Reset it."]);
    assert_eq!(page.password(), None);
    let page = mia.clicks(&page, "Reset password again…").await;
    assert_eq!(mia.presses(&page, "Reset password").await.password(), panel.glesys.password_of("karin@example.se"));
}

#[tokio::test]
async fn an_account_is_made_only_where_one_may() {
    let panel = panel().await;
    let mia = Person::hired(&panel, "mia", &[(Role::Manager, "example.com")]).await;
    mia.signs_in().await;
    let page = mia.visits("/domains/example.com/accounts/new").await;
    let token = page.attributes("[name=token]", "value").remove(0);
    let fields = [("token", token.as_str()), ("local", "karin"), ("quota", "1"), ("spam", "3"), ("hand_over", "shown")];
    mia.posts(PAGE, &fields).await.must_say(403, &["You may not change accounts here"]);
    let admin = panel.admin("admin").await;
    admin.posts(PAGE, &fields).await.must_say(403, &["Not done: the page is not valid"]);
    admin.visits("/domains/nowhere.example/accounts/new").await.must_say(404, &["No such domain"]);
    assert_eq!(calls(&panel, CREATE), (0, 0));
}
