//! Statements on the contact addresses of accounts. A row is tied to the key, and what the audit told last of it counts: who
//! writes past the panel, or puts an older row back, makes no contact.

use sqlx::{FromRow, PgConnection, SqliteConnection};

use super::{Db, Error, Link, Values, Writing, on, time};
use crate::model::{Address, Contact, Fact, Facts, HeldContact, StaffId};
use jiff::Timestamp;

#[derive(FromRow)]
struct ContactRow {
    address: String,
    set_by: String,
    set_at: i64,
    account_created: Option<i64>,
    mac: Option<Vec<u8>>,
}

/// What a contact's MAC is over.
fn values(contact: &Contact) -> Values {
    let created = contact.account_created.map(|at| at.as_millisecond().to_be_bytes());
    let values = Values::of("contact").text(contact.account.as_str()).text(contact.address.as_str());
    let values = values.text(&contact.set_by.0).number(contact.set_at.as_millisecond());
    values.bytes(created.as_ref().map(<[u8; 8]>::as_slice))
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// What is kept as the contact address of an account.
    pub async fn contact(&mut self, account: &Address) -> Result<HeldContact, Error> {
        let row: Option<ContactRow> = on!(self, c => sqlx::query_as(
            "SELECT address, set_by, set_at, account_created, mac FROM contact WHERE account = $1"
        ).bind(account.as_str()).fetch_optional(c).await)?;
        let told = self.contact_told(account).await?;
        let Some(row) = row else {
            // Whoever removes the row past the panel does not end what the audit tells.
            return Ok(told.flatten().map_or(HeldContact::None, |last| HeldContact::Edited(Some(last))));
        };
        let Ok(address) = Address::parse(&row.address) else { return Ok(HeldContact::Edited(told.flatten())) };
        let contact = Contact {
            account: account.clone(),
            address,
            set_by: StaffId(row.set_by),
            set_at: time(row.set_at),
            account_created: row.account_created.map(time),
        };
        // Of what was recorded so long ago that it is cut off, the key alone tells.
        let is_told = told.as_ref().is_none_or(|told| told.as_ref() == Some(&contact.address));
        let holds = is_told && self.keys.holds(&values(&contact), row.mac.as_deref());
        Ok(if holds { HeldContact::Known(contact) } else { HeldContact::Edited(told.flatten()) })
    }

    /// What the audit told last of the contact of an account: which it is, or that there is none any more.
    async fn contact_told(&mut self, account: &Address) -> Result<Option<Option<Address>>, Error> {
        let told: Option<Option<String>> = on!(self, c => sqlx::query_scalar(
            "SELECT facts FROM audit WHERE address = $1 AND kind IN ('contact.set', 'contact.removed') \
             ORDER BY seq DESC LIMIT 1"
        ).bind(account.as_str()).fetch_optional(c).await)?;
        let is = |facts: Option<String>| {
            facts.and_then(|facts| Address::parse(Facts::read(&facts).text(Fact::Contact)?).ok())
        };
        Ok(told.map(is))
    }
}

impl Writing {
    /// Sets the contact address of an account, in place of what there was.
    pub async fn put_contact(&mut self, contact: &Contact) -> Result<(), Error> {
        let mac = self.db.keys.mac(&values(contact));
        on!(&mut self.db, c => sqlx::query(
            "INSERT INTO contact (account, address, set_by, set_at, account_created, mac) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account) DO UPDATE SET address = excluded.address, \
             set_by = excluded.set_by, set_at = excluded.set_at, account_created = excluded.account_created, \
             mac = excluded.mac"
        )
        .bind(contact.account.as_str()).bind(contact.address.as_str()).bind(&contact.set_by.0)
        .bind(contact.set_at.as_millisecond()).bind(contact.account_created.map(Timestamp::as_millisecond))
        .bind(&mac[..]).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Removes whatever is kept as the contact address of an account; `false` where nothing was.
    pub async fn remove_contact(&mut self, account: &Address) -> Result<bool, Error> {
        let done = on!(&mut self.db, c => sqlx::query("DELETE FROM contact WHERE account = $1")
            .bind(account.as_str()).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}
