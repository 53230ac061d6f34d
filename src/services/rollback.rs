//! Accepting the database as it is, after an older copy of it was put back or somebody wrote into it past the panel: from
//! then on it counts, and whatever let anybody in when the copy was made is over.
//!
//! One transaction does it, and the audit's event of it is the new beginning. The copy can't know what ended since it was
//! made, so all sessions, links and credentials end; everybody is disabled but those who are kept, who get a new way in.

use std::collections::BTreeSet;

use super::StaffBook;
use super::audit::verify::{Broken, NotVerified, follow};
use super::operations::overdue;
use super::staff::{Invitation, StaffProblem, is_admin};
use super::{approvals, batches};
use crate::access::{Can, ManageStaff};
use crate::model::{
    AuditEvent, AuditHead, AuditKind, Fact, Facts, Grant, NoticeKind, Staff, StaffName, WhyStopped, WhyUnknown,
};
use crate::store::{self, Refusal, Transactions, Writing};

/// Why a database was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum NotAccepted {
    #[error("{0} is not on the staff of this database")]
    Nobody(StaffName),
    #[error("{0} is disabled in this database; keep somebody who can let them in again")]
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
    // Not transparent: whoever looks for a refusal looks through the causes.
    #[error("nothing was accepted")]
    Store(#[from] store::Error),
}

fn no_admin(admins: &[StaffName]) -> String {
    let names: Vec<_> = admins.iter().map(StaffName::as_str).collect();
    if names.is_empty() {
        return "this database has no admin who could sign in, so nobody could use it".to_owned();
    }
    format!("keep at least one admin with --keep NAME; this database has {}", names.join(", "))
}

/// A database before it is accepted, which is a copy from before if it is an older one.
#[derive(Debug)]
pub struct Copy {
    /// Why every other command refuses it, if one does.
    pub refused: Option<Refusal>,
    /// Who goes on, with what they may do.
    pub kept: Vec<Staff>,
    /// Everybody else; they are disabled.
    pub others: Vec<Staff>,
    /// Whose roles or credentials were changed past the panel.
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

impl Copy {
    /// Whether it is the newest and as the panel left it. Where nothing was noted, nobody can tell.
    pub const fn is_as_left(&self) -> bool {
        self.refused.is_none() && self.broken.is_none() && self.noted.is_some()
    }

    /// Refuses to go on with nobody who could let the others in.
    pub fn must_keep_an_admin(&self) -> Result<(), NotAccepted> {
        let is_nobodys = self.kept.is_empty() && self.others.is_empty();
        // Where nobody is on the staff, the first admin is made as in a new database.
        if is_nobodys || self.kept.iter().any(|staff| is_admin(&staff.grants)) {
            return Ok(());
        }
        let admins = self.others.iter().filter(|staff| staff.disabled_at.is_none() && is_admin(&staff.grants));
        Err(NotAccepted::NoAdmin(admins.map(|staff| staff.name.clone()).collect()))
    }
}

impl StaffBook {
    /// Looks at a database that is to be accepted, as it would be in this version. Nothing is changed.
    pub async fn look_at_copy(&self, _can: &Can<ManageStaff>, keep: &[StaffName]) -> Result<Copy, NotAccepted> {
        let mut tx = self.store.write_to_accept(&self.clock, &self.entropy).await?;
        self.read_copy(&mut tx, keep).await
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
        let mut edited = BTreeSet::new();
        for staff in &all {
            if !db.is_as_written(&staff.id).await? {
                edited.insert(staff.name.clone());
            }
        }
        let refused = self.store.why_refused(db).await?;
        let (kept, others): (Vec<Staff>, _) = all.into_iter().partition(|staff| keep.contains(&staff.name));
        let followed = follow(db, self.store.chain(), None).await?;
        let noted = self.store.noted_in_file()?.map(|noted| noted.head);
        Ok(Copy { refused, kept, others, edited, held: followed.held, broken: followed.broken, noted })
    }

    /// Accepts the database as it was seen: how those who are kept get in.
    ///
    /// # Errors
    /// [`NotAccepted`]: nothing was changed.
    pub async fn accept_copy(&self, can: &Can<ManageStaff>, seen: Copy) -> Result<Vec<WayIn>, NotAccepted> {
        seen.must_keep_an_admin()?;
        let now = self.clock.now();
        let mut tx = self.store.write_to_accept(&self.clock, &self.entropy).await?;
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
        tx.record(&AuditEvent { facts: facts(era, &copy), ..event }).await?;
        overdue::all_are_unknown(&mut tx, WhyUnknown::RolledBack, now).await?;
        overdue::forget_all(&mut tx, now).await?;
        approvals::forget_all(&mut tx, now).await?;
        batches::stop_all(&mut tx, WhyStopped::RolledBack, now).await?;
        for staff in copy.others.iter().filter(|staff| staff.disabled_at.is_none()) {
            self.record_of(&mut tx, can, AuditKind::StaffDisabled, &staff.name).await?;
        }
        for staff in copy.kept.iter().chain(&copy.others) {
            self.tell(&mut tx, can, &staff.id, NoticeKind::AllEnded).await?;
        }
        let mut ways_in = Vec::new();
        for staff in copy.kept {
            self.record_of(&mut tx, can, AuditKind::SessionsEnded, &staff.name).await?;
            ways_in.push(self.way_in(&mut tx, can, staff).await?);
        }
        tx.commit().await?;
        Ok(ways_in)
    }

    async fn record_of(
        &self,
        tx: &mut Writing,
        can: &Can<ManageStaff>,
        kind: AuditKind,
        name: &StaffName,
    ) -> Result<(), store::Error> {
        let event = can.asker().event(kind, self.clock.now());
        tx.record(&event.with(Fact::Person, name.as_str())).await
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

/// What the audit says of it.
fn facts(era: i64, copy: &Copy) -> Facts {
    let kept = |staff: &Staff| [vec![staff.name.to_string()], Grant::codes(&staff.grants)].concat().join(" ");
    let end = if copy.broken.is_some() { Fact::HeldHead } else { Fact::CopyEnd };
    Facts::new()
        .with(Fact::Era, era)
        .with_some(Fact::NotedHead, copy.noted.as_ref().map(AuditHead::short))
        .with(end, copy.held.short())
        .with(Fact::PeopleKept, copy.kept.iter().map(kept).collect::<Vec<_>>())
        .with(Fact::PeopleDisabled, copy.others.iter().filter(|staff| staff.disabled_at.is_none()).count())
}
