//! Taking the audit along: recorded before the first byte leaves, then read piece by piece, oldest first.

use jiff::Timestamp;

use super::format::Format;
use super::turns::Turns;
use super::{Audit, AuditFilter};
use crate::access::{Can, ReadAudit};
use crate::model::{Address, AuditEvent, AuditKind, DomainName, Fact, Facts, OperationState, StaffId};
use crate::services::Failure;
use crate::store::{self, Store};

/// How many rows are read at a time: some hundred kilobytes of text.
const AT_A_TIME: i64 = 500;

/// An export under way. It ends with the row that records it, or with the last before that one which matches.
pub struct Export {
    store: Store,
    turns: Turns,
    staff: StaffId,
    format: Format,
    filter: AuditFilter,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Begins,
    GoesOn,
    Ended,
}

impl Audit {
    /// Begins an export of the rows that match. It is in the audit once this returns.
    ///
    /// # Errors
    /// [`Failure::Store`]: it could not be recorded, so there is none.
    pub async fn export(
        &self,
        can: &Can<ReadAudit>,
        filter: AuditFilter,
        format: Format,
        now: Timestamp,
    ) -> Result<Export, Failure> {
        let mut tx = self.store.write().await?;
        let event = can.asker().event(AuditKind::AuditExported, now);
        tx.record(&AuditEvent { facts: facts(&filter, format), ..event }).await?;
        let head = tx.audit_head().await?.ok_or(store::Error::Unreadable("the head of the audit"))?;
        tx.commit().await?;
        let filter = AuditFilter { after: None, before: Some(head.seq.saturating_add(1)), ..filter };
        let filter = self.store.read().await?.narrow(filter).await?;
        let (store, turns, staff) = (self.store.clone(), self.turns.clone(), can.asker().staff.id.clone());
        Ok(Export { store, turns, staff, format, filter, stage: Stage::Begins })
    }
}

impl Export {
    /// The next piece of text; `None` after the last.
    ///
    /// # Errors
    /// [`Failure::Store`]: what was given so far is not the whole.
    pub async fn next(&mut self) -> Result<Option<String>, Failure> {
        match self.stage {
            Stage::Begins => {
                self.stage = Stage::GoesOn;
                Ok(Some(self.format.begin()))
            }
            Stage::GoesOn => self.read().await.inspect_err(|error| tracing::error!(%error, "an export broke off")),
            Stage::Ended => Ok(None),
        }
    }

    async fn read(&mut self) -> Result<Option<String>, Failure> {
        let turn = self.turns.wait(&self.staff).await;
        let rows = self.store.read().await?.audit_onward(&self.filter, AT_A_TIME).await?;
        drop(turn);
        match rows.last() {
            Some(last) => self.filter.after = Some(last.seq),
            None => self.stage = Stage::Ended,
        }
        Ok((!rows.is_empty()).then(|| self.format.rows(&rows)))
    }
}

/// What was asked for, for the audit.
fn facts(filter: &AuditFilter, format: Format) -> Facts {
    Facts::new()
        .with(Fact::Format, format.name())
        .with_some(Fact::FilterPerson, filter.staff_name.clone())
        .with_some(Fact::FilterAccount, filter.address.as_ref().map(Address::as_str))
        .with_some(Fact::FilterDomain, filter.domain.as_ref().map(DomainName::as_str))
        .with_some(Fact::FilterKind, filter.kind.map(AuditKind::name))
        .with_some(Fact::FilterOutcome, filter.state.map(OperationState::name))
        .with_some(Fact::FilterFrom, filter.from.map(|at| at.to_string()))
        .with_some(Fact::FilterUntil, filter.until.map(|at| at.to_string()))
}
