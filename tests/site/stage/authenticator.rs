//! An authenticator in software, with the browser in front of it: it makes passkeys and signs challenges as `WebAuthn` says.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::Panel;

/// The flags of authenticator data: somebody was there, and was verified; a new key is attached.
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTACHED: u8 = 0x40;

/// A security key and the browser that it is plugged into. What is public can be set to what a thief would.
#[derive(Clone)]
pub struct Authenticator {
    /// The site that the browser is on.
    pub origin: String,
    /// The site whose passkeys are used.
    pub site: String,
    /// Whether the person gives their PIN.
    pub verifies: bool,
    /// How often it signed; 0 for one that doesn't count.
    pub counter: u32,
    keys: Vec<Key>,
}

#[derive(Clone)]
struct Key {
    id: Vec<u8>,
    user: String,
    pair: std::sync::Arc<EcdsaKeyPair>,
}

impl Authenticator {
    /// A new one at the panel's own pages.
    pub fn at(panel: &Panel) -> Self {
        let url = &panel.config.public_url;
        let (origin, site) = (url.origin().ascii_serialization(), url.domain().unwrap().to_owned());
        Self { origin, site, verifies: true, counter: 0, keys: Vec::new() }
    }

    /// Makes a passkey as `navigator.credentials.create` is asked to; `None` where it has one already that is excluded.
    pub fn makes(&mut self, options: &Value) -> Option<String> {
        let excluded = ids(&options["excludeCredentials"]);
        if self.keys.iter().any(|key| excluded.contains(&text(&key.id))) {
            return None;
        }
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        let id = digest(&SHA256, pair.public_key().as_ref()).as_ref()[..20].to_vec();
        let user = options["user"]["id"].as_str().unwrap().to_owned();
        let public = pair.public_key().as_ref();
        // CBOR by hand: a COSE key is {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}.
        let cose = [
            &[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20][..],
            &public[1..33],
            &[0x22, 0x58, 0x20],
            &public[33..],
        ];
        let length = u16::try_from(id.len()).unwrap().to_be_bytes();
        let data = [&self.data(ATTACHED)[..], &[0; 16], &length, &id, &cose.concat()].concat();
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let head =
            [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".as_slice(), &[u8::try_from(data.len()).unwrap()]];
        let object = [head.concat(), data].concat();
        let answer = json!({
            "id": text(&id), "rawId": text(&id), "type": "public-key", "clientExtensionResults": {},
            "response": {
                "attestationObject": text(&object),
                "clientDataJSON": text(self.client_data("webauthn.create", options).as_bytes()),
            },
        });
        self.keys.push(Key { id, user, pair: pair.into() });
        Some(answer.to_string())
    }

    /// Signs as `navigator.credentials.get` is asked to, with the newest passkey that will do.
    pub fn signs(&mut self, options: &Value) -> Option<String> {
        let allowed = ids(&options["allowCredentials"]);
        let fits = |key: &&Key| allowed.is_empty() || allowed.contains(&text(&key.id));
        let key = self.keys.iter().rev().find(fits)?.clone();
        Some(self.signs_with(&key, options))
    }

    /// Signs with its newest passkey, whatever it was asked for.
    pub fn forces(&mut self, options: &Value) -> String {
        let key = self.keys.last().unwrap().clone();
        self.signs_with(&key, options)
    }

    fn signs_with(&mut self, key: &Key, options: &Value) -> String {
        self.counter += u32::from(self.counter > 0);
        let client_data = self.client_data("webauthn.get", options);
        let data = self.data(0);
        let signed = [&data, digest(&SHA256, client_data.as_bytes()).as_ref()].concat();
        let signature = key.pair.sign(&SystemRandom::new(), &signed).unwrap();
        let response = json!({
            "authenticatorData": text(&data),
            "clientDataJSON": text(client_data.as_bytes()),
            "signature": text(signature.as_ref()),
            "userHandle": key.user,
        });
        json!({
            "id": text(&key.id), "rawId": text(&key.id), "type": "public-key", "clientExtensionResults": {},
            "response": response,
        })
        .to_string()
    }

    fn data(&self, more: u8) -> Vec<u8> {
        let flags = PRESENT | more | if self.verifies { VERIFIED } else { 0 };
        let site = digest(&SHA256, self.site.as_bytes());
        [site.as_ref(), &[flags], &self.counter.to_be_bytes()].concat()
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false })
            .to_string()
    }
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn ids(descriptors: &Value) -> Vec<String> {
    let descriptors = descriptors.as_array().map(Vec::as_slice).unwrap_or_default();
    descriptors.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}
