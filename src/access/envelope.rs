//! The envelope in which a new password waits for the mailbox's owner: AES-256-GCM under a key that takes both the link's
//! secret and the code, the code stretched as a staff member's password is. It is made before GleSYS is asked, so that a
//! password that was made can always be put into it; database, backups and the server's own keys together can't open it.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hkdf;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::hashing::{Memory, Place};
use super::password::{HashFailed, stretch};
use super::token;
use crate::model::owner_link::DIGITS;
use crate::model::{ClosedEnvelope, Entropy, LinkAndCode, OneTimePassword, OperationId};

/// So many random bytes are in a link.
const SECRET: usize = 32;

/// An open envelope, with the secrets that will open it again. It can't be printed, cloned or serialised.
pub struct Envelope {
    both: LinkAndCode,
    salt: [u8; 16],
    key: Zeroizing<[u8; 32]>,
}

/// What the store keeps of a link.
pub fn hash(link: &str) -> String {
    token::hash(link.as_bytes())
}

impl Envelope {
    /// A new one, with a link and a code that nobody has yet. Stretching the code takes a turn of the hashing threads.
    ///
    /// # Errors
    /// [`HashFailed`]: no thread could.
    pub async fn new(entropy: &Entropy, place: Place) -> Result<Self, HashFailed> {
        let secret = Zeroizing::new(entropy.bytes::<SECRET>());
        let mut link = Zeroizing::new(String::with_capacity(SECRET * 2));
        URL_SAFE_NO_PAD.encode_string(&secret[..], &mut link);
        let number = u64::from_le_bytes(entropy.bytes()) % 10_u64.pow(u32::try_from(DIGITS).unwrap_or(8));
        let both = LinkAndCode::new(link, Zeroizing::new(format!("{number:0DIGITS$}")));
        let salt = entropy.bytes();
        let made = place.run(move |memory| {
            let key = key(memory, &both, &salt).ok_or(HashFailed)?;
            Ok(Self { both, salt, key })
        });
        made.await.ok_or(HashFailed)?
    }

    /// Puts the password of an operation into it.
    pub fn close(&self, password: OneTimePassword, operation: &OperationId) -> Option<ClosedEnvelope> {
        let mut bytes = Zeroizing::new(password.reveal().as_bytes().to_vec());
        // Reserving the tag's place first keeps the buffer from moving and leaving a copy behind.
        bytes.reserve_exact(AES_256_GCM.tag_len());
        let key = cipher(&self.key)?;
        let tag = key.seal_in_place_separate_tag(once(), about(operation), &mut bytes).ok()?;
        bytes.extend_from_slice(tag.as_ref());
        Some(ClosedEnvelope {
            hash: hash(self.both.link()),
            salt: self.salt.to_vec(),
            sealed: std::mem::take(&mut *bytes),
        })
    }

    /// What the owner will open it with.
    pub fn into_both(self) -> LinkAndCode {
        self.both
    }
}

/// The password, if link and code are the ones of this operation's envelope. It takes a turn of the hashing threads.
///
/// # Errors
/// [`HashFailed`]: nobody looked whether they are.
pub async fn open(
    closed: ClosedEnvelope,
    both: LinkAndCode,
    operation: OperationId,
    place: Place,
) -> Result<Option<OneTimePassword>, HashFailed> {
    let opened = place.run(move |memory| {
        let key = key(memory, &both, &closed.salt).ok_or(HashFailed)?;
        Ok(take_out(closed.sealed, &key, &operation))
    });
    opened.await.ok_or(HashFailed)?
}

fn take_out(sealed: Vec<u8>, key: &Zeroizing<[u8; 32]>, operation: &OperationId) -> Option<OneTimePassword> {
    let mut sealed = Zeroizing::new(sealed);
    let plain = cipher(key)?.open_in_place(once(), about(operation), &mut sealed).ok()?;
    let text = std::str::from_utf8(plain).ok()?;
    OneTimePassword::new(Zeroizing::new(text.to_owned()))
}

/// The key of link and code together: neither gives anything of it alone.
fn key(memory: &mut Memory, both: &LinkAndCode, salt: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let mut stretched = Zeroizing::new([0; 32]);
    stretch(memory, both.code().as_bytes(), salt, &mut stretched[..])?;
    let root = hkdf::Salt::new(hkdf::HKDF_SHA256, &stretched[..]).extract(both.link().as_bytes());
    let mut key = Zeroizing::new([0; 32]);
    root.expand(&[b"nyckel owner link"], &AES_256_GCM).ok()?.fill(&mut key[..]).ok()?;
    Some(key)
}

fn cipher(key: &Zeroizing<[u8; 32]>) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, &key[..]).ok().map(LessSafeKey::new)
}

fn about(operation: &OperationId) -> Aad<&[u8]> {
    Aad::from(operation.as_str().as_bytes())
}

/// The key is used for one message, so a constant nonce repeats nothing.
fn once() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::super::password::{Lane, Passwords};
    use super::*;

    #[tokio::test]
    async fn only_link_and_code_together_open_an_envelope_and_only_of_its_own_operation() {
        let count = AtomicU8::new(0);
        let entropy = Entropy::new(move |bytes| bytes.fill(count.fetch_add(1, Ordering::Relaxed)));
        let passwords = Passwords::new(entropy.clone(), "nyckel.example.se");
        let place = || passwords.place(Lane::Known("eva".to_owned())).unwrap();
        let operation = |end: &str| OperationId::parse(&format!("019ab000-0000-7000-8000-00000000000{end}")).unwrap();
        let envelope = Envelope::new(&entropy, place()).await.unwrap();
        let password = OneTimePassword::new(Zeroizing::new(" S3cr3t}pw!å ".to_owned())).unwrap();
        let closed = envelope.close(password, &operation("1")).unwrap();
        let both = envelope.into_both();
        assert_eq!((both.link().len(), both.code().len(), closed.hash == hash(both.link())), (43, 8, true));
        let (link, code) = (both.link().to_owned(), both.code().to_owned());
        let opens = async |link: &str, code: &str, end: &str| {
            let both = LinkAndCode::new(link.to_owned().into(), code.to_owned().into());
            let opened = open(closed.clone(), both, operation(end), place()).await.unwrap();
            opened.map(|password| password.reveal().to_string())
        };
        assert_eq!(opens(&link, &code, "1").await.as_deref(), Some(" S3cr3t}pw!å "));
        assert_eq!(opens(&link, &code, "2").await, None);
        assert_eq!(opens(&link, "12345678", "1").await, None);
        assert_eq!(opens(&code, &link, "1").await, None);
        let other = Envelope::new(&entropy, place()).await.unwrap().into_both();
        assert!(other.link() != link && other.code() != code);
        assert_eq!(opens(other.link(), &code, "1").await, None);
    }
}
