//! Statements on known devices: browsers in which somebody has signed in before.

use jiff::Timestamp;
use sqlx::{PgConnection, SqliteConnection};

use super::{Db, Error, Link, Writing, on};
use crate::model::{DeviceHash, StaffId, StaffName};

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// Whether somebody of this name has signed in with this device before.
    pub async fn knows_device(&mut self, device: &DeviceHash, name: &StaffName) -> Result<bool, Error> {
        let found: i64 = on!(self, c => sqlx::query_scalar(
            "SELECT count(*) FROM device d JOIN staff s ON s.id = d.staff_id WHERE d.hash = $1 AND s.name = $2"
        ).bind(&device.0).bind(name.as_str()).fetch_one(c).await)?;
        Ok(found > 0)
    }

    /// Whether anybody has signed in with this device before.
    pub async fn is_known_device(&mut self, device: &DeviceHash) -> Result<bool, Error> {
        let found: i64 = on!(self, c => sqlx::query_scalar("SELECT count(*) FROM device WHERE hash = $1")
            .bind(&device.0).fetch_one(c).await)?;
        Ok(found > 0)
    }
}

impl Writing {
    /// Notes that a staff member has signed in with this device. Whoever else did so before is forgotten.
    pub async fn put_device(&mut self, device: &DeviceHash, staff: &StaffId, at: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO device (hash, staff_id, seen_at) VALUES ($1, $2, $3) \
             ON CONFLICT (hash) DO UPDATE SET staff_id = excluded.staff_id, seen_at = excluded.seen_at"
        ).bind(&device.0).bind(&staff.0).bind(at.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Forgets all devices of a staff member.
    pub async fn remove_devices_of(&mut self, staff: &StaffId) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM device WHERE staff_id = $1")
            .bind(&staff.0).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Forgets devices that nobody has signed in with since `before`.
    pub async fn remove_devices_not_seen_since(&mut self, before: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM device WHERE seen_at < $1")
            .bind(before.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }
}
