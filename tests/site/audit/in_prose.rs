//! A database whose audit an earlier version kept in prose: it opens, verifies, and reads like any other.

use nyckel::model::facts::VOCABULARY;
use nyckel::model::{AuditRow, Fact};
use nyckel::store::AuditFilter;

use crate::stage::{Database, Page, Panel, Person, Stage};

/// Ada's password by then: an older copy was put back, and she was invited anew.
const ANEW: &str = "four other words of a story";
/// The rows that there were.
const ROWS: i64 = 252;

async fn opened() -> Panel {
    let stage = Stage::usual().over(Database::of_prose().await);
    // Later than anything that happened before.
    stage.days_later(3).opens().await
}

async fn ada(panel: &Panel) -> Person {
    let ada = Person::stranger(panel).called("ada");
    assert_eq!(ada.signs_in_with(ANEW).await.status, 200);
    ada
}

async fn old_rows(panel: &Panel) -> Vec<AuditRow> {
    let all = AuditFilter { before: Some(ROWS + 1), ..AuditFilter::default() };
    panel.built.store.read().await.unwrap().audit(&all, 1000).await.unwrap()
}

/// Everything that the pages of the audit say, from the newest to the oldest.
async fn reads_it_all(person: &Person, older: &str) -> String {
    let mut page = person.visits("/audit").await;
    let mut said = page.text("tbody");
    while page.link(older).is_some() {
        page = person.clicks(&page, older).await;
        said.push_str(&page.text("tbody"));
    }
    said
}

#[tokio::test]
async fn it_opens_and_verifies_and_goes_on_with_every_head_that_was_noted() {
    let database = Database::of_prose().await;
    let of = |row: &str| format!("SELECT seq || ':' || {row} FROM audit WHERE seq IN (100, 252) ORDER BY seq");
    let mac = if database.is_sqlite() { "lower(hex(mac))" } else { "encode(mac, 'hex')" };
    let heads = database.texts(&of(mac)).await;
    let panel = Stage::usual().over(database).days_later(3).opens().await;
    let ada = ada(&panel).await;
    ada.visits("/accounts/anna@example.se").await.must_say(200, &["anna@example.se"]);
    ada.resets("anna@example.se").await;
    for head in heads {
        let (code, said) = panel.runs(&format!("audit verify --head {head}")).await;
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("256 rows verify") && said.contains("accepted the database as it was"), "{said}");
    }
    let changed =
        "SELECT kind FROM audit WHERE (facts IS NOT NULL AND seq <= 252) OR (detail IS NOT NULL AND seq > 252)";
    assert!(panel.database.texts(changed).await.is_empty(), "the old rows are as they were, the new ones hold facts");
}

#[tokio::test]
async fn its_old_rows_read_well_in_english_and_in_swedish() {
    let panel = opened().await;
    let ada = ada(&panel).await;
    let english = reads_it_all(&ada, "Older").await;
    let swedish = reads_it_all(&ada.reading("sv"), "Äldre").await;
    for (in_english, in_swedish) in [
        ("lost it on the train; again", "lost it on the train; again"),
        ("storage: 1 GiB → 5 GiB", "lagring: 1 GiB → 5 GiB"),
        (
            "automatic reply: off → on; text of the reply: 0 characters → 14 characters",
            "autosvar: av → på; svarstext: 0 tecken → 14 tecken",
        ),
        (
            "leads to: bo@example.se → anna@example.se, y@outside.example; outside the company’s domains: y@outside.example",
            "leder till: bo@example.se → anna@example.se, y@outside.example; utanför företagets domäner: y@outside.example",
        ),
        (
            "sofia; roles: no role → Operator in example.se; single sign-on",
            "sofia; roller: ingen roll → Operatör i example.se; single sign-on",
        ),
        ("sign-in link; passkey", "inloggningslänk; lösennyckel"),
        ("further: 9; since: 2026-11-23 ", "ytterligare: 9; sedan: 2026-11-23 "),
        ("olle → olle.ek", "olle → olle.ek"),
        (
            "eva; passkey: “My key: on -> the desk”; app for codes",
            "eva; lösennyckel: ”My key: on -> the desk”; appen för koder",
        ),
        (
            "people kept: ada (Admin in all domains); people disabled: 7",
            "behållna personer: ada (Administratör i alla domäner); avstängda personer: 7",
        ),
        (
            "format: csv; only account: anna@example.se; only domain: example.se; only what: Password, or link and code, sent to the browser",
            "format: csv; bara konto: anna@example.se; bara domän: example.se; bara vad: Lösenord, eller länk och kod, skickat till webbläsaren",
        ),
    ] {
        assert!(english.contains(in_english), "{in_english}: {english}");
        assert!(swedish.contains(in_swedish), "{in_swedish}: {swedish}");
    }
    let rows = old_rows(&panel).await;
    assert_eq!(rows.len(), 252);
    // Names that hold the words between the two.
    let notes: Vec<_> = rows.iter().filter_map(|row| row.event.facts.text(Fact::Note)).collect();
    let unclear = [
        "ada: from Ada to Bo to nothing",
        "ada: from nothing to Ada to Bo",
        "olle.ek: from Olle Ek to Olof Ek; from here to there",
    ];
    assert_eq!(notes, unclear);
}

#[tokio::test]
async fn its_exports_hold_facts() {
    let panel = opened().await;
    let ada = ada(&panel).await;
    let page: Page = ada.posts("/audit/export", &[("format", "jsonl")]).await;
    let lines: Vec<serde_json::Value> = page.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(
        lines.len() > 252 && lines.iter().all(|line| line["facts"].is_object() && line["vocabulary"] == VOCABULARY)
    );
    let batch = lines.iter().find(|line| line["kind"] == "batch.begun").unwrap();
    assert_eq!((&batch["facts"]["automatic_reply"], &batch["facts"]["accounts"]), (&false.into(), &3.into()));
    assert!(
        batch["detail"].as_str().unwrap().starts_with("automatic reply off; batch "),
        "what the MAC covers is there"
    );
    let page = ada.posts("/audit/export", &[("format", "csv")]).await;
    assert!(page.body.contains("\"quota_gib=5; quota_gib_before=1\""), "{}", page.body);
}
