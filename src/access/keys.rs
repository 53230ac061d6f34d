//! The keys that come out of `NYCKEL_SECRET_KEY`, one for each use, so that no two uses ever share one.

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use aws_lc_rs::{hkdf, hmac};
use zeroize::Zeroizing;

use super::second_factor::FactorKeys;
use crate::store::StoreKeys;

/// Every key that the panel derives from its secret. Cloned freely.
#[derive(Clone)]
pub struct Keys {
    /// What the store keeps its rows safe with.
    pub store: Arc<StoreKeys>,
    /// Signs confirmation tokens.
    pub confirmations: hmac::Key,
    /// Signs the first half of a sign-in that has two.
    pub sign_ins: hmac::Key,
    /// Encrypts the seeds of second factors, hashes recovery codes.
    pub factors: FactorKeys,
}

impl Keys {
    /// Derives the keys from the 32 bytes of the secret.
    pub fn derive(secret: &Zeroizing<[u8; 32]>) -> Self {
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"nyckel").extract(&secret[..]);
        Self {
            store: StoreKeys { audit: hmac_key(&root, b"audit"), ties: hmac_key(&root, b"ties") }.into(),
            confirmations: hmac_key(&root, b"confirmations"),
            sign_ins: hmac_key(&root, b"sign-ins"),
            factors: FactorKeys {
                seeds: aead_key(&root, b"second factors").into(),
                codes: hmac_key(&root, b"recovery codes"),
            },
        }
    }
}

fn aead_key(root: &hkdf::Prk, purpose: &[u8]) -> LessSafeKey {
    match root.expand(&[purpose], &AES_256_GCM) {
        Ok(material) => LessSafeKey::new(UnboundKey::from(material)),
        Err(_) => unreachable!("HKDF gives 32 bytes"),
    }
}

fn hmac_key(root: &hkdf::Prk, purpose: &[u8]) -> hmac::Key {
    match root.expand(&[purpose], hmac::HMAC_SHA256) {
        Ok(material) => material.into(),
        // One block of output is always allowed; the type only knows that some lengths are not.
        Err(_) => unreachable!("HKDF gives 32 bytes"),
    }
}
