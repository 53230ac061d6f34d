//! Which addresses are staff members' own: those that somebody signs in with.

use std::collections::BTreeSet;

use sqlx::{PgConnection, SqliteConnection};

use super::{Db, Error, Link, on};
use crate::model::Address;

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// The sign-in names that are addresses, but for those of people who are disabled.
    pub async fn staff_mailboxes(&mut self) -> Result<BTreeSet<Address>, Error> {
        let names: Vec<String> = on!(self, c => sqlx::query_scalar(
            "SELECT name FROM staff WHERE disabled_at IS NULL AND name LIKE '%@%'"
        ).fetch_all(c).await)?;
        Ok(names.iter().filter_map(|name| Address::parse(name).ok()).collect())
    }
}
