//! What a session's cookie holds, and the session's keys that only the cookie gives.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hkdf;
use tower_sessions::session::Id;
use zeroize::Zeroizing;

use super::token;
use crate::model::{CookieHash, SessionId};

/// A session by its id, and the root of its keys. It stays the same when the session's cookie changes.
#[derive(Clone)]
pub struct SessionKey {
    pub id: SessionId,
    root: Zeroizing<[u8; 32]>,
}

impl SessionKey {
    pub const fn new(id: SessionId, root: Zeroizing<[u8; 32]>) -> Self {
        Self { id, root }
    }

    /// The root of keys that only this session has.
    pub fn root_of_keys(&self) -> hkdf::Prk {
        hkdf::Salt::new(hkdf::HKDF_SHA256, b"nyckel session").extract(&self.root[..])
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionKey({})", self.id.0)
    }
}

/// What the cookie holds, 128 random bits: never stored, never shown.
pub(super) struct CookieSecret(Zeroizing<[u8; 16]>);

impl CookieSecret {
    pub fn of(id: Id) -> Self {
        Self(Zeroizing::new(id.0.to_le_bytes()))
    }

    /// What the database keeps.
    pub fn hash(&self) -> CookieHash {
        CookieHash(token::hash(&self.0[..]))
    }

    /// Encrypts the root of a session's keys. A cookie's secret does so once, so a constant nonce repeats nothing.
    pub fn wrap(&self, key: &SessionKey) -> Option<Vec<u8>> {
        let mut bytes = key.root.to_vec();
        self.key()?.seal_in_place_append_tag(once(), Aad::from(key.id.0.as_bytes()), &mut bytes).ok()?;
        Some(bytes)
    }

    /// Decrypts what [`CookieSecret::wrap`] made.
    pub fn unwrap(&self, id: SessionId, mut wrapped: Vec<u8>) -> Option<SessionKey> {
        let plain = self.key()?.open_in_place(once(), Aad::from(id.0.as_bytes()), &mut wrapped).ok()?;
        let root = Zeroizing::new(<[u8; 32]>::try_from(&*plain).ok()?);
        zeroize::Zeroize::zeroize(&mut wrapped);
        Some(SessionKey::new(id, root))
    }

    fn key(&self) -> Option<LessSafeKey> {
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"nyckel cookie").extract(&self.0[..]);
        let key = root.expand(&[b"session root"], &AES_256_GCM).ok()?;
        Some(LessSafeKey::new(UnboundKey::from(key)))
    }
}

fn once() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_cookie_that_wrapped_a_sessions_root_unwraps_it() {
        let key = SessionKey::new(SessionId("one".to_owned()), Zeroizing::new([7; 32]));
        let (own, other) = (CookieSecret::of(Id(1)), CookieSecret::of(Id(2)));
        let wrapped = own.wrap(&key).unwrap();
        assert_eq!(*own.unwrap(key.id.clone(), wrapped.clone()).unwrap().root, [7; 32]);
        assert!(other.unwrap(key.id.clone(), wrapped.clone()).is_none());
        assert!(own.unwrap(SessionId("two".to_owned()), wrapped).is_none());
        assert_ne!(own.hash(), other.hash());
    }
}
