//! Verifying the audit: following its chain from the first row to the head, and finding the first place where it breaks;
//! and whether the staff is as the audit recorded it.

use tokio::task::{self, JoinError};

use super::Audit;
use crate::access::{Can, ReadAudit};
use crate::model::{AuditHead, LoggedHead};
use crate::store::{self, AuditRecord, Chain};

/// How many rows are read at a time.
const AT_A_TIME: i64 = 5000;

/// The first place where the audit is not as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("row {0} does not belong there: the audit begins with row 1, so somebody inserted it")]
    Inserted(i64),
    #[error("{} missing: deleted, or moved elsewhere", rows(*.from, *.to))]
    Missing { from: i64, to: i64 },
    #[error("row 1 does not hold: it was changed or put there, or the secret key is not the one that wrote the audit")]
    FirstRow,
    #[error("row {0} does not hold: it was changed, or put in the place of the one that was recorded")]
    Changed(i64),
    #[error("the head of the audit is missing, so nobody can tell whether row {last} is the last")]
    NoHead { last: i64 },
    #[error("{} missing at the end: the audit was cut, for its head is at row {to}", rows(*.from, *.to))]
    Cut { from: i64, to: i64 },
    #[error(
        "row {from} comes after the head of the audit, which is at row {head}: it was put there, or the head was put back"
    )]
    PastHead { from: i64, head: i64 },
    #[error(
        "row {0} is the last and holds, but the head of the audit tells of another one: one of the two was changed"
    )]
    OtherHead(i64),
    #[error("row {0} is not the one whose head was noted: the audit was written anew from there or from before")]
    NotAsNoted(i64),
    #[error("the audit ends at row {last}, but the head that was noted is row {noted}: the audit was cut")]
    CutBeforeNoted { last: i64, noted: i64 },
}

fn rows(from: i64, to: i64) -> String {
    if from == to { format!("row {from} is") } else { format!("rows {from} to {to} are") }
}

/// Why the audit could not be verified.
#[derive(Debug, thiserror::Error)]
pub enum NotVerified {
    #[error("the audit does not verify: {0}")]
    Broken(#[from] Broken),
    /// The audit holds; what people may do or sign in with does not.
    #[error("the audit verifies, but the staff does not")]
    Staff(#[source] store::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error("verifying broke off: {0}")]
    BrokeOff(#[from] JoinError),
}

impl Audit {
    /// Follows the whole chain as it stands at one moment, and compares what everybody may do and signs in with to what the
    /// audit recorded last. With a head that was noted earlier, the chain must still go
    /// through it. Returns the head; as many rows verify as it has places.
    ///
    /// # Errors
    /// [`NotVerified`]; the first bad place, where there is one.
    pub async fn verify(&self, _can: &Can<ReadAudit>, noted: Option<LoggedHead>) -> Result<AuditHead, NotVerified> {
        let mut snapshot = self.store.snapshot().await?;
        let head = snapshot.audit_head().await?;
        let mut walk = Walk { chain: self.store.chain(), noted };
        let mut page = snapshot.audit_records(i64::MIN, AT_A_TIME).await?;
        while let Some(next) = page.last().map(|row| row.seq.saturating_add(1)) {
            // The next rows are read while these are followed.
            let followed = task::spawn_blocking(move || walk.over(&page));
            let read = snapshot.audit_records(next, AT_A_TIME).await;
            walk = followed.await??;
            page = read?;
        }
        let head = walk.end_at(head)?;
        match snapshot.all_must_hold().await {
            Err(error) if error.is_refused() => Err(NotVerified::Staff(error)),
            compared => Ok(compared.map(|()| head)?),
        }
    }
}

/// The way along the chain.
struct Walk {
    chain: Chain,
    noted: Option<LoggedHead>,
}

impl Walk {
    fn over(mut self, rows: &[AuditRecord]) -> Result<Self, Broken> {
        for row in rows {
            self.step(row)?;
        }
        Ok(self)
    }

    fn step(&mut self, row: &AuditRecord) -> Result<(), Broken> {
        let expected = self.chain.end().seq + 1;
        if row.seq < expected {
            return Err(Broken::Inserted(row.seq));
        }
        if row.seq > expected {
            return Err(Broken::Missing { from: expected, to: row.seq - 1 });
        }
        if !self.chain.follow(row) {
            return Err(if row.seq == 1 { Broken::FirstRow } else { Broken::Changed(row.seq) });
        }
        match &self.noted {
            Some(noted) if noted.seq == row.seq && !noted.is_mac(&row.mac) => Err(Broken::NotAsNoted(row.seq)),
            _ => Ok(()),
        }
    }

    fn end_at(self, head: Option<AuditHead>) -> Result<AuditHead, Broken> {
        let end = self.chain.end();
        let head = head.ok_or(Broken::NoHead { last: end.seq })?;
        if head.seq > end.seq {
            return Err(Broken::Cut { from: end.seq + 1, to: head.seq });
        }
        if head.seq < end.seq {
            return Err(Broken::PastHead { from: head.seq + 1, head: head.seq });
        }
        if head != *end {
            return Err(Broken::OtherHead(end.seq));
        }
        match self.noted {
            Some(noted) if noted.seq > end.seq => Err(Broken::CutBeforeNoted { last: end.seq, noted: noted.seq }),
            _ => Ok(head),
        }
    }
}
