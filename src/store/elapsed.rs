//! How much time has passed: one mark, which every process moves on by what it has waited itself.

use super::{Error, Store, Writing, on};
use crate::model::Elapsed;

impl Store {
    /// How much time has passed, as far as this process knows without asking.
    pub fn elapsed(&self) -> Elapsed {
        self.stopwatch.at_least()
    }
}

impl Writing {
    /// How much time has passed at least. This transaction has not moved the mark itself.
    pub async fn elapsed(&mut self) -> Result<Elapsed, Error> {
        self.look_at_mark().await?;
        Ok(self.store.stopwatch.at_least())
    }

    /// How much has passed at most, for what begins now.
    pub(super) async fn elapsed_at_most(&mut self) -> Result<Elapsed, Error> {
        self.look_at_mark().await?;
        Ok(self.store.stopwatch.at_most())
    }

    /// Moves the mark on by what this process has waited since it saw it there. Anyone who commits tells the stopwatch.
    pub(super) async fn move_mark_on(&mut self) -> Result<Elapsed, Error> {
        let to = self.elapsed().await?;
        on!(&mut self.db, c => sqlx::query("UPDATE tick SET elapsed = $1 WHERE id = 1")
            .bind(to.0).execute(c).await.map(drop))?;
        Ok(to)
    }

    /// Moves it on by next to nothing, so that this process knows since when it stands there.
    pub(super) async fn move_mark_a_little(&mut self) -> Result<Elapsed, Error> {
        Ok(Elapsed(on!(&mut self.db, c => sqlx::query_scalar(
            "UPDATE tick SET elapsed = elapsed + 1 WHERE id = 1 RETURNING elapsed"
        ).fetch_one(c).await)?))
    }

    async fn look_at_mark(&mut self) -> Result<(), Error> {
        let looked = self.store.stopwatch.looks();
        let mark =
            on!(&mut self.db, c => sqlx::query_scalar("SELECT elapsed FROM tick WHERE id = 1").fetch_one(c).await)?;
        self.store.stopwatch.saw(Elapsed(mark), looked);
        Ok(())
    }
}
