//! What somebody has typed into a form that was not sent on: because they must first prove anew who they are, or because
//! their session had ended. Kept until they come back to it. It is in no link and no log, and rests encrypted under a key
//! that only the session's cookie gives.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;

use crate::access::SessionKey;
use crate::model::{Clock, Entropy};
use crate::store::{self, Store, Writing};

/// How long a draft waits.
const KEPT: SignedDuration = SignedDuration::from_mins(30);

/// The fields of a form, as they were typed.
pub type Typed = Vec<(String, String)>;

/// Which draft: the form at an address, and a name that was made for this one. A draft opens under both alone, so that
/// nothing but what led there with a link is ever found at its end.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub form: &'a str,
    pub name: &'a str,
}

impl Place<'_> {
    fn bound(&self) -> Vec<u8> {
        format!("{}\n{}", self.form, self.name).into_bytes()
    }
}

/// Drafts. Cloned freely.
#[derive(Clone)]
pub struct Drafts {
    pub store: Store,
    pub clock: Clock,
    pub entropy: Entropy,
}

impl Drafts {
    /// A name for a draft that nobody can guess.
    pub fn new_name(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.entropy.bytes::<12>())
    }

    /// Keeps what was typed, in place of what the session left anywhere before.
    pub async fn keep(&self, session: &SessionKey, place: Place<'_>, typed: &Typed) -> Result<(), store::Error> {
        self.put(self.store.write().await?, session, place, typed).await
    }

    /// The same for a session that has ended: whoever comes with its cookie is signed in no more, and waits like everybody
    /// who is not.
    pub async fn keep_for_ended(
        &self,
        session: &SessionKey,
        place: Place<'_>,
        typed: &Typed,
    ) -> Result<(), store::Error> {
        self.put(self.store.write_for_stranger().await?, session, place, typed).await
    }

    async fn put(
        &self,
        mut tx: Writing,
        session: &SessionKey,
        place: Place<'_>,
        typed: &Typed,
    ) -> Result<(), store::Error> {
        let plain = serde_json::to_vec(typed).unwrap_or_default();
        let nonce = self.entropy.bytes::<NONCE_LEN>();
        let Some(sealed) = close(session, place, nonce, plain) else { return Ok(()) };
        tx.put_draft(&session.id, &sealed, self.clock.now() + KEPT).await?;
        tx.commit().await
    }

    /// What this session typed there, if that is what it left last.
    pub async fn find(&self, session: &SessionKey, place: Place<'_>) -> Result<Option<Typed>, store::Error> {
        let sealed = self.store.read().await?.draft(&session.id, self.clock.now()).await?;
        let plain = sealed.and_then(|sealed| open(session, place, sealed));
        Ok(plain.and_then(|plain| serde_json::from_slice(&plain).ok()))
    }

    /// Lets a person find in their new session what they had left in the one before.
    pub async fn take_along(&self, from: &SessionKey, to: &SessionKey, place: Place<'_>) -> Result<(), store::Error> {
        match self.find(from, place).await? {
            Some(typed) => self.keep(to, place, &typed).await,
            None => Ok(()),
        }
    }
}

fn close(session: &SessionKey, place: Place<'_>, nonce: [u8; NONCE_LEN], mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    let once = Nonce::assume_unique_for_key(nonce);
    key(session)?.seal_in_place_append_tag(once, Aad::from(place.bound()), &mut bytes).ok()?;
    Some([&nonce[..], &bytes].concat())
}

fn open(session: &SessionKey, place: Place<'_>, mut sealed: Vec<u8>) -> Option<Vec<u8>> {
    let (nonce, bytes) = sealed.split_first_chunk_mut::<NONCE_LEN>()?;
    let once = Nonce::assume_unique_for_key(*nonce);
    Some(key(session)?.open_in_place(once, Aad::from(place.bound()), bytes).ok()?.to_vec())
}

fn key(session: &SessionKey) -> Option<LessSafeKey> {
    let root = session.root_of_keys();
    Some(LessSafeKey::new(UnboundKey::from(root.expand(&[b"draft"], &AES_256_GCM).ok()?)))
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::model::SessionId;

    #[test]
    fn a_draft_opens_for_its_session_form_and_name_alone() {
        let [own, other] = [1, 2].map(|n| SessionKey::new(SessionId(n.to_string()), Zeroizing::new([n; 32])));
        let place = Place { form: "/a", name: "x" };
        let sealed = close(&own, place, [7; NONCE_LEN], b"Away".to_vec()).unwrap();
        assert!(!sealed.windows(4).any(|bytes| bytes == b"Away"));
        assert_eq!(open(&own, place, sealed.clone()).as_deref(), Some(&b"Away"[..]));
        assert_eq!(open(&own, Place { form: "/b", ..place }, sealed.clone()), None);
        assert_eq!(open(&own, Place { name: "y", ..place }, sealed.clone()), None);
        assert_eq!(open(&other, place, sealed.clone()), None);
        assert_eq!(open(&own, place, sealed[..5].to_vec()), None);
    }
}
