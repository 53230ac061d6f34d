//! The reset of an account's password, for whoever is to get the new one: what the confirmation page needs to know, and what
//! a confirmation does.

use std::sync::Arc;

use super::directory::Freshness;
use super::operations::admission::Admission;
use super::operations::confirmation::Page;
use super::operations::mailing::MailChoice;
use super::operations::petition::{Petition, Source};
use super::operations::rules::Rules;
use super::{Directory, Failure, approvals};
use crate::access::{CanIn, ResetPasswords, ViewMail};
use crate::model::{
    Address, Approval, Clock, HandOver, Joint, MailWish, Operation, OperationId, OperationKind, Stated,
};
use crate::store::Store;

/// How many of an account's last operations are told.
const HISTORY: i64 = 8;

/// What the confirmation page shows, and the token that makes it good for one reset.
#[derive(Debug)]
pub struct ToConfirm {
    pub token: String,
    /// Whether the person has proved lately enough who they are.
    pub is_proved: bool,
    /// How the new password can be handed over, the usual way first.
    pub ways: Vec<HandOver>,
    /// Where links may go by mail.
    pub mail: MailChoice,
    /// What a colleague has approved, where it takes a second person.
    pub approved: Option<Approval>,
    /// The last that changed the account's password or may have, if that was lately.
    pub last: Option<Operation>,
}

/// What a posted confirmation page holds.
#[derive(Debug)]
pub struct Posted {
    pub token: String,
    /// On what grounds, as typed.
    pub stated: Stated,
    /// To whom the owner's link is to go by mail.
    pub mail: Option<MailWish>,
}

/// Resets. Cloned freely.
#[derive(Clone)]
pub struct Resets {
    pub admission: Admission,
    pub directory: Directory,
    pub rules: Arc<Rules>,
    pub store: Store,
    pub clock: Clock,
}

impl Resets {
    /// The last resets and other changes of an address, newest first.
    ///
    /// # Errors
    /// [`Failure::Store`]; [`Failure::Denied`] when the right is for another domain.
    pub async fn history(&self, can: &CanIn<ViewMail>, address: &Address) -> Result<Vec<Operation>, Failure> {
        can.is_for(address)?;
        Ok(self.store.read().await?.operations_on(address, HISTORY).await?)
    }

    /// Makes a confirmation page. It changes nothing.
    ///
    /// # Errors
    /// [`Failure`]: the address is no account, GleSYS can't be asked now, or the account is busy or cooling down.
    pub async fn to_confirm(
        &self,
        can: &CanIn<ResetPasswords>,
        see: &CanIn<ViewMail>,
        kind: OperationKind,
        address: &Address,
    ) -> Result<ToConfirm, Failure> {
        can.is_for(address)?;
        let own = self.store.staff_mailboxes_shown(self.clock.now()).await?;
        self.rules.allow(kind, &can.asker().staff, address, &own)?;
        self.must_be_account(see, address).await?;
        let (is_proved, now) = (self.admission.seems_proved(can.asker()).await?, self.clock.now());
        let joint = Joint::On { kind, address: address.clone(), way: None };
        let approved = approvals::approved(&self.store, &self.rules, can.asker(), joint, now).await?;
        let history = self.store.read().await?.operations_on(address, HISTORY).await?;
        if let Some(last) = history.first() {
            self.admission.at_rest(kind, last)?;
        }
        let token = self.admission.token(can.asker(), Page::of(kind, address), history.first());
        let ways = match (kind, approved.as_ref().and_then(|approved| approved.joint.way())) {
            (OperationKind::LockOut, _) => vec![HandOver::Nobody],
            (_, Some(way)) => vec![way],
            _ => self.rules.hand_over.ways(address),
        };
        let mail = self.admission.mail_choice(address, ways.contains(&HandOver::Link)).await?;
        Ok(ToConfirm {
            token,
            is_proved,
            ways,
            mail,
            approved,
            last: history.into_iter().find(Operation::may_have_voided_the_password),
        })
    }

    /// The page is worth nothing without an account.
    async fn must_be_account(&self, see: &CanIn<ViewMail>, address: &Address) -> Result<(), Failure> {
        match self.directory.fresh_account(see, address).await {
            Err(failure @ Failure::Glesys(_)) => {
                let known = self.directory.at(see, address, Freshness::Known).await;
                Err(known.map_or(failure, |known| Failure::OutOfDate { since: known.read_at }))
            }
            account => account.map(drop),
        }
    }

    /// Confirms a reset: at most one call to GleSYS comes of it, however often the same page is posted. Returns the
    /// operation to look at; the reset itself goes on if the caller doesn't.
    ///
    /// # Errors
    /// [`Failure`]: nothing was sent. The refusal is in the audit.
    pub async fn confirm(
        &self,
        can: &CanIn<ResetPasswords>,
        to: HandOver,
        address: Address,
        posted: Posted,
    ) -> Result<OperationId, Failure> {
        let petition =
            Petition::reset(can, to, address, Source::Page(posted.token), posted.stated)?.mailed(posted.mail);
        self.admission.confirm(petition).await
    }
}
