//! Browsers in which somebody has signed in: remembered, so that guesses made elsewhere never keep them out there.

use super::{Origin, SignIns};
use crate::access::device;
use crate::model::StaffId;
use crate::store;

impl SignIns {
    /// Remembers the device of somebody who has just signed in; what the browser is to keep, if it is not known yet.
    pub async fn remember_device(&self, staff: &StaffId, from: &Origin) -> Result<Option<String>, store::Error> {
        let mut tx = self.store.write().await?;
        let record = tx.staff_member(staff).await?;
        let known = match (&from.device, record) {
            (Some(device), Some(record)) if tx.knows_device(device, &record.staff.name).await? => Some(device.clone()),
            _ => None,
        };
        let cookie = known.is_none().then(|| device::new_cookie(&self.entropy));
        let device = known.or(cookie.as_deref().map(device::hash));
        if let Some(device) = device {
            tx.put_device(&device, staff, self.clock.now()).await?;
        }
        tx.commit().await?;
        Ok(cookie)
    }
}
