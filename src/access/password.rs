//! Staff members' passwords: Argon2id, in turns (`hashing`), so that signing in can't starve the panel.

use std::borrow::Cow;
use std::sync::Arc;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Params, Version};
use icu_normalizer::ComposingNormalizerBorrowed;
use secrecy::{ExposeSecret, SecretString};

use super::guessable::{is_guessable, words_of};
pub use super::hashing::{Busy, Lane, Place};
use super::hashing::{Hashing, Memory};
use crate::model::Entropy;

/// The fewest characters of a staff member's password (NIST SP 800-63B, section 3.1.1.2, for passwords alone).
pub const SHORTEST: usize = 15;
/// The most bytes that are hashed.
pub const LONGEST: usize = 1024;

/// Why a text can't be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("a password has at least {SHORTEST} characters")]
    TooShort,
    #[error("a password has at most {LONGEST} bytes")]
    TooLong,
    #[error("the password is easy to guess: a common one, a name or a pattern")]
    Guessable,
}

/// Why no hash came out: the machine is out of memory or the program is stopping.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashFailed;

/// Why a new password was not hashed.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub enum NotHashed {
    #[error(transparent)]
    Unfit(#[from] Unfit),
    #[error(transparent)]
    Busy(#[from] Busy),
    #[error(transparent)]
    Failed(#[from] HashFailed),
}

const ALGORITHM: Algorithm = Algorithm::Argon2id;
const VERSION: Version = Version::V0x13;

/// Hashes and checks passwords. Cloned freely; clones share the memory.
#[derive(Clone, Debug)]
pub struct Passwords {
    hashing: Hashing,
    entropy: Entropy,
    /// What anybody would try who knows the company.
    words: Arc<[String]>,
}

/// What a name that doesn't exist is checked against, so that it takes as long as one that does: a hash of nothing
/// anybody can type, with OWASP's parameters for Argon2id (19 MiB, two passes, one lane).
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IHNpZ25zIGlu$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

impl Passwords {
    /// `company` is a name of the company's, such as the panel's host: no password consists of it.
    pub fn new(entropy: Entropy, company: &str) -> Self {
        Self { hashing: Hashing::default(), entropy, words: words_of(company).into() }
    }

    /// Whether a text is as long as a password must be. Whether it is easily guessed takes longer; [`Passwords::hash`] says.
    ///
    /// # Errors
    /// [`Unfit`] says what is wrong with it.
    pub fn fits(password: &SecretString) -> Result<(), Unfit> {
        let text = password.expose_secret();
        if text.len() > LONGEST {
            return Err(Unfit::TooLong);
        }
        match one_form(password).expose_secret() {
            text if text.chars().count() < SHORTEST => Err(Unfit::TooShort),
            text if text.len() > LONGEST => Err(Unfit::TooLong),
            _ => Ok(()),
        }
    }

    /// A place in the line of those who want a password checked.
    ///
    /// # Errors
    /// [`Busy`]: nobody waits without a place.
    pub fn place(&self, lane: Lane) -> Result<Place, Busy> {
        self.hashing.place(lane)
    }

    /// The Argon2id hash of a new password, in PHC form, for a person of these names. `who` waits in a line of their own.
    pub async fn hash(&self, password: SecretString, names: &[&str], who: &str) -> Result<String, NotHashed> {
        Self::fits(&password)?;
        let password = one_form(&password).into_owned();
        let words: Vec<String> =
            self.words.iter().cloned().chain(names.iter().flat_map(|name| words_of(name))).collect();
        let salt: [u8; 16] = self.entropy.bytes();
        let hashed = self.place(Lane::Known(who.to_owned()))?.run(move |memory| {
            let text = password.expose_secret();
            if is_guessable(text, &words) {
                return Err(Unfit::Guessable.into());
            }
            Ok(new_hash(memory, text.as_bytes(), &salt).ok_or(HashFailed)?.to_string())
        });
        hashed.await.ok_or(HashFailed)?
    }

    /// Whether a password is the one of the hash, in its one form or, for a hash that was made before there was one, as it was
    /// typed. Without a hash it takes as long and is wrong.
    pub async fn is_right(place: Place, password: SecretString, hash: Option<String>) -> Result<bool, HashFailed> {
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| DECOY.to_owned());
        let matches = place.run(move |memory| {
            let mut is_the_one = |text: &str| text.len() <= LONGEST && matches(memory, text.as_bytes(), &hash);
            if password.expose_secret().len() > LONGEST {
                return false;
            }
            match one_form(&password) {
                Cow::Borrowed(password) => is_the_one(password.expose_secret()),
                Cow::Owned(form) => is_the_one(form.expose_secret()) || is_the_one(password.expose_secret()),
            }
        });
        Ok(matches.await.ok_or(HashFailed)? && exists)
    }
}

/// The one form (NFKC, as NIST SP 800-63B asks) of a password: an `å` is one character whatever keyboard it came from.
fn one_form(password: &SecretString) -> Cow<'_, SecretString> {
    match ComposingNormalizerBorrowed::new_nfkc().normalize(password.expose_secret()) {
        Cow::Borrowed(_) => Cow::Borrowed(password),
        Cow::Owned(form) => Cow::Owned(form.into()),
    }
}

/// Stretches a secret as strongly as a password: Argon2id with OWASP's parameters.
pub(super) fn stretch(memory: &mut Memory, secret: &[u8], salt: &[u8], out: &mut [u8]) -> Option<()> {
    memory.hash(&Argon2::new(ALGORITHM, VERSION, Params::DEFAULT), secret, salt, out)
}

fn new_hash(memory: &mut Memory, password: &[u8], salt: &[u8]) -> Option<PasswordHash> {
    let (algorithm, version, params) = (ALGORITHM, VERSION, Params::DEFAULT);
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    stretch(memory, password, salt, &mut out)?;
    Some(PasswordHash {
        algorithm: algorithm.ident(),
        version: Some(version.into()),
        params: ParamsString::try_from(&params).ok()?,
        salt: Some(Salt::new(salt).ok()?),
        hash: Some(Output::new(&out).ok()?),
    })
}

/// Whether a password makes this hash, with whatever parameters it was made.
fn matches(memory: &mut Memory, password: &[u8], hash: &str) -> bool {
    let mut made_again = || {
        let hash = PasswordHash::new(hash).ok()?;
        let (salt, expected) = (hash.salt?, hash.hash?);
        let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
        let version = hash.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
        let argon2 = Argon2::new(algorithm, version, Params::try_from(&hash).ok()?);
        let mut out = [0; Output::MAX_LENGTH];
        let out = out.get_mut(..expected.len())?;
        memory.hash(&argon2, password, &salt, out)?;
        Some(Output::new(out).ok()? == expected)
    };
    made_again().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_somebody_who_exists_is_right() {
        let passwords = Passwords::new(Entropy::new(|bytes| bytes.fill(7)), "nyckel.example.se");
        let secret = || SecretString::from("two sleepy horses eat");
        let hash = passwords.hash(secret(), &["eva"], "eva").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let is_right = async |secret, hash| {
            let place = passwords.place(Lane::Known("eva".to_owned())).unwrap();
            Passwords::is_right(place, secret, hash).await.unwrap()
        };
        assert!(is_right(secret(), Some(hash.clone())).await);
        assert!(!is_right(SecretString::from("wrong"), Some(hash)).await);
        assert!(!is_right(secret(), None).await);
        let decoy = Params::try_from(&PasswordHash::new(DECOY).unwrap()).unwrap();
        assert_eq!((decoy.m_cost(), decoy.t_cost()), (Params::DEFAULT_M_COST, Params::DEFAULT_T_COST));
    }

    #[tokio::test]
    async fn a_password_is_the_same_from_every_keyboard() {
        let passwords = Passwords::new(Entropy::new(|bytes| bytes.fill(7)), "nyckel.example.se");
        let (apple, windows) = ("tva\u{30a} so\u{308}mniga ha\u{308}star", "två sömniga hästar");
        let spaced = "två\u{a0}sömniga\u{a0}hästar";
        let is_right = async |typed: &str, hash: &str| {
            let place = passwords.place(Lane::Known("eva".to_owned())).unwrap();
            Passwords::is_right(place, typed.into(), Some(hash.to_owned())).await.unwrap()
        };
        let hash = async |typed: &str| passwords.hash(typed.into(), &["eva"], "eva").await.unwrap();
        for made_of in [apple, windows, spaced] {
            let hash = hash(made_of).await;
            for typed in [apple, windows, spaced] {
                assert!(is_right(typed, &hash).await, "{typed} of {made_of}");
            }
            assert!(!is_right("tva somniga hastar", &hash).await);
        }
        let old = new_hash(&mut Memory::default(), apple.as_bytes(), &[7; 16]).unwrap().to_string();
        assert!(is_right(apple, &old).await, "made before there was one form");
        assert_eq!(Passwords::fits(&"a\u{30a}".repeat(14).into()), Err(Unfit::TooShort));
        assert_eq!(Passwords::fits(&"\u{fdfa}".repeat(100).into()), Err(Unfit::TooLong), "3 300 bytes");
    }

    #[test]
    fn hashes_of_the_library_itself_and_with_other_parameters_go_on_being_right() {
        use argon2::password_hash::{CustomizedPasswordHasher, PasswordHasher};
        let (password, salt) = (b"two sleepy horses eat", b"sixteen of bytes");
        let mut memory = Memory::default();
        let usual: PasswordHash = Argon2::default().hash_password_with_salt(password, salt).unwrap();
        assert_eq!(new_hash(&mut memory, password, salt).unwrap().to_string(), usual.to_string());
        for (algorithm, version, params) in [
            ("argon2id", 19, Params::new(64, 3, 4, Some(24)).unwrap()),
            ("argon2i", 16, Params::new(32 * 1024, 1, 1, None).unwrap()),
            ("argon2d", 19, Params::new(8, 1, 1, Some(64)).unwrap()),
        ] {
            let other = Argon2::default();
            let other: PasswordHash =
                other.hash_password_customized(password, salt, Some(algorithm), Some(version), params).unwrap();
            assert!(matches(&mut memory, password, &other.to_string()), "{other}");
            assert!(!matches(&mut memory, b"two sleepy horses drink", &other.to_string()), "{other}");
        }
        for broken in ["", "$argon2id$v=19$m=19456,t=2,p=1", "$scrypt$ln=1$bm9ib2R5IHNpZ25zIGlu$AAAA"] {
            assert!(!matches(&mut memory, password, broken), "{broken}");
        }
    }

    #[test]
    fn a_short_password_does_not_fit() {
        assert_eq!(Passwords::fits(&SecretString::from("fourteen signs")), Err(Unfit::TooShort));
    }
}
