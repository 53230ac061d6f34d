//! The audit: reading it, and recording what no other service's transaction records.

use crate::access::{Can, ReadAudit};
use crate::model::{AuditEvent, AuditRow};
use crate::services::Failure;
pub use crate::store::AuditFilter;
use crate::store::{self, Store};

/// How many rows a page of the audit shows.
pub const PAGE: i64 = 50;

/// The audit. Cloned freely.
#[derive(Clone)]
pub struct Audit {
    store: Store,
}

impl Audit {
    pub const fn new(store: Store) -> Self {
        Self { store }
    }

    /// The newest rows that match, newest first, and whether there are older ones.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn page(&self, _can: &Can<ReadAudit>, filter: &AuditFilter) -> Result<(Vec<AuditRow>, bool), Failure> {
        let mut rows = self.store.read().await?.audit(filter, PAGE + 1).await?;
        let more = rows.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
        if more {
            rows.pop();
        }
        Ok((rows, more))
    }

    /// Records an event by itself.
    ///
    /// # Errors
    /// [`store::Error`].
    pub async fn record(&self, event: &AuditEvent) -> Result<(), store::Error> {
        let mut tx = self.store.write().await?;
        tx.record(event).await?;
        tx.commit().await
    }

    /// Records an event that only says that nothing was done: if it can't be recorded, the log has to do.
    pub async fn record_or_log(&self, event: &AuditEvent) {
        if let Err(error) = self.record(event).await {
            let (kind, reference) = (event.kind.name(), event.reference.as_deref());
            tracing::error!(%error, kind, reference, "an event could not be recorded in the audit");
        }
    }
}
