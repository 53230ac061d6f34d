//! Reading a password by link and code: the code is counted before it is tried, and the reading is durable before the
//! password leaves here.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::{Found, HandOvers, event};
use crate::access::envelope;
use crate::access::password::Place;
use crate::model::owner_link::TRIES;
use crate::model::{AuditKind, ClosedEnvelope, Fact, LinkAndCode, LinkEnd, OneTimePassword, Operation, OwnerLink};
use crate::services::Failure;
use crate::services::operations::recorded::is_recorded_all_the_same;
use crate::services::sign_ins::Origin;
use crate::store;

/// How often is looked how the last try of a link went, and how long is waited in between.
const LOOKS: u32 = 12;
const PATIENCE: Duration = Duration::from_millis(250);

/// What came of a code that somebody typed.
pub enum Tried {
    /// It is the one: here is the password that this operation made, for the only time.
    Password(Box<Operation>, OneTimePassword),
    /// It is not; so many tries are left, until then.
    Wrong { left: i64, until: Timestamp },
    /// It is not, and it was the last try.
    Void,
    /// The password was shown then, to somebody who was faster.
    Read(Timestamp),
    /// There is no such link, or it has ended in another way.
    Refused,
}

/// What came of looking at a code.
enum Judged {
    Right(OneTimePassword),
    /// It is wrong, which is recorded by now; nothing where another try ended the link meanwhile.
    Wrong(Option<Tried>),
    /// It was not counted: the link has ended, or all its tries are under way.
    NotTried,
}

impl HandOvers {
    /// Tries a code on a link. Without room to try it, it is not counted.
    ///
    /// # Errors
    /// [`Failure::Busy`]; [`Failure::Stopping`]; [`Failure::Store`]: the password was not shown.
    pub async fn read(
        &self,
        link: Zeroizing<String>,
        code: Zeroizing<String>,
        from: &Origin,
    ) -> Result<Tried, Failure> {
        let place = self.place(from)?;
        let (Found::Waiting(_), Some(known)) = self.find(&link).await? else {
            drop(place);
            return self.not_tried(&link).await;
        };
        let (judged, claims) = self.tries(&known, LinkAndCode::new(link.clone(), code), place, from).await?;
        let tried = match judged {
            Judged::Right(password) => self.claim(&known, password, from).await?,
            Judged::Wrong(tried) => tried,
            Judged::NotTried => None,
        };
        match tried {
            Some(tried) => {
                // Only the task of a right code listens.
                let _ = claims.send(());
                Ok(tried)
            }
            None => self.not_tried(&link).await,
        }
    }

    /// Counts a code and looks at it, in a task that goes on when the browser leaves: what is counted is recorded. The
    /// reading is not the task's: where nobody claims it, a right code was not used, and its try is taken back.
    async fn tries(
        &self,
        known: &OwnerLink,
        both: LinkAndCode,
        place: Place,
        from: &Origin,
    ) -> Result<(Judged, oneshot::Sender<()>), Failure> {
        let (tell, told) = oneshot::channel();
        let (this, known, from) = (self.clone(), known.clone(), from.clone());
        self.ledger.spawn(async move {
            let judged = this.look_at(&known, both, place, &from).await;
            let is_right = matches!(judged, Ok(Judged::Right(_)));
            let (claims, claimed) = oneshot::channel();
            drop(tell.send(judged.map(|judged| (judged, claims))));
            if is_right && claimed.await.is_err() {
                this.take_back(&known).await;
            }
        })?;
        told.await.map_err(|_| Failure::Stopping)?
    }

    async fn look_at(
        &self,
        known: &OwnerLink,
        both: LinkAndCode,
        place: Place,
        from: &Origin,
    ) -> Result<Judged, Failure> {
        let Some((envelope, number)) = self.count(known).await? else { return Ok(Judged::NotTried) };
        match envelope::open(envelope, both, known.operation.clone(), place).await {
            Ok(Some(password)) => Ok(Judged::Right(password)),
            Ok(None) => Ok(Judged::Wrong(self.was_wrong(known, number, from).await?)),
            Err(_) => {
                self.take_back(known).await;
                Err(Failure::Stopping)
            }
        }
    }

    /// How a link stands on which a code could not be tried. While its last try is looked at nobody knows; that is waited
    /// for, a little.
    async fn not_tried(&self, link: &str) -> Result<Tried, Failure> {
        for _ in 0..LOOKS {
            let (found, link) = self.find(link).await?;
            match found {
                Found::Read(at) => return Ok(Tried::Read(at)),
                // A try that was under way was taken back.
                Found::Waiting(_) => return Err(Failure::Busy),
                Found::Refused if !link.is_some_and(|link| link.has_had_its_tries()) => return Ok(Tried::Refused),
                Found::Refused => tokio::time::sleep(PATIENCE).await,
            }
        }
        Err(Failure::Busy)
    }

    async fn count(&self, link: &OwnerLink) -> Result<Option<(ClosedEnvelope, i64)>, store::Error> {
        let mut tx = self.store.write().await?;
        let counted = tx.count_code(&link.operation, self.clock.now()).await?;
        tx.commit().await?;
        Ok(counted)
    }

    /// Takes a try back that told nobody anything: the code was right, or nobody looked at it.
    async fn take_back(&self, link: &OwnerLink) {
        let taking = async {
            let mut tx = self.store.write().await?;
            tx.take_code_back(&link.operation).await?;
            tx.commit().await
        };
        if let Err(error) = taking.await {
            let operation = link.operation.as_str();
            tracing::warn!(operation, %error, "a try that was broken off stays counted");
        }
    }

    /// Takes the one reading; nothing where the link has ended meanwhile, or the password is worth nothing any more.
    async fn claim(
        &self,
        link: &OwnerLink,
        password: OneTimePassword,
        from: &Origin,
    ) -> Result<Option<Tried>, store::Error> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        if tx.is_link_overtaken(&link.operation).await? {
            return Ok(None);
        }
        let Some(operation) = tx.operation(&link.operation).await? else { return Ok(None) };
        if !tx.take_reading(&operation.id, now).await? {
            return Ok(None);
        }
        let read = event(&operation, AuditKind::HandOverRead, from, now);
        tx.record(&read).await?;
        match tx.commit().await {
            Err(error) if !is_recorded_all_the_same(&self.store, &read).await => Err(error),
            _ => Ok(Some(Tried::Password(operation.into(), password))),
        }
    }

    /// Records that a code was wrong; the last one ends the link. Nothing where another try ended it meanwhile.
    async fn was_wrong(&self, link: &OwnerLink, number: i64, from: &Origin) -> Result<Option<Tried>, store::Error> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let Some(operation) = tx.operation(&link.operation).await? else { return Ok(None) };
        let told = |operation: &Operation, kind| event(operation, kind, from, now).with(Fact::WrongCodes, number);
        tx.record(&told(&operation, AuditKind::HandOverWrongCode)).await?;
        let is_last = number >= TRIES;
        let ended = is_last && tx.end_owner_link(&operation.id, LinkEnd::WrongCodes, now).await?;
        if ended {
            tx.record(&told(&operation, AuditKind::HandOverVoid)).await?;
        }
        tx.commit().await?;
        Ok(if is_last {
            ended.then_some(Tried::Void)
        } else {
            Some(Tried::Wrong { left: TRIES - number, until: link.expires_at })
        })
    }
}
