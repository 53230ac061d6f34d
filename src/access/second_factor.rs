//! Second factors: codes from an app (TOTP, RFC 6238), and codes for the day on which the telephone is lost.

use std::sync::Arc;

use aws_lc_rs::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

use crate::model::{Entropy, FactorDuty, Staff, StaffId, StaffName};

use super::rights::{RightName, allows};

/// What an app calls the panel.
const ISSUER: &str = "Nyckel";
/// How many recovery codes a person gets.
pub const RECOVERY_CODES: usize = 10;

/// Whether this person must have a second factor here. For who signs in at the company's provider that is its business.
pub fn must_have(duty: FactorDuty, staff: &Staff) -> bool {
    if staff.single_sign_on {
        return false;
    }
    match duty {
        FactorDuty::Nobody => false,
        FactorDuty::Admins => staff.grants.iter().any(|grant| allows(grant.role, RightName::ManageStaff)),
        FactorDuty::Everybody => true,
    }
}

/// Encrypts seeds and hashes recovery codes, with keys that are not in the database. Cloned freely.
#[derive(Clone)]
pub struct FactorKeys {
    pub seeds: Arc<LessSafeKey>,
    pub codes: hmac::Key,
}

impl FactorKeys {
    /// Encrypts a seed; only what knows `place` can open it.
    pub fn seal(&self, seed: &Seed, place: &str, entropy: &Entropy) -> Option<Vec<u8>> {
        let nonce: [u8; NONCE_LEN] = entropy.bytes();
        let mut bytes = seed.0.to_vec();
        let sealed = Nonce::assume_unique_for_key(nonce);
        self.seeds.seal_in_place_append_tag(sealed, Aad::from(place.as_bytes()), &mut bytes).ok()?;
        Some([&nonce[..], &bytes].concat())
    }

    /// Decrypts what [`FactorKeys::seal`] made.
    pub fn open(&self, sealed: &[u8], place: &str) -> Option<Seed> {
        let (nonce, rest) = sealed.split_at_checked(NONCE_LEN)?;
        let mut rest = Zeroizing::new(rest.to_vec());
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let plain = self.seeds.open_in_place(nonce, Aad::from(place.as_bytes()), &mut rest).ok()?;
        Some(Seed(Zeroizing::new(<[u8; 20]>::try_from(&*plain).ok()?)))
    }

    /// What the database keeps of a recovery code, however it was typed.
    pub fn hash(&self, staff: &StaffId, code: &str) -> String {
        let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
        let text = format!("recovery\n{}\n{}", staff.0, code.to_ascii_lowercase());
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.codes, text.as_bytes()))
    }
}

/// What an app and the panel share: 160 random bits.
pub struct Seed(Zeroizing<[u8; 20]>);

impl Seed {
    pub fn new(entropy: &Entropy) -> Self {
        Self(Zeroizing::new(entropy.bytes()))
    }

    /// The seed for typing into an app, in groups of four.
    pub fn text(&self) -> String {
        let text = Zeroizing::new(Secret::from(*self.0).to_base32());
        let groups: Vec<&str> = text.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
        groups.join(" ")
    }

    /// What the QR code says.
    pub fn url(&self, name: &StaffName) -> Option<String> {
        self.totp(name.as_str())?.to_url().ok()
    }

    /// Which half minute a code is of, if it is of this one or one of its neighbours.
    pub fn step_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let digits: String = code.chars().filter(|character| !character.is_whitespace()).collect();
        let step = self.totp("")?.check(&digits, u64::try_from(now.as_second()).ok()?)?;
        i64::try_from(step).ok()
    }

    /// The code of a moment, for stories: an app shows the same.
    pub fn code_at(&self, now: Timestamp) -> Option<String> {
        Some(self.totp("")?.generate(u64::try_from(now.as_second()).ok()?).to_string())
    }

    /// Reads what [`Seed::text`] wrote.
    pub fn of_text(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|character| !character.is_whitespace()).collect();
        let secret = Secret::try_from_base32(text).ok()?;
        Some(Self(Zeroizing::new(<[u8; 20]>::try_from(secret.as_ref()).ok()?)))
    }

    fn totp(&self, name: &str) -> Option<Totp> {
        let builder = Builder::new().with_secret(*self.0).with_issuer(Some(ISSUER)).with_account_name(name);
        builder.build().ok()
    }
}

/// A fresh recovery code: sixteen characters, 80 random bits, without those that look alike.
pub fn recovery_code(entropy: &Entropy) -> String {
    const CHARACTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    entropy.groups::<16>(CHARACTERS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_good_in_its_half_minute_and_its_neighbours() {
        // RFC 6238, appendix B: the seed of the SHA-1 examples, the last six digits of the code at 59 s.
        let seed = Seed(Zeroizing::new(*b"12345678901234567890"));
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        assert_eq!(seed.code_at(at(59)).as_deref(), Some("287082"));
        for (seconds, step) in [(29, Some(1)), (59, Some(1)), (89, Some(1)), (90, None)] {
            assert_eq!(seed.step_of(" 287 082", at(seconds)), step, "{seconds}");
        }
        assert_eq!(seed.step_of("287083", at(59)), None);
        assert_eq!(seed.step_of("", at(59)), None);
        assert_eq!(seed.text(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(Seed::of_text(&seed.text()).unwrap().0, seed.0);
        let url = seed.url(&StaffName::parse("eva").unwrap()).unwrap();
        assert!(url.starts_with("otpauth://totp/Nyckel:eva?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{url}");
    }
}
