//! Known devices: a cookie of its own marks a browser in which somebody has signed in before, so that guesses made
//! elsewhere never keep them out there. It opens nothing.

use jiff::SignedDuration;

use super::token;
use crate::model::{DeviceHash, Entropy};

/// How long a browser is known after the last sign-in: the longest that browsers keep a cookie.
pub const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(400 * 24);

/// What the cookie of a browser holds that is not known yet, 128 random bits.
pub fn new_cookie(entropy: &Entropy) -> String {
    token::new::<16>(entropy)
}

/// What the database keeps of it.
pub fn hash(cookie: &str) -> DeviceHash {
    DeviceHash(token::hash(cookie.as_bytes()))
}
