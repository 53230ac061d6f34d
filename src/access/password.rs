//! Staff members' passwords: Argon2id, with few hashes in flight so that signing in can't starve the panel.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use super::guessable::{is_guessable, words_of};
use crate::model::Entropy;

/// The fewest signs that a staff member's password may have (NIST SP 800-63B, section 3.1.1.2, for passwords alone).
pub const SHORTEST: usize = 15;
/// The most bytes that are hashed.
pub const LONGEST: usize = 1024;

/// Why a text can't be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("a password has at least {SHORTEST} signs")]
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
    Failed(#[from] HashFailed),
}

/// Hashes and checks passwords, at most two at a time (each takes 19 MiB and about 25 ms).
#[derive(Clone, Debug)]
pub struct Passwords {
    places: Arc<Semaphore>,
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
        Self { places: Semaphore::new(2).into(), entropy, words: words_of(company).into() }
    }

    /// Whether a text is as long as a password must be. Whether it is easily guessed takes longer; [`Passwords::hash`] says.
    ///
    /// # Errors
    /// [`Unfit`] says what is wrong with it.
    pub fn fits(password: &SecretString) -> Result<(), Unfit> {
        let text = password.expose_secret();
        if text.chars().count() < SHORTEST {
            Err(Unfit::TooShort)
        } else if text.len() > LONGEST {
            Err(Unfit::TooLong)
        } else {
            Ok(())
        }
    }

    /// The Argon2id hash of a new password, in PHC form, for a person of these names.
    ///
    /// # Errors
    /// [`NotHashed`].
    pub async fn hash(&self, password: SecretString, names: &[&str]) -> Result<String, NotHashed> {
        Self::fits(&password)?;
        let words: Vec<String> =
            self.words.iter().cloned().chain(names.iter().flat_map(|name| words_of(name))).collect();
        let salt: [u8; 16] = self.entropy.bytes();
        self.alone(move || {
            let text = password.expose_secret();
            if is_guessable(text, &words) {
                return Err(Unfit::Guessable.into());
            }
            let hash: PasswordHash =
                Argon2::default().hash_password_with_salt(text.as_bytes(), &salt).map_err(|_| HashFailed)?;
            Ok(hash.to_string())
        })
        .await?
    }

    /// Whether a password is the one of the hash. Without a hash it takes as long and is wrong.
    ///
    /// # Errors
    /// [`HashFailed`].
    pub async fn is_right(&self, password: SecretString, hash: Option<String>) -> Result<bool, HashFailed> {
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| DECOY.to_owned());
        let matches = self
            .alone(move || {
                let text = password.expose_secret().as_bytes();
                text.len() <= LONGEST
                    && PasswordHash::new(&hash).is_ok_and(|hash| Argon2::default().verify_password(text, &hash).is_ok())
            })
            .await?;
        Ok(matches && exists)
    }

    async fn alone<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, HashFailed> {
        let place = self.places.clone().acquire_owned().await.map_err(|_| HashFailed)?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(place);
            done
        })
        .await
        .map_err(|_| HashFailed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_somebody_who_exists_is_right() {
        let passwords = Passwords::new(Entropy::new(|bytes| bytes.fill(7)), "nyckel.example.se");
        let secret = || SecretString::from("two sleepy horses eat");
        let hash = passwords.hash(secret(), &["eva"]).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(passwords.is_right(secret(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.is_right(SecretString::from("wrong"), Some(hash)).await.unwrap());
        assert!(!passwords.is_right(secret(), None).await.unwrap());
        assert!(PasswordHash::new(DECOY).is_ok(), "the decoy must cost as much as a real hash");
    }

    #[test]
    fn a_short_password_does_not_fit() {
        assert_eq!(Passwords::fits(&SecretString::from("fourteen signs")), Err(Unfit::TooShort));
    }
}
