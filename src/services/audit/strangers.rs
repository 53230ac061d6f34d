//! What people cause who are not signed in: the first rows of each network are recorded singly, the rest is not, so that
//! nobody can fill the audit from outside.

use std::net::IpAddr;

use super::{Audit, log};
use crate::access::throttle;
use crate::model::AuditEvent;
use crate::store;

/// How many rows of one kind a network can cause in a window.
const ROWS: i64 = 5;

impl Audit {
    /// Records an event that a stranger caused and that only says that nothing was done. Past the first few of its
    /// kind from one network in 15 minutes it is not recorded; the last one that is says so.
    pub async fn record_stranger_or_log(&self, event: AuditEvent, client: IpAddr) {
        let (kind, network) = (event.kind.name(), throttle::network_of(client));
        let key = format!("audit {kind} from {network}");
        if let Err(error) = self.record_first(&event, &key).await {
            log(&event, &error);
        }
    }

    async fn record_first(&self, event: &AuditEvent, key: &str) -> Result<(), store::Error> {
        let window = throttle::start_of_window(event.at);
        // A flood must not queue for the one writer.
        if self.store.read().await?.attempts(key, window).await? >= ROWS {
            return Ok(());
        }
        let mut tx = self.store.write().await?;
        match tx.count_attempt(key, window).await? {
            ..ROWS => tx.record(event).await?,
            ROWS => {
                let until = window + throttle::WINDOW;
                let detail = format!("further ones from this network are not recorded singly before {until}");
                tx.record(&AuditEvent { detail: Some(detail), ..event.clone() }).await?;
            }
            _ => return Ok(()),
        }
        tx.commit().await
    }
}
