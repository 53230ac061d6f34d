//! The passwords that the simulated GleSYS generates: random ones, or those that a test has scripted.

use std::collections::VecDeque;

use crate::model::Entropy;

/// Letters and digits that can't be taken for each other, and punctuation of the kind that GleSYS uses
/// (`S3cr3t}pw!` in its Go client's tests) or that a careless page would mangle.
const CHARACTERS: &[u8] = b"abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!#%&()*+-/<=>?@[]_{}";
const PUNCTUATION: &[u8] = b"!#%&()*+-/<=>?@[]_{}";
const LENGTH: usize = 14;

/// A source of new passwords.
pub struct Passwords {
    entropy: Entropy,
    scripted: VecDeque<String>,
}

impl Passwords {
    pub const fn new(entropy: Entropy) -> Self {
        Self { entropy, scripted: VecDeque::new() }
    }

    /// Makes this the next one, after those that are scripted already.
    pub fn script(&mut self, password: &str) {
        self.scripted.push_back(password.to_owned());
    }

    /// Forgets what is scripted.
    pub fn forget(&mut self) {
        self.scripted.clear();
    }

    /// A scripted password while there are any, then random ones with at least one character of punctuation.
    pub fn next(&mut self) -> String {
        if let Some(password) = self.scripted.pop_front() {
            return password;
        }
        let bytes: [u8; LENGTH] = self.entropy.bytes();
        let mut characters = bytes.map(|byte| char::from(CHARACTERS[usize::from(byte) % CHARACTERS.len()]));
        characters[1 + usize::from(bytes[0]) % (LENGTH - 1)] =
            char::from(PUNCTUATION[usize::from(bytes[1]) % PUNCTUATION.len()]);
        characters.iter().collect()
    }
}
