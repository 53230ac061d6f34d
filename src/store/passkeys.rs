//! Statements on passkeys and on the challenges that wait for an answer. A challenge is removed by whoever answers it, so
//! it is answered once, on any replica.

use jiff::Timestamp;
use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::{Db, Error, Link, Refusal, Values, Writing, on, time};
use crate::model::clock::Ends;
use crate::model::{OwnPasskey, PasskeyId, PasskeyLabel, StaffId, StaffName};

/// A passkey to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewPasskey<'a> {
    pub id: &'a PasskeyId,
    pub staff: &'a StaffId,
    pub credential_id: &'a str,
    pub credential: &'a str,
    pub label: &'a PasskeyLabel,
    pub at: Timestamp,
}

/// A passkey and its owner, as an answer is checked against them.
#[derive(Debug)]
pub struct KnownPasskey {
    pub id: PasskeyId,
    pub credential: String,
    pub staff: StaffId,
    pub name: StaffName,
    pub disabled: bool,
    /// Grows whenever everything that was proved before stops counting.
    pub generation: i64,
}

#[derive(FromRow)]
struct OwnRow {
    id: String,
    label: String,
    added_at: i64,
    used_at: Option<i64>,
}

#[derive(FromRow)]
struct KnownRow {
    id: String,
    credential: String,
    staff_id: String,
    name: String,
    disabled_at: Option<i64>,
    generation: i64,
    mac: Option<Vec<u8>>,
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// A staff member's passkeys, oldest first.
    pub async fn passkeys_of(&mut self, staff: &StaffId) -> Result<Vec<OwnPasskey>, Error> {
        let rows: Vec<OwnRow> = on!(self, c => sqlx::query_as(
            "SELECT id, label, added_at, used_at FROM passkey WHERE staff_id = $1 ORDER BY added_at, id"
        ).bind(&staff.0).fetch_all(c).await)?;
        Ok(rows.into_iter().map(OwnRow::read).collect())
    }

    /// What the authenticators call a staff member's passkeys.
    pub async fn credential_ids_of(&mut self, staff: &StaffId) -> Result<Vec<String>, Error> {
        Ok(on!(self, c => sqlx::query_scalar("SELECT credential_id FROM passkey WHERE staff_id = $1 ORDER BY id")
            .bind(&staff.0).fetch_all(c).await)?)
    }

    /// The passkey that an authenticator calls so, with the public key that the panel wrote.
    pub async fn known_passkey(&mut self, credential_id: &str) -> Result<Option<KnownPasskey>, Error> {
        let row: Option<KnownRow> = on!(self, c => sqlx::query_as(
            "SELECT p.id, p.credential, p.staff_id, s.name, s.disabled_at, s.generation, p.mac \
             FROM passkey p JOIN staff s ON s.id = p.staff_id WHERE p.credential_id = $1"
        ).bind(credential_id).fetch_optional(c).await)?;
        let Some(row) = row else { return Ok(None) };
        let values = values(&row.id, &row.staff_id, credential_id, &row.credential);
        let holds = self.keys.holds(&values, row.mac.as_deref());
        if holds { row.read().map(Some) } else { Err(Refusal::RowEdited("a passkey").into()) }
    }
}

/// What a passkey's MAC is over.
fn values(id: &str, staff: &str, credential_id: &str, credential: &str) -> Values {
    Values::of("passkey").text(id).text(staff).text(credential_id).text(credential)
}

impl OwnRow {
    fn read(self) -> OwnPasskey {
        let (added_at, used_at) = (time(self.added_at), self.used_at.map(time));
        OwnPasskey { id: PasskeyId(self.id), label: self.label, added_at, used_at }
    }
}

impl KnownRow {
    fn read(self) -> Result<KnownPasskey, Error> {
        Ok(KnownPasskey {
            id: PasskeyId(self.id),
            credential: self.credential,
            staff: StaffId(self.staff_id),
            name: StaffName::parse(&self.name).map_err(|_| Error::Unreadable("a staff member's name"))?,
            disabled: self.disabled_at.is_some(),
            generation: self.generation,
        })
    }
}

impl Writing {
    /// Keeps a passkey; `false` when somebody has it already.
    pub async fn add_passkey(&mut self, new: &NewPasskey<'_>) -> Result<bool, Error> {
        self.unseal(new.staff).await?;
        let mac = self.db.keys.mac(&values(&new.id.0, &new.staff.0, new.credential_id, new.credential));
        let done = on!(&mut self.db, c => sqlx::query(
            "INSERT INTO passkey (id, staff_id, credential_id, credential, label, added_at, mac) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (credential_id) DO NOTHING"
        ).bind(&new.id.0).bind(&new.staff.0).bind(new.credential_id).bind(new.credential).bind(new.label.as_str())
            .bind(new.at.as_millisecond()).bind(&mac[..]).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Notes that a passkey was used, with its counter as it stands now.
    pub async fn passkey_used(&mut self, id: &PasskeyId, credential: &str, at: Timestamp) -> Result<(), Error> {
        let named: Option<(String, String)> = on!(&mut self.db, c => sqlx::query_as(
            "SELECT staff_id, credential_id FROM passkey WHERE id = $1"
        ).bind(&id.0).fetch_optional(c).await)?;
        let Some((staff, credential_id)) = named else { return Ok(()) };
        let mac = self.db.keys.mac(&values(&id.0, &staff, &credential_id, credential));
        on!(&mut self.db, c => sqlx::query("UPDATE passkey SET credential = $2, used_at = $3, mac = $4 WHERE id = $1")
            .bind(&id.0).bind(credential).bind(at.as_millisecond()).bind(&mac[..]).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Takes the passkeys as they are, whoever wrote them.
    pub(super) async fn tie_passkeys(&mut self) -> Result<(), Error> {
        let rows: Vec<(String, String, String, String)> = on!(&mut self.db, c => sqlx::query_as(
            "SELECT id, staff_id, credential_id, credential FROM passkey"
        ).fetch_all(c).await)?;
        for (id, staff, credential_id, credential) in rows {
            let mac = self.db.keys.mac(&values(&id, &staff, &credential_id, &credential));
            on!(&mut self.db, c => sqlx::query("UPDATE passkey SET mac = $2 WHERE id = $1")
                .bind(&id).bind(&mac[..]).execute(c).await.map(drop))?;
        }
        Ok(())
    }

    /// Forgets one of a staff member's passkeys; how it was called, if it was theirs.
    pub async fn remove_passkey(&mut self, staff: &StaffId, id: &PasskeyId) -> Result<Option<String>, Error> {
        self.unseal(staff).await?;
        Ok(on!(&mut self.db, c => sqlx::query_scalar(
            "DELETE FROM passkey WHERE id = $2 AND staff_id = $1 RETURNING label"
        ).bind(&staff.0).bind(&id.0).fetch_optional(c).await)?)
    }

    /// Keeps a challenge until it is answered or runs out.
    pub async fn put_ceremony(
        &mut self,
        hash: &str,
        bound_to: &str,
        state: &str,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO ceremony (hash, bound_to, state, expires_at) VALUES ($1, $2, $3, $4)"
        ).bind(hash).bind(bound_to).bind(state).bind(expires_at.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Uses up a challenge; `None` when there is none that is bound so, or it was answered, or its end is
    /// not between these moments.
    pub async fn take_ceremony(&mut self, hash: &str, bound_to: &str, ends: Ends) -> Result<Option<String>, Error> {
        Ok(on!(&mut self.db, c => sqlx::query_scalar(
            "DELETE FROM ceremony WHERE hash = $1 AND bound_to = $2 AND expires_at > $3 AND expires_at <= $4 RETURNING state"
        ).bind(hash).bind(bound_to).bind(ends.after.as_millisecond()).bind(ends.until.as_millisecond()).fetch_optional(c).await)?)
    }

    /// Forgets the challenges that are bound so.
    pub async fn remove_ceremonies_of(&mut self, bound_to: &str) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM ceremony WHERE bound_to = $1")
            .bind(bound_to).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Forgets the challenges that have run out.
    pub async fn remove_ceremonies_before(&mut self, now: Timestamp) -> Result<(), Error> {
        on!(&mut self.db, c => sqlx::query("DELETE FROM ceremony WHERE expires_at <= $1")
            .bind(now.as_millisecond()).execute(c).await.map(drop))?;
        Ok(())
    }
}
