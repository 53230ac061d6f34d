//! What staff members can sign in with, read for those who look after it.

use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::{Db, Error, Link, on, time};
use crate::model::{HeldApp, HeldCodes, HeldCredentials, HeldIdentity, StaffId};

#[derive(FromRow)]
struct HeldRow {
    password_set_at: Option<i64>,
    has_app: bool,
    totp_added_at: Option<i64>,
    totp_step: i64,
    codes_left: i64,
    codes_made_at: Option<i64>,
    issuer: Option<String>,
    identity_added_at: Option<i64>,
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// Everything that a staff member can sign in with, and since when.
    pub async fn held_credentials(&mut self, staff: &StaffId) -> Result<HeldCredentials, Error> {
        let row: Option<HeldRow> = on!(self, c => sqlx::query_as(
            "SELECT CASE WHEN s.password_hash IS NOT NULL THEN COALESCE(s.password_set_at, s.created_at) END AS password_set_at, \
             s.totp_seed IS NOT NULL AS has_app, s.totp_added_at, s.totp_step, \
             (SELECT count(*) FROM recovery_code r WHERE r.staff_id = s.id AND r.used_at IS NULL) AS codes_left, \
             (SELECT max(r.made_at) FROM recovery_code r WHERE r.staff_id = s.id) AS codes_made_at, \
             d.issuer, d.added_at AS identity_added_at \
             FROM staff s LEFT JOIN identity d ON d.staff_id = s.id WHERE s.id = $1"
        ).bind(&staff.0).fetch_optional(c).await)?;
        let Some(row) = row else { return Ok(HeldCredentials::default()) };
        Ok(HeldCredentials { passkeys: self.passkeys_of(staff).await?, ..row.read() })
    }
}

impl HeldRow {
    fn read(self) -> HeldCredentials {
        // A code is of one half minute.
        let app = HeldApp { added_at: self.totp_added_at.map(time), used_at: time(self.totp_step * 30_000) };
        HeldCredentials {
            password_set_at: self.password_set_at.map(time),
            app: self.has_app.then_some(app),
            passkeys: Vec::new(),
            codes: HeldCodes { left: self.codes_left, made_at: self.codes_made_at.map(time) },
            single_sign_on: self
                .issuer
                .map(|issuer| HeldIdentity { issuer, added_at: self.identity_added_at.map(time) }),
        }
    }
}
