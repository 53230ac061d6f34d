//! Comparing the database with what the panel wrote, while it runs: the sweeper asks for it, and the probe of readiness
//! says what was found.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::{Postgres, SqliteConnection, Transaction};

use super::trouble::Health;
use super::{AS_IT_STANDS, Db, Either, Error, Noted, Refusal, Store};

/// A look at the database that owes nothing to earlier ones.
type Look = Db<Box<SqliteConnection>, Transaction<'static, Postgres>>;

/// What was found the last time. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings(Arc<Mutex<Option<Refusal>>>);

impl Findings {
    /// Notes what was found now; whether it is something else than the last time.
    fn note(&self, found: Option<&Refusal>) -> bool {
        let mut last = self.last();
        let is_news = last.as_ref() != found;
        match found {
            Some(found) if is_news => tracing::error!(%found, "the database is not as the panel left it"),
            None if is_news => tracing::info!("the database is as the panel left it again, and trusted"),
            _ => {}
        }
        *last = found.cloned();
        is_news
    }

    /// Passes a result on. What says that nothing in the database can be relied upon is noted.
    pub fn noting<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        if let Err(Error::Refused(refusal)) = &result
            && refusal.is_of_all()
        {
            self.note(Some(refusal));
        }
        result
    }

    /// Refuses to go on with a database in which nothing can be relied upon.
    pub fn must_be_usable(&self) -> Result<(), Error> {
        match &*self.last() {
            Some(refusal) if refusal.is_of_all() => Err(refusal.clone().into()),
            _ => Ok(()),
        }
    }

    fn last(&self) -> MutexGuard<'_, Option<Refusal>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Why the database is not what the panel left, as far as it was found out.
    pub fn finding(&self) -> Option<Refusal> {
        self.found.last().clone()
    }

    /// Compares the database with what the panel wrote and with what was noted of it outside. What is found is logged, and
    /// returned the first time.
    pub async fn compare(&self) -> Result<Option<Refusal>, Error> {
        let found = match self.health.read(self.must_be_as_left().await) {
            Ok(()) => None,
            Err(Error::Refused(refusal)) => Some(refusal),
            Err(error) => return Err(error),
        };
        let is_news = self.found.note(found.as_ref());
        Ok(found.filter(|_| is_news))
    }

    /// Refuses a database that is not as the panel left it.
    pub async fn must_be_as_left(&self) -> Result<(), Error> {
        self.must_be_in_place()?;
        // What is noted before the look was committed before it.
        self.head.refresh();
        let noted = self.head.noted();
        let mut look = self.look_anew().await?;
        let now = look.must_have(noted.as_ref()).await?;
        look.all_must_hold().await?;
        self.head.note(now);
        Ok(())
    }

    /// Refuses a database in which something was read just now, and whose audit had not come as far then as was noted before
    /// that: an older copy, unless one was accepted elsewhere meanwhile.
    pub async fn must_have_come_to(&self, noted: Option<&Noted>, seq: Option<i64>) -> Result<(), Error> {
        if noted.is_none_or(|noted| seq.is_some_and(|seq| seq >= noted.head.seq)) {
            return Ok(());
        }
        self.found.noting(self.must_be_as_left().await)
    }

    /// The database as it stands. What SQLite's other connections remember of a file that was overwritten meanwhile is not
    /// what is in it.
    async fn look_anew(&self) -> Result<Look, Error> {
        let link = match &*self.pools {
            Either::Sqlite(pools) => {
                let mut link = pools.place.connect().await?;
                sqlx::query("BEGIN").execute(&mut link).await?;
                Either::Sqlite(Box::new(link))
            }
            Either::Postgres(pools) => Either::Postgres(pools.readers.begin_with(AS_IT_STANDS).await?),
        };
        // What it meets is passed on, and lasts as long as it is met.
        Ok(Db { link, keys: self.keys.clone(), health: Health::default() })
    }
}
