//! What staff members are called: the name that they sign in with, and the one that others are told.

use super::{StaffBook, StaffProblem};
use crate::access::{Asker, Can, ManageStaff};
use crate::model::{AuditEvent, AuditKind, DisplayName, NoticeKind, Staff, StaffId, StaffName};
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
        let (mut tx, record) = self.to_change(can, id).await?;
        let staff = Staff { name: name.clone(), ..record.staff.clone() };
        let old = &record.staff.name;
        if old != name {
            if !tx.rename_staff(id, name).await? {
                return Err(StaffProblem::NameTaken(name.clone()));
            }
            let now = self.clock.now();
            let told = can.asker().notice(NoticeKind::Renamed, id, now).about(old.as_str());
            tx.tell(id, &told).await?;
            let event = can.asker().event(AuditKind::StaffRenamed, now);
            tx.record(&AuditEvent { detail: Some(format!("from {old} to {name}")), ..event }).await?;
        }
        self.put_display_name(&mut tx, can.asker(), &staff, display_name).await?;
        Ok(tx.commit().await?)
    }

    /// Sets what others are told somebody is called, if it is something new. Nobody is told under the name that somebody
    /// else signs in with.
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
        if let Some(theirs) = display_name.and_then(|name| StaffName::parse(name.as_str()).ok())
            && tx.credentials(&theirs).await?.is_some_and(|found| found.id != staff.id)
        {
            return Err(StaffProblem::DisplayNameTaken(theirs));
        }
        tx.set_display_name(&staff.id, display_name).await?;
        let named = |name: Option<&DisplayName>| name.map_or_else(|| "nothing".to_owned(), ToString::to_string);
        let (old, new) = (named(staff.display_name.as_ref()), named(display_name));
        let event = asker.event(AuditKind::DisplayNameSet, self.clock.now());
        let detail = Some(format!("{}: from {old} to {new}", staff.name));
        Ok(tx.record(&AuditEvent { detail, ..event }).await?)
    }
}
