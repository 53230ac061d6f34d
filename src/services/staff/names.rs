//! What staff members are called: the name that they sign in with, and the one that others are told.

use super::{StaffBook, StaffProblem};
use crate::access::{Asker, Can, ManageStaff};
use crate::model::{
    AuditEvent, AuditKind, DisplayName, Fact, Facts, NoticeKind, Staff, StaffId, StaffName, look_alike,
};
use crate::store::Writing;

impl StaffBook {
    /// Gives somebody else these names. Sessions and known devices go on: a name proves nothing, and whoever knows the
    /// password knows it still. What was recorded before keeps the name of its time.
    ///
    /// # Errors
    /// [`StaffProblem`]; nothing was changed.
    pub async fn set_names(
        &self,
        can: &Can<ManageStaff>,
        id: &StaffId,
        name: &StaffName,
        display_name: Option<&DisplayName>,
    ) -> Result<(), StaffProblem> {
        let (mut tx, record) = self.to_give(can, id).await?;
        let staff = Staff { name: name.clone(), ..record.staff.clone() };
        let old = &record.staff.name;
        if old != name {
            must_be_free(name)?;
            if !tx.rename_staff(id, name).await? {
                return Err(StaffProblem::NameTaken(name.clone()));
            }
            let now = self.clock.now();
            let told = can.asker().notice(NoticeKind::Renamed, id, now).about(old.as_str());
            tx.tell(id, &told).await?;
            let event = can.asker().event(AuditKind::StaffRenamed, now);
            tx.record(&event.with(Fact::PersonBefore, old.as_str()).with(Fact::Person, name.as_str())).await?;
        }
        self.put_display_name(&mut tx, can.asker(), &staff, display_name).await?;
        Ok(tx.commit().await?)
    }

    /// Sets what others see somebody called, if it is something new and looks like nobody else's name.
    pub(super) async fn put_display_name(
        &self,
        tx: &mut Writing,
        asker: &Asker,
        staff: &Staff,
        display_name: Option<&DisplayName>,
    ) -> Result<(), StaffProblem> {
        if staff.display_name.as_ref() == display_name {
            return Ok(());
        }
        if let Some(name) = display_name {
            must_be_told_apart(tx, staff, name).await?;
        }
        tx.set_display_name(&staff.id, display_name).await?;
        let event = asker.event(AuditKind::DisplayNameSet, self.clock.now());
        let facts = Facts::new()
            .with(Fact::Person, staff.name.as_str())
            .with_some(Fact::DisplayNameBefore, staff.display_name.as_ref().map(DisplayName::as_str))
            .with_some(Fact::DisplayName, display_name.map(DisplayName::as_str));
        Ok(tx.record(&AuditEvent { facts, ..event }).await?)
    }
}

/// The command line's name is its own.
pub(in crate::services) fn must_be_free(name: &StaffName) -> Result<(), StaffProblem> {
    let is_taken = look_alike::is_the_command_lines(name.as_str());
    if is_taken { Err(StaffProblem::NameTaken(name.clone())) } else { Ok(()) }
}

/// Whether nobody takes this for a name of somebody else, by sign-in or display, or for the command line.
async fn must_be_told_apart(tx: &mut Writing, staff: &Staff, name: &DisplayName) -> Result<(), StaffProblem> {
    if look_alike::mixes_scripts(name.as_str()) {
        return Err(StaffProblem::DisplayNameMixed);
    }
    let looks = look_alike::skeleton(name.as_str());
    if look_alike::is_the_command_lines(name.as_str()) {
        return Err(StaffProblem::DisplayNameTaken(look_alike::COMMAND_LINE.to_owned()));
    }
    for other in tx.all_staff().await?.into_iter().filter(|other| other.staff.id != staff.id) {
        if let Some(theirs) = other.staff.names().into_iter().find(|theirs| look_alike::skeleton(theirs) == looks) {
            return Err(StaffProblem::DisplayNameTaken(theirs.to_owned()));
        }
    }
    Ok(())
}
