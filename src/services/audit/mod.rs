//! The audit: reading it, taking it along, verifying it, and recording what no other service's transaction records.

mod export;
pub mod format;
mod head;
mod noise;
mod turns;
pub mod verify;

use jiff::Timestamp;

use crate::access::{Can, ReadAudit};
use crate::model::{AuditEvent, AuditRow};
use crate::services::Failure;
pub use crate::store::AuditFilter;
use crate::store::{self, Store};
pub use export::Export;
pub use head::HeadLog;
use noise::Noise;
use turns::Turns;

/// How many rows a page of the audit shows.
pub const PAGE: i64 = 50;

/// The audit. Cloned freely.
#[derive(Clone)]
pub struct Audit {
    store: Store,
    turns: Turns,
    noise: Noise,
}

/// A page of the audit.
#[derive(Debug)]
pub struct AuditPage {
    /// Newest first.
    pub rows: Vec<AuditRow>,
    /// Where the newer page begins: pass it as `after`.
    pub newer: Option<i64>,
    /// Where the older page begins: pass it as `before`.
    pub older: Option<i64>,
}

impl Audit {
    pub fn new(store: Store) -> Self {
        Self { store, turns: Turns::default(), noise: Noise::default() }
    }

    /// A page of the rows that match: the newest, or those next to the row that `before` or `after` names. Only one of
    /// the two counts, `before` first.
    pub async fn page(&self, can: &Can<ReadAudit>, asked: AuditFilter) -> Result<AuditPage, Failure> {
        let turn = self.turns.wait(&can.asker().staff.id).await;
        let audit = self.clone();
        // The database goes on with a question whose asker has left, and so long it is their turn.
        let read = tokio::spawn(async move {
            let page = audit.read_page(asked).await;
            drop(turn);
            page
        });
        read.await.map_err(|_| Failure::Stopping)?
    }

    async fn read_page(&self, mut asked: AuditFilter) -> Result<AuditPage, Failure> {
        let cursor = (asked.before.take(), asked.after.take());
        let mut reading = self.store.read().await?;
        let all = reading.narrow(asked).await?;
        let (rows, newer, older) = match cursor {
            (Some(seq), _) => {
                let (rows, older) = cut(reading.audit(&before(&all, seq), PAGE + 1).await?);
                let edge = rows.first().map_or(seq.saturating_sub(1), |row| row.seq);
                (rows, !reading.audit_onward(&after(&all, edge), 1).await?.is_empty(), older)
            }
            (None, Some(seq)) => {
                let rows = reading.audit_onward(&after(&all, seq), PAGE + 1).await?;
                let rows: Vec<AuditRow> = rows.into_iter().map(AuditRow::try_from).collect::<Result<_, _>>()?;
                let (mut rows, newer) = cut(rows);
                rows.reverse();
                let edge = rows.last().map_or(seq.saturating_add(1), |row| row.seq);
                (rows, newer, !reading.audit(&before(&all, edge), 1).await?.is_empty())
            }
            (None, None) => {
                let (rows, older) = cut(reading.audit(&all, PAGE + 1).await?);
                (rows, false, older)
            }
        };
        let edges = (rows.first().map(|row| row.seq), rows.last().map(|row| row.seq));
        let newer = newer.then(|| edges.0.or(cursor.0.map(|seq| seq.saturating_sub(1)))).flatten();
        let older = older.then(|| edges.1.or(cursor.1.map(|seq| seq.saturating_add(1)))).flatten();
        Ok(AuditPage { rows, newer, older })
    }

    /// Records an event by itself.
    pub async fn record(&self, event: &AuditEvent) -> Result<(), store::Error> {
        let mut tx = self.store.write().await?;
        tx.record(event).await?;
        tx.commit().await
    }

    /// Records an event that only says that nothing was done: if it can't be recorded, the log has to do. Refusals are
    /// counted, and past the first few become a sum.
    pub async fn record_or_log(&self, event: &AuditEvent) {
        if event.kind.is_refusal() && !self.noise.count(event) {
            return;
        }
        let is_stranger = event.actor.is_none();
        let recorded = async {
            let mut tx = if is_stranger { self.store.write_for_stranger().await? } else { self.store.write().await? };
            tx.record(event).await?;
            tx.commit().await
        };
        if let Err(error) = recorded.await {
            let (kind, reference) = (event.kind.name(), event.reference.as_deref());
            tracing::error!(%error, kind, reference, "an event could not be recorded in the audit");
        }
    }

    /// Whether a refusal like this one would be recorded singly, so that it is worth finding out more about it.
    pub fn is_news(&self, event: &AuditEvent) -> bool {
        self.noise.is_news(event)
    }

    /// Records the sums of refusals whose window is over, or all of them where the panel stops.
    ///
    /// # Errors
    /// [`store::Error`]: they are kept for the next time.
    pub async fn sum_up(&self, now: Timestamp, all: bool) -> Result<(), store::Error> {
        let sums = self.noise.take(now, all);
        if sums.is_empty() {
            return Ok(());
        }
        let recorded = async {
            let mut tx = self.store.write().await?;
            for sum in &sums {
                tx.record(sum).await?;
            }
            tx.commit().await
        };
        let recorded = recorded.await;
        if recorded.is_err() {
            self.noise.keep(sums);
        }
        recorded
    }
}

/// Takes off the row that only shows that there are more.
fn cut(mut rows: Vec<AuditRow>) -> (Vec<AuditRow>, bool) {
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > page;
    rows.truncate(page);
    (rows, more)
}

fn before(all: &AuditFilter, seq: i64) -> AuditFilter {
    AuditFilter { before: Some(all.before.map_or(seq, |end| end.min(seq))), ..all.clone() }
}

fn after(all: &AuditFilter, seq: i64) -> AuditFilter {
    AuditFilter { after: Some(all.after.map_or(seq, |begin| begin.max(seq))), ..all.clone() }
}
