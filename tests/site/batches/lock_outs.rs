//! Locking several accounts of a domain out, or all that it has: nobody gets the new passwords.

use std::time::Duration;

use nyckel::model::{AuditKind, Fact, Role};
use nyckel::simulator::{Fault, State, Times};

use super::{Gate, away, begins, ends, manager, marks, selects};
use crate::stage::{PASSWORD, Page, Panel, Person, Stage};

const RESET: &str = "email/resetpassword";
const ALL: [&str; 6] = ["a0", "a1", "a2", "a3", "a4", "a5"];

async fn panel() -> Panel {
    Stage::of(away()).opens().await
}

async fn operator(panel: &Panel, name: &str) -> Person {
    let person = Person::hired(panel, name, &[(Role::Operator, "example.se")]).await;
    person.signs_in().await;
    person
}

/// The addresses that were reset or locked out, in order.
fn called(panel: &Panel) -> Vec<String> {
    let calls = panel.glesys.calls().into_iter().filter(|call| call.function == RESET);
    let mut called: Vec<_> = calls.filter_map(|call| call.address).collect();
    called.sort();
    called
}

/// The confirmation page of a domain's lock-out.
async fn all_of_the_domain(person: &Person) -> Page {
    let domain = person.visits("/domains/example.se").await;
    person.presses(&domain, "Lock out all accounts…").await
}

#[tokio::test]
async fn an_operator_locks_several_accounts_out_and_nobody_gets_their_passwords() {
    let panel = panel().await;
    let eva = operator(&panel, "eva").await;
    let before = ALL.map(|name| panel.glesys.password_of(&format!("{name}@example.se")));
    let domain = eva.visits("/domains/example.se").await;
    assert!(!domain.has("a[href$='/accounts/new']"), "an operator makes no accounts");
    let form = eva.clicks(&domain, "Bulk edit…").await;
    assert_eq!(
        form.attributes("#action option", "value"),
        ["", "give_links", "lock_out"],
        "nor changes their settings"
    );
    assert!(!form.has("#quota"));
    let page = selects(&eva, "lock_out", &["a0", "a1"]).await;
    page.must_say(
        200,
        &[
            "Lock out accounts in example.se",
            "Nobody gets the new passwords",
            "Mail is still received",
            "Will be locked out 2",
        ],
    );
    assert_eq!(called(&panel), [""; 0], "nothing is sent before it is confirmed");

    let page = eva.fills_in(&page, "Lock out 2 accounts", &[("ticket", "INC-812")]).await;
    let page = ends(&panel, &eva, &page).await;
    page.must_say(
        200,
        &["Finished on", "Started by eva", "ticket INC-812", "Reset an account’s password to let its owner"],
    );
    assert_eq!(marks(&page), ["Locked out", "Locked out"]);
    assert_eq!(called(&panel), ["a0@example.se", "a1@example.se"]);
    let changed = ALL.map(|name| panel.glesys.password_of(&format!("{name}@example.se")));
    assert_eq!(ALL.len() - 2, changed.iter().zip(&before).filter(|(now, before)| now == before).count());
    assert!(panel.database.texts("SELECT operation_id FROM sealed").await.is_empty());

    let begun = panel.one(AuditKind::BatchBegun).await;
    assert!(begun.facts.kept().unwrap().starts_with(r#"{"ticket":"INC-812","batch":""#), "{begun:#?}");
    for event in panel.audit(AuditKind::LockOutOutcome).await {
        assert_eq!((event.outcome.as_deref(), event.facts.text(Fact::Ticket)), (Some("done"), Some("INC-812")));
    }
    assert_eq!(eva.visits("/domains/example.se").await.texts("th .mark-warn"), ["Locked out", "Locked out"]);
    assert_eq!(eva.visits("/?q=a").await.texts(".hits .mark-warn"), ["Locked out", "Locked out"]);
    eva.visits("/accounts/a0@example.se").await.must_say(200, &["Locked out by eva", "ticket INC-812"]);
    let export = eva.posts("/domains/example.se/export", &[("format", "csv")]).await.body;
    assert_eq!(export.lines().filter(|line| line.ends_with(",\"yes\"")).count(), 2, "{export}");
}

#[tokio::test]
async fn an_operator_locks_out_and_changes_nothing_else_and_sees_no_change_of_settings() {
    let panel = panel().await;
    let (eva, mia) = (operator(&panel, "eva").await, manager(&panel, "mia").await);
    assert_eq!(selects(&eva, "spam_level 5", &["a0"]).await.status, 403);
    assert_eq!(selects(&eva, "lock_out_all", &["a0"]).await.status, 422);
    let page = selects(&mia, "spam_level 5", &["a0"]).await;
    let page = begins(&mia, &page).await;
    ends(&panel, &mia, &page).await;
    for path in [page.at.clone(), format!("{}/stop", page.at), format!("{}/begin", page.at)] {
        let answer = if path == page.at { eva.visits(&path).await } else { eva.posts(&path, &[("run", "1")]).await };
        assert_eq!(answer.status, 404, "{path}");
    }
    assert!(!eva.visits("/domains/example.se/bulk").await.says("Last bulk edits"));
    let page = selects(&eva, "lock_out", &["a0"]).await;
    let page = begins(&eva, &page).await;
    ends(&panel, &mia, &page).await.must_say(200, &["Finished on", "Started by eva"]);
    assert!(eva.visits("/domains/example.se/bulk").await.says("Last bulk edits"));
    assert!(!panel.viewer("vera").await.visits("/domains/example.se").await.says("Lock out"));
}

#[tokio::test]
async fn all_accounts_of_a_domain_are_locked_out_once_its_name_is_typed() {
    let panel = panel().await;
    let eva = operator(&panel, "eva").await;
    let page = all_of_the_domain(&eva).await;
    page.must_say(
        200,
        &["Lock out all accounts in example.se", "had 7 accounts when it was read", "Will be locked out 7"],
    );
    assert!(page.at.starts_with("/batches/"), "{}", page.at);
    for typed in ["", "example.com", "<b>", "example.se.example.com"] {
        let answer = eva.fills_in(&page, "Lock out 7 accounts", &[("domain", typed), ("ticket", "812")]).await;
        answer.must_say(422, &["This is not the domain above."]);
        assert_eq!(answer.attributes("#domain", "value"), [typed]);
        assert_eq!(answer.attributes("#ticket", "value"), ["812"]);
    }
    assert!(panel.audit(AuditKind::BatchBegun).await.is_empty());
    let page = eva.fills_in(&page, "Lock out 7 accounts", &[("domain", " Example.SE ")]).await;
    let page = ends(&panel, &eva, &page).await;
    assert_eq!(marks(&page), ["Locked out"; 7]);
    assert_eq!(called(&panel).len(), 7);
    let begun = panel.one(AuditKind::BatchBegun).await.facts.kept().unwrap();
    assert!(begun.contains(r#""lock_out":true,"all_accounts":true,"accounts":7,"selection":""#), "{begun}");
}

#[tokio::test]
async fn a_lock_out_of_several_asks_who_one_is_and_why_as_one_of_a_single_account_does() {
    let panel = Stage::of(away()).with("NYCKEL_RESET_REASON", "required").opens().await;
    let eva = operator(&panel, "eva").await;
    let page = selects(&eva, "lock_out", &["a0"]).await;
    let refused = eva.fills_in(&page, "Lock out 1 account", &[("ticket", " ")]).await;
    refused.must_say(422, &["Enter a reason or ticket number."]);
    panel.clock.turn(11 * 60);
    let asked = eva.visits(&page.at).await;
    assert_eq!(asked.text("h1"), "Confirm it’s you", "before anything is typed");
    let asked = eva.fills_in(&page, "Lock out 1 account", &[("ticket", "INC-812")]).await;
    let back = eva.fills_in(&asked, "Continue", &[("password", PASSWORD)]).await;
    assert_eq!((back.attributes("#ticket", "value"), called(&panel).len()), (vec!["INC-812".to_owned()], 0));
    let page = eva.presses(&back, "Lock out 1 account").await;
    ends(&panel, &eva, &page).await.must_say(200, &["Locked out", "ticket INC-812"]);
}

#[tokio::test]
async fn an_account_that_is_reset_after_the_lock_out_began_keeps_the_password_that_was_shown() {
    let panel = panel().await;
    let (eva, olle) = (operator(&panel, "eva").await, operator(&panel, "olle").await);
    let page = selects(&eva, "lock_out", &ALL).await;
    let confirmation = olle.visits("/accounts/a5@example.se/reset").await;
    panel.glesys.fault(RESET, Fault::Slow(Duration::from_millis(200)), Times::Always);
    let page = begins(&eva, &page).await;
    let shown = olle.presses(&confirmation, "Reset password").await;
    let page = ends(&panel, &eva, &page).await;
    assert!(shown.password().is_some());
    assert_eq!(panel.glesys.password_of("a5@example.se"), shown.password(), "what was shown works");
    page.must_say(200, &["Reset just now by olle. It has had a new password since the accounts were chosen."]);
    assert_eq!(marks(&page), ["Locked out", "Locked out", "Locked out", "Locked out", "Locked out", "Left out"]);
    assert!(!page.has("form[action$='/begin']"), "{:?}", page.texts("main"));
}

#[tokio::test]
async fn what_a_colleague_does_to_a_password_after_the_accounts_were_chosen_stands() {
    let panel = panel().await;
    let (eva, olle) = (operator(&panel, "eva").await, operator(&panel, "olle").await);
    olle.resets("a1@example.se").await;
    let page = selects(&eva, "lock_out", &["a0", "a1", "a2", "a3"]).await;
    assert_eq!(page.texts("#changed + .sheet td.whole"), ["", "Reset just now by olle.", "", ""]);
    panel.clock.turn(60);
    let shown = olle.resets("a2@example.se").await;
    let theirs = olle.visits("/accounts/a3@example.se/lock-out").await;
    olle.presses(&theirs, "Lock out").await;
    let seen = eva.visits(&page.at).await;
    seen.must_say(
        200,
        &[
            "Will be locked out 2",
            "Reset a minute ago by olle.",
            "Reset just now by olle. It has had a new password since the accounts were chosen.",
            "Locked out just now by olle. It has been locked out since the accounts were chosen.",
        ],
    );
    let page = eva.fills_in(&page, "Lock out 4 accounts", &[("ticket", "812")]).await;
    let page = ends(&panel, &eva, &page).await;
    assert_eq!(marks(&page), ["Locked out", "Locked out", "Left out", "Locked out"]);
    page.must_say(200, &["Reset just now by olle.", "Locked out just now by olle."]);
    assert_eq!(panel.glesys.password_of("a2@example.se"), shown.password(), "what was shown works");
    let refused = panel.audit(AuditKind::LockOutRefused).await;
    let whys: Vec<_> = refused.iter().filter_map(|event| event.outcome.as_deref()).collect();
    assert_eq!(whys.len(), 2);
    assert!(whys.contains(&"password_since") && whys.contains(&"locked_out_since"), "{whys:?}");
    let none = selects(&eva, "lock_out", &["a5"]).await;
    olle.resets("a5@example.se").await;
    eva.visits(&none.at).await.must_say(200, &["There is nothing to lock out: see below why."]);
}

#[tokio::test]
async fn two_who_lock_the_same_domain_out_at_once_leave_no_account_out() {
    let panel = panel().await;
    let other = panel.replica().await;
    let (eva, olle) = (operator(&panel, "eva").await, operator(&panel, "olle").await.at(&other));
    panel.glesys.fault(RESET, Fault::Slow(Duration::from_millis(30)), Times::Always);
    let pages = [all_of_the_domain(&eva).await, all_of_the_domain(&olle).await];
    let typed = [("domain", "example.se")];
    let began = [
        eva.fills_in(&pages[0], "Lock out 7 accounts", &typed),
        olle.fills_in(&pages[1], "Lock out 7 accounts", &typed),
    ];
    let began = futures_util::future::join_all(began).await;
    let mut found = marks(&ends(&panel, &eva, &began[0]).await);
    found.extend(marks(&ends(&panel, &eva, &began[1]).await));
    assert!(found.iter().all(|mark| mark == "Locked out" || mark == "Left out"), "{found:?}");
    let once = called(&panel);
    assert_eq!((once.len(), panel.glesys.calls_to(RESET)), (7, 7), "{once:?}");
    assert_eq!(eva.visits("/domains/example.se").await.texts("th .mark-warn").len(), 7);
}

#[tokio::test]
async fn a_lock_out_whose_answer_does_not_come_is_unknown_and_can_be_made_again() {
    let panel = Stage::of(away()).gives_up_after(150).opens().await;
    let eva = operator(&panel, "eva").await;
    panel.glesys.fault(RESET, Fault::HangAfter, Times::Once);
    let page = selects(&eva, "lock_out", &["a0", "a1"]).await;
    let page = begins(&eva, &page).await;
    let page = ends(&panel, &eva, &page).await;
    page.must_say(200, &["Try again after a minute to be sure.", "GleSYS did not answer in time."]);
    let mut found = marks(&page);
    found.sort();
    assert_eq!(found, ["Locked out", "Unknown"]);
    assert!(page.has(".notice-warn") && !page.has(".notice-good"));
    panel.clock.turn(61);
    let page = eva.presses(&page, "Try 1 account again").await;
    let page = ends(&panel, &eva, &page).await;
    assert_eq!(marks(&page), ["Locked out", "Locked out"]);
    assert!(page.has(".notice-good") && !page.has("form[action$='/begin']"));
}

#[tokio::test]
async fn a_glesys_that_says_of_nothing_how_it_ended_stops_a_lock_out_before_all_is_unknown() {
    let panel = Stage::of(away()).gives_up_after(150).opens().await;
    let eva = operator(&panel, "eva").await;
    panel.glesys.fault(RESET, Fault::HangAfter, Times::Always);
    let page = all_of_the_domain(&eva).await;
    let page = eva.fills_in(&page, "Lock out 7 accounts", &[("domain", "example.se")]).await;
    let page = ends(&panel, &eva, &page).await;
    page.must_say(200, &["GleSYS did not say how three accounts in a row ended.", "Continue with the rest"]);
    assert_eq!(panel.one(AuditKind::BatchStopped).await.outcome.as_deref(), Some("unknown_in_a_row"));
    let unknown = marks(&page).iter().filter(|mark| *mark == "Unknown").count();
    assert!((3..=4).contains(&unknown), "{:?}", marks(&page));
    panel.glesys.heal();
    panel.clock.turn(61);
    let page = begins(&eva, &page).await;
    assert_eq!(marks(&ends(&panel, &eva, &page).await), ["Locked out"; 7]);
}

#[tokio::test]
async fn who_may_not_reset_any_more_or_has_reached_a_limit_stops_in_the_middle_and_others_go_on() {
    for (limit, code, sentence) in [
        ("off", "reset_passwords", "may no longer reset passwords in this domain"),
        ("2/hour", "lock_outs_of_staff", "has reached their limit; a colleague can continue now"),
    ] {
        let panel = Stage::of(away()).with("NYCKEL_LOCK_OUTS_PER_STAFF", limit).opens().await;
        let (eva, olle) = (operator(&panel, "eva").await, operator(&panel, "olle").await);
        let gate = Gate::before(&panel, RESET);
        let page = selects(&eva, "lock_out", &["a0", "a1", "a2", "a3"]).await;
        let page = eva.fills_in(&page, "Lock out 4 accounts", &[("ticket", "812")]).await;
        gate.is_full(&panel).await;
        if limit == "off" {
            eva.now_holds(&[(Role::Viewer, "*")]).await;
        }
        gate.opens();
        let page = ends(&panel, &olle, &page).await;
        page.must_say(200, &[sentence, "The others are unchanged."]);
        assert_eq!(panel.one(AuditKind::BatchStopped).await.outcome.as_deref(), Some(code));
        assert_eq!(called(&panel).len(), 2);
        let page = begins(&olle, &page).await;
        assert_eq!(marks(&ends(&panel, &olle, &page).await), ["Locked out"; 4]);
        let tickets = panel.audit(AuditKind::LockOutIntent).await;
        assert!(tickets.iter().all(|event| event.facts.text(Fact::Ticket) == Some("812")), "{tickets:#?}");
    }
}

#[tokio::test]
async fn protected_accounts_are_not_locked_out_with_the_others() {
    let panel = Stage::of(away()).with("NYCKEL_PROTECTED_ACCOUNTS", "a0@example.se").opens().await;
    let eva = operator(&panel, "eva").await;
    let page = all_of_the_domain(&eva).await;
    page.must_say(200, &["Will be locked out 6", "Protected account: only admins can do this."]);
    let page = eva.fills_in(&page, "Lock out 6 accounts", &[("domain", "example.se")]).await;
    assert_eq!(marks(&ends(&panel, &eva, &page).await)[..2], ["Left out", "Locked out"]);
    assert!(!called(&panel).contains(&"a0@example.se".to_owned()));
}

#[tokio::test]
async fn an_account_that_was_made_anew_past_the_panel_is_not_locked_out() {
    let panel = panel().await;
    let eva = operator(&panel, "eva").await;
    let page = selects(&eva, "lock_out", &["a0"]).await;
    let page = begins(&eva, &page).await;
    ends(&panel, &eva, &page).await;
    eva.visits("/accounts/a0@example.se").await.must_say(200, &["Locked out by eva"]);
    panel.glesys.change(|state| {
        let account = state.domains.get_mut("example.se").unwrap().accounts.get_mut("a0@example.se").unwrap();
        account.created += 1;
    });
    panel.built.app.directory.read_all().await;
    assert!(!eva.visits("/accounts/a0@example.se").await.says("Locked out by"));
    for path in ["/domains/example.se", "/?q=a"] {
        assert!(!eva.visits(path).await.has(".mark-warn"), "{path}");
    }
}

#[tokio::test]
async fn of_a_large_domain_the_first_accounts_are_shown() {
    let names = (0..520).map(|n| format!("n{n:03}@example.se"));
    let state = names.fold(State::empty(), |state, address| state.account(&address));
    let panel = Stage::of(state).with("NYCKEL_LOCK_OUTS_TOTAL", "519/day").opens().await;
    let eva = operator(&panel, "eva").await;
    let page = all_of_the_domain(&eva).await;
    page.must_say(
        200,
        &[
            "No more than 519 can be locked out in the time of the limit.",
            "Will be locked out 520",
            "The first 500 of 520 are shown",
            "Lock out 520 accounts",
        ],
    );
    assert_eq!(page.texts("tbody th").len(), 500);
    assert_eq!(panel.database.texts("SELECT address FROM batch_item").await.len(), 520);
}

#[tokio::test]
async fn several_accounts_can_be_locked_out_in_swedish() {
    let panel = panel().await;
    let eva = operator(&panel, "eva").await.reading("sv");
    eva.visits("/domains/example.se/bulk").await.must_say(200, &["Ändra flera konton i example.se"]);
    let page = selects(&eva, "lock_out", &["a0"]).await;
    page.must_say(200, &["Kommer att spärras", "Ingen får de nya lösenorden"]);
    let page = begins(&eva, &page).await;
    assert_eq!(marks(&ends(&panel, &eva, &page).await), ["Spärrat"]);
}
