//! Whether the database is as the panel left it: looked at again and again, and recorded when it is not.

use jiff::Timestamp;

use super::Audit;
use crate::model::{AuditEvent, AuditKind, Fact, Facts};
use crate::store::{self, Store};

/// Looks once. What is found is recorded when it is new, as far as anything can be; the probe of readiness says it as long as it lasts.
pub(super) async fn look(store: &Store, audit: &Audit, now: Timestamp) -> Result<(), store::Error> {
    let Some(found) = store.compare().await? else { return Ok(()) };
    let event = AuditEvent {
        outcome: Some(found.code().to_owned()),
        facts: Facts::new().with_some(Fact::Person, found.about()),
        ..AuditEvent::new(AuditKind::EditFound, now)
    };
    audit.record_or_log(&event).await;
    Ok(())
}
