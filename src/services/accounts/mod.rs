//! Creating, editing and deleting accounts: what their pages need to know, and what comes of a posted page.
//!
//! Everything is checked against what GleSYS has at that moment before a change goes to the ledger. A page that is
//! posted twice leads to the operation that the first post began, also where the second one would find things changed.

mod base;

use std::convert::Infallible;

use super::directory::{Found, Freshness};
use super::new_address;
use super::not_done::{self, AddressProblem};
use super::operations::changes::{LastSeen, Since};
use super::operations::confirmation::Page;
use super::operations::petition::{Petition, Source};
use super::{Changes, Directory, Failure};
use crate::access::{CanIn, CanSome, ManageMail, ViewMail};
use crate::model::account_settings::Setting;
use crate::model::{
    Account, AccountSettings, Address, Alias, Change, HandOver, Operation, OperationKind, OperationState,
};

pub use self::base::{Base, NOT_KNOWN};

/// What a page about an account needs to know, and the token that makes it good for one operation.
#[derive(Debug)]
pub struct ToChange {
    /// The account as GleSYS has it now.
    pub account: Account,
    /// Whether an alias has the same address.
    pub has_twin: bool,
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

/// A creation as it was posted.
#[derive(Debug)]
pub struct Creation {
    pub settings: AccountSettings,
    /// How the new password is to be handed over.
    pub way: HandOver,
    pub token: String,
}

/// What is to be sent of a posted edit.
enum ToSend {
    /// This change, if nothing was done to the account since it was seen like this.
    Now(Change, LastSeen),
    /// Nothing more: it became this operation when the same page was posted before.
    Before(Box<Operation>),
}

/// Two states of an account that don't go together.
#[derive(Debug)]
pub struct Conflict {
    /// What GleSYS has now.
    pub now: AccountSettings,
    /// What the person wants where they have changed something, and what GleSYS has elsewhere.
    pub merged: AccountSettings,
    /// Where both differ and GleSYS's is not what the form was made from. Empty: the form was used already and says
    /// something else by now.
    pub about: Vec<Setting>,
    /// The last edit through this panel since the form was made that was done, or may have been.
    pub by: Option<Operation>,
}

/// Why nothing came of a posted edit.
pub type NotEdited = not_done::NotEdited<Infallible, Box<Conflict>>;
/// Why nothing came of a posted creation.
pub type NotCreated = not_done::NotCreated<AddressProblem>;

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
        let found = self.directory.at(can, address, Freshness::Now).await?;
        let (has_twin, account) = (found.alias.is_some(), found.account()?);
        let led_by = self.directory.aliases_to(see, address);
        Ok(ToChange { account, has_twin, led_by, token })
    }

    /// Takes a posted edit: sends what differs, unless GleSYS has something else now than the form was made from. Returns
    /// the operation that it became, now or when the same page was posted before.
    ///
    /// # Errors
    /// [`NotEdited`]: nothing was sent.
    pub async fn edit(&self, can: &CanIn<ManageMail>, address: Address, edit: Edit) -> Result<Operation, NotEdited> {
        let (change, seen) = match self.to_send(can, &address, &edit).await? {
            ToSend::Now(change, seen) => (change, seen),
            ToSend::Before(began) => return Ok(*began),
        };
        let source = Source::Page(edit.token.clone());
        let petition = Petition::change(can, address.clone(), change, source).map_err(Failure::from)?;
        let done = self.changes.confirm(petition.since(seen)).await;
        if let Err(Failure::Overtaken(..)) = done {
            // What was done meanwhile is asked about, where it makes a difference.
            if let ToSend::Before(began) = self.to_send(can, &address, &edit).await? {
                return Ok(*began);
            }
        }
        Ok(done?)
    }

    /// What GleSYS has, if that is still what a form was made from.
    pub async fn as_in(&self, can: &CanIn<ManageMail>, address: &Address, base: &Base) -> Option<AccountSettings> {
        let now = self.directory.at(can, address, Freshness::Now).await.ok()?.account?.settings();
        Setting::ALL.into_iter().all(|setting| base.has(setting, &now)).then_some(now)
    }

    async fn to_send(
        &self,
        can: &CanIn<ManageMail>,
        address: &Address,
        Edit { base, wanted, token }: &Edit,
    ) -> Result<ToSend, NotEdited> {
        // Asked before GleSYS is, so that what an earlier post has done is in GleSYS's answer.
        let Since { began, later } = self.changes.since(can, OperationKind::EditAccount, address, token).await?;
        // Remembered before, so that what somebody else begins after this look is not undone unseen.
        let seen = self.changes.last_seen(address).await?;
        let now = self.directory.at(can, address, Freshness::Now).await?.account()?.settings();
        // GleSYS may say now what it did not say then, or the other way round: that is nobody's change.
        let is_left = |setting: Setting| base.has(setting, wanted) && !(base.knows(setting) && setting.is_known(&now));
        let is_other = |setting: &Setting| !setting.is_same(&now, wanted) && !is_left(*setting);
        let differs: Vec<_> = Setting::ALL.into_iter().filter(is_other).collect();
        if differs.is_empty() {
            let began = match began {
                // The same form, posted a moment earlier, may be what made it so.
                None => self.changes.since(can, OperationKind::EditAccount, address, token).await?.began,
                began => began,
            };
            return began.map(|began| ToSend::Before(began.into())).ok_or(NotEdited::Unchanged);
        }
        let about: Vec<_> = differs.iter().copied().filter(|setting| !base.has(*setting, &now)).collect();
        let is_used = began.is_some_and(|began| began.state() == OperationState::Done);
        if !about.is_empty() || is_used {
            let mut merged = now.clone();
            for chosen in differs.iter().filter(|setting| !base.has(**setting, wanted)) {
                chosen.copy(wanted, &mut merged);
            }
            let by = later.into_iter().find(may_have_edited);
            return Err(NotEdited::Changed(Box::new(Conflict { now, merged, about, by })));
        }
        let mut to = now.clone();
        for setting in differs {
            setting.copy(wanted, &mut to);
        }
        Ok(ToSend::Now(Change::EditAccount { from: now, to }, seen))
    }

    /// Takes a posted confirmation to delete an account: GleSYS deletes whatever has the address, so it is looked at
    /// once more.
    ///
    /// # Errors
    /// [`Failure`]: nothing was sent.
    pub async fn delete(&self, can: &CanIn<ManageMail>, address: Address, token: String) -> Result<Operation, Failure> {
        let seen = self.changes.last_seen(&address).await?;
        let account = self.directory.at(can, &address, Freshness::Now).await.and_then(Found::account);
        if let Err(why) = account {
            // Posted twice: the account is gone because the first one deleted it.
            let page = Page::On(OperationKind::DeleteAccount, &address);
            return self.changes.begun_before(can, page, &token).await?.ok_or(why);
        }
        let petition = Petition::change(can, address, Change::DeleteAccount, Source::Page(token))?;
        self.changes.confirm(petition.since(seen)).await
    }

    /// Makes a page that creates an account in the right's domain.
    pub fn to_create(&self, can: &CanIn<ManageMail>, see: &CanIn<ViewMail>) -> Result<String, Failure> {
        if !self.directory.hosts(see) {
            return Err(Failure::NoSuchDomain(can.domain().clone()));
        }
        self.changes.page_in(can, OperationKind::CreateAccount)
    }

    /// Takes a posted creation of an account at an address that [`new_address::read`] has read. Returns the operation that
    /// it became, now or when the same page was posted before.
    ///
    /// # Errors
    /// [`NotCreated`]: nothing was sent.
    pub async fn create(
        &self,
        can: &CanIn<ManageMail>,
        address: Address,
        Creation { settings, way, token }: Creation,
    ) -> Result<Operation, NotCreated> {
        if let Some(before) = self.made_before(can, &address, &token).await? {
            return Ok(before);
        }
        let refused = match new_address::taken(&self.directory, can, &address).await? {
            Some(why) => Some(AddressProblem::Unfit(why)),
            None => self.directory.reached_limit(can).await.map(AddressProblem::Full),
        };
        if let Some(refused) = refused {
            // The same page, posted a moment earlier, may be what made the account.
            return self.made_before(can, &address, &token).await?.ok_or(NotCreated::Typed(refused));
        }
        let (change, source) = (Change::CreateAccount(settings, way), Source::Page(token));
        let petition = Petition::change(can, address, change, source).map_err(Failure::from)?;
        Ok(self.changes.confirm(petition).await?)
    }

    async fn made_before(
        &self,
        can: &CanIn<ManageMail>,
        address: &Address,
        token: &str,
    ) -> Result<Option<Operation>, NotCreated> {
        let page = Page::In(OperationKind::CreateAccount, can.domain());
        match self.changes.begun_before(can, page, token).await? {
            Some(began) if began.address != *address => Err(NotCreated::Typed(AddressProblem::PageUsed(began.address))),
            began => Ok(began),
        }
    }
}

fn may_have_edited(operation: &Operation) -> bool {
    let may_be_done = matches!(operation.state(), OperationState::Done | OperationState::Unknown);
    operation.kind == OperationKind::EditAccount && may_be_done
}
