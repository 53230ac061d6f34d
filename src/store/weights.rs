//! What operations took of what limits protect: of a person and in all whenever they were tried, of an account where
//! they may have been done, because what was certainly not done changed nothing for its owner. Counted by how much time has
//! certainly passed, which no clock changes.

use jiff::SignedDuration;

use super::{Error, Writing, on};
use crate::model::{Address, Guarded, StaffId};

/// How long ago what is counted may have been tried.
#[derive(Debug)]
pub struct Within {
    pub by_staff: SignedDuration,
    pub of_account: SignedDuration,
    pub in_all: SignedDuration,
}

/// How much was tried within that.
#[derive(Debug, PartialEq, Eq)]
pub struct Tried {
    pub by_staff: i64,
    pub of_account: i64,
    pub in_all: i64,
}

impl Writing {
    /// How much a staff member, an account and everybody tried of something, each within so long.
    pub async fn tried(
        &mut self,
        guarded: Guarded,
        staff: &StaffId,
        address: &Address,
        within: &Within,
    ) -> Result<Tried, Error> {
        let now = self.elapsed().await?;
        let (by_staff, of_account, in_all) = on!(&mut self.db, c => sqlx::query_as(
            "SELECT (SELECT CAST(COALESCE(sum(weight), 0) AS BIGINT) FROM operation \
             WHERE guarded = $1 AND staff_id = $2 AND begun_elapsed > $3), \
             (SELECT CAST(COALESCE(sum(weight), 0) AS BIGINT) FROM operation \
             WHERE guarded = $1 AND address = $4 AND begun_elapsed > $5 AND state NOT IN ('refused', 'not_sent')), \
             (SELECT CAST(COALESCE(sum(weight), 0) AS BIGINT) FROM operation WHERE guarded = $1 AND begun_elapsed > $6)"
        )
        .bind(guarded.name()).bind(&staff.0).bind(now.less(within.by_staff).0)
        .bind(address.as_str()).bind(now.less(within.of_account).0)
        .bind(now.less(within.in_all).0)
        .fetch_one(c).await)?;
        Ok(Tried { by_staff, of_account, in_all })
    }
}
