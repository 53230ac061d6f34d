//! Creating, editing and deleting accounts: what their pages need to know, and what comes of a posted page.
//!
//! Everything is checked against what GleSYS has at that moment before a change goes to the ledger. A page that is
//! posted twice leads to the operation that the first post began, also where the second one would find things changed.

mod base;

use super::new_address::{self, UnfitAddress};
use super::operations::changes::Since;
use super::operations::confirmation::Page;
use super::operations::petition::{LastSeen, Petition, Source};
use super::{Changes, Directory, Failure};
use crate::access::{CanIn, CanSome, ManageMail, ViewMail};
use crate::model::account_settings::Setting;
use crate::model::{Account, AccountSettings, Address, Alias, Change, Operation, OperationKind, OperationState};

pub use self::base::Base;

/// What a page about an account needs to know, and the token that makes it good for one operation.
#[derive(Debug)]
pub struct ToChange {
    /// The account as GleSYS has it now.
    pub account: Account,
    /// The aliases that lead to it.
    pub led_by: Vec<Alias>,
    pub token: String,
}

/// An edit as it was posted.
#[derive(Debug)]
pub struct Edit {
    /// What the form was made from.
    pub base: Base,
    pub wanted: AccountSettings,
    pub token: String,
}

/// What came of a posted edit.
#[derive(Debug)]
pub enum Edited {
    /// It became this operation, now or when the same page was posted before.
    Begun(Box<Operation>),
    /// GleSYS has these settings already.
    Nothing,
    /// GleSYS has other settings than the form was made from. Nothing was sent; the person has to decide.
    Asks(Box<Conflict>),
}

/// Two states of an account that don't go together.
#[derive(Debug)]
pub struct Conflict {
    /// What GleSYS has now.
    pub now: AccountSettings,
    /// What the person has.
    pub wanted: AccountSettings,
    /// What they want where they have changed something, and what GleSYS has elsewhere.
    pub merged: AccountSettings,
    /// Where both differ and GleSYS's is not what the form was made from. Empty: the form was used already and says
    /// something else by now.
    pub about: Vec<Setting>,
    /// The last edit through this panel since the form was made that was done, or may have been.
    pub by: Option<Operation>,
}

/// What came of a posted creation.
#[derive(Debug)]
pub enum Created {
    /// It became this operation, now or when the same page was posted before.
    Begun(Box<Operation>),
    /// Nothing was sent: the address can't be had.
    Unfit(UnfitAddress),
    /// Nothing was sent: the project has as many accounts as it may have.
    Full { limit: u64 },
    /// Nothing was sent: the page was used before, for another address.
    Used(Address),
}

/// Accounts. Cloned freely.
#[derive(Clone)]
pub struct Accounts {
    pub changes: Changes,
    pub directory: Directory,
}

impl Accounts {
    /// Makes a page that edits or deletes an account.
    ///
    /// # Errors
    /// [`Failure`]: the address is no account, GleSYS can't be asked now, the account is protected, busy or cooling
    /// down, or the person must first prove anew who they are.
    pub async fn to_change(
        &self,
        can: &CanIn<ManageMail>,
        see: &CanSome<ViewMail>,
        kind: OperationKind,
        address: &Address,
    ) -> Result<ToChange, Failure> {
        let token = self.changes.page_on(can, kind, address).await?;
        let account = self.directory.account_now(can, address).await?;
        let led_by = self.directory.aliases_to(see, address);
        Ok(ToChange { account, led_by, token })
    }

    /// Takes a posted edit: sends what differs, unless GleSYS has something else now than the form was made from.
    ///
    /// # Errors
    /// [`Failure`]: nothing was sent.
    pub async fn edit(&self, can: CanIn<ManageMail>, address: Address, edit: Edit) -> Result<Edited, Failure> {
        let (change, seen) = match self.look_at(&can, &address, &edit).await? {
            Ok(to_send) => to_send,
            Err(edited) => return Ok(edited),
        };
        let petition = Petition::change(&can, address.clone(), change, Source::Page(edit.token.clone()))?;
        match self.changes.confirm(petition.since(seen)).await {
            Ok(begun) => Ok(Edited::Begun(Box::new(begun))),
            // What was done meanwhile is asked about, where it makes a difference.
            Err(Failure::Overtaken(kind, last)) => match self.look_at(&can, &address, &edit).await? {
                Ok(_) => Err(Failure::Overtaken(kind, last)),
                Err(edited) => Ok(edited),
            },
            Err(failure) => Err(failure),
        }
    }

    /// What is to be sent of a posted edit, and what was last done to the account when it was looked at; or what came of
    /// the edit already.
    async fn look_at(
        &self,
        can: &CanIn<ManageMail>,
        address: &Address,
        Edit { base, wanted, token }: &Edit,
    ) -> Result<Result<(Change, LastSeen), Edited>, Failure> {
        // Asked before GleSYS is, so that what an earlier post has done is in GleSYS's answer.
        let Since { began, later } = self.changes.since(can, OperationKind::EditAccount, address, token).await?;
        // Remembered before, so that what somebody else begins after this look is not undone unseen.
        let seen = self.changes.last_seen(address).await?;
        let now = self.directory.account_now(can, address).await?.settings();
        let differs: Vec<_> = Setting::ALL.into_iter().filter(|setting| !setting.is_same(&now, wanted)).collect();
        if differs.is_empty() {
            let began = match began {
                // The same form, posted a moment earlier, may be what made it so.
                None => self.changes.since(can, OperationKind::EditAccount, address, token).await?.began,
                began => began,
            };
            return Ok(Err(began.map_or(Edited::Nothing, |began| Edited::Begun(Box::new(began)))));
        }
        let about: Vec<_> = differs.iter().copied().filter(|setting| !base.has(*setting, &now)).collect();
        let is_used = began.is_some_and(|began| began.state() == OperationState::Done);
        if !about.is_empty() || is_used {
            let mut merged = now.clone();
            for chosen in differs.iter().filter(|setting| !base.has(**setting, wanted)) {
                chosen.copy(wanted, &mut merged);
            }
            let by = later.into_iter().find(may_have_edited);
            return Ok(Err(Edited::Asks(Box::new(Conflict { now, wanted: wanted.clone(), merged, about, by }))));
        }
        let mut to = now.clone();
        for setting in differs {
            setting.copy(wanted, &mut to);
        }
        Ok(Ok((Change::EditAccount { from: now, to }, seen)))
    }

    /// Takes a posted confirmation to delete an account: GleSYS deletes whatever has the address, so it is looked at
    /// once more.
    ///
    /// # Errors
    /// [`Failure`]: nothing was sent.
    pub async fn delete(&self, can: CanIn<ManageMail>, address: Address, token: String) -> Result<Operation, Failure> {
        let seen = self.changes.last_seen(&address).await?;
        if let Err(why) = self.directory.account_now(&can, &address).await {
            // Posted twice: the account is gone because the first one deleted it.
            let page = Page::On(OperationKind::DeleteAccount, &address);
            return self.changes.begun_before(&can, page, &token).await?.ok_or(why);
        }
        let petition = Petition::change(&can, address, Change::DeleteAccount, Source::Page(token))?;
        self.changes.confirm(petition.since(seen)).await
    }

    /// Makes a page that creates an account in the right's domain.
    ///
    /// # Errors
    /// [`Failure::ProofTooOld`]; [`Failure::NoSuchDomain`].
    pub fn to_create(&self, can: &CanIn<ManageMail>, see: &CanIn<ViewMail>) -> Result<String, Failure> {
        if !self.directory.hosts(see) {
            return Err(Failure::NoSuchDomain(can.domain().clone()));
        }
        self.changes.page_in(can, OperationKind::CreateAccount)
    }

    /// Takes a posted creation of an account at an address that [`new_address::read`] has read.
    ///
    /// # Errors
    /// [`Failure`]: nothing was sent.
    pub async fn create(
        &self,
        can: CanIn<ManageMail>,
        address: Address,
        settings: AccountSettings,
        token: String,
    ) -> Result<Created, Failure> {
        if let Some(before) = self.begun_before(&can, &address, &token).await? {
            return Ok(before);
        }
        let refused = match new_address::taken(&self.directory, &can, &address).await? {
            Some(why) => Some(Created::Unfit(why)),
            None => self.directory.reached_limit(&can).await.map(|limit| Created::Full { limit }),
        };
        if let Some(refused) = refused {
            // The same page, posted a moment earlier, may be what made the account.
            return Ok(self.begun_before(&can, &address, &token).await?.unwrap_or(refused));
        }
        let petition = Petition::change(&can, address, Change::CreateAccount(settings), Source::Page(token))?;
        let begun = self.changes.confirm(petition).await?;
        Ok(Created::Begun(Box::new(begun)))
    }

    async fn begun_before(
        &self,
        can: &CanIn<ManageMail>,
        address: &Address,
        token: &str,
    ) -> Result<Option<Created>, Failure> {
        let page = Page::In(OperationKind::CreateAccount, can.domain());
        let began = self.changes.begun_before(can, page, token).await?;
        Ok(began.map(|began| {
            if began.address == *address { Created::Begun(Box::new(began)) } else { Created::Used(began.address) }
        }))
    }
}

fn may_have_edited(operation: &Operation) -> bool {
    let may_be_done = matches!(operation.state(), OperationState::Done | OperationState::Unknown);
    operation.kind == OperationKind::EditAccount && may_be_done
}
