//! Which addresses are staff members' own: those that somebody signs in with, or did lately.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sqlx::{PgConnection, SqliteConnection};

use super::{Db, Error, Link, Store, on};
use crate::model::let_in::NOTICED_AFTER;
use crate::model::{Address, Fact, Facts};

impl Store {
    /// The same for a page that changes nothing: where the audit can't be read, those of now. What anyone does is judged by
    /// [`Db::staff_mailboxes`], in the transaction that relies on it.
    pub async fn staff_mailboxes_shown(&self, now: Timestamp) -> Result<BTreeSet<Address>, Error> {
        let own = self.read().await?.staff_mailboxes(now).await;
        if own.is_ok() {
            return own;
        }
        let since = (now - NOTICED_AFTER).as_millisecond();
        Ok(addresses(&self.read().await?.names_like_addresses(since).await?))
    }
}

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// The sign-in names that are addresses. Anyone who disables or renames somebody has not opened their mailbox by that: it stays
    /// theirs until there was time to notice.
    pub async fn staff_mailboxes(&mut self, now: Timestamp) -> Result<BTreeSet<Address>, Error> {
        let since = (now - NOTICED_AFTER).as_millisecond();
        let mut names = self.names_like_addresses(since).await?;
        let renamed: Vec<String> = on!(self, c => sqlx::query_scalar(
            "SELECT facts FROM audit WHERE kind = 'staff.renamed' AND at >= $1 AND facts IS NOT NULL"
        ).bind(since).fetch_all(c).await)?;
        let before = renamed.iter().filter_map(|facts| Facts::read(facts).text(Fact::PersonBefore).map(str::to_owned));
        names.extend(before);
        Ok(addresses(&names))
    }

    async fn names_like_addresses(&mut self, since: i64) -> Result<Vec<String>, Error> {
        Ok(on!(self, c => sqlx::query_scalar(
            "SELECT name FROM staff WHERE (disabled_at IS NULL OR disabled_at >= $1) AND name LIKE '%@%'"
        ).bind(since).fetch_all(c).await)?)
    }
}

fn addresses(names: &[String]) -> BTreeSet<Address> {
    names.iter().filter_map(|name| Address::parse(name).ok()).collect()
}
