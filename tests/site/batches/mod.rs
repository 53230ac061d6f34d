//! Changing several accounts at once: each as an operation of its own, with a page that shows how it goes.

mod mishaps;

use std::time::Duration;

use nyckel::model::{AuditEvent, AuditKind, Role};
use nyckel::simulator::{Fault, State, Times};

use crate::stage::{Page, Panel, Person, Stage};

const EDIT: &str = "email/editaccount";

/// Six accounts that answer by themselves, one that doesn't, and one of another domain.
fn away() -> State {
    let state = (0..6).fold(State::empty(), |state, n| {
        state.account_with(&format!("a{n}@example.se"), |account| {
            account.autorespond = true;
            account.autorespondmessage = Some(format!("I, number {n}, am away."));
        })
    });
    state.account("still@example.se").account("carl@example.com")
}

async fn panel() -> Panel {
    Stage::of(away()).opens().await
}

async fn manager(panel: &Panel, name: &str) -> Person {
    let person = Person::hired(panel, name, &[(Role::Manager, "example.se")]).await;
    person.signs_in().await;
    person
}

/// Selects these accounts, by the part before the `@`, and goes on to the confirmation.
async fn selects(person: &Person, action: &str, accounts: &[&str]) -> Page {
    let mut fields = vec![("action", action)];
    fields.extend(accounts.iter().map(|account| ("account", *account)));
    let answer = person.posts("/domains/example.se/bulk", &fields).await;
    if answer.status == 303 { person.visits(answer.header("location")).await } else { answer }
}

/// Waits until the batch does not run any more, and looks at it.
async fn ends(panel: &Panel, person: &Person, page: &Page) -> Page {
    let running = "SELECT id FROM batch WHERE state = 'running'";
    panel.until(move |panel| async move { panel.database.texts(running).await.is_empty() }).await;
    panel.until_at_rest().await;
    person.visits(&page.at).await
}

fn replies(panel: &Panel) -> Vec<String> {
    let state = panel.glesys.state();
    let accounts = state.domains["example.se"].accounts.iter();
    accounts.filter(|(_, account)| account.autorespond).map(|(address, _)| address.clone()).collect()
}

fn marks(page: &Page) -> Vec<String> {
    page.texts("tbody .mark")
}

fn edited(panel: &Panel) -> Vec<String> {
    let calls = panel.glesys.calls().into_iter().filter(|call| call.function == EDIT);
    let mut edited: Vec<_> = calls.filter_map(|call| call.address).collect();
    edited.sort();
    edited
}

async fn stopped_because(panel: &Panel) -> Option<String> {
    panel.one(AuditKind::BatchStopped).await.outcome
}

#[tokio::test]
async fn a_manager_turns_off_the_automatic_replies_of_a_domain() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    let before = panel.glesys.state();
    let domain = eva.visits("/domains/example.se").await;
    let form = eva.clicks(&domain, "Change several accounts…").await;
    let form = eva.clicks(&form, "Select all shown").await;
    assert_eq!(form.attributes("input[name=account][checked]", "value").len(), 7);
    let page = selects(&eva, "auto_reply_off", &["a0", "a1", "a2", "still"]).await;
    page.must_say(200, &["Turn the automatic reply off in example.se", "Will be changed", "Nothing to change"]);
    assert_eq!(page.texts("dd"), ["3", "1"]);
    assert_eq!(edited(&panel), [""; 0], "nothing is sent before it is confirmed");
    assert!(panel.audit(AuditKind::BatchBegun).await.is_empty());

    let page = eva.presses(&page, "Change them").await;
    let page = ends(&panel, &eva, &page).await;
    page.must_say(200, &["All have had their turn", "Begun by eva"]);
    assert_eq!(marks(&page), ["Changed", "Changed", "Changed", "Nothing to change"]);
    assert_eq!(page.header("refresh"), "");
    assert_eq!(replies(&panel), ["a3@example.se", "a4@example.se", "a5@example.se"]);
    // Nothing but that setting is another one than before.
    let (mut before, mut after) = (before, panel.glesys.state());
    for state in [&mut before, &mut after] {
        for account in state.domains.get_mut("example.se").unwrap().accounts.values_mut() {
            (account.autorespond, account.modified) = (false, None);
        }
    }
    assert_eq!(after, before);

    let begun = panel.one(AuditKind::BatchBegun).await;
    assert_eq!(begun.domain.unwrap().as_str(), "example.se");
    assert!(begun.detail.unwrap().starts_with("automatic reply off; batch "));
    let ended = panel.audit(AuditKind::AccountEditOutcome).await;
    assert_eq!(panel.audit(AuditKind::AccountEditIntent).await.len(), 3);
    let is_so = |event: &AuditEvent| {
        (event.outcome.as_deref(), event.detail.as_deref()) == (Some("done"), Some("automatic reply: on -> off"))
    };
    assert!(ended.len() == 3 && ended.iter().all(is_so), "{ended:#?}");
    assert!(panel.audit(AuditKind::BatchStopped).await.is_empty());
    eva.clicks(&page, "Changed").await.must_say(200, &["Changed: a0@example.se"]);
    eva.visits("/domains/example.se/bulk").await.must_say(200, &["Last changes of several accounts", "Finished"]);
}

#[tokio::test]
async fn several_accounts_get_a_spam_level_or_the_virus_check() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    panel.glesys.change(|state| {
        state.domains.get_mut("example.se").unwrap().accounts.get_mut("a1@example.se").unwrap().antivirus = false;
    });
    panel.built.app.directory.read_all().await;
    for (action, begins, expected) in [
        ("spam_level 0", "Turn the spam filter off", (0, false)),
        ("virus_check_on", "Turn the virus check on", (0, true)),
        ("spam_level 5", "Set the spam filter to level 5 of 5", (5, true)),
    ] {
        let page = selects(&eva, action, &["a1"]).await;
        page.must_say(200, &[begins]);
        let page = eva.presses(&page, "Change them").await;
        assert_eq!(marks(&ends(&panel, &eva, &page).await), ["Changed"]);
        let state = panel.glesys.state();
        let account = state.mailbox("a1@example.se").unwrap();
        assert_eq!((account.antispamlevel, account.antivirus), expected);
    }
    let page = selects(&eva, "spam_level 5", &["a1"]).await;
    page.must_say(200, &["There is nothing to change: see below why.", "It has the setting already."]);
    assert!(!page.has("main button"));
}

#[tokio::test]
async fn a_batch_that_is_confirmed_twice_and_on_two_replicas_is_done_once() {
    let panel = panel().await;
    let other = panel.replica().await;
    let eva = manager(&panel, "eva").await;
    panel.glesys.fault(EDIT, Fault::Slow(Duration::from_millis(30)), Times::Always);
    let page = selects(&eva, "auto_reply_off", &["a0", "a1", "a2", "a3", "a4", "a5"]).await;
    let form = page.form("Change them");
    let there = eva.at(&other);
    let posts = [&eva, &there, &eva, &there].map(|person| person.sends(person.posting(&form.action, &form.fields)));
    for answer in futures_util::future::join_all(posts).await {
        assert_eq!((answer.status, answer.header("location")), (303, page.at.as_str()));
    }
    let running = eva.visits(&page.at).await;
    running.must_say(200, &["of 6 have had their turn"]);
    assert_eq!(running.header("refresh"), "2");
    let done = ends(&panel, &there, &page).await;
    assert_eq!(marks(&done), ["Changed"; 6]);
    assert_eq!(edited(&panel).len(), 6);
    assert_eq!(panel.audit(AuditKind::BatchBegun).await.len(), 1);
    let again = eva.sends(eva.posting(&form.action, &form.fields)).await;
    assert_eq!(again.status, 303, "what is done stays done");
    assert_eq!(edited(&panel).len(), 6);
}

#[tokio::test]
async fn protected_accounts_are_left_out_for_whoever_is_no_admin() {
    let panel = Stage::of(away()).with("NYCKEL_PROTECTED_ACCOUNTS", "a0@example.se").opens().await;
    let eva = manager(&panel, "eva").await;
    let form = eva.visits("/domains/example.se/bulk?all=1").await;
    assert_eq!(form.attributes("input[name=account][disabled]", "value"), ["a0"]);
    let page = selects(&eva, "auto_reply_off", &["a0", "a1"]).await;
    page.must_say(200, &["Left out", "This account is protected. It takes an admin."]);
    let page = eva.presses(&page, "Change them").await;
    assert_eq!(marks(&ends(&panel, &eva, &page).await), ["Left out", "Changed"]);
    assert_eq!(edited(&panel), ["a1@example.se"]);
    let admin = panel.admin("admin").await;
    let page = selects(&admin, "auto_reply_off", &["a0"]).await;
    let page = admin.presses(&page, "Change them").await;
    assert_eq!(marks(&ends(&panel, &admin, &page).await), ["Changed"]);
}

#[tokio::test]
async fn accounts_that_others_are_busy_with_or_that_are_gone_are_left_out() {
    let panel = Stage::of(away()).gives_up_after(600).opens().await;
    let (eva, olle) = (manager(&panel, "eva").await, manager(&panel, "olle").await);
    let page = selects(&eva, "auto_reply_off", &["a0", "a1", "a2", "a3"]).await;
    panel.glesys.fault("email/resetpassword", Fault::HangAfter, Times::Always);
    olle.resets("a1@example.se").await.must_say(200, &["May have been reset"]);
    panel.glesys.change(|state| {
        let domain = state.domains.get_mut("example.se").unwrap();
        domain.accounts.remove("a2@example.se");
        domain.accounts.get_mut("a3@example.se").unwrap().autorespond = false;
    });
    let confirmation = olle.visits("/accounts/a0@example.se/reset").await;
    let (_, page) = tokio::join!(olle.submits(&confirmation), async {
        panel.until_called(2).await;
        let page = eva.presses(&page, "Change them").await;
        let running = "SELECT id FROM batch WHERE state = 'running'";
        panel.until(move |panel| async move { panel.database.texts(running).await.is_empty() }).await;
        eva.visits(&page.at).await
    });
    assert_eq!(marks(&page), ["Left out", "Left out", "Left out", "Nothing to change"]);
    page.must_say(200, &["Something else was being done to it.", "it rests for a minute", "It is not there any more."]);
    assert_eq!(edited(&panel), [""; 0]);
    let codes: Vec<_> = panel.audit(AuditKind::ChangeRefused).await.into_iter().filter_map(|e| e.outcome).collect();
    assert_eq!(codes.len(), 3, "{codes:?}");
}

#[tokio::test]
async fn a_form_that_does_not_fit_is_shown_again_with_what_was_chosen() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    let page = selects(&eva, "", &["a1"]).await;
    page.must_say(422, &["Choose what to change."]);
    assert_eq!(page.attributes("input[name=account][checked]", "value"), ["a1"]);
    let page = selects(&eva, "spam_level 2", &[]).await;
    page.must_say(422, &["Select at least one account."]);
    assert_eq!(page.attributes("option[selected]", "value"), ["spam_level 2"]);
    let hostile = "<script>alert(1)</script>";
    for account in
        ["nobody", "", "a0@evil.example", "carl@example.com@", "\u{0}", hostile, "a0\r\nx", &"x".repeat(9000)]
    {
        selects(&eva, "auto_reply_off", &[account]).await.must_say(422, &["One of the accounts"]);
    }
    for action in ["spam_level 6", "delete", hostile, "spam_level 99999999999999999999"] {
        selects(&eva, action, &["a0"]).await.must_say(422, &["Choose what to change."]);
    }
    let fields = [("filter", hostile), ("action", "x")];
    let page = eva.posts("/domains/example.se/bulk", &fields).await;
    assert!(page.status == 422 && !page.body.contains("<script>alert"), "{page:?}");
    assert!(panel.database.texts("SELECT id FROM batch").await.is_empty());
    for path in ["/batches/x", "/batches/019ab000-0000-7000-8000-000000000001", "/batches/..%2F"] {
        assert_eq!(eva.visits(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_batch_has_five_hundred_accounts_at_most() {
    let names: Vec<_> = (0..501).map(|n| format!("n{n:03}")).collect();
    let state = names.iter().fold(State::empty(), |state, name| state.account(&format!("{name}@example.se")));
    let panel = Stage::of(state).opens().await;
    let eva = manager(&panel, "eva").await;
    let form = eva.visits("/domains/example.se/bulk?all=1").await;
    form.must_say(200, &["The first 500 of 501 are shown"]);
    assert_eq!(form.attributes("input[name=account][checked]", "value").len(), 500);
    let all: Vec<_> = names.iter().map(String::as_str).collect();
    selects(&eva, "spam_level 1", &all).await.must_say(422, &["Select at most 500 accounts."]);
    let page = selects(&eva, "spam_level 1", &all[..500]).await;
    assert_eq!(page.texts("dd"), ["500"]);
    let twice: Vec<_> = ["n000"].into_iter().cycle().take(600).collect();
    assert_eq!(selects(&eva, "spam_level 1", &twice).await.texts("dd"), ["1"]);
}

#[tokio::test]
async fn a_batch_is_for_whom_it_concerns() {
    let panel = panel().await;
    let (eva, olle) = (manager(&panel, "eva").await, manager(&panel, "olle").await);
    let viewer = panel.viewer("vera").await;
    let page = selects(&eva, "auto_reply_off", &["a0"]).await;
    let form = page.form("Change them");
    for person in [&olle, &viewer] {
        assert_eq!(person.visits(&page.at).await.status, 404, "what is not begun is its maker's");
        assert_eq!(person.sends(person.posting(&form.action, &form.fields)).await.status, 404);
    }
    let page = eva.presses(&page, "Change them").await;
    ends(&panel, &olle, &page).await.must_say(200, &["All have had their turn", "Begun by eva"]);
    assert_eq!(viewer.visits(&page.at).await.status, 404);
    assert_eq!(viewer.posts(&format!("{}/stop", page.at), &[]).await.status, 404);
    // Whoever began it may look at it when the right is gone, but not act.
    panel.database.run("UPDATE staff_grant SET role = 'viewer'").await;
    let looked = eva.visits(&page.at).await;
    looked.must_say(200, &["All have had their turn"]);
    assert!(!looked.has("main form"));
    assert_eq!(eva.sends(eva.posting(&form.action, &form.fields)).await.status, 403);
}

#[tokio::test]
async fn what_is_not_confirmed_within_two_hours_is_forgotten() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    let page = selects(&eva, "auto_reply_off", &["a0"]).await;
    panel.clock.turn(2 * 3600 + 1);
    panel.sweeps().await;
    eva.signs_in().await;
    eva.visits(&page.at).await.must_say(404, &["No such change"]);
    assert!(panel.database.texts("SELECT address FROM batch_item").await.is_empty());
}

#[tokio::test]
async fn several_accounts_can_be_changed_in_swedish() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await.reading("sv");
    let page = eva.visits("/domains/example.se/bulk").await;
    page.must_say(200, &["Ändra flera konton i example.se", "Markera alla som visas", "Skräppostnivå 3"]);
    let page = selects(&eva, "auto_reply_off", &["a0"]).await;
    page.must_say(200, &["Stäng av autosvaret i example.se", "Kommer att ändras"]);
    let page = eva.presses(&page, "Ändra dem").await;
    ends(&panel, &eva, &page).await.must_say(200, &["Alla är klara", "Ändrat"]);
}
