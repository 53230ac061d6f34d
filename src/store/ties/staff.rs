//! What each person may do and signs in with, tied to the key: whoever writes past the panel gives nobody anything.
//!
//! A person has two MACs: one over their rights, which every request compares, and one over their credentials, which
//! whatever begins or renews a session compares. Both move with every change. So that nobody's old rows can be put back
//! with their old MACs, the audit keeps a MAC over everybody's MACs with each event that changed them: no change of a
//! person is made durable without such an event.

use std::collections::BTreeMap;

use aws_lc_rs::hmac;
use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::Values;
use crate::model::StaffId;
use crate::store::{Db, Error, Link, Refusal, StoreKeys, Writing, on};

/// The staff members that a transaction changes, who get new MACs with its next audit event.
pub(in crate::store) type Unsealed = Vec<StaffId>;

/// What somebody may do, and the MAC that it has.
pub(in crate::store) struct RightsRow<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub generation: i64,
    pub disabled_at: Option<i64>,
    /// Role and domain, in any order.
    pub grants: Vec<(&'a str, &'a str)>,
    pub mac: Option<&'a [u8]>,
}

impl RightsRow<'_> {
    fn values(&self) -> Values {
        let mut grants = self.grants.clone();
        grants.sort_unstable();
        let values = Values::of("rights").text(self.id).text(self.name).number(self.generation);
        let values = values.bytes(self.disabled_at.map(i64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice));
        grants.into_iter().fold(values, |values, (role, domain)| values.text(role).text(domain))
    }

    fn holds(&self, keys: &StoreKeys) -> bool {
        keys.holds(&self.values(), self.mac)
    }

    /// Refuses what the panel has not written.
    pub fn must_hold(&self, keys: &StoreKeys) -> Result<(), Error> {
        if self.holds(keys) { Ok(()) } else { Err(edited(self.id, self.name)) }
    }
}

#[derive(FromRow)]
struct PersonRow {
    id: String,
    name: String,
    generation: i64,
    disabled_at: Option<i64>,
    password_hash: Option<String>,
    totp_seed: Option<Vec<u8>>,
    rights_mac: Option<Vec<u8>>,
    credentials_mac: Option<Vec<u8>>,
}

/// A thing of somebody's that gives power: what it is, whose, and the two values that name it.
#[derive(FromRow, PartialEq, Eq, PartialOrd, Ord)]
struct ThingRow {
    kind: String,
    staff_id: String,
    one: String,
    two: String,
}

/// A person's two MACs.
#[derive(FromRow, PartialEq, Eq, PartialOrd, Ord)]
struct MacsRow {
    id: String,
    rights_mac: Option<Vec<u8>>,
    credentials_mac: Option<Vec<u8>>,
}

/// A person with all that gives them power.
struct Person {
    row: PersonRow,
    things: Vec<ThingRow>,
}

impl Person {
    fn rights(&self) -> RightsRow<'_> {
        let grants = self.things.iter().filter(|thing| thing.kind == "grant");
        RightsRow {
            id: &self.row.id,
            name: &self.row.name,
            generation: self.row.generation,
            disabled_at: self.row.disabled_at,
            grants: grants.map(|thing| (thing.one.as_str(), thing.two.as_str())).collect(),
            mac: self.row.rights_mac.as_deref(),
        }
    }

    fn credentials(&self) -> Values {
        let values = Values::of("credentials").text(&self.row.id).number(self.row.generation);
        let values = values.bytes(self.row.password_hash.as_deref().map(str::as_bytes));
        let values = values.bytes(self.row.totp_seed.as_deref());
        let things = self.things.iter().filter(|thing| thing.kind != "grant");
        things.fold(values, |values, thing| values.text(&thing.kind).text(&thing.one).text(&thing.two))
    }

    fn holds(&self, keys: &StoreKeys) -> bool {
        self.rights().holds(keys) && keys.holds(&self.credentials(), self.row.credentials_mac.as_deref())
    }
}

macro_rules! select_people {
    ($condition:literal) => {
        concat!(
            "SELECT id, name, generation, disabled_at, password_hash, totp_seed, rights_mac, credentials_mac FROM staff ",
            $condition
        )
    };
}

macro_rules! select_things {
    ($condition:literal) => {
        concat!(
            "SELECT 'grant' AS kind, staff_id, role AS one, domain AS two FROM staff_grant WHERE ",
            $condition,
            " UNION ALL SELECT 'identity', staff_id, issuer, subject FROM identity WHERE ",
            $condition,
            " UNION ALL SELECT 'passkey', staff_id, id, credential_id FROM passkey WHERE ",
            $condition,
            " UNION ALL SELECT 'recovery code', staff_id, hash, '' FROM recovery_code WHERE used_at IS NULL AND ",
            $condition
        )
    };
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// Refuses what somebody may do or signs in with unless the panel has written it.
    pub(in crate::store) async fn must_hold(&mut self, staff: &StaffId) -> Result<(), Error> {
        match self.person(staff).await? {
            Some(person) if !person.holds(&self.keys) => Err(edited(&person.row.id, &person.row.name)),
            _ => Ok(()),
        }
    }

    /// Whether what somebody may do and signs in with is what the panel wrote.
    pub async fn is_as_written(&mut self, staff: &StaffId) -> Result<bool, Error> {
        match self.must_hold(staff).await {
            Err(Error::Refused(_)) => Ok(false),
            held => held.map(|()| true),
        }
    }

    /// Refuses the staff unless the panel has written everything that anybody may do or signs in with, and nothing since
    /// the audit's last event about it was put back.
    pub async fn all_must_hold(&mut self) -> Result<(), Error> {
        let rows: Vec<PersonRow> = on!(self, c => sqlx::query_as(select_people!("ORDER BY id")).fetch_all(c).await)?;
        let all: Vec<ThingRow> = on!(self, c => sqlx::query_as(select_things!("1 = 1")).fetch_all(c).await)?;
        let mut things: BTreeMap<String, Vec<ThingRow>> = BTreeMap::new();
        for thing in all {
            things.entry(thing.staff_id.clone()).or_default().push(thing);
        }
        for row in rows {
            let mut things = things.remove(&row.id).unwrap_or_default();
            things.sort();
            let person = Person { row, things };
            if !person.holds(&self.keys) {
                return Err(edited(&person.row.id, &person.row.name));
            }
        }
        self.must_be_as_recorded().await
    }

    /// Whether everybody's MACs are those of the audit's last event that changed one.
    async fn must_be_as_recorded(&mut self) -> Result<(), Error> {
        let values = self.everybody().await?;
        let (seq, mac) = self.staff_as_recorded().await?.unwrap_or_else(|| (0, self.keys.mac(&Values::of("staff"))));
        let holds = hmac::verify(&self.keys.ties, &values.0, &mac).is_ok();
        if holds { Ok(()) } else { Err(Refusal::StaffNotAsRecorded(seq).into()) }
    }

    /// The last row of the audit that keeps a MAC over everybody's, and that.
    pub(super) async fn staff_as_recorded(&mut self) -> Result<Option<(i64, Vec<u8>)>, Error> {
        Ok(on!(self, c => sqlx::query_as(
            "SELECT seq, staff_mac FROM audit WHERE staff_mac IS NOT NULL ORDER BY seq DESC LIMIT 1"
        ).fetch_optional(c).await)?)
    }

    async fn everybody(&mut self) -> Result<Values, Error> {
        let mut rows: Vec<MacsRow> = on!(self, c => sqlx::query_as(
            "SELECT id, rights_mac, credentials_mac FROM staff"
        ).fetch_all(c).await)?;
        rows.sort();
        let add = |values: Values, row: &MacsRow| {
            values.text(&row.id).bytes(row.rights_mac.as_deref()).bytes(row.credentials_mac.as_deref())
        };
        Ok(rows.iter().fold(Values::of("staff"), add))
    }

    async fn person(&mut self, staff: &StaffId) -> Result<Option<Person>, Error> {
        let row: Option<PersonRow> = on!(self, c => sqlx::query_as(select_people!("WHERE id = $1"))
            .bind(&staff.0).fetch_optional(c).await)?;
        let Some(row) = row else { return Ok(None) };
        let mut things: Vec<ThingRow> = on!(self, c => sqlx::query_as(select_things!("staff_id = $1"))
            .bind(&staff.0).fetch_all(c).await)?;
        things.sort();
        Ok(Some(Person { row, things }))
    }
}

impl Writing {
    /// To be called before anything changes what somebody may do or signs in with: what is there must be what the panel
    /// wrote, so that a change never makes good what somebody else did. New MACs are made with the next audit event.
    pub(in crate::store) async fn unseal(&mut self, staff: &StaffId) -> Result<(), Error> {
        if self.unsealed.contains(staff) {
            return Ok(());
        }
        self.db.must_hold(staff).await?;
        if self.unsealed.is_empty() {
            self.db.must_be_as_recorded().await?;
        }
        self.unsealed.push(staff.clone());
        Ok(())
    }

    /// Whether everybody who was to be changed is as before.
    pub(in crate::store) async fn is_unchanged(&mut self) -> Result<bool, Error> {
        for staff in std::mem::take(&mut self.unsealed) {
            if self.db.person(&staff).await?.is_some_and(|person| !person.holds(&self.db.keys)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Gives everybody who was changed new MACs; the MAC over all of them, for the audit's event about it.
    pub(in crate::store) async fn seal(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let unsealed = std::mem::take(&mut self.unsealed);
        if unsealed.is_empty() {
            return Ok(None);
        }
        for staff in unsealed {
            let Some(person) = self.db.person(&staff).await? else { continue };
            let keys = &self.db.keys;
            let (rights, credentials) = (keys.mac(&person.rights().values()), keys.mac(&person.credentials()));
            on!(&mut self.db, c => sqlx::query("UPDATE staff SET rights_mac = $2, credentials_mac = $3 WHERE id = $1")
                .bind(&staff.0).bind(&rights[..]).bind(&credentials[..]).execute(c).await.map(drop))?;
        }
        let everybody = self.db.everybody().await?;
        Ok(Some(self.db.keys.mac(&everybody)))
    }

    /// Takes the staff as it is, whoever wrote it.
    pub(in crate::store) async fn unseal_everybody(&mut self) -> Result<(), Error> {
        let ids: Vec<String> = on!(&mut self.db, c => sqlx::query_scalar("SELECT id FROM staff").fetch_all(c).await)?;
        self.unsealed = ids.into_iter().map(StaffId).collect();
        Ok(())
    }
}

fn edited(id: &str, name: &str) -> Error {
    Refusal::StaffEdited { id: id.to_owned(), name: name.to_owned() }.into()
}
