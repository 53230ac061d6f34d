//! Tokens that a person or a browser brings along: random text of which the database keeps a hash.

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::model::Entropy;

/// A fresh token of `BYTES` random bytes, as text that fits a link and a cookie.
pub fn new<const BYTES: usize>(entropy: &Entropy) -> String {
    URL_SAFE_NO_PAD.encode(entropy.bytes::<BYTES>())
}

/// What the database keeps of it. A plain hash will do: 128 random bits or more can't be guessed.
pub fn hash(token: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, token))
}
