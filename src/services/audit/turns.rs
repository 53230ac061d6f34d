//! Turns at reading much: one person's reads queue behind themselves, and all of them together leave most of the
//! database's connections to pages.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::model::StaffId;

/// How many read much at the same time.
const AT_ONCE: usize = 2;

/// Clones share the turns.
#[derive(Clone, Debug)]
pub(super) struct Turns {
    all: Arc<Semaphore>,
    persons: Arc<Mutex<HashMap<StaffId, Arc<Semaphore>>>>,
}

impl Default for Turns {
    fn default() -> Self {
        Self { all: Semaphore::new(AT_ONCE).into(), persons: Arc::default() }
    }
}

impl Turns {
    /// Waits for a turn of this person, which lasts until it is dropped. `None` never happens: nobody closes a line.
    pub async fn wait(&self, staff: &StaffId) -> Option<[OwnedSemaphorePermit; 2]> {
        let own = {
            let mut persons = self.persons.lock().unwrap_or_else(PoisonError::into_inner);
            // Anyone who neither reads nor waits needs no line.
            persons.retain(|_, line| Arc::strong_count(line) > 1);
            persons.entry(staff.clone()).or_insert_with(|| Semaphore::new(1).into()).clone()
        };
        let own = own.acquire_owned().await.ok()?;
        Some([own, self.all.clone().acquire_owned().await.ok()?])
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn one_person_waits_behind_themselves_and_leaves_a_turn_to_others() {
        let turns = Turns::default();
        let [eva, olle, ida] = ["eva", "olle", "ida"].map(|name| StaffId(name.to_owned()));
        let first = turns.wait(&eva).await;
        let mut second = Box::pin(turns.wait(&eva));
        assert!(second.as_mut().now_or_never().is_none());
        let others = turns.wait(&olle).now_or_never().unwrap();
        assert!(turns.wait(&ida).now_or_never().is_none());
        drop(first);
        assert!(second.now_or_never().is_some());
        drop(others);
        assert!(turns.wait(&ida).now_or_never().is_some());
        assert_eq!(turns.persons.lock().unwrap().len(), 1, "there is no line without anybody in it");
    }
}
