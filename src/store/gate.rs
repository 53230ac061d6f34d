//! The gate that strangers' writes pass one at a time: nobody who is signed in, and no operation, waits for the one writer
//! behind more than one of them. Anyone who waits here in vain learns that it is crowded, which says nothing of the database.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Error, PATIENCE};

/// How many may wait: at some milliseconds a write, the last of them waits for a second or two.
const ROOM: usize = 320;

/// The gate. Clones are the same gate.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    room: Arc<Semaphore>,
    turn: Arc<Semaphore>,
}

impl Default for Gate {
    fn default() -> Self {
        Self { room: Semaphore::new(ROOM).into(), turn: Semaphore::new(1).into() }
    }
}

impl Gate {
    /// Waits for a turn, which lasts until it is dropped.
    pub async fn pass(&self) -> Result<OwnedSemaphorePermit, Error> {
        let _room = self.room.try_acquire().map_err(|_| Error::Crowded)?;
        let turn = tokio::time::timeout(PATIENCE, self.turn.clone().acquire_owned());
        turn.await.ok().and_then(Result::ok).ok_or(Error::Crowded)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn strangers_wait_in_a_bounded_line_and_get_their_turns() {
        let gate = Gate::default();
        let first = gate.pass().await.unwrap();
        let mut line: Vec<_> = (0..ROOM).map(|_| Box::pin(gate.pass())).collect();
        assert!(line.iter_mut().all(|waiting| waiting.as_mut().now_or_never().is_none()));
        assert!(matches!(gate.pass().now_or_never(), Some(Err(Error::Crowded))));
        drop(first);
        assert!(matches!(line[0].as_mut().now_or_never(), Some(Ok(_))));
        drop(line);
        assert!(gate.pass().await.is_ok());
    }
}
