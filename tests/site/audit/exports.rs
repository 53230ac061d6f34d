//! Taking the audit along as a file: who may, what is in it, that it is recorded first, and that it holds nothing up.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use http_body_util::BodyExt;
use nyckel::model::{AuditEvent, AuditKind, Fact, Role};
use nyckel::simulator::State;
use tower::ServiceExt;

use crate::stage::{Page, Panel, Person, Stage, panel};

fn csv(page: &Page) -> Vec<Vec<String>> {
    let mut lines = csv::ReaderBuilder::new().has_headers(false).from_reader(page.body.as_bytes());
    lines.records().map(|line| line.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn column(lines: &[Vec<String>], name: &str) -> Vec<String> {
    let at = lines[0].iter().position(|column| column == name).unwrap();
    lines[1..].iter().map(|line| line[at].clone()).collect()
}

fn json(page: &Page) -> Vec<serde_json::Value> {
    page.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn exports(person: &Person, fields: &[(&str, &str)]) -> Page {
    person.posts("/audit/export", fields).await
}

/// Puts so many rows into the audit at once.
async fn is_full_of(panel: &Panel, rows: usize, ticket: &str) {
    let mut tx = panel.built.store.write().await.unwrap();
    for _ in 0..rows {
        let event = AuditEvent::new(AuditKind::SignedOut, panel.clock.now());
        tx.record(&event.with(Fact::Ticket, ticket)).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn an_auditor_takes_the_audit_along_oldest_first() {
    let panel = panel().await;
    let (olle, eva) = (panel.signed_in(Role::Auditor, "olle").await, panel.operator("eva").await);
    eva.resets("anna@example.se").await;
    let page = exports(&olle, &[("format", "csv")]).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(page.header("content-disposition"), "attachment; filename=\"nyckel-audit-2026-11-23.csv\"");
    assert_eq!(page.header("cache-control"), "no-store");
    let lines = csv(&page);
    let kinds = ["tied", "signed_in", "tied", "signed_in", "intent", "outcome", "shown", "exported"];
    let found = column(&lines, "kind");
    assert!(found.iter().zip(kinds).all(|(found, kind)| found.ends_with(kind)) && found.len() == 8, "{found:?}");
    assert_eq!(column(&lines, "seq"), ["1", "2", "3", "4", "5", "6", "7", "8"]);
    assert_eq!(column(&lines, "at")[0], "2026-11-23T12:00:00.000Z");
    assert_eq!(column(&lines, "address")[4..7], ["anna@example.se"; 3]);

    let page = exports(&olle, &[("format", "jsonl"), ("staff", "eva"), ("outcome", "done")]).await;
    assert_eq!(page.header("content-disposition"), "attachment; filename=\"nyckel-audit-2026-11-23.jsonl\"");
    let lines = json(&page);
    assert_eq!((lines.len(), lines[0]["seq"].as_i64(), lines[0]["kind"].as_str()), (1, Some(6), Some("reset.outcome")));
    assert_eq!(lines[0]["mac"].as_str().map(str::len), Some(64));

    let exported = panel.audit(AuditKind::AuditExported).await;
    let facts: Vec<_> = exported.iter().filter_map(|event| event.facts.kept()).collect();
    let narrow = r#"{"format":"jsonl","filter_person":"eva","filter_outcome":"done"}"#;
    assert_eq!(facts, [r#"{"format":"csv"}"#, narrow]);
    assert!(exported.iter().all(|event| event.staff_name.as_deref() == Some("olle")));
}

#[tokio::test]
async fn the_buttons_of_the_page_export_what_its_fields_say() {
    let panel = panel().await;
    let ada = panel.admin("ada").await;
    panel.operator("eva").await;
    let page = ada.visits("/audit?staff=eva").await;
    let said = |name| page.attributes("form button[formaction]", name);
    assert_eq!(page.texts("form button[formaction]"), ["Download CSV", "Download for Excel", "Download JSON Lines"]);
    assert_eq!(
        (said("formmethod"), said("value")),
        (vec!["post".to_owned(); 3], ["csv", "excel", "jsonl"].map(str::to_owned).to_vec())
    );
    for (at, lines) in [(0, 2), (1, 2), (2, 1)] {
        let mut fields = page.form("Show").fields;
        fields.push((said("name")[at].clone(), said("value")[at].clone()));
        let file = ada.sends(ada.posting(&said("formaction")[at], &fields)).await;
        assert_eq!(file.body.lines().count(), lines, "Eva's one row: {}", file.body);
    }
}

#[tokio::test]
async fn excel_gets_what_it_opens_with_a_double_click_in_the_readers_language() {
    let panel = panel().await;
    let olle = panel.signed_in(Role::Auditor, "olle").await;
    for (reader, begin) in [(olle.clone(), "\u{feff}\"seq\",\"at\""), (olle.reading("sv"), "\u{feff}\"seq\";\"at\"")] {
        for (place, begin) in [
            ("/audit/export", begin.to_owned()),
            ("/domains/example.se/export", begin.replace("seq", "kind").replace("\"at\"", "\"address\"")),
        ] {
            let file = reader.posts(place, &[("format", "excel")]).await;
            assert_eq!((file.status, file.header("content-type")), (200, "text/csv; charset=utf-8; header=present"));
            assert!(file.header("content-disposition").ends_with(".csv\""), "{place}");
            assert!(file.body.starts_with(&begin), "{place}: {}", file.body);
        }
    }
    let exported = panel.audit(AuditKind::DomainExported).await;
    assert!(exported[0].facts.kept().unwrap().contains(r#""format":"excel""#));
}

#[tokio::test]
async fn whoever_may_not_read_the_audit_exports_nothing_and_nor_does_anybody_elsewhere() {
    let panel = panel().await;
    let (eva, ada) = (panel.operator("eva").await, panel.admin("ada").await);
    exports(&eva, &[("format", "csv")]).await.must_say(403, &["Not for your role"]);
    let foreign = ada.begins("POST", "/audit/export").header("sec-fetch-site", "cross-site");
    let foreign = foreign.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from("format=csv"));
    assert_eq!(ada.sends(foreign.unwrap()).await.status, 403);
    assert_eq!(ada.visits("/audit/export?format=csv").await.status, 405, "a link can't make one");
    exports(&ada, &[("format", "xlsx")]).await.must_say(422, &["The form could not be read"]);
    let page = exports(&ada, &[("format", "csv"), ("from", "yesterday")]).await;
    page.must_say(422, &["Write a day such as 2026-11-23"]);
    assert!(panel.audit(AuditKind::AuditExported).await.is_empty());
}

#[tokio::test]
async fn an_export_that_can_not_be_recorded_does_not_begin() {
    let panel = panel().await;
    let ada = panel.admin("ada").await;
    panel.database.run("ALTER TABLE audit RENAME TO audit_away").await;
    let page = exports(&ada, &[("format", "csv")]).await;
    page.must_say(503, &["The panel can’t save anything at the moment"]);
    assert_eq!(page.header("content-disposition"), "");
    panel.database.run("ALTER TABLE audit_away RENAME TO audit").await;
    assert_eq!(csv(&exports(&ada, &[("format", "csv")]).await).len(), 4);
}

#[tokio::test]
async fn what_people_wrote_is_no_formula_in_a_spreadsheet_and_itself_in_json() {
    let panel =
        Stage::of(State::empty().account("anna@example.se")).with("NYCKEL_RESETS_PER_ACCOUNT", "off").opens().await;
    let eva = panel.admin("eva").await;
    let hostile = [
        "=HYPERLINK(\"http://evil.example\")",
        "+46 70 123",
        "@SUM(1;2)",
        "-2+3",
        "＝1+1",
        " =1",
        "x;=cmd|' /C calc'!A0",
        "a \"b\", c",
        "<script>alert(1)</script>",
        "\u{202e}gnp.exe",
    ];
    for ticket in hostile {
        let page = eva.visits("/accounts/anna@example.se/reset").await;
        eva.fills_in(&page, "Reset password", &[("ticket", ticket)]).await;
    }
    let told: Vec<String> = panel
        .audit(AuditKind::ResetIntent)
        .await
        .into_iter()
        .filter_map(|row| row.facts.text(Fact::Ticket).map(str::to_owned))
        .collect();
    assert_eq!(told.len(), hostile.len());
    let lines = json(&exports(&eva, &[("format", "jsonl"), ("kind", "reset.intent")]).await);
    assert_eq!(lines.iter().map(|line| line["facts"]["ticket"].as_str().unwrap()).collect::<Vec<_>>(), told);
    let lines = csv(&exports(&eva, &[("format", "csv"), ("kind", "reset.intent")]).await);
    for (cell, told) in column(&lines, "facts").iter().zip(&told) {
        // What would turn the text around is shown instead of done.
        let shown = told.replace('\u{202e}', "<U+202E>");
        let value =
            cell.strip_prefix("ticket=").unwrap().strip_suffix("; hand_over=shown").unwrap().replacen("'=", "=", 1);
        let value = if value.starts_with('"') { serde_json::from_str(&value).unwrap() } else { value };
        assert_eq!(value, shown);
        let begins = cell.split(';').map(str::trim_start).any(|part| part.starts_with(['=', '+', '-', '@', '＝']));
        assert!(!begins, "{cell}");
    }
}

#[tokio::test]
async fn a_long_audit_leaves_in_pieces_and_ends_where_it_stood() {
    let panel = panel().await;
    let ada = panel.admin("ada").await;
    is_full_of(&panel, 1200, &"x".repeat(200)).await;
    let request = ada.posting("/audit/export", &[("format", "jsonl")]);
    let answer = panel.service.clone().oneshot(request).await.unwrap();
    let mut body = answer.into_body();
    panel.one(AuditKind::AuditExported).await;
    let (mut lines, mut largest) = (0, 0);
    while let Some(frame) = body.frame().await {
        let piece = frame.unwrap().into_data().unwrap();
        largest = largest.max(piece.len());
        lines += String::from_utf8(piece.to_vec()).unwrap().lines().count();
        is_full_of(&panel, 1, "later").await;
        assert_eq!(ada.visits("/audit?kind=staff.added").await.status, 200, "others go on meanwhile");
    }
    assert_eq!(lines, 1203, "being hired, signing in, 1200 rows, and the export itself");
    assert!((10_000..1_000_000).contains(&largest), "{largest} bytes in one piece");
}

#[tokio::test]
async fn an_export_that_breaks_off_does_not_look_whole() {
    let panel = panel().await;
    let ada = panel.admin("ada").await;
    is_full_of(&panel, 600, "").await;
    let request = ada.posting("/audit/export", &[("format", "csv")]);
    let mut body = panel.service.clone().oneshot(request).await.unwrap().into_body();
    assert!(body.frame().await.unwrap().is_ok());
    panel.database.run("ALTER TABLE audit RENAME TO audit_away").await;
    assert!(body.frame().await.unwrap().is_err(), "the connection breaks");
}
