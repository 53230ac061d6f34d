//! The provider's public keys (RFC 7517), and what is signed with them (RFC 7515).
//!
//! The signatures themselves are looked at by `aws-lc-rs`. Only such algorithms are taken whose keys the provider alone has:
//! `none`, and those that our client secret could make, are not among them.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384,
    RSA_PSS_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::Error;
use super::claims::Claims;

/// The keys that a provider shows. Those that can't be used are left out.
pub(super) struct Keys(Vec<Key>);

struct Key {
    /// What the provider calls it.
    id: Option<String>,
    /// The one algorithm that it is for, where the provider says so.
    only_for: Option<String>,
    material: Material,
}

enum Material {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// The curve's algorithm, and the key as that takes it.
    Curve {
        name: &'static str,
        verifies: &'static dyn VerificationAlgorithm,
        public: Vec<u8>,
    },
}

impl Keys {
    /// `None` where it is no set of keys, or none of them can be used.
    pub fn read(json: &[u8]) -> Option<Self> {
        let set = Claims::read(json)?;
        let keys: Vec<Key> = set.get("keys")?.as_array()?.iter().filter_map(Key::read).collect();
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// The claims of a token that is signed with one of the keys.
    pub fn open(&self, token: &str) -> Result<Claims, Error> {
        let (message, signature) = token.trim().rsplit_once('.').ok_or(Error::Unreadable)?;
        let (header, claims) = message.split_once('.').ok_or(Error::Unreadable)?;
        let [header, claims, signature] = [header, claims, signature].map(|part| URL_SAFE_NO_PAD.decode(part));
        let header = header.ok().as_deref().and_then(Claims::read).ok_or(Error::Unreadable)?;
        // It says that something must be understood that is not (RFC 7515, 4.1.11).
        if header.get("crit").is_some() {
            return Err(Error::Unreadable);
        }
        let signature = signature.map_err(|_| Error::WrongSignature)?;
        self.must_have_signed(&header, message.as_bytes(), &signature)?;
        claims.ok().as_deref().and_then(Claims::read).ok_or(Error::Unreadable)
    }

    fn must_have_signed(&self, header: &Claims, message: &[u8], signature: &[u8]) -> Result<(), Error> {
        let algorithm = header.text("alg").filter(|name| is_taken(name)).ok_or(Error::WrongSignature)?;
        let id = header.get("kid").map(|id| id.as_str().unwrap_or_default());
        let mut fitting = self.0.iter().filter(|key| key.fits(id, algorithm)).peekable();
        if fitting.peek().is_none() {
            return Err(Error::UnknownKey);
        }
        let signed = fitting.any(|key| key.material.has_signed(algorithm, message, signature));
        if signed { Ok(()) } else { Err(Error::WrongSignature) }
    }
}

impl Key {
    fn read(jwk: &Value) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        if text("use").is_some_and(|purpose| !purpose.eq_ignore_ascii_case("sig")) {
            return None;
        }
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?.trim_end_matches('=')).ok();
        let point = |size: usize| {
            let (x, y) = (padded(bytes("x")?, size)?, padded(bytes("y")?, size)?);
            Some([&[4], &x[..], &y[..]].concat())
        };
        let material = match (text("kty")?, text("crv")) {
            ("RSA", _) => Material::Rsa { n: trimmed(bytes("n")?), e: trimmed(bytes("e")?) },
            ("EC", Some("P-256")) => Material::curve("ES256", &ECDSA_P256_SHA256_FIXED, point(32)?),
            ("EC", Some("P-384")) => Material::curve("ES384", &ECDSA_P384_SHA384_FIXED, point(48)?),
            ("EC", Some("P-521")) => Material::curve("ES512", &ECDSA_P521_SHA512_FIXED, point(66)?),
            ("OKP", Some("Ed25519")) => Material::curve("EdDSA", &ED25519, bytes("x")?),
            _ => return None,
        };
        let owned = |name: &str| text(name).map(ToOwned::to_owned);
        Some(Self { id: owned("kid"), only_for: owned("alg"), material })
    }

    /// Whether it may be the one. A key or a token without a name could be any.
    fn fits(&self, id: Option<&str>, algorithm: &str) -> bool {
        let is_named = self.id.as_deref().is_none_or(|own| id.is_none_or(|id| id == own));
        is_named && self.only_for.as_deref().is_none_or(|only| only == algorithm) && self.material.fits(algorithm)
    }
}

impl Material {
    fn curve(name: &'static str, verifies: &'static dyn VerificationAlgorithm, public: Vec<u8>) -> Self {
        Self::Curve { name, verifies, public }
    }

    fn fits(&self, algorithm: &str) -> bool {
        match self {
            Self::Rsa { .. } => rsa(algorithm).is_some(),
            Self::Curve { name, .. } => *name == algorithm,
        }
    }

    fn has_signed(&self, algorithm: &str, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Rsa { n, e } => rsa(algorithm)
                .is_some_and(|how| RsaPublicKeyComponents { n, e }.verify(how, message, signature).is_ok()),
            Self::Curve { verifies, public, .. } => {
                UnparsedPublicKey::new(*verifies, public).verify(message, signature).is_ok()
            }
        }
    }
}

fn is_taken(algorithm: &str) -> bool {
    rsa(algorithm).is_some() || matches!(algorithm, "ES256" | "ES384" | "ES512" | "EdDSA")
}

fn rsa(algorithm: &str) -> Option<&'static RsaParameters> {
    Some(match algorithm {
        "RS256" => &RSA_PKCS1_2048_8192_SHA256,
        "RS384" => &RSA_PKCS1_2048_8192_SHA384,
        "RS512" => &RSA_PKCS1_2048_8192_SHA512,
        "PS256" => &RSA_PSS_2048_8192_SHA256,
        "PS384" => &RSA_PSS_2048_8192_SHA384,
        "PS512" => &RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}

/// A number without zeros in front, as the library wants it.
fn trimmed(number: Vec<u8>) -> Vec<u8> {
    number.into_iter().skip_while(|byte| *byte == 0).collect()
}

/// A coordinate in the curve's full length: some leave zeros in front out.
fn padded(number: Vec<u8>, size: usize) -> Option<Vec<u8>> {
    let number = trimmed(number);
    let missing = size.checked_sub(number.len())?;
    Some([vec![0; missing], number].concat())
}
