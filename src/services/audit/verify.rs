//! Verifying the audit: following its chain from the first row to the head, and finding the first place where it breaks;
//! and whether the staff is as the audit recorded it.

use tokio::task::{self, JoinError};

use super::Audit;
use crate::access::{Can, ReadAudit};
use crate::model::{AuditHead, AuditKind, LoggedHead};
use crate::store::{self, AuditFilter, AuditRecord, Chain, Transactions};

/// How many rows are read at a time.
const AT_A_TIME: i64 = 5000;
/// How many times somebody may have accepted an older copy.
const BEGINNINGS: i64 = 1000;

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
    #[error("the audit does not verify")]
    Broken(#[from] Broken),
    /// The audit holds; what people may do or sign in with does not.
    #[error("the audit verifies, but the staff does not")]
    Staff(#[source] store::Error),
    #[error("the audit could not be read")]
    Store(#[from] store::Error),
    #[error("verifying broke off")]
    BrokeOff(#[from] JoinError),
}

/// An audit that verifies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub head: AuditHead,
    /// Where an older copy of the database was accepted, oldest first.
    pub accepted: Vec<Accepted>,
}

impl Verified {
    /// How many rows hold.
    pub fn rows(&self) -> i64 {
        let lost = self.accepted.iter().filter_map(|accepted| accepted.lost);
        self.head.seq - lost.map(|(from, to)| to - from + 1).sum::<i64>()
    }
}

/// Where an older copy of the database was accepted as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The row that records it.
    pub row: i64,
    /// The first and the last row before it that did not verify by then, and never will.
    pub lost: Option<(i64, i64)>,
}

impl Audit {
    /// Follows the whole chain as it stands at one moment, and compares what everybody may do and signs in with to what the
    /// audit recorded last. With a head that was noted earlier, the chain must still go through it. Rows that did not hold
    /// when somebody accepted the database as it was are passed over and named.
    ///
    /// # Errors
    /// [`NotVerified`]; the first bad place, where there is one.
    pub async fn verify(&self, _can: &Can<ReadAudit>, noted: Option<LoggedHead>) -> Result<Verified, NotVerified> {
        let mut snapshot = self.store.snapshot().await?;
        let followed = follow(&mut snapshot, self.store.chain(), noted).await?;
        if let Some(broken) = followed.broken {
            return Err(broken.into());
        }
        let verified = Verified { head: followed.held, accepted: followed.accepted };
        match snapshot.all_must_hold().await {
            Err(error) if error.is_refused() => Err(NotVerified::Staff(error)),
            compared => Ok(compared.map(|()| verified)?),
        }
    }
}

/// How far an audit holds.
pub(in crate::services) struct Followed {
    /// The last row that does.
    pub held: AuditHead,
    pub accepted: Vec<Accepted>,
    /// What is wrong behind it.
    pub broken: Option<Broken>,
}

/// Follows the chain from its first row as far as it holds.
pub(in crate::services) async fn follow(
    db: &mut Transactions,
    chain: Chain,
    noted: Option<LoggedHead>,
) -> Result<Followed, NotVerified> {
    let head = db.audit_head().await?;
    let accepting = AuditFilter { kind: Some(AuditKind::RollbackAccepted), ..AuditFilter::default() };
    let beginnings = db.audit_onward(&accepting, BEGINNINGS).await?;
    let mut walk = Walk { chain, noted, beginnings, accepted: Vec::new(), broken: None };
    let mut page = db.audit_records(i64::MIN, AT_A_TIME).await?;
    while let Some(next) = page.last().map(|row| row.seq.saturating_add(1)).filter(|_| walk.broken.is_none()) {
        // The next rows are read while these are followed.
        let followed = task::spawn_blocking(move || walk.over(&page));
        let read = db.audit_records(next, AT_A_TIME).await;
        walk = followed.await?;
        page = read?;
    }
    let end = walk.chain.end().clone();
    let broken = walk.broken.take().or_else(|| walk.ends_at(head).err());
    Ok(Followed { held: end, accepted: walk.accepted, broken })
}

/// The way along the chain.
struct Walk {
    chain: Chain,
    noted: Option<LoggedHead>,
    /// The rows that say that an older copy was accepted, whoever wrote them.
    beginnings: Vec<AuditRecord>,
    accepted: Vec<Accepted>,
    broken: Option<Broken>,
}

impl Walk {
    fn over(mut self, rows: &[AuditRecord]) -> Self {
        self.broken = rows.iter().find_map(|row| self.step(row).err());
        self
    }

    fn step(&mut self, row: &AuditRecord) -> Result<(), Broken> {
        let passed_over = self.accepted.last().is_some_and(|accepted| row.seq <= accepted.row);
        if passed_over {
            return Ok(());
        }
        match self.goes_on_with(row) {
            Ok(()) if row.kind == AuditKind::RollbackAccepted.name() => {
                self.accepted.push(Accepted { row: row.seq, lost: None });
                self.is_as_noted(row)
            }
            Ok(()) => self.is_as_noted(row),
            Err(broken) => self.begin_anew(broken),
        }
    }

    /// Where somebody accepted the database with rows that did not hold, the chain goes on there from the last that did.
    /// Only who has the key can have written such a row.
    fn begin_anew(&mut self, broken: Broken) -> Result<(), Broken> {
        let held = self.chain.end().seq;
        let (chain, mut later) = (&mut self.chain, self.beginnings.iter().filter(|row| row.seq > held));
        let beginning = later.find(|row| chain.follow(row)).ok_or(broken)?.clone();
        self.accepted.push(Accepted { row: beginning.seq, lost: Some((held + 1, beginning.seq - 1)) });
        match &self.noted {
            Some(noted) if (held + 1..beginning.seq).contains(&noted.seq) => Err(Broken::NotAsNoted(noted.seq)),
            _ => self.is_as_noted(&beginning),
        }
    }

    fn goes_on_with(&mut self, row: &AuditRecord) -> Result<(), Broken> {
        let expected = self.chain.end().seq + 1;
        if row.seq < expected {
            return Err(Broken::Inserted(row.seq));
        }
        if row.seq > expected {
            return Err(Broken::Missing { from: expected, to: row.seq - 1 });
        }
        if self.chain.follow(row) {
            return Ok(());
        }
        Err(if row.seq == 1 { Broken::FirstRow } else { Broken::Changed(row.seq) })
    }

    fn is_as_noted(&self, row: &AuditRecord) -> Result<(), Broken> {
        match &self.noted {
            Some(noted) if noted.seq == row.seq && !noted.is_mac(&row.mac) => Err(Broken::NotAsNoted(row.seq)),
            _ => Ok(()),
        }
    }

    fn ends_at(&self, head: Option<AuditHead>) -> Result<(), Broken> {
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
        match &self.noted {
            Some(noted) if noted.seq > end.seq => Err(Broken::CutBeforeNoted { last: end.seq, noted: noted.seq }),
            _ => Ok(()),
        }
    }
}
