//! Reading what somebody worked on last.

use sqlx::{PgConnection, SqliteConnection};

use super::{Db, Error, Link, on};
use crate::model::{Address, OperationKind, StaffId};

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// What a staff member's last operations were and to what they were done, newest first.
    ///
    /// # Errors
    /// [`Error::Database`]; [`Error::Unreadable`].
    pub async fn last_of(&mut self, staff: &StaffId, at_most: i64) -> Result<Vec<(OperationKind, Address)>, Error> {
        let rows: Vec<(String, String)> = on!(self, c => sqlx::query_as(
            "SELECT kind, address FROM operation WHERE staff_id = $1 ORDER BY begun_tick DESC LIMIT $2"
        ).bind(&staff.0).bind(at_most).fetch_all(c).await)?;
        let read = |(kind, address): (String, String)| {
            let kind = OperationKind::named(&kind).ok_or(Error::Unreadable("an operation's kind"))?;
            Ok((kind, Address::parse(&address).map_err(|_| Error::Unreadable("an operation's address"))?))
        };
        rows.into_iter().map(read).collect()
    }
}
