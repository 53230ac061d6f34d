//! Noting the head of the audit in the log, which is kept elsewhere: whoever cuts the audit's tail and puts its head back
//! can't take back what was noted.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::model::{AuditHead, Clock};
use crate::store::{self, Store};

/// How often the head is noted, if it has moved.
const EVERY: Duration = Duration::from_mins(5);

/// Notes the head. The sweeper calls it again and again; at the stop it is noted once more. Cloned freely.
#[derive(Clone)]
pub struct HeadLog {
    store: Store,
    clock: Clock,
    /// What was noted last, and when.
    noted: Arc<Mutex<Option<(Duration, AuditHead)>>>,
}

impl HeadLog {
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock, noted: Arc::default() }
    }

    /// Notes the head if this is the first time, or if it has moved and was not noted for five minutes.
    pub async fn note_if_due(&self) -> Result<(), store::Error> {
        let now = self.clock.uptime();
        let noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if noted.as_ref().is_some_and(|(at, _)| now < *at + EVERY) {
            return Ok(());
        }
        let head = self.head().await?;
        if noted.is_none_or(|(_, noted)| noted != head) {
            tracing::info!(%head, "the head of the audit");
            *self.noted.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, head));
        }
        Ok(())
    }

    /// Notes the head at the stop, whenever that was done last.
    pub async fn note(&self) {
        match self.head().await {
            Ok(head) => tracing::info!(%head, "the head of the audit"),
            Err(error) => tracing::error!(%error, "the head of the audit could not be read"),
        }
    }

    async fn head(&self) -> Result<AuditHead, store::Error> {
        let head = self.store.read().await?.audit_head().await?;
        head.ok_or(store::Error::Unreadable("the head of the audit, which is missing"))
    }
}
