//! Sealing a new password, or link and code to it, until the one showing: AES-256-GCM under a key that only the session has,
//! and that only its cookie gives, bound to the operation. Database, backups and the server's own keys together can't open it.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::access::{Asker, SessionKey};
use crate::model::OperationId;

/// The seal was made by another session, for another operation, or the bytes were changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sealed password can't be opened")]
pub struct Broken;

/// One session's key for one operation, used to seal once and to open once.
pub struct Seal {
    key: LessSafeKey,
    operation: OperationId,
}

impl Seal {
    /// The key of whoever holds what this operation makes.
    pub fn of(asker: &Asker, operation: &OperationId) -> Result<Self, Broken> {
        Self::new(asker.session().ok_or(Broken)?, operation)
    }

    fn new(session: &SessionKey, operation: &OperationId) -> Result<Self, Broken> {
        let root = session.root_of_keys();
        let purpose = [b"reveal".as_slice(), operation.as_str().as_bytes()];
        let key = root.expand(&purpose, &AES_256_GCM).map_err(|_| Broken)?;
        Ok(Self { key: LessSafeKey::new(UnboundKey::from(key)), operation: operation.clone() })
    }

    /// Encrypts a text. The key is used for this one message, so a constant nonce repeats nothing.
    pub fn close(&self, text: &str) -> Result<Vec<u8>, Broken> {
        let mut bytes = Zeroizing::new(text.as_bytes().to_vec());
        // Reserving the tag's place first keeps the buffer from moving and leaving a copy behind.
        bytes.reserve_exact(AES_256_GCM.tag_len());
        let tag = self.key.seal_in_place_separate_tag(once(), self.aad(), &mut bytes).map_err(|_| Broken)?;
        bytes.extend_from_slice(tag.as_ref());
        Ok(std::mem::take(&mut *bytes))
    }

    /// Decrypts what [`Seal::close`] made.
    pub fn open(&self, sealed: Vec<u8>) -> Result<Zeroizing<String>, Broken> {
        let mut sealed = Zeroizing::new(sealed);
        let plain = self.key.open_in_place(once(), self.aad(), &mut sealed).map_err(|_| Broken)?;
        std::str::from_utf8(plain).map(ToOwned::to_owned).map(Zeroizing::new).map_err(|_| Broken)
    }

    fn aad(&self) -> Aad<&[u8]> {
        Aad::from(self.operation.as_str().as_bytes())
    }
}

fn once() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SessionId;

    fn seal(session: u8, operation: &str) -> Seal {
        let key = SessionKey::new(SessionId(session.to_string()), Zeroizing::new([session; 32]));
        Seal::new(&key, &OperationId::parse(operation).unwrap()).unwrap()
    }

    #[test]
    fn only_the_session_that_sealed_a_password_opens_it() {
        let (one, other) = ("019ab000-0000-7000-8000-000000000001", "019ab000-0000-7000-8000-000000000002");
        let sealed = seal(1, one).close(" S3cr3t}pw!å ").unwrap();
        assert_eq!(*seal(1, one).open(sealed.clone()).unwrap(), " S3cr3t}pw!å ");
        assert!(seal(2, one).open(sealed.clone()).is_err());
        assert!(seal(1, other).open(sealed).is_err());
    }
}
