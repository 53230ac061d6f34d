//! What somebody has typed into a form that asks them first to prove anew who they are: kept until they come back from
//! doing so, so that nothing is lost on the way. It is in no link and no log, and rests encrypted under a key that only
//! the session's cookie gives.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use jiff::SignedDuration;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Failure;
use crate::access::{Asker, SessionKey};
use crate::model::{Clock, Entropy};
use crate::store::Store;

/// How long a draft waits.
const KEPT: SignedDuration = SignedDuration::from_mins(30);

/// Drafts. Cloned freely.
#[derive(Clone)]
pub struct Drafts {
    pub store: Store,
    pub clock: Clock,
    pub entropy: Entropy,
}

impl Drafts {
    /// Keeps what was typed into the form at this address, in place of what the session left anywhere before.
    pub async fn keep(&self, asker: &Asker, form: &str, typed: &impl Serialize) -> Result<(), Failure> {
        let plain = serde_json::to_vec(typed).unwrap_or_default();
        let nonce = self.entropy.bytes::<NONCE_LEN>();
        let Some(session) = asker.session() else { return Ok(()) };
        let Some(sealed) = close(session, form, nonce, plain) else { return Ok(()) };
        let mut tx = self.store.write().await?;
        tx.put_draft(&session.id, &sealed, self.clock.now() + KEPT).await?;
        Ok(tx.commit().await?)
    }

    /// What this session typed into the form at this address, if that is what it left last.
    pub async fn find<T: DeserializeOwned>(&self, asker: &Asker, form: &str) -> Result<Option<T>, Failure> {
        let Some(session) = asker.session() else { return Ok(None) };
        let sealed = self.store.read().await?.draft(&session.id, self.clock.now()).await?;
        let plain = sealed.and_then(|sealed| open(session, form, sealed));
        Ok(plain.and_then(|plain| serde_json::from_slice(&plain).ok()))
    }
}

fn close(session: &SessionKey, form: &str, nonce: [u8; NONCE_LEN], mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    let once = Nonce::assume_unique_for_key(nonce);
    key(session)?.seal_in_place_append_tag(once, Aad::from(form.as_bytes()), &mut bytes).ok()?;
    Some([&nonce[..], &bytes].concat())
}

fn open(session: &SessionKey, form: &str, mut sealed: Vec<u8>) -> Option<Vec<u8>> {
    let (nonce, bytes) = sealed.split_first_chunk_mut::<NONCE_LEN>()?;
    let once = Nonce::assume_unique_for_key(*nonce);
    Some(key(session)?.open_in_place(once, Aad::from(form.as_bytes()), bytes).ok()?.to_vec())
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
    fn a_draft_opens_for_its_session_and_its_form_alone() {
        let [own, other] = [1, 2].map(|n| SessionKey::new(SessionId(n.to_string()), Zeroizing::new([n; 32])));
        let sealed = close(&own, "/a", [7; NONCE_LEN], b"Away".to_vec()).unwrap();
        assert!(!sealed.windows(4).any(|bytes| bytes == b"Away"));
        assert_eq!(open(&own, "/a", sealed.clone()).as_deref(), Some(&b"Away"[..]));
        assert_eq!(open(&own, "/b", sealed.clone()), None);
        assert_eq!(open(&other, "/a", sealed.clone()), None);
        assert_eq!(open(&own, "/a", sealed[..5].to_vec()), None);
    }
}
