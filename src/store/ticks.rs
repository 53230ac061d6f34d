//! The order of writes: one number, which every write that needs a place in the order moves on.

use sqlx::{PgConnection, SqliteConnection};

use super::{Db, Error, Link, Writing, on};
use crate::model::Tick;

impl<S: Link<SqliteConnection>, P: Link<PgConnection>> Db<S, P> {
    /// The last tick that was given.
    pub async fn last_tick(&mut self) -> Result<Tick, Error> {
        Ok(Tick(on!(self, c => sqlx::query_scalar("SELECT last FROM tick WHERE id = 1").fetch_one(c).await)?))
    }
}

impl Writing {
    /// The next tick, for what this transaction writes.
    pub(super) async fn tick(&mut self) -> Result<Tick, Error> {
        Ok(Tick(on!(&mut self.db, c => sqlx::query_scalar(
            "UPDATE tick SET last = last + 1 WHERE id = 1 RETURNING last"
        ).fetch_one(c).await)?))
    }
}
