//! Comparing the database with what the panel wrote, while it runs: the sweeper asks for it, and the probe of readiness
//! says what was found.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Error, Refusal, Store};

/// What was found the last time. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings(Arc<Mutex<Option<Refusal>>>);

impl Findings {
    /// Notes what was found now; whether it is something else than the last time.
    fn note(&self, found: Option<&Refusal>) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = last.as_ref() != found;
        *last = found.cloned();
        is_news
    }
}

impl Store {
    /// Why the database is not what the panel left, as far as it was found out.
    pub fn finding(&self) -> Option<Refusal> {
        self.found.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Compares the database with what the panel wrote. What is found is returned the first time.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn compare(&self) -> Result<Option<Refusal>, Error> {
        let found = match self.must_be_as_left().await {
            Ok(()) => None,
            Err(Error::Refused(refusal)) => Some(refusal),
            Err(error) => return Err(error),
        };
        let is_news = self.found.note(found.as_ref());
        Ok(found.filter(|_| is_news))
    }

    /// Refuses a database that is not as the panel left it.
    ///
    /// # Errors
    /// [`Error::Refused`], [`Error::Database`].
    pub async fn must_be_as_left(&self) -> Result<(), Error> {
        self.snapshot().await?.all_must_hold().await
    }
}
