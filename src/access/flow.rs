//! A way to the company's provider and back, bound to one browser by a cookie. State, nonce and verifier exist in the
//! browser and on the way only; the store keeps hashes.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use zeroize::Zeroizing;

use super::token;
use crate::model::Entropy;

/// How long somebody may take to come back.
pub const FLOW_LASTS: SignedDuration = SignedDuration::from_mins(10);

/// What the cookie holds, 256 random bits. Ways in several tabs share it; each has a state of its own.
pub struct FlowCookie(Zeroizing<String>);

impl FlowCookie {
    pub fn new(entropy: &Entropy) -> Self {
        Self(token::new::<32>(entropy).into())
    }

    /// The cookie as a browser brought it, if we can have made it.
    pub fn read(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        (bytes.len() == 32).then(|| Self(text.to_owned().into()))
    }

    /// What the browser keeps.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// What the store keeps.
    pub fn hash(&self) -> String {
        token::hash(self.0.as_bytes())
    }

    /// What the provider puts under its signature, so that its answer is good for this way only.
    pub fn nonce(&self, state: &str) -> String {
        self.derive("nonce", state)
    }

    /// What shows the provider that whoever brings the code is who set out (PKCE).
    pub fn verifier(&self, state: &str) -> String {
        self.derive("verifier", state)
    }

    fn derive(&self, what: &str, state: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.as_bytes());
        URL_SAFE_NO_PAD.encode(hmac::sign(&key, format!("{what}\n{state}").as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_of_a_way_comes_from_its_cookie_and_its_state() {
        let [one, other] = [1, 2].map(|fill| FlowCookie::new(&Entropy::new(move |bytes| bytes.fill(fill))));
        let again = FlowCookie::read(one.text()).unwrap();
        assert_eq!(
            (again.nonce("a"), again.verifier("a"), again.hash()),
            (one.nonce("a"), one.verifier("a"), one.hash())
        );
        assert_ne!(one.nonce("a"), one.verifier("a"));
        assert_ne!(one.nonce("a"), one.nonce("b"));
        assert_ne!(one.verifier("a"), other.verifier("a"));
        // RFC 7636 wants 43 characters or more.
        assert_eq!(one.verifier("a").len(), 43);
        assert!(FlowCookie::read("").is_none() && FlowCookie::read(&"A".repeat(44)).is_none());
    }
}
