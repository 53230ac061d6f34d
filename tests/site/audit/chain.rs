//! The audit's chain: whatever somebody does to the rows past the panel is found, and the head that the log has finds
//! what the database alone can't tell.

use std::fs;
use std::path::Path;

use nyckel::access::{Can, Gate, Keys, ReadAudit};
use nyckel::model::{AuditEvent, AuditHead, AuditKind, Fact, LoggedHead};
use nyckel::services::Audit;
use nyckel::services::audit::verify::NotVerified;

use crate::stage::{Log, Panel, panel};

async fn is_recorded(panel: &Panel, rows: usize) {
    let mut tx = panel.built.store.write().await.unwrap();
    for n in 1..=rows {
        let event = AuditEvent::new(AuditKind::SignedOut, panel.clock.now());
        tx.record(&event.with(Fact::Ticket, format!("event {n}"))).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn verifies_with(audit: &Audit, noted: Option<&AuditHead>) -> Result<AuditHead, String> {
    let can: Can<ReadAudit> = Gate::of_the_command_line().unwrap().can().unwrap();
    let noted = noted.map(|head| head.to_string().parse::<LoggedHead>().unwrap());
    match audit.verify(&can, noted).await {
        Ok(verified) => Ok(verified.head),
        Err(NotVerified::Broken(broken)) => Err(broken.to_string()),
        Err(other) => panic!("{other}"),
    }
}

async fn verifies(panel: &Panel) -> Result<AuditHead, String> {
    verifies_with(&panel.built.app.audit, None).await
}

/// Does something to the database for which one must first get past the refusal to change the audit.
async fn tampers(panel: &Panel, statements: &str) {
    let past = if panel.database.is_sqlite() {
        "DROP TRIGGER IF EXISTS audit_keeps_rows; DROP TRIGGER IF EXISTS audit_keeps_values"
    } else {
        "ALTER TABLE audit DISABLE TRIGGER USER"
    };
    panel.database.run(&format!("{past}; {statements}")).await;
}

#[tokio::test]
async fn an_audit_that_nobody_touched_verifies() {
    let panel = panel().await;
    assert_eq!(verifies(&panel).await, Ok(AuditHead::default()));
    is_recorded(&panel, 7).await;
    let head = verifies(&panel).await.unwrap();
    assert_eq!(head.seq, 7);
    assert_eq!(verifies_with(&panel.built.app.audit, Some(&head)).await, Ok(head.clone()));
    is_recorded(&panel, 2).await;
    let later = verifies_with(&panel.built.app.audit, Some(&head)).await.unwrap();
    assert_eq!(later.seq, 9, "the chain has gone on from the head that was noted");
}

#[tokio::test]
async fn an_audit_of_many_pages_verifies_and_breaks_where_it_was_changed() {
    let panel = panel().await;
    is_recorded(&panel, 5002).await;
    assert_eq!(verifies(&panel).await.unwrap().seq, 5002);
    tampers(&panel, "UPDATE audit SET facts = 'x' WHERE seq = 5001").await;
    assert!(verifies(&panel).await.unwrap_err().starts_with("row 5001 does not hold"));
    tampers(&panel, "DELETE FROM audit WHERE seq = 5000").await;
    assert!(verifies(&panel).await.unwrap_err().starts_with("row 5000 is missing"));
}

#[tokio::test]
async fn whatever_is_done_to_a_row_is_found_at_its_place() {
    const COPY: &str = "kind, staff_id, staff_name, address, domain, operation_id, outcome, detail, client, reference";
    let insert = |seq: i64| {
        format!("INSERT INTO audit SELECT {seq}, at, {COPY}, mac, staff_mac, facts FROM audit WHERE seq = 5")
    };
    let changes = [
        ("UPDATE audit SET seq = 4 + 4 WHERE seq = 7", "row 7 is missing"),
        ("DELETE FROM audit WHERE seq = 3", "row 3 is missing"),
        ("DELETE FROM audit WHERE seq IN (3, 4, 6)", "rows 3 to 4 are missing"),
        ("DELETE FROM audit WHERE seq < 3", "rows 1 to 2 are missing"),
        (
            "UPDATE audit SET seq = 99 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 99",
            "row 3 does not hold",
        ),
        (
            "UPDATE audit SET seq = 99 WHERE seq = 7; UPDATE audit SET seq = 7 WHERE seq = 6; UPDATE audit SET seq = 6 WHERE seq = 99",
            "row 6 does not hold",
        ),
        (&insert(0), "row 0 does not belong there"),
        (&insert(-9), "row -9 does not belong there"),
        (&insert(8), "row 8 does not hold"),
        (&insert(9_223_372_036_854_775_807), "rows 8 to 9223372036854775806 are missing"),
        (&format!("DELETE FROM audit WHERE seq = 4; {}", insert(4)), "row 4 does not hold"),
        ("UPDATE audit SET mac = (SELECT mac FROM audit WHERE seq = 1) WHERE seq = 4", "row 4 does not hold"),
        ("UPDATE audit SET kind = 'a.later.kind' WHERE seq = 4", "row 4 does not hold"),
        (
            "UPDATE audit SET facts = 'x' WHERE seq = 1",
            "row 1 does not hold: it was changed or put there, or the secret key",
        ),
        ("DELETE FROM audit WHERE seq = 7", "row 7 is missing at the end: the audit was cut, for its head is at row 7"),
        ("DELETE FROM audit WHERE seq > 4", "rows 5 to 7 are missing at the end"),
        ("DELETE FROM audit", "rows 1 to 7 are missing at the end"),
        ("DELETE FROM audit_head", "the head of the audit is missing"),
        ("UPDATE audit_head SET seq = 5, mac = (SELECT mac FROM audit WHERE seq = 5)", "row 6 comes after the head"),
        (
            "UPDATE audit_head SET mac = (SELECT mac FROM audit WHERE seq = 5)",
            "row 7 is the last and holds, but the head",
        ),
    ];
    for (change, expected) in changes {
        let panel = panel().await;
        is_recorded(&panel, 7).await;
        tampers(&panel, change).await;
        let found = verifies(&panel).await.unwrap_err();
        assert!(found.starts_with(expected), "{change}: {found}");
    }
}

#[tokio::test]
async fn every_column_is_kept_by_the_chain() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    eva.resets("anna@example.se").await;
    assert_eq!(verifies(&panel).await.unwrap().seq, 5);
    for column in [
        "kind",
        "staff_id",
        "staff_name",
        "address",
        "domain",
        "operation_id",
        "outcome",
        "detail",
        "facts",
        "client",
        "reference",
    ] {
        for value in ["'x'", "NULL", "''"].into_iter().filter(|value| column != "kind" || *value != "NULL") {
            let keep = format!("CREATE TABLE kept AS SELECT seq, {column} AS was FROM audit");
            tampers(&panel, &format!("{keep}; UPDATE audit SET {column} = {value} WHERE seq = 4")).await;
            let changed = format!("SELECT 'x' FROM audit JOIN kept USING (seq) WHERE {column} IS DISTINCT FROM was");
            if !panel.database.texts(&changed).await.is_empty() {
                let found = verifies(&panel).await.unwrap_err();
                assert!(found.starts_with("row 4 does not hold"), "{column} = {value}: {found}");
            }
            let back = format!("UPDATE audit SET {column} = (SELECT was FROM kept WHERE seq = 4) WHERE seq = 4");
            tampers(&panel, &format!("{back}; DROP TABLE kept")).await;
            assert_eq!(verifies(&panel).await.unwrap().seq, 5);
        }
    }
    tampers(&panel, "UPDATE audit SET at = at + 1 WHERE seq = 2").await;
    assert!(verifies(&panel).await.unwrap_err().starts_with("row 2 does not hold"));
}

#[tokio::test]
async fn a_cut_that_takes_the_head_along_is_found_by_a_head_that_was_noted() {
    let panel = panel().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let file = |dir: &Path| dir.join("audit-head");
    is_recorded(&panel, 5).await;
    fs::copy(file(&panel.database.data_dir()), file(elsewhere.path())).unwrap();
    is_recorded(&panel, 2).await;
    let audit = &panel.built.app.audit;
    let (noted, middle) =
        (verifies(&panel).await.unwrap(), "UPDATE audit_head SET seq = 5, mac = (SELECT mac FROM audit WHERE seq = 5)");
    tampers(&panel, &format!("{middle}; DELETE FROM audit WHERE seq > 5")).await;
    assert_eq!(verifies(&panel).await.unwrap().seq, 5, "the database alone does not tell");
    let found = verifies_with(audit, Some(&noted)).await.unwrap_err();
    assert_eq!(found, "the audit ends at row 5, but the head that was noted is row 7: the audit was cut");
    // A replica with a data directory of its own has noted no more than that.
    let other = panel.replica_that(|other| other.config.data_dir = elsewhere.path().to_owned());
    panel.clock.turn(1);
    is_recorded(&Box::pin(other).await, 4).await;
    let found = verifies_with(audit, Some(&noted)).await.unwrap_err();
    assert!(found.starts_with("row 7 is not the one whose head was noted"), "{found}");
}

/// What a later version would record after row `seq - 1`: a kind that this one doesn't know.
async fn a_later_version_records(panel: &Panel, seq: i64) {
    let before = panel.built.store.read().await.unwrap().audit_head().await.unwrap().unwrap();
    let mut message = before.mac;
    let values = [Some(seq.to_string()), Some("0".to_owned()), Some("a.later.kind".to_owned())];
    for value in values.into_iter().chain(vec![None; 9]) {
        message.extend(value.as_ref().map_or(0, |value| value.len() as u64 + 1).to_be_bytes());
        message.extend(value.unwrap_or_default().bytes());
    }
    let mac = aws_lc_rs::hmac::sign(&Keys::derive(&panel.config.secret_key).store.audit, &message);
    let mac = mac.as_ref().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let mac = if panel.database.is_sqlite() { format!("X'{mac}'") } else { format!("'\\x{mac}'") };
    let row = format!("INSERT INTO audit (seq, at, kind, mac) VALUES ({seq}, 0, 'a.later.kind', {mac})");
    panel.database.run(&format!("{row}; UPDATE audit_head SET seq = {seq}, mac = {mac}")).await;
}

#[tokio::test]
async fn verifying_goes_on_past_kinds_of_a_later_version() {
    let panel = panel().await;
    is_recorded(&panel, 3).await;
    a_later_version_records(&panel, 4).await;
    is_recorded(&panel, 1).await;
    assert_eq!(verifies(&panel).await.unwrap().seq, 5);
    let ada = panel.admin("ada").await;
    let file = ada.posts("/audit/export", &[("format", "jsonl")]).await;
    assert!(file.status == 200 && file.body.contains("a.later.kind"), "and so does an export");
}

/// The heads that were noted since the last look.
fn heads(log: &Log) -> Vec<LoggedHead> {
    let text = log.take();
    let heads = text.lines().filter_map(|line| line.split_once("the head of the audit head="));
    heads.map(|(_, head)| head.parse().unwrap()).collect()
}

#[tokio::test]
async fn the_head_is_noted_at_the_start_every_five_minutes_and_at_the_stop() {
    let (log, _here) = Log::listens();
    let panel = panel().await;
    let noted = |seqs: &[i64]| {
        let heads = heads(&log);
        assert_eq!(heads.iter().map(|head| head.seq).collect::<Vec<_>>(), seqs);
        heads.into_iter().next_back()
    };
    is_recorded(&panel, 3).await;
    panel.sweeps().await;
    let first = noted(&[3]).unwrap();
    panel.sweeps().await;
    is_recorded(&panel, 1).await;
    panel.clock.turn(299);
    panel.sweeps().await;
    noted(&[]);
    panel.clock.turn(1);
    panel.sweeps().await;
    noted(&[4]);
    panel.clock.turn(3600);
    panel.sweeps().await;
    noted(&[]);
    is_recorded(&panel, 1).await;
    panel.built.sweeper.head.note().await;
    noted(&[5]);
    let can: Can<ReadAudit> = Gate::of_the_command_line().unwrap().can().unwrap();
    assert_eq!(
        panel.built.app.audit.verify(&can, Some(first)).await.unwrap().head.seq,
        5,
        "what is logged is what is asked for"
    );
}
