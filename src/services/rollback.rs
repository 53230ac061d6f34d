//! Accepting the database as it is, after an older copy of it was put back or somebody wrote into it past the panel: from
//! then on it counts, and whatever let anybody in when the copy was made is over.
//!
//! One transaction does it, and the audit's event of it is the new beginning. The copy can't know what ended since it was
//! made, so all sessions, links and credentials end; everybody is disabled but those who are kept, who get a new way in.

use std::collections::BTreeSet;

use super::StaffBook;
use super::audit::verify::{Broken, NotVerified, follow};
use super::batches;
use super::operations::ledger;
use super::operations::reveals;
use super::staff::{Invitation, StaffProblem, describe_all, is_admin};
use crate::access::{Can, ManageStaff};
use crate::model::{AuditEvent, AuditHead, AuditKind, Staff, StaffName};
use crate::store::{self, Transactions, Writing};

/// The reason of what nobody knows any more, because an older copy was put back.
const ROLLED_BACK: &str = "rolled_back";

/// Why a database was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum NotAccepted {
    #[error("{0} is not on the staff of this copy")]
    Nobody(StaffName),
    #[error("{0} is disabled in this copy; keep somebody who can let them in again")]
    Disabled(StaffName),
    /// With who could be kept.
    #[error("{}", no_admin(.0))]
    NoAdmin(Vec<StaffName>),
    #[error("the staff or the audit was changed while you looked; look again")]
    Overtaken,
    #[error(transparent)]
    Audit(#[from] NotVerified),
    #[error(transparent)]
    Staff(#[from] StaffProblem),
    #[error(transparent)]
    Store(#[from] store::Error),
}

fn no_admin(admins: &[StaffName]) -> String {
    let names: Vec<_> = admins.iter().map(StaffName::as_str).collect();
    if names.is_empty() {
        return "this copy has no admin who could sign in, so nobody could use it".to_owned();
    }
    format!("keep at least one admin with --keep NAME; this copy has {}", names.join(", "))
}

/// A database before it is accepted.
#[derive(Debug)]
pub struct Copy {
    /// Who goes on, with what they may do.
    pub kept: Vec<Staff>,
    /// Everybody else; they are disabled.
    pub others: Vec<Staff>,
    /// Of those who go on, whose roles or credentials were changed past the panel.
    pub edited: BTreeSet<StaffName>,
    /// The last row of the audit that holds.
    pub held: AuditHead,
    /// What is wrong with the audit behind it.
    pub broken: Option<Broken>,
    /// How far the audit had come as it was noted outside the database.
    pub noted: Option<AuditHead>,
}

/// How somebody who is kept gets in.
pub enum WayIn {
    Invitation(Invitation),
    /// Passwords are switched off: a link that lets an admin of the panel's own in, and the token that it ends in.
    Link(StaffName, String),
    /// At the provider, which says what they may do.
    Provider(StaffName),
    /// Passwords are switched off, and they are no admin.
    None(StaffName),
}

/// What came of it.
pub struct NewBeginning {
    /// How often a copy was accepted by now.
    pub era: i64,
    pub ways_in: Vec<WayIn>,
}

impl StaffBook {
    /// Looks at a database that is to be accepted. Nothing is changed.
    ///
    /// # Errors
    /// [`NotAccepted`].
    pub async fn look_at_copy(&self, _can: &Can<ManageStaff>, keep: &[StaffName]) -> Result<Copy, NotAccepted> {
        self.read_copy(&mut self.store.snapshot().await?, keep).await
    }

    async fn read_copy(&self, db: &mut Transactions, keep: &[StaffName]) -> Result<Copy, NotAccepted> {
        let all: Vec<Staff> = db.all_staff().await?.into_iter().map(|record| record.staff).collect();
        for name in keep {
            let staff = all.iter().find(|staff| staff.name == *name);
            let staff = staff.ok_or_else(|| NotAccepted::Nobody(name.clone()))?;
            if staff.disabled_at.is_some() {
                return Err(NotAccepted::Disabled(name.clone()));
            }
        }
        let keep: BTreeSet<_> = keep.iter().collect();
        let can_be_kept = |staff: &&Staff| staff.disabled_at.is_none() && is_admin(&staff.grants);
        let admins: Vec<_> = all.iter().filter(can_be_kept).map(|staff| staff.name.clone()).collect();
        // Where nobody is on the staff, the first admin is made as in a new database.
        if !all.is_empty() && !admins.iter().any(|name| keep.contains(name)) {
            return Err(NotAccepted::NoAdmin(admins));
        }
        let (kept, others): (Vec<Staff>, _) = all.into_iter().partition(|staff| keep.contains(&staff.name));
        let mut edited = BTreeSet::new();
        for staff in &kept {
            if !db.is_as_written(&staff.id).await? {
                edited.insert(staff.name.clone());
            }
        }
        let followed = follow(db, self.store.chain(), None).await?;
        let noted = self.store.noted_in_file()?.map(|noted| noted.head);
        Ok(Copy { kept, others, edited, held: followed.held, broken: followed.broken, noted })
    }

    /// Accepts the database as it was seen.
    ///
    /// # Errors
    /// [`NotAccepted`]: nothing was changed.
    pub async fn accept_copy(&self, can: &Can<ManageStaff>, seen: Copy) -> Result<NewBeginning, NotAccepted> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let keep: Vec<_> = seen.kept.iter().map(|staff| staff.name.clone()).collect();
        let copy = self.read_copy(&mut tx, &keep).await?;
        let [now_there, then_there] = [&copy, &seen].map(|copy| (&copy.kept, &copy.others, &copy.edited, &copy.broken));
        if now_there != then_there {
            return Err(NotAccepted::Overtaken);
        }
        let era = tx.begin_era(&copy.held, &self.entropy).await?;
        for staff in &copy.others {
            tx.disable_staff(&staff.id, now).await?;
        }
        let event = can.asker().event(AuditKind::RollbackAccepted, now);
        tx.record(&AuditEvent { detail: Some(detail(era, &copy)), ..event }).await?;
        ledger::all_are_unknown(&mut tx, ROLLED_BACK, now).await?;
        reveals::forget_all(&mut tx, now).await?;
        batches::stop_all(&mut tx, ROLLED_BACK, now).await?;
        for staff in copy.others.iter().filter(|staff| staff.disabled_at.is_none()) {
            self.record_of(&mut tx, can, AuditKind::StaffDisabled, &staff.name).await?;
        }
        let mut ways_in = Vec::new();
        for staff in copy.kept {
            self.record_of(&mut tx, can, AuditKind::SessionsEnded, &staff.name).await?;
            ways_in.push(self.way_in(&mut tx, can, staff).await?);
        }
        tx.commit().await?;
        Ok(NewBeginning { era, ways_in })
    }

    async fn record_of(
        &self,
        tx: &mut Writing,
        can: &Can<ManageStaff>,
        kind: AuditKind,
        name: &StaffName,
    ) -> Result<(), store::Error> {
        let event = can.asker().event(kind, self.clock.now());
        tx.record(&AuditEvent { detail: Some(name.to_string()), ..event }).await
    }

    async fn way_in(&self, tx: &mut Writing, can: &Can<ManageStaff>, staff: Staff) -> Result<WayIn, store::Error> {
        let Staff { id, name, single_sign_on, grants, .. } = staff;
        if single_sign_on {
            return Ok(WayIn::Provider(name));
        }
        if self.local {
            return Ok(WayIn::Invitation(self.invite(tx, can, &id, name).await?));
        }
        if !is_admin(&grants) {
            return Ok(WayIn::None(name));
        }
        let token = self.put_link(tx, can, &id, &name).await?;
        Ok(WayIn::Link(name, token))
    }
}

/// What the audit tells of it.
fn detail(era: i64, copy: &Copy) -> String {
    let names: Vec<_> =
        copy.kept.iter().map(|staff| format!("{} ({})", staff.name, describe_all(&staff.grants))).collect();
    let disabled = copy.others.iter().filter(|staff| staff.disabled_at.is_none()).count();
    let noted = copy.noted.as_ref().map_or_else(String::new, |noted| format!("noted head {}; ", noted.short()));
    let end = if copy.broken.is_some() { "audit holds to row" } else { "copy ends at" };
    format!(
        "new era {era}; {noted}{end} {}; people kept: {}; people disabled: {disabled}",
        copy.held.short(),
        names.join(", ")
    )
}
