//! Which operations run in this process, for those who wait for one to end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::Ledger;
use crate::model::OperationId;

/// The operations that run here; the receiver wakes when the sender is dropped.
#[derive(Debug, Default)]
pub(super) struct Board(Mutex<HashMap<OperationId, watch::Receiver<()>>>);

/// An operation's place on the board, which it leaves however it ends.
#[derive(Debug)]
pub(super) struct Running {
    id: OperationId,
    board: Arc<Board>,
    _done: watch::Sender<()>,
}

impl Ledger {
    /// Waits until an operation that runs in this process has ended, at most so long.
    pub async fn settled(&self, id: &OperationId, at_most: Duration) {
        self.0.running.settled(id, at_most).await;
    }
}

impl Board {
    /// Puts an operation on the board.
    pub fn put(self: &Arc<Self>, id: &OperationId) -> Running {
        let (done, running) = watch::channel(());
        self.lock().insert(id.clone(), running);
        Running { id: id.clone(), board: self.clone(), _done: done }
    }

    /// Waits until an operation that runs here has ended, at most so long.
    pub async fn settled(&self, id: &OperationId, at_most: Duration) {
        let running = self.lock().get(id).cloned();
        if let Some(mut running) = running {
            // An error is the news that the sender is gone, which is what ends the waiting.
            let _ = tokio::time::timeout(at_most, running.changed()).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<OperationId, watch::Receiver<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.board.lock().remove(&self.id);
    }
}
