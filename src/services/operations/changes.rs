//! Changes of accounts and aliases other than resets: the token of their pages, and what a posted page does.
//!
//! `accounts` and `aliases` check what was typed and make the [`Petition`]; this has it admitted.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::admission::Admission;
use super::confirmation::Page;
use super::petition::Petition;
use super::rules::{Gravity, Proof, Rules};
use crate::access::{CanIn, ManageMail};
use crate::model::{Address, Clock, Joint, Operation, OperationId, OperationKind, OperationState};
use crate::services::{Failure, approvals};
use crate::store::{self, Store};

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
    pub rules: Arc<Rules>,
    pub store: Store,
    pub clock: Clock,
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
        let own = self.store.staff_mailboxes_shown(self.clock.now()).await?;
        self.rules.allow(kind, &can.asker().staff, address, &own)?;
        self.must_be_fresh(can, kind)?;
        let joint = Joint::On { kind, address: address.clone(), way: None };
        approvals::approved(&self.store, &self.rules, can.asker(), joint, self.clock.now()).await?;
        let last = self.store.read().await?.operations_on(address, 1).await?.into_iter().next();
        Ok((self.admission.token(can.asker(), Page::On(kind, address), last.as_ref()), last))
    }

    /// The token of a page that makes a new address in the right's domain.
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
        let newest = self.store.read().await?.operations_on(address, LOOKED_AT).await?;
        let later = newest.into_iter().take_while(|operation| Some(&operation.id) != confirmation.after.as_ref());
        Ok(Since { began, later: later.collect() })
    }

    /// The addresses that staff members sign in with, or did lately: protected from everybody but admins.
    pub async fn staff_mailboxes(&self) -> Result<BTreeSet<Address>, Failure> {
        Ok(self.store.staff_mailboxes_shown(self.clock.now()).await?)
    }

    /// Whoever will be asked in any case who they are is asked before they type anything.
    fn must_be_fresh(&self, can: &CanIn<ManageMail>, kind: OperationKind) -> Result<(), Failure> {
        let is_asked = Gravity::of(kind).proof == Proof::Always;
        let holds = can.asker().is_fresh(self.rules.fresh, self.clock.now());
        if holds || !is_asked { Ok(()) } else { Err(Failure::ProofTooOld) }
    }

    /// Takes what a posted page asks for. Returns the operation, which may have ended, or goes on if the caller doesn't.
    ///
    /// # Errors
    /// As [`Admission::confirm`].
    pub async fn confirm(&self, petition: Petition) -> Result<Operation, Failure> {
        let id = self.admission.confirm(petition).await?;
        self.store.read().await?.operation(&id).await?.ok_or(Failure::NoSuchOperation)
    }

    /// The operation that a page began when it was posted before, if it was.
    pub async fn begun_before(
        &self,
        can: &CanIn<ManageMail>,
        page: Page<'_>,
        token: &str,
    ) -> Result<Option<Operation>, Failure> {
        let Some(confirmation) = self.admission.read(can.asker(), page, token) else { return Ok(None) };
        Ok(self.store.read().await?.operation_of_nonce(&confirmation.nonce).await?)
    }

    /// An address's last operation, to be remembered before GleSYS is read.
    pub async fn last_seen(&self, address: &Address) -> Result<LastSeen, Failure> {
        Ok(LastSeen::of(address, &self.store).await?)
    }
}

/// The last operation on an address when it was looked at, if there was one, and how it stood then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastSeen(Option<(OperationId, OperationState)>);

impl LastSeen {
    /// An address's last operation, to be remembered before GleSYS is read.
    pub async fn of(address: &Address, store: &Store) -> Result<Self, store::Error> {
        let last = store.read().await?.operations_on(address, 1).await?.into_iter().next();
        Ok(Self(last.map(|last| (last.id.clone(), last.state()))))
    }

    /// What was read of an address is worth nothing once it was changed, by an operation begun since or one that ran.
    pub fn must_be(&self, kind: OperationKind, last: Operation) -> Result<(), Failure> {
        let is_last = self.0.as_ref().is_some_and(|(id, state)| id == &last.id && *state == last.state());
        if is_last { Ok(()) } else { Err(Failure::Overtaken(kind, Box::new(last))) }
    }
}
