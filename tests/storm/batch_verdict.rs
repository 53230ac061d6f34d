//! The verdict on batches: each account had at most one turn, what was interrupted says so, and the audit tells each run.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::database::{Batch, BatchItem, Database, Operation};
use super::memory::Wish;

/// The batches and their accounts, found in order.
pub struct JudgedBatches {
    pub batches: Vec<Batch>,
    items: Vec<BatchItem>,
}

/// How long a panel lets a batch stand as running that nobody carries on: its lease, until the sweeper came by. The
/// storms' batches are done sooner.
const GIVEN_UP_WITHIN: Duration = Duration::from_secs(90 + 15);

/// Compares batches with the operations that were made of them. Each operation is known to have made one call at most.
pub async fn judge(database: &Database, operations: &[Operation], watched: Duration) -> JudgedBatches {
    let (batches, items) = (database.batches().await, database.batch_items().await);
    let by_id: HashMap<&str, &Operation> = operations.iter().map(|o| (o.id.as_str(), o)).collect();
    let mut taken = HashSet::new();
    for (item, id) in items.iter().filter_map(|item| Some((item, item.operation_id.as_deref()?))) {
        let operation = by_id[id];
        assert!(taken.insert(id), "the operation of two accounts: {item:#?}");
        let batch = batches.iter().find(|batch| batch.id == item.batch_id).unwrap();
        let kind = match batch.action.as_str() {
            "lock_out" => "lock_out",
            "give_links" => "reset_password",
            _ => "edit_account",
        };
        assert_eq!((operation.kind.as_str(), &operation.address), (kind, &item.address), "{item:#?}");
        assert_eq!(item.left_out, None, "left out, and yet {operation:#?}");
    }
    for batch in &batches {
        let own: Vec<&BatchItem> = items.iter().filter(|item| item.batch_id == batch.id).collect();
        judge_one(batch, &own, watched);
    }
    JudgedBatches { batches, items }
}

fn judge_one(batch: &Batch, items: &[&BatchItem], watched: Duration) {
    let told = || format!("{batch:#?} of {items:#?}");
    let had_turns = items.iter().filter(|item| item.operation_id.is_some()).count();
    let waiting = items.iter().filter(|item| item.operation_id.is_none() && item.left_out.is_none()).count();
    assert_eq!(batch.beginnings, batch.run, "beginnings in the audit: {}", told());
    assert_eq!(batch.reason.is_some(), batch.state == "stopped", "{}", told());
    // A run that came to its end is in the audit with its beginning alone; so many of the others may have been stopped.
    let stops = match batch.state.as_str() {
        "proposed" => {
            assert_eq!((batch.run, had_turns), (0, 0), "begun before it was confirmed: {}", told());
            0..=0
        }
        "running" => {
            assert!(watched < GIVEN_UP_WITHIN, "not given up after {watched:?}: {}", told());
            0..=batch.run - 1
        }
        "done" => {
            assert_eq!(waiting, 0, "done, and yet some had no turn: {}", told());
            0..=batch.run - 1
        }
        _ => 1..=batch.run,
    };
    assert!(stops.contains(&batch.stops), "stops in the audit: {}", told());
}

impl JudgedBatches {
    /// The operations that were made of accounts of batches.
    pub fn operations(&self) -> HashSet<&str> {
        self.items.iter().filter_map(|item| item.operation_id.as_deref()).collect()
    }

    /// What the batches were to make of accounts, by the operation.
    pub fn wished(&self) -> HashMap<String, Wish> {
        let level = |batch: &Batch| batch.action.strip_prefix("spam_level ").and_then(|level| level.parse().ok());
        let levels: HashMap<&str, u64> = self.batches.iter().filter_map(|b| Some((b.id.as_str(), level(b)?))).collect();
        let turns = self.items.iter().filter_map(|item| Some((item.operation_id.clone()?, &item.batch_id)));
        let wish = |(id, batch): (String, &String)| {
            Some((id, Wish::Settings { quota: None, spam: *levels.get(batch.as_str())? }))
        };
        turns.filter_map(wish).collect()
    }
}
