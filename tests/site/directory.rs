//! The directory: our own changes are in it at once, and nothing that was asked for before them takes them back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use nyckel::model::{Account, AccountSettings, Address, Alias, Quota};
use nyckel::simulator::{Fault, State, Times};

use crate::stage::{Panel, Stage, panel};

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

fn account(text: &str) -> Account {
    Account {
        address: address(text),
        display_name: text.to_owned(),
        quota: Quota::Gib(5),
        antispam_level: Some(3),
        antivirus: Some(true),
        reject_spam: Some(false),
        auto_reply: AccountSettings::default().auto_reply,
        created: None,
        modified: None,
    }
}

#[tokio::test]
async fn our_own_changes_are_seen_at_once() {
    let panel = panel().await;
    let eva = panel.viewer("eva").await;
    let directory = &panel.built.app.directory;
    directory.put_account(account("dag@example.se"));
    directory.put_account(Account { display_name: "Anna Berg".to_owned(), ..account("anna@example.se") });
    let (address, targets) = (address("hej@example.se"), Some(vec!["dag@example.se".to_owned()]));
    directory.put_alias(Alias { address, display_name: "hej@example.se".to_owned(), targets });
    directory.remove(&self::address("bo@example.se"));
    let calls = panel.glesys.calls().len();

    let page = eva.visits("/domains/example.se").await;
    assert_eq!(page.texts("tbody th"), ["anna@example.se", "dag@example.se", "hej@example.se", "info@example.se"]);
    assert_eq!(eva.visits("/?q=berg").await.at, "/accounts/anna@example.se");
    assert_eq!(eva.visits("/?q=dag@").await.texts(".hits .address"), ["dag@example.se", "hej@example.se"]);
    assert!(!eva.visits("/?q=bo@").await.has(".hits"));
    let overview = eva.visits("/").await;
    assert_eq!(overview.texts("tbody tr")[1], "example.se22");
    let lists = panel.glesys.calls().iter().skip(calls).filter(|call| call.function == "email/list").count();
    assert_eq!(lists, 0, "nothing of it was asked for");
}

/// Makes a change in the directory at the moment at which GleSYS gets a question, before it looks for the answer.
fn changes_under_way(panel: &Panel, function: &'static str, change: fn(&Panel)) -> Arc<AtomicBool> {
    let done = Arc::new(AtomicBool::new(false));
    let (panel_there, done_there) = (panel.clone(), done.clone());
    panel.glesys.watch(move |asked, _| {
        if asked == function && !done_there.swap(true, Ordering::SeqCst) {
            change(&panel_there);
        }
        std::future::ready(())
    });
    done
}

#[tokio::test]
async fn a_list_that_was_asked_for_before_a_change_does_not_take_it_back() {
    let panel = panel().await;
    let eva = panel.viewer("eva").await;
    let done = changes_under_way(&panel, "email/list", |panel| {
        let directory = &panel.built.app.directory;
        directory.remove(&address("bo@example.se"));
        directory.remove(&address("carl@example.com"));
        directory.put_account(Account { display_name: "Anna Berg".to_owned(), ..account("anna@example.se") });
    });
    panel.clock.turn(61);
    let page = eva.visits("/domains/example.se").await;
    assert!(done.load(Ordering::SeqCst));
    assert_eq!(page.texts("tbody th"), ["anna@example.se", "info@example.se"]);
    page.must_say(200, &["Anna Berg"]);
    // What is asked for afterwards counts again: here GleSYS has them still.
    panel.clock.turn(61);
    let page = eva.visits("/domains/example.se").await;
    assert_eq!(page.texts("tbody th"), ["anna@example.se", "bo@example.se", "info@example.se"]);
}

#[tokio::test]
async fn an_overview_that_was_asked_for_before_a_change_does_not_count_without_it() {
    let panel = panel().await;
    let eva = panel.viewer("eva").await;
    changes_under_way(&panel, "email/overview", |panel| {
        panel.built.app.directory.put_account(account("dag@example.se"));
    });
    panel.clock.turn(61);
    assert_eq!(eva.visits("/").await.texts("tbody tr")[1], "example.se31");
}

#[tokio::test]
async fn however_many_ask_at_once_a_domain_is_read_once() {
    let panel = panel().await;
    let eva = panel.viewer("eva").await;
    panel.glesys.fault("email/list", Fault::Slow(std::time::Duration::from_millis(300)), Times::Always);
    panel.clock.turn(61);
    let before = panel.glesys.calls_to("email/list");
    let visits = (0..20).map(|_| eva.visits("/domains/example.se"));
    for page in futures_util::future::join_all(visits).await {
        page.must_say(200, &["anna@example.se"]);
    }
    assert_eq!(panel.glesys.calls_to("email/list") - before, 1);
}

#[tokio::test]
async fn what_people_ask_for_in_vain_is_forgotten() {
    let panel = Stage::of(State::empty().account("anna@example.se")).opens().await;
    let eva = panel.viewer("eva").await;
    for number in 0..20 {
        assert_eq!(eva.visits(&format!("/domains/no-{number}.example")).await.status, 404);
        assert_eq!(eva.visits(&format!("/accounts/a{number}@example.se")).await.status, 404);
    }
    let kept = format!("{:?}", panel.built.app.directory);
    assert_eq!(kept, "Directory { domains: 1, accounts: 1, aliases: 0, usages: 0, reading: 0, .. }");
}

#[tokio::test]
async fn a_doubt_outlives_a_question_that_was_sent_before_it() {
    let panel = panel().await;
    let eva = panel.viewer("eva").await;
    let done = changes_under_way(&panel, "email/list", |panel| {
        panel.built.app.directory.doubt(address("bo@example.se").domain());
    });
    panel.clock.turn(61);
    eva.visits("/domains/example.se").await.must_say(200, &["bo@example.se"]);
    assert!(done.load(Ordering::SeqCst));
    // What nobody knew of was done after all.
    panel.glesys.change(|state| drop(state.domains.get_mut("example.se").unwrap().accounts.remove("bo@example.se")));
    let page = eva.visits("/domains/example.se").await;
    assert_eq!(page.texts("tbody th"), ["anna@example.se", "info@example.se"]);
    let calls = panel.glesys.calls_to("email/list");
    eva.visits("/domains/example.se").await;
    assert_eq!(panel.glesys.calls_to("email/list"), calls, "it was asked since, and the doubt is over");
}

#[tokio::test]
async fn who_asks_after_a_doubt_does_not_take_the_answer_to_an_older_question() {
    let panel = panel().await;
    let eva = panel.viewer("eva").await;
    let slow = Fault::Slow(std::time::Duration::from_millis(300));
    panel.glesys.fault("email/list", slow, Times::Once);
    panel.clock.turn(61);
    let before = panel.glesys.calls_to("email/list");
    let (older, newer) = tokio::join!(eva.visits("/domains/example.se"), async {
        panel.until(|panel| async move { panel.glesys.calls_to("email/list") > before }).await;
        panel.built.app.directory.doubt(address("bo@example.se").domain());
        panel
            .glesys
            .change(|state| drop(state.domains.get_mut("example.se").unwrap().accounts.remove("bo@example.se")));
        eva.visits("/domains/example.se").await
    });
    older.must_say(200, &["bo@example.se"]);
    assert_eq!(newer.texts("tbody th"), ["anna@example.se", "info@example.se"]);
}

#[tokio::test]
async fn an_operation_whose_lease_ran_out_puts_its_domain_in_doubt() {
    let panel = panel().await;
    let other = panel.replica().await;
    let mia = panel.manager("mia").await;
    let page = mia.visits("/accounts/bo@example.se/delete").await;
    panel.glesys.fault("email/delete", Fault::HangAfter, Times::Once);
    let form = page.form("Delete account");
    let fields: Vec<_> = form.fields.into_iter().filter(|(name, _)| name != "address").collect();
    let typed = [("address".to_owned(), "bo@example.se".to_owned())];
    let fields: Vec<_> = fields.into_iter().chain(typed).collect();
    assert_eq!(mia.sends(mia.posting(&form.action, &fields)).await.status, 303);
    panel.until(|panel| async move { panel.glesys.applied("email/delete") == 1 }).await;
    other.sweeps().await;
    panel.clock.turn(46);
    other.sweeps().await;
    let page = mia.at(&other).visits("/domains/example.se").await;
    assert_eq!(page.texts("tbody th"), ["anna@example.se", "info@example.se"]);
}

#[tokio::test]
async fn an_overview_that_came_too_late_to_be_believed_is_not_asked_for_by_every_page() {
    let panel = panel().await;
    let eva = panel.viewer("eva").await;
    changes_under_way(&panel, "email/overview", |panel| {
        panel.built.app.directory.put_account(account("dag@example.se"));
    });
    panel.clock.turn(61);
    eva.visits("/").await;
    let calls = panel.glesys.calls_to("email/overview");
    eva.visits("/").await.must_say(200, &["example.se"]);
    eva.visits("/domains/example.se").await;
    assert_eq!(panel.glesys.calls_to("email/overview"), calls);
    panel.clock.turn(61);
    eva.visits("/").await.must_say(200, &["just now"]);
    assert_eq!(panel.glesys.calls_to("email/overview"), calls + 1);
}

#[tokio::test]
async fn a_change_that_moves_no_count_keeps_no_overview_out() {
    let panel = panel().await;
    let eva = panel.viewer("eva").await;
    panel.glesys.change(|state| *state = std::mem::take(state).domain("new.example"));
    changes_under_way(&panel, "email/overview", |panel| {
        panel.built.app.directory.put_account(Account { quota: Quota::Gib(9), ..account("anna@example.se") });
    });
    panel.clock.turn(61);
    eva.visits("/").await.must_say(200, &["new.example"]);
}

/// Twenty thousand accounts, whose list is far larger than any other answer may be.
fn a_large_domain() -> State {
    let mut state = State::empty().account("anna@example.se").account("carl@example.com");
    let anna = state.domains["example.se"].accounts["anna@example.se"].clone();
    let mut large = anna.clone();
    large.autorespondmessage = Some("I am away. ".repeat(30));
    let accounts = &mut state.domains.get_mut("example.se").unwrap().accounts;
    accounts.extend((0..20_000).map(|n| (format!("a{n}@example.se"), large.clone())));
    state
}

#[tokio::test]
async fn a_domain_with_a_list_of_ten_mebibytes_is_served_like_any_other() {
    let panel = Stage::of(a_large_domain()).opens().await;
    let mia = panel.manager("mia").await;
    mia.visits("/domains/example.se").await.must_say(200, &["20001"]);
    assert_eq!(mia.visits("/?q=a19999@").await.at, "/accounts/a19999@example.se");
    assert!(mia.resets("a19999@example.se").await.password().is_some());
}

#[tokio::test]
async fn a_reset_asks_for_its_one_account_whatever_becomes_of_the_list() {
    let panel = Stage::usual().builds_with(|_| ()).await;
    let eva = panel.operator("eva").await;
    panel.glesys.fault(
        "email/list",
        Fault::Status { http: 500, code: 500, text: "No".to_owned(), envelope: true },
        Times::Once,
    );
    // The list of the domain can't be read; the account alone can.
    let page = eva.visits("/accounts/anna@example.se").await;
    page.must_say(200, &["anna@example.se"]);
    assert!(eva.resets("anna@example.se").await.password().is_some());
}

#[tokio::test]
async fn what_can_not_be_read_of_a_list_is_counted_on_the_domains_page() {
    let mut state = State::empty().account("anna@example.se").account("bo@example.se");
    let odd = state.domains["example.se"].accounts["bo@example.se"].clone();
    state.domains.get_mut("example.se").unwrap().accounts.insert("no address".to_owned(), odd);
    let panel = Stage::of(state).opens().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/domains/example.se").await;
    page.must_say(
        200,
        &["anna@example.se", "bo@example.se", "GleSYS lists 1 more here", "no address: is no email address"],
    );
}
