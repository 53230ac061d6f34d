//! How a new password is closed up: for the session that asked for it, or in an envelope for its owner. That one is made before
//! anything is sent, so that a password that GleSYS has made can always be put into it.

use std::time::Duration;

use super::Admission;
use super::petition::Petition;
use super::seal::{Broken, Seal};
use zeroize::Zeroizing;

use crate::access::Asker;
use crate::access::envelope::Envelope;
use crate::access::password::Lane;
use crate::model::{ClosedEnvelope, HandOver, OneTimePassword, OperationId};
use crate::services::Failure;

/// How often is looked for a place in the line for hashing, and how long is waited in between.
const LOOKS: u32 = 20;
const PAUSE: Duration = Duration::from_millis(100);

/// What a petition needs before it is tried.
pub(in crate::services) enum Ready {
    /// The envelope of its new password, if that goes by link.
    Now(Option<Box<Envelope>>),
    /// Nothing: it has become this operation.
    Before(OperationId),
}

impl Admission {
    /// The envelope of a password that goes by link. It takes a turn of hashing, which nothing is given that would be refused
    /// anyway, and for which the person waits a little.
    pub(in crate::services) async fn envelope(&self, petition: &Petition, nonce: &str) -> Result<Ready, Failure> {
        if petition.task().hand_over() != Some(HandOver::Link) {
            return Ok(Ready::Now(None));
        }
        for _ in 0..LOOKS {
            let mut tx = self.store.write().await?;
            if let Some(before) = tx.operation_of_nonce(nonce).await? {
                return Ok(Ready::Before(before.id));
            }
            self.admit(&mut tx, petition).await?;
            drop(tx);
            if let Ok(place) = self.passwords.place(Lane::Known(petition.asker().staff.id.0.clone())) {
                let envelope = Envelope::new(&self.entropy, place).await.map_err(|_| Failure::Busy)?;
                return Ok(Ready::Now(Some(envelope.into())));
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(Failure::Busy)
    }
}

/// What is put down of a new password.
pub struct Sealed {
    /// For the session that asked for it: the password, or link and code.
    pub for_session: Vec<u8>,
    /// For the owner of the mailbox: the password, where it goes by link. Staff can't open it.
    pub for_owner: Option<ClosedEnvelope>,
    /// The secret of its link, for as long as the task lives that may mail it. It is put down nowhere.
    pub link: Option<Zeroizing<String>>,
}

impl Sealed {
    /// Closes a new password up. It goes into the envelope, where there is one.
    pub fn of(
        asker: &Asker,
        operation: &OperationId,
        password: OneTimePassword,
        envelope: Option<Envelope>,
    ) -> Result<Self, Broken> {
        let seal = Seal::of(asker, operation)?;
        let Some(envelope) = envelope else {
            return Ok(Self { for_session: seal.close(&password.reveal())?, for_owner: None, link: None });
        };
        let closed = envelope.close(password, operation).ok_or(Broken)?;
        let both = envelope.into_both();
        let link = Some(Zeroizing::new(both.link().to_owned()));
        Ok(Self { for_session: seal.close(&both.joined())?, for_owner: Some(closed), link })
    }
}
