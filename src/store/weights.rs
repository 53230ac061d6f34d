//! What operations took of what limits protect: of a person and in all whenever they were tried, of an account where
//! they may have been done, because what was certainly not done changed nothing for its owner.

use jiff::Timestamp;
use sqlx::{PgConnection, SqliteConnection};

use super::{Db, Error, Link, on};
use crate::model::{Address, Guarded, StaffId};

/// How much was tried since three moments.
#[derive(Debug, PartialEq, Eq)]
pub struct Tried {
    pub by_staff: i64,
    pub of_account: i64,
    pub in_all: i64,
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// How much a staff member, an account and everybody tried of something since three moments.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn tried(
        &mut self,
        guarded: Guarded,
        (staff, staff_since): (&StaffId, Timestamp),
        (address, address_since): (&Address, Timestamp),
        since: Timestamp,
    ) -> Result<Tried, Error> {
        let (by_staff, of_account, in_all) = on!(self, c => sqlx::query_as(
            "SELECT (SELECT CAST(COALESCE(sum(weight), 0) AS BIGINT) FROM operation \
             WHERE guarded = $1 AND staff_id = $2 AND begun_at > $3), \
             (SELECT CAST(COALESCE(sum(weight), 0) AS BIGINT) FROM operation \
             WHERE guarded = $1 AND address = $4 AND begun_at > $5 AND state NOT IN ('refused', 'not_sent')), \
             (SELECT CAST(COALESCE(sum(weight), 0) AS BIGINT) FROM operation WHERE guarded = $1 AND begun_at > $6)"
        )
        .bind(guarded.name()).bind(&staff.0).bind(staff_since.as_millisecond())
        .bind(address.as_str()).bind(address_since.as_millisecond())
        .bind(since.as_millisecond())
        .fetch_one(c).await)?;
        Ok(Tried { by_staff, of_account, in_all })
    }
}
