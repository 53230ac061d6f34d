//! Following the audit's chain: row by row, as it stands at one moment, with the right key only.

use super::audit::full;
use super::{Place, commit, on_both, opening};
use crate::model::{AuditHead, AuditKind, Fact, Facts};
use crate::store::{AuditRecord, Chain, Store};

async fn place_with(place: &Place, rows: usize) {
    for n in 1..=rows {
        commit!(place.store, tx => tx.record(&full(AuditKind::ResetShown, &format!("event {n}"))));
    }
}

async fn all(store: &Store) -> Vec<AuditRecord> {
    store.read().await.unwrap().audit_records(i64::MIN, 100).await.unwrap()
}

async fn head(store: &Store) -> Option<AuditHead> {
    store.read().await.unwrap().audit_head().await.unwrap()
}

#[tokio::test]
async fn the_chain_leads_from_the_first_row_to_the_head() {
    on_both(async |place| {
        assert_eq!(head(&place.store).await, Some(AuditHead::default()));
        place_with(place, 5).await;
        let mut chain = place.store.chain();
        assert!(all(&place.store).await.iter().all(|row| chain.follow(row)));
        assert_eq!(head(&place.store).await.as_ref(), Some(chain.end()));
        assert_eq!(chain.end().seq, 5);
        let mut reading = place.store.read().await.unwrap();
        let part: Vec<_> = reading.audit_records(2, 3).await.unwrap().iter().map(|row| row.seq).collect();
        assert_eq!(part, [2, 3, 4]);
        drop(reading);
        place.execute("DELETE FROM audit_head").await.unwrap();
        assert_eq!(head(&place.store).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_row_follows_only_the_one_that_it_was_recorded_after() {
    on_both(async |place| {
        place_with(place, 3).await;
        let rows = all(&place.store).await;
        let mut chain = place.store.chain();
        assert!(!chain.follow(&rows[1]) && chain.follow(&rows[0]) && !chain.follow(&rows[2]));
        let other = Facts::new().with(Fact::Ticket, "event 3").kept();
        assert!(!chain.follow(&AuditRecord { facts: other, ..rows[1].clone() }));
        assert!(!chain.follow(&AuditRecord { facts: None, detail: rows[1].facts.clone(), ..rows[1].clone() }));
        assert!(!chain.follow(&AuditRecord { detail: Some("event 2".to_owned()), ..rows[1].clone() }));
        let none = AuditRecord { facts: None, ..rows[1].clone() };
        let hidden = [&u64::MAX.to_be_bytes()[..], rows[1].facts.as_ref().unwrap().as_bytes()].concat();
        assert!(!chain.follow(&none) && !chain.follow(&AuditRecord { staff_mac: Some(hidden), ..none }));
        assert!(chain.follow(&rows[1]), "what did not hold is not followed");
    })
    .await;
}

#[tokio::test]
async fn nobody_follows_the_chain_with_another_key() {
    on_both(async |place| {
        place_with(place, 1).await;
        let mut chain = Chain::after(opening("others").keys, AuditHead::default());
        assert!(!chain.follow(&all(&place.store).await[0]));
    })
    .await;
}

#[tokio::test]
async fn a_snapshot_does_not_see_what_comes_later() {
    on_both(async |place| {
        place_with(place, 2).await;
        let mut snapshot = place.store.snapshot().await.unwrap();
        assert_eq!(snapshot.audit_head().await.unwrap().unwrap().seq, 2);
        place_with(place, 2).await;
        assert_eq!(snapshot.audit_records(1, 10).await.unwrap().len(), 2);
        assert_eq!(snapshot.audit_head().await.unwrap().unwrap().seq, 2);
        drop(snapshot);
        assert_eq!(head(&place.store).await.unwrap().seq, 4);
    })
    .await;
}
