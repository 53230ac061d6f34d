//! The audit: without gaps, chained, never changed.

use aws_lc_rs::hmac;
use sqlx::FromRow;

use super::{Either, Place, SECRET, address, at, at_once, commit, on, on_both, opening, operation_id};
use crate::model::{Actor, AuditEvent, AuditKind, DomainName, Fact, Facts, StaffId};
use crate::store::AuditFilter;

#[derive(FromRow)]
struct Row {
    seq: i64,
    at: i64,
    kind: String,
    staff_id: Option<String>,
    staff_name: Option<String>,
    address: Option<String>,
    domain: Option<String>,
    operation_id: Option<String>,
    outcome: Option<String>,
    detail: Option<String>,
    facts: Option<String>,
    client: Option<String>,
    reference: Option<String>,
    mac: Vec<u8>,
}

/// Recomputes the chain from its rows, apart from the code that made it; `false` when it is not whole.
async fn is_whole(place: &Place) -> bool {
    let mut reading = place.store.read().await.unwrap();
    let rows: Vec<Row> =
        on!(&mut reading, c => sqlx::query_as("SELECT * FROM audit ORDER BY seq").fetch_all(c).await).unwrap();
    let head: (i64, Vec<u8>) =
        on!(&mut reading, c => sqlx::query_as("SELECT seq, mac FROM audit_head").fetch_one(c).await).unwrap();
    let mut last = (0, Vec::new());
    for row in rows {
        let mut bytes = last.1;
        let texts = [
            Some(row.seq.to_string()),
            Some(row.at.to_string()),
            Some(row.kind),
            row.staff_id,
            row.staff_name,
            row.address,
            row.domain,
            row.operation_id,
            row.outcome,
        ];
        let put = |bytes: &mut Vec<u8>, text: Option<String>| {
            let length = text.as_ref().map_or(0, |text| text.len() as u64 + 1);
            bytes.extend(length.to_be_bytes());
            bytes.extend(text.unwrap_or_default().into_bytes());
        };
        for text in texts {
            put(&mut bytes, text);
        }
        if row.facts.is_some() {
            bytes.extend([255; 8]);
            put(&mut bytes, row.facts);
        }
        for text in [row.detail, row.client, row.reference] {
            put(&mut bytes, text);
        }
        if row.seq != last.0 + 1 || hmac::verify(&opening(SECRET).keys.audit, &bytes, &row.mac).is_err() {
            return false;
        }
        last = (row.seq, row.mac);
    }
    last == head
}

/// An event with a text in every field.
pub(super) fn full(kind: AuditKind, ticket: &str) -> AuditEvent {
    AuditEvent {
        actor: Some(Actor::Staff(StaffId("id of eva".to_owned()))),
        staff_name: Some("eva".to_owned()),
        address: Some(address("anna@example.se")),
        operation: Some(operation_id(1)),
        outcome: Some("unknown: timeout".to_owned()),
        facts: Facts::new().with(Fact::Ticket, ticket),
        client: Some("192.0.2.1".to_owned()),
        reference: Some("r-1".to_owned()),
        ..AuditEvent::new(kind, at(7))
    }
}

#[tokio::test]
async fn an_event_is_read_back_as_it_was_recorded() {
    on_both(async |place| {
        commit!(place.store, tx => tx.record(&full(AuditKind::ResetOutcome, "ticket 812 – “Åsa”")));
        commit!(place.store, tx => tx.record(&AuditEvent::new(AuditKind::SetUp, at(8))));
        let rows = place.store.read().await.unwrap().audit(&AuditFilter::default(), 10).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(format!("{:?}", rows[0].event), format!("{:?}", AuditEvent::new(AuditKind::SetUp, at(8))));
        let mut expected = full(AuditKind::ResetOutcome, "ticket 812 – “Åsa”");
        expected.domain = Some(DomainName::parse("example.se").unwrap());
        assert_eq!(format!("{:?}", rows[1].event), format!("{expected:?}"));
    })
    .await;
}

#[tokio::test]
async fn every_kind_can_be_recorded_and_asked_for() {
    on_both(async |place| {
        for kind in AuditKind::ALL {
            commit!(place.store, tx => tx.record(&AuditEvent::new(kind, at(0))));
        }
        let mut reading = place.store.read().await.unwrap();
        for kind in AuditKind::ALL {
            let filter = AuditFilter { kind: Some(kind), ..AuditFilter::default() };
            let rows = reading.audit(&filter, 10).await.unwrap();
            assert_eq!(rows.iter().map(|row| row.event.kind).collect::<Vec<_>>(), [kind]);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_at_once_make_one_chain_without_gaps() {
    on_both(async |place| {
        at_once(place, 40, |n, store| async move {
            let mut tx = store.write().await.unwrap();
            tx.record(&full(AuditKind::ResetIntent, &format!("first of {n}"))).await.unwrap();
            tx.record(&full(AuditKind::ResetOutcome, &format!("second of {n}"))).await.unwrap();
            // Every fourth thinks better of it: what was not committed leaves no gap.
            if n % 4 > 0 {
                tx.commit().await.unwrap();
            }
        })
        .await;
        assert_eq!(place.number("SELECT count(*) FROM audit").await, 60);
        assert_eq!(place.number("SELECT max(seq) FROM audit").await, 60);
        assert!(is_whole(place).await);
    })
    .await;
}

#[tokio::test]
async fn the_audit_refuses_every_change() {
    on_both(async |place| {
        commit!(place.store, tx => tx.record(&full(AuditKind::ResetShown, "")));
        let mut statements = vec!["UPDATE audit SET facts = 'x'", "UPDATE audit SET seq = 2", "DELETE FROM audit"];
        if matches!(place.home, Either::Postgres(_)) {
            statements.push("TRUNCATE audit");
        } else {
            statements.push("REPLACE INTO audit (seq, at, kind, mac) VALUES (1, 0, 'x', x'')");
        }
        for statement in statements {
            let refused = place.execute(statement).await.unwrap_err().to_string();
            assert!(refused.contains("append-only"), "{statement}: {refused}");
        }
        assert!(is_whole(place).await);
    })
    .await;
}

#[tokio::test]
async fn whoever_gets_past_the_refusal_is_found_by_the_chain() {
    let changes: [&[&str]; 10] = [
        &["UPDATE audit SET facts = 'x' WHERE seq = 2"],
        &["UPDATE audit SET facts = NULL WHERE seq = 2"],
        &["UPDATE audit SET detail = 'x' WHERE seq = 2"],
        &["UPDATE audit SET detail = facts, facts = NULL WHERE seq = 2"],
        &["UPDATE audit SET facts = outcome, outcome = facts WHERE seq = 2"],
        &["UPDATE audit SET at = at + 1 WHERE seq = 3"],
        &["UPDATE audit SET mac = (SELECT mac FROM audit WHERE seq = 1) WHERE seq = 2"],
        &["DELETE FROM audit WHERE seq = 2"],
        &["DELETE FROM audit WHERE seq = 3"],
        &[
            "UPDATE audit SET seq = 9 WHERE seq = 2",
            "UPDATE audit SET seq = 2 WHERE seq = 3",
            "UPDATE audit SET seq = 3 WHERE seq = 9",
        ],
    ];
    for change in changes {
        on_both(async |place| {
            for n in 1..=3 {
                commit!(place.store, tx => tx.record(&full(AuditKind::ResetShown, &format!("event {n}"))));
            }
            assert!(is_whole(place).await);
            let past: &[_] = match place.home {
                Either::Sqlite(_) => &["DROP TRIGGER audit_keeps_rows", "DROP TRIGGER audit_keeps_values"],
                Either::Postgres(_) => &["ALTER TABLE audit DISABLE TRIGGER USER"],
            };
            for statement in past.iter().chain(change) {
                place.execute(statement).await.unwrap();
            }
            assert!(!is_whole(place).await, "{change:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn an_event_of_an_operation_is_found_by_its_request_and_no_other() {
    on_both(async |place| {
        let event = full(AuditKind::ResetShown, "shown");
        commit!(place.store, tx => tx.record(&event));
        let mut reading = place.store.read().await.unwrap();
        assert!(reading.is_recorded(&event).await.unwrap());
        let other = AuditEvent { reference: Some("another".to_owned()), ..event.clone() };
        assert!(!reading.is_recorded(&other).await.unwrap());
        let other = AuditEvent { kind: AuditKind::ResetSeen, ..event };
        assert!(!reading.is_recorded(&other).await.unwrap());
    })
    .await;
}
