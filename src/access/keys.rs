//! The keys that come out of `NYCKEL_SECRET_KEY`, one for each use, so that no two uses ever share one.

use aws_lc_rs::{hkdf, hmac};
use zeroize::Zeroizing;

/// Every key that the panel derives from its secret. Cloned freely.
#[derive(Clone)]
pub struct Keys {
    /// Chains the rows of the audit.
    pub audit: hmac::Key,
    /// Signs confirmation tokens.
    pub confirmations: hmac::Key,
}

impl Keys {
    /// Derives the keys from the 32 bytes of the secret.
    pub fn derive(secret: &Zeroizing<[u8; 32]>) -> Self {
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"nyckel").extract(&secret[..]);
        Self { audit: hmac_key(&root, b"audit"), confirmations: hmac_key(&root, b"confirmations") }
    }
}

fn hmac_key(root: &hkdf::Prk, purpose: &[u8]) -> hmac::Key {
    match root.expand(&[purpose], hmac::HMAC_SHA256) {
        Ok(material) => material.into(),
        // One block of output is always allowed; the type only knows that some lengths are not.
        Err(_) => unreachable!("HKDF gives 32 bytes"),
    }
}
