//! Known devices: a cookie of its own tells a browser in which somebody has signed in before, so that guesses made
//! elsewhere never keep them out there. It opens nothing.

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;

use crate::model::{DeviceHash, Entropy};

/// How long a browser is known after the last sign-in: the longest that browsers keep a cookie.
pub const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(400 * 24);

/// What the cookie of a browser holds that is not known yet, 128 random bits.
pub fn new_cookie(entropy: &Entropy) -> String {
    URL_SAFE_NO_PAD.encode(entropy.bytes::<16>())
}

/// What the database keeps of it.
pub fn hash(cookie: &str) -> DeviceHash {
    DeviceHash(URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, cookie.as_bytes())))
}
