//! Searching the audit: by each thing and by several, in both directions, without looking at rows that don't matter.

use sqlx::{AssertSqlSafe, Row};

use super::audit::full;
use super::{Either, Place, address, at, commit, on, on_both};
use crate::model::{AuditEvent, AuditKind, DomainName, OperationState};
use crate::store::AuditFilter;

/// Ten rows, one a second: Eva and Bo take turns; every third is about example.com, every fifth is unknown.
async fn ten_rows(place: &Place) {
    for n in 1..=10 {
        let kind = if n <= 5 { AuditKind::ResetOutcome } else { AuditKind::ResetShown };
        let (name, text) = if n % 2 == 0 { ("bo", "bo@example.se") } else { ("eva", "anna@example.se") };
        let address = address(if n % 3 == 0 { "carl@example.com" } else { text });
        let outcome = match n {
            5 => "unknown: timeout",
            10 => "unknown",
            4 => "not_sent: connect",
            9 => "undone",
            _ => "done",
        };
        commit!(place.store, tx => tx.record(&AuditEvent {
            kind,
            at: at(n),
            staff_name: Some(name.to_owned()),
            address: Some(address),
            outcome: Some(outcome.to_owned()),
            ..full(kind, "")
        }));
    }
    commit!(place.store, tx => tx.record(&AuditEvent::new(AuditKind::SetUp, at(11))));
}

fn filters() -> Vec<(AuditFilter, Vec<i64>)> {
    let any = AuditFilter::default();
    let eva = AuditFilter { staff_name: Some("eva".to_owned()), ..any.clone() };
    let com = AuditFilter { domain: DomainName::parse("example.com").ok(), ..any.clone() };
    let state = |state| AuditFilter { state: Some(state), ..AuditFilter::default() };
    vec![
        (any.clone(), (1..=11).collect()),
        (eva.clone(), vec![1, 3, 5, 7, 9]),
        (AuditFilter { address: Some(address("bo@example.se")), ..any.clone() }, vec![2, 4, 8, 10]),
        (com.clone(), vec![3, 6, 9]),
        (AuditFilter { kind: Some(AuditKind::ResetShown), ..any.clone() }, vec![6, 7, 8, 9, 10]),
        (state(OperationState::Done), vec![1, 2, 3, 6, 7, 8]),
        (state(OperationState::Unknown), vec![5, 10]),
        (state(OperationState::NotSent), vec![4]),
        (state(OperationState::Refused), vec![]),
        (AuditFilter { from: Some(at(4)), ..any.clone() }, (4..=11).collect()),
        (AuditFilter { until: Some(at(4)), ..any.clone() }, vec![1, 2, 3]),
        (AuditFilter { from: Some(at(3)), until: Some(at(6)), ..any.clone() }, vec![3, 4, 5]),
        (AuditFilter { from: Some(at(12)), ..any.clone() }, vec![]),
        (AuditFilter { after: Some(3), before: Some(6), ..any }, vec![4, 5]),
        (AuditFilter { from: Some(at(3)), until: Some(at(8)), before: Some(7), ..eva.clone() }, vec![3, 5]),
        (AuditFilter { staff_name: Some("bo".to_owned()), ..com.clone() }, vec![6]),
        (AuditFilter { kind: Some(AuditKind::ResetOutcome), state: Some(OperationState::Done), ..com }, vec![3]),
        (AuditFilter { state: Some(OperationState::Unknown), after: Some(5), ..eva }, vec![]),
    ]
}

#[tokio::test]
async fn the_same_rows_are_found_in_both_directions_and_in_pages_however_they_are_asked_for() {
    on_both(async |place| {
        ten_rows(place).await;
        let mut reading = place.store.read().await.unwrap();
        for (filter, expected) in filters() {
            let narrowed = reading.narrow(filter.clone()).await.unwrap();
            for filter in [filter, narrowed] {
                let rows = reading.audit_onward(&filter, 20).await.unwrap();
                assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), expected, "{filter:?}");
                let mut rows = reading.audit(&filter, 20).await.unwrap();
                rows.reverse();
                assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), expected, "{filter:?}");
                let first = reading.audit_onward(&filter, 2).await.unwrap();
                assert!(first.iter().map(|row| row.seq).eq(expected.iter().copied().take(2)), "{filter:?}");
                let last = reading.audit(&filter, 2).await.unwrap();
                assert!(last.iter().map(|row| row.seq).eq(expected.iter().rev().copied().take(2)), "{filter:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn rows_of_a_clock_that_was_wrong_are_found_too() {
    on_both(async |place| {
        for seconds in [100, 9000, 101, -9000, 102] {
            commit!(place.store, tx => tx.record(&AuditEvent::new(AuditKind::SetUp, at(seconds))));
        }
        let mut reading = place.store.read().await.unwrap();
        for (from, until, expected) in [(100, 103, vec![1, 3, 5]), (8000, 9999, vec![2]), (-9999, 101, vec![1, 4])] {
            let filter = AuditFilter { from: Some(at(from)), until: Some(at(until)), ..AuditFilter::default() };
            let filter = reading.narrow(filter).await.unwrap();
            let rows = reading.audit_onward(&filter, 9).await.unwrap();
            assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), expected, "{from} {until}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_single_filter_has_its_index() {
    let place = Place::open(Either::Sqlite(tempfile::tempdir().unwrap())).await;
    let mut reading = place.store.read().await.unwrap();
    let any = AuditFilter::default();
    let plans = [
        (
            "audit_address (address=? AND seq>? AND seq<?)",
            AuditFilter { address: Some(address("a@b.se")), ..any.clone() },
        ),
        (
            "audit_staff (staff_name=? AND seq>? AND seq<?)",
            AuditFilter { staff_name: Some(String::new()), ..any.clone() },
        ),
        (
            "audit_state (<expr>=? AND seq>? AND seq<?)",
            AuditFilter { state: Some(OperationState::Done), ..any.clone() },
        ),
        ("audit_kind (kind=? AND seq>? AND seq<?)", AuditFilter { kind: Some(AuditKind::SetUp), ..any.clone() }),
        (
            "audit_domain (domain=? AND seq>? AND seq<?)",
            AuditFilter { domain: DomainName::parse("b.se").ok(), ..any.clone() },
        ),
        ("sqlite_autoindex_audit_1 (seq>? AND seq<?)", any),
    ];
    for (index, filter) in plans {
        for newest_first in [true, false] {
            let explain = format!("EXPLAIN QUERY PLAN {}", filter.statement(newest_first));
            let steps: Vec<String> =
                on!(&mut reading, c => sqlx::query(AssertSqlSafe(explain.clone())).fetch_all(c).await
                .map(|rows| rows.iter().map(|row| row.try_get("detail").unwrap_or_default()).collect()))
                .unwrap();
            assert_eq!(steps, [format!("SEARCH audit USING INDEX {index}")], "{newest_first}: nothing is sorted");
        }
    }
}
