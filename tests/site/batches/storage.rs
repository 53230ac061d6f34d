//! Giving several accounts of a domain the same storage.

use nyckel::model::AuditKind;
use nyckel::simulator::{Fault, Times};

use super::{EDIT, away, begins, edited, ends, manager, marks, panel};
use crate::stage::{Page, Panel, Person, Stage};

async fn selects(person: &Person, gib: &str, accounts: &[&str]) -> Page {
    let mut fields = vec![("action", "quota"), ("quota", gib)];
    fields.extend(accounts.iter().map(|account| ("account", *account)));
    let answer = person.posts("/domains/example.se/bulk", &fields).await;
    if answer.status == 303 { person.visits(answer.header("location")).await } else { answer }
}

fn quota(panel: &Panel, address: &str) -> u64 {
    panel.glesys.state().mailbox(address).unwrap().quotaingib
}

/// From now on the account holds so many MiB, of 50 GiB.
fn fills(panel: &Panel, address: &str, mib: u64) {
    panel.glesys.change(|state| {
        let account = state.domains.get_mut("example.se").unwrap().accounts.get_mut(address).unwrap();
        (account.usedquotainmib, account.quotaingib) = (mib, 50);
    });
}

#[tokio::test]
async fn a_manager_gives_several_accounts_the_same_storage() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    let form = eva.visits("/domains/example.se/bulk").await;
    assert_eq!(form.attributes("option[value=quota]", "value"), ["quota"]);
    let page = selects(&eva, " 7 ", &["a0", "a1"]).await;
    page.must_say(200, &["Set storage to 7 GiB in example.se", "Will be changed"]);
    let page = begins(&eva, &page).await;
    assert_eq!(marks(&ends(&panel, &eva, &page).await), ["Changed", "Changed"]);
    assert_eq!(["a0", "a1", "a2"].map(|name| quota(&panel, &format!("{name}@example.se"))), [7, 7, 1]);
    assert!(panel.one(AuditKind::BatchBegun).await.facts.kept().unwrap().starts_with(r#"{"quota_gib":7,"batch":""#));
    let ended = panel.audit(AuditKind::AccountEditOutcome).await;
    assert!(
        ended.iter().all(|event| event.facts.kept().as_deref() == Some(r#"{"quota_gib":7,"quota_gib_before":1}"#)),
        "{ended:#?}"
    );
    let page = selects(&eva.reading("sv"), "7", &["a0"]).await;
    page.must_say(200, &["Sätt utrymmet till 7 GiB", "Det har redan inställningen."]);
}

#[tokio::test]
async fn a_storage_that_does_not_fit_is_refused_at_its_field_and_nothing_is_recorded() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    for gib in ["", "0", "-1", "1001", "1.5", "many", "1 0", "99999999999999999999", "<b>"] {
        let page = selects(&eva, gib, &["a1"]).await;
        page.must_say(422, &["Enter a whole number from 1 to 1000."]);
        assert_eq!(page.attributes("#quota[aria-invalid]", "value"), [gib]);
        assert_eq!(page.attributes("option[selected]", "value"), ["quota"]);
        assert_eq!(page.attributes("input[name=account][checked]", "value"), ["a1"]);
    }
    selects(&eva, "0", &[]).await.must_say(422, &["Enter a whole number", "Select at least one account."]);
    assert!(panel.database.texts("SELECT id FROM batch").await.is_empty());
}

#[tokio::test]
async fn accounts_that_hold_more_than_they_would_be_allowed_are_left_out() {
    let panel = Stage::of(away()).opens().await;
    let eva = manager(&panel, "eva").await;
    fills(&panel, "a0@example.se", 5121);
    fills(&panel, "a1@example.se", 5120);
    panel.built.app.directory.read_all().await;
    eva.visits("/accounts/a0@example.se").await;
    let page = selects(&eva, "5", &["a0", "a1", "a2"]).await;
    page.must_say(200, &["Left out", "It holds more than that already.", "Change 2 accounts"]);
    let page = begins(&eva, &page).await;
    assert_eq!(marks(&ends(&panel, &eva, &page).await), ["Left out", "Changed", "Changed"]);
    assert_eq!(edited(&panel), ["a1@example.se", "a2@example.se"]);
    assert_eq!(quota(&panel, "a0@example.se"), 50);
}

#[tokio::test]
async fn how_full_an_account_is_that_nobody_looked_at_is_asked_when_it_has_its_turn() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    fills(&panel, "a0@example.se", 5121);
    panel.built.app.directory.read_all().await;
    // Nothing can be known by the time of the confirmation.
    panel.glesys.fault("email/quota", Fault::CloseAfter, Times::Always);
    let page = selects(&eva, "5", &["a0"]).await;
    page.must_say(200, &["Change 1 account"]);
    panel.until(|panel| async move { panel.glesys.calls_to("email/quota") > 0 }).await;
    panel.until(|panel| async move { !panel.built.app.directory.is_asking_usages() }).await;
    panel.glesys.heal();
    panel.clock.turn(61);
    let page = begins(&eva, &page).await;
    ends(&panel, &eva, &page).await.must_say(200, &["Left out", "It holds more than that already."]);
    assert_eq!(panel.one(AuditKind::ChangeRefused).await.outcome.as_deref(), Some("holds_more"));
    assert_eq!(edited(&panel), [""; 0]);
}

#[tokio::test]
async fn a_storage_that_glesys_refuses_is_told_at_its_account() {
    let panel = panel().await;
    let eva = manager(&panel, "eva").await;
    let text = "Invalid value for quotaingib".to_owned();
    panel.glesys.fault(EDIT, Fault::Status { http: 400, code: 400, text, envelope: true }, Times::Once);
    let page = selects(&eva, "1000", &["a0"]).await;
    let page = begins(&eva, &page).await;
    ends(&panel, &eva, &page).await.must_say(200, &["Not changed", "GleSYS did not accept this much storage."]);
    assert_eq!(quota(&panel, "a0@example.se"), 1);
}
