//! Whether something became durable although the answer to its commit got lost.

use std::time::Duration;

use crate::model::AuditEvent;
use crate::store::Store;

/// How often is looked, and how long is waited in between.
const LOOKS: u32 = 4;
const PATIENCE: Duration = Duration::from_millis(500);

/// Whether a transaction whose commit failed was made durable all the same. If so, the password was used up and nobody else
/// can be shown it.
pub(in crate::services) async fn is_recorded_all_the_same(store: &Store, event: &AuditEvent) -> bool {
    for _ in 0..LOOKS {
        let looked = async { store.read().await?.is_recorded(event).await };
        match looked.await {
            Ok(found) => return found,
            Err(error) if error.is_refused() => return false,
            Err(error) => tracing::warn!(%error, "whether a showing was recorded could not be read"),
        }
        tokio::time::sleep(PATIENCE).await;
    }
    false
}
