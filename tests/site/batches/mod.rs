//! Changing several accounts at once: each as an operation of its own, with a page that shows how it goes.

mod again;
mod bounds;
mod callers;
mod links;
mod lock_outs;
mod selecting;
mod stops;
mod storage;
mod tied;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use nyckel::model::{AuditEvent, AuditKind, Fact, Role};
use nyckel::simulator::{Fault, State, Times};
use tokio::sync::Semaphore;

use crate::stage::{Form, Page, Panel, Person, Stage};

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

/// The form that has a batch begin or go on, whatever its button says.
fn begin_form(page: &Page) -> Form {
    page.form(&page.text("form[action$='/begin'] button"))
}

/// Has a batch begin or go on.
async fn begins(person: &Person, page: &Page) -> Page {
    person.presses(page, &page.text("form[action$='/begin'] button")).await
}

/// Waits until the batch does not run any more, and looks at it.
async fn ends(panel: &Panel, person: &Person, page: &Page) -> Page {
    let running = "SELECT id FROM batch WHERE state = 'running'";
    panel.until(move |panel| async move { panel.database.texts(running).await.is_empty() }).await;
    panel.until_at_rest().await;
    person.visits(&page.at).await
}

/// Calls of one function wait at GleSYS until they are let go.
struct Gate {
    come: Arc<AtomicUsize>,
    way: Arc<Semaphore>,
}

impl Gate {
    fn before(panel: &Panel, gated: &'static str) -> Self {
        let (come, way) = (Arc::<AtomicUsize>::default(), Arc::new(Semaphore::new(0)));
        let (comes, waits) = (come.clone(), way.clone());
        panel.glesys.watch(move |function, _| {
            let (comes, waits) = (comes.clone(), waits.clone());
            async move {
                if function == gated {
                    comes.fetch_add(1, Ordering::SeqCst);
                    drop(waits.acquire().await.unwrap());
                }
            }
        });
        Self { come, way }
    }

    /// Waits until two accounts have their turn, which is as many as have it at once.
    async fn is_full(&self, panel: &Panel) {
        let come = self.come.clone();
        panel.until(move |_| std::future::ready(come.load(Ordering::SeqCst) == 2)).await;
    }

    fn opens(&self) {
        self.way.add_permits(1);
    }
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

#[tokio::test]
async fn a_manager_turns_off_the_automatic_replies_of_a_domain() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    let before = panel.glesys.state();
    let domain = eva.visits("/domains/example.se").await;
    let form = eva.clicks(&domain, "Bulk edit…").await;
    let form = eva.presses(&form, "Select all shown").await;
    assert_eq!(form.attributes("input[name=account][checked]", "value").len(), 7);
    let page = selects(&eva, "auto_reply_off", &["a0", "a1", "a2", "still"]).await;
    page.must_say(
        200,
        &["Turn the automatic reply off in example.se", "Will be changed 3", "automatic reply: on → off"],
    );
    assert_eq!(page.texts("#changed + .sheet th .address"), ["a0@example.se", "a1@example.se", "a2@example.se"]);
    assert_eq!(page.texts("details:not([open]) th .address"), ["still@example.se"]);
    let fields = begin_form(&page).fields;
    assert_eq!(fields.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["selection", "run"]);
    assert!(page.texts("main button").contains(&"Change 3 accounts".to_owned()));
    assert_eq!(edited(&panel), [""; 0], "nothing is sent before it is confirmed");
    assert!(panel.audit(AuditKind::BatchBegun).await.is_empty());

    let page = begins(&eva, &page).await;
    let page = ends(&panel, &eva, &page).await;
    page.must_say(200, &["Finished on", "Started by eva"]);
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
    assert!(begun.facts.kept().unwrap().starts_with(r#"{"automatic_reply":false,"batch":""#));
    let ended = panel.audit(AuditKind::AccountEditOutcome).await;
    assert_eq!(panel.audit(AuditKind::AccountEditIntent).await.len(), 3);
    let is_so = |event: &AuditEvent| {
        let changed = r#"{"automatic_reply":false,"automatic_reply_before":true}"#;
        (event.outcome.as_deref(), event.facts.kept().as_deref()) == (Some("done"), Some(changed))
    };
    assert!(ended.len() == 3 && ended.iter().all(is_so), "{ended:#?}");
    assert!(panel.audit(AuditKind::BatchStopped).await.is_empty());
    eva.clicks(&page, "Changed").await.must_say(200, &["Changed: a0@example.se"]);
    let olle = panel.signed_in(Role::Auditor, "olle").await;
    let rows = olle.visits("/audit?kind=batch.begun").await;
    let batch = begun.facts.text(Fact::Batch).unwrap();
    let page = olle.clicks(&rows, &format!("several accounts: {batch}")).await;
    page.must_say(200, &["Finished on", "Started by eva"]);
    eva.visits("/domains/example.se/bulk").await.must_say(200, &["Last bulk edits", "Finished"]);
}

#[tokio::test]
async fn several_accounts_get_what_is_done_about_spam_and_viruses() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    panel.glesys.change(|state| {
        state.domains.get_mut("example.se").unwrap().accounts.get_mut("a1@example.se").unwrap().antivirus = false;
    });
    panel.built.app.directory.read_all().await;
    for (action, says, expected) in [
        ("spam_level 0", "Turn the spam filter off", (0, false, false)),
        ("virus_check_on", "Turn the virus check on", (0, true, false)),
        ("refuse_spam on", "Reject spam on arrival", (0, true, true)),
        ("virus_check_off", "Turn the virus check off", (0, false, true)),
        ("refuse_spam off", "Deliver spam to the spam folder", (0, false, false)),
        ("spam_level 5", "Set the spam filter to level 5 of 5", (5, false, false)),
    ] {
        let page = selects(&eva, action, &["a1"]).await;
        page.must_say(200, &[says]);
        let page = begins(&eva, &page).await;
        assert_eq!(marks(&ends(&panel, &eva, &page).await), ["Changed"]);
        let state = panel.glesys.state();
        let account = state.mailbox("a1@example.se").unwrap();
        assert_eq!((account.antispamlevel, account.antivirus, account.rejectspam), expected);
    }
    let page = selects(&eva, "spam_level 5", &["a1"]).await;
    page.must_say(200, &["There is nothing to change, as far as is known", "It has the setting already."]);
    assert_eq!(page.texts("main button"), ["Check again and change"]);
}

#[tokio::test]
async fn a_batch_that_is_confirmed_twice_and_on_two_replicas_is_done_once() {
    let panel = panel().await;
    let other = panel.replica().await;
    let eva = manager(&panel, "eva").await;
    panel.glesys.fault(EDIT, Fault::Slow(Duration::from_millis(30)), Times::Always);
    let page = selects(&eva, "auto_reply_off", &["a0", "a1", "a2", "a3", "a4", "a5"]).await;
    let form = begin_form(&page);
    let there = eva.at(&other);
    let posts = [&eva, &there, &eva, &there].map(|person| person.sends(person.posting(&form.action, &form.fields)));
    for answer in futures_util::future::join_all(posts).await {
        assert_eq!((answer.status, answer.header("location")), (303, page.at.as_str()));
    }
    let running = eva.visits(&page.at).await;
    running.must_say(200, &["of 6 done"]);
    assert!(running.has("[data-found=in-place] [data-reading]") && running.link("Refresh").is_some());
    assert_eq!((running.header("refresh"), running.attributes("progress", "max")), ("", vec!["6".to_owned()]));
    let done = ends(&panel, &there, &page).await;
    assert_eq!(marks(&done), ["Changed"; 6]);
    assert_eq!(edited(&panel).len(), 6);
    assert_eq!(panel.audit(AuditKind::BatchBegun).await.len(), 1);
    let again = eva.sends(eva.posting(&form.action, &form.fields)).await;
    assert_eq!(again.status, 303, "what is done stays done");
    assert_eq!(edited(&panel).len(), 6);
}

#[tokio::test]
async fn an_account_that_glesys_refuses_keeps_no_other_from_its_turn() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    let locked = Fault::Status { http: 423, code: 423, text: "Locked".to_owned(), envelope: true };
    panel.glesys.fault(EDIT, locked, Times::Once);
    let page = selects(&eva, "auto_reply_off", &["a0", "a1", "a2"]).await;
    let page = begins(&eva, &page).await;
    let page = ends(&panel, &eva, &page).await;
    let mut found = marks(&page);
    found.sort();
    assert_eq!(found, ["Changed", "Changed", "Not changed"]);
    assert_eq!(replies(&panel).len(), 4);
    assert_eq!(edited(&panel).len(), 3);
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_unknown_and_the_others_go_on() {
    let panel = Stage::of(away()).gives_up_after(150).opens().await;
    let eva = manager(&panel, "eva").await;
    panel.glesys.fault(EDIT, Fault::HangAfter, Times::Once);
    let page = selects(&eva, "auto_reply_off", &["a0", "a1", "a2"]).await;
    let page = begins(&eva, &page).await;
    let page = ends(&panel, &eva, &page).await;
    let mut found = marks(&page);
    found.sort();
    assert_eq!(found, ["Changed", "Changed", "Unknown"]);
    page.must_say(200, &["GleSYS did not answer in time."]);
}

#[tokio::test]
async fn several_accounts_can_be_changed_in_swedish() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await.reading("sv");
    let page = eva.visits("/domains/example.se/bulk").await;
    page.must_say(200, &["Ändra flera konton i example.se", "Markera alla som visas", "Skräppostnivå 3"]);
    let page = selects(&eva, "auto_reply_off", &["a0"]).await;
    page.must_say(200, &["Stäng av autosvaret i example.se", "Kommer att ändras"]);
    let page = begins(&eva, &page).await;
    ends(&panel, &eva, &page).await.must_say(200, &["Klart ", "Ändrat"]);
}
