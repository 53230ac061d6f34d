//! A project's API key, which may be replaced while the panel runs: the halves that are built from clones of a connection have
//! one between them. `server/renewal.rs` replaces it when GleSYS took another one.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use secrecy::{ExposeSecret, SecretString};

/// The key. Clones are the same one.
#[derive(Clone)]
pub struct ApiKey(Arc<RwLock<SecretString>>);

impl ApiKey {
    /// The key as it is now. A call keeps to it until its answer is read.
    pub(super) fn now(&self) -> SecretString {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether both are the same text.
    pub fn is_like(&self, other: &Self) -> bool {
        self.now().expose_secret() == other.now().expose_secret()
    }

    /// Calls show the other one from now on.
    pub fn becomes(&self, other: &Self) {
        let new = other.now();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = new;
    }
}

impl From<SecretString> for ApiKey {
    fn from(key: SecretString) -> Self {
        Self(Arc::new(RwLock::new(key)))
    }
}

#[cfg(test)]
impl From<&str> for ApiKey {
    fn from(key: &str) -> Self {
        SecretString::from(key).into()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey")
    }
}
