//! Changes of accounts and aliases other than resets: the token of their pages, and what a posted page does.
//!
//! `accounts` and `aliases` check what was typed and make the [`Change`]; this takes it through the ledger.

use std::collections::BTreeSet;

use super::admission::{Admission, Petition};
use super::confirmation::Page;
use super::gravity::{self, Proof};
use super::intent::Intent;
use super::rules::Rules;
use crate::access::{CanIn, ManageMail};
use crate::model::{Address, Change, Operation, OperationId, OperationKind, OperationState};
use crate::services::Failure;

/// How many of an address's last operations are looked at for those that came after a page was made.
const LOOKED_AT: i64 = 20;

/// What happened since a page was made.
#[derive(Debug, Default)]
pub struct Since {
    /// The operation that the page itself has begun, when it was posted before.
    pub began: Option<Operation>,
    /// What was done to the address, newest first.
    pub later: Vec<Operation>,
}

/// Changes. Cloned freely.
#[derive(Clone)]
pub struct Changes {
    pub admission: Admission,
    pub rules: Rules,
}

impl Changes {
    /// The token of a page that does something to an address.
    ///
    /// # Errors
    /// [`Failure`]: the right is for another domain, the address is protected, busy or cooling down, or the person must
    /// first prove anew who they are.
    pub async fn page_on(
        &self,
        can: &CanIn<ManageMail>,
        kind: OperationKind,
        address: &Address,
    ) -> Result<String, Failure> {
        let (token, last) = self.page_after(can, kind, address).await?;
        if let Some(last) = &last {
            self.admission.at_rest(kind, last)?;
        }
        Ok(token)
    }

    /// The same for a form that is shown again with what was typed, whatever is done to the address meanwhile: it has
    /// to be at rest when the form is posted.
    ///
    /// # Errors
    /// As [`Changes::page_on`].
    pub async fn page_again(
        &self,
        can: &CanIn<ManageMail>,
        kind: OperationKind,
        address: &Address,
    ) -> Result<String, Failure> {
        Ok(self.page_after(can, kind, address).await?.0)
    }

    async fn page_after(
        &self,
        can: &CanIn<ManageMail>,
        kind: OperationKind,
        address: &Address,
    ) -> Result<(String, Option<Operation>), Failure> {
        can.is_for(address)?;
        let mut reading = self.admission.store.read().await?;
        self.rules.allow(kind, &can.asker().staff, address, &reading.staff_mailboxes().await?)?;
        self.must_be_fresh(can, kind)?;
        let last = reading.operations_on(address, 1).await?.into_iter().next();
        Ok((self.admission.token(can.asker(), Page::On(kind, address), last.as_ref()), last))
    }

    /// The token of a page that makes a new address in the right's domain.
    ///
    /// # Errors
    /// [`Failure::ProofTooOld`].
    pub fn page_in(&self, can: &CanIn<ManageMail>, kind: OperationKind) -> Result<String, Failure> {
        self.must_be_fresh(can, kind)?;
        Ok(self.admission.token(can.asker(), Page::In(kind, can.domain()), None))
    }

    /// What became of a page of this kind since it was made. Of a page that was not made for this it tells nothing.
    ///
    /// # Errors
    /// [`Failure::Store`]; [`Failure::Denied`] when the right is for another domain.
    pub async fn since(
        &self,
        can: &CanIn<ManageMail>,
        kind: OperationKind,
        address: &Address,
        token: &str,
    ) -> Result<Since, Failure> {
        can.is_for(address)?;
        let page = Page::of(kind, address);
        let Some(confirmation) = self.admission.read(can.asker(), page, token) else { return Ok(Since::default()) };
        let began = self.begun_before(can, page, token).await?;
        let newest = self.admission.store.read().await?.operations_on(address, LOOKED_AT).await?;
        let later = newest.into_iter().take_while(|operation| Some(&operation.id) != confirmation.after.as_ref());
        Ok(Since { began, later: later.collect() })
    }

    /// The addresses that staff members sign in with: protected from everybody but admins.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn staff_mailboxes(&self) -> Result<BTreeSet<Address>, Failure> {
        Ok(self.admission.store.read().await?.staff_mailboxes().await?)
    }

    /// Whoever will be asked in any case who they are is asked before they type anything.
    fn must_be_fresh(&self, can: &CanIn<ManageMail>, kind: OperationKind) -> Result<(), Failure> {
        let is_asked = gravity::of(kind).proof == Proof::Always;
        let holds = self.rules.fresh.holds(can.asker().proved_at, self.admission.clock.now());
        if holds || !is_asked { Ok(()) } else { Err(Failure::ProofTooOld) }
    }

    /// Takes a posted page: at most one call to GleSYS comes of it, however often the same page is posted. Returns the
    /// operation, which may have ended, or goes on if the caller doesn't.
    ///
    /// # Errors
    /// [`Failure`]: nothing was sent. The refusal is in the audit.
    pub async fn confirm(
        &self,
        can: CanIn<ManageMail>,
        address: Address,
        change: Change,
        token: String,
    ) -> Result<Operation, Failure> {
        self.confirm_after(can, (address, None), change, token).await
    }

    /// The same for something that was read when this was the address's last operation: another one since then, and
    /// nothing is sent.
    ///
    /// # Errors
    /// As [`Changes::confirm`]; [`Failure::Overtaken`].
    pub async fn confirm_after(
        &self,
        can: CanIn<ManageMail>,
        (address, after): (Address, Option<LastSeen>),
        change: Change,
        token: String,
    ) -> Result<Operation, Failure> {
        let intent = Intent::change(&can, address, change)?;
        let petition = Petition { intent, token, reason: String::new(), seen: after };
        let id = self.admission.confirm(petition).await?;
        self.admission.store.read().await?.operation(&id).await?.ok_or(Failure::NoSuchOperation)
    }

    /// The operation that a page began when it was posted before, if it was.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn begun_before(
        &self,
        can: &CanIn<ManageMail>,
        page: Page<'_>,
        token: &str,
    ) -> Result<Option<Operation>, Failure> {
        let Some(confirmation) = self.admission.read(can.asker(), page, token) else { return Ok(None) };
        Ok(self.admission.store.read().await?.operation_of_nonce(&confirmation.nonce).await?)
    }

    /// An address's last operation, to be remembered before GleSYS is read.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn last_seen(&self, address: &Address) -> Result<LastSeen, Failure> {
        let last = self.admission.store.read().await?.operations_on(address, 1).await?.into_iter().next();
        Ok(LastSeen(last.map(|last| (last.id, last.state))))
    }
}

/// The last operation on an address when it was looked at, if there was one, and how it stood then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastSeen(Option<(OperationId, OperationState)>);

impl LastSeen {
    /// What was read of an address is worth nothing once it was changed, by an operation begun since or one that ran.
    ///
    /// # Errors
    /// [`Failure::Overtaken`].
    pub fn must_be(&self, kind: OperationKind, last: Operation) -> Result<(), Failure> {
        let is_last = self.0.as_ref().is_some_and(|(id, state)| (id, state) == (&last.id, &last.state));
        if is_last { Ok(()) } else { Err(Failure::Overtaken(kind, Box::new(last))) }
    }
}
