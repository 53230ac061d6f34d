//! Aliases: what their pages need to know, and what a posted page does. `changes` takes it through the ledger.
//!
//! Whatever can be known to be wrong is found before GleSYS is asked; an alias that is edited or deleted is read afresh,
//! and nothing is sent if GleSYS has something else by now than the person was shown.

mod typed;

use super::directory::Freshness;
use super::new_address;
use super::not_done::{self, AddressProblem};
use super::operations::changes::{Changes, LastSeen};
use super::operations::confirmation::Page;
use super::operations::petition::{Petition, Source};
use super::{Directory, Failure};
use crate::access::{CanIn, CanSome, ManageMail, ViewMail};
use crate::model::{Address, Alias, Change, Operation, OperationKind, OperationState};

use self::typed::{MOST_TARGETS, Target, TargetReader};
pub use self::typed::{Posted, Problems, TargetProblem, UNTOLD, fingerprint};

/// Who changes aliases: where they may, and what they may see.
#[derive(Clone, Debug)]
pub struct By {
    pub can: CanIn<ManageMail>,
    pub see: CanSome<ViewMail>,
}

/// A page about an alias that is there.
#[derive(Debug)]
pub struct AliasForm {
    /// As GleSYS has it now.
    pub alias: Alias,
    pub token: String,
    /// See [`Posted::base`].
    pub base: String,
}

/// Why nothing came of a posted creation.
pub type NotCreated = not_done::NotCreated<Problems>;
/// Why nothing came of a posted edit: what was typed is wrong, or GleSYS has other targets now, these.
pub type NotEdited = not_done::NotEdited<Problems, Box<Alias>>;

/// Why an alias is not what a page was made for.
#[derive(Debug, thiserror::Error)]
pub enum NotTheSame {
    #[error(transparent)]
    Failure(#[from] Failure),
    /// GleSYS has this now.
    #[error("it was changed meanwhile")]
    Changed(Box<Alias>),
}

impl From<NotTheSame> for NotEdited {
    fn from(why: NotTheSame) -> Self {
        match why {
            NotTheSame::Failure(failure) => Self::Failure(failure),
            NotTheSame::Changed(alias) => Self::Changed(alias),
        }
    }
}

/// Aliases. Cloned freely.
#[derive(Clone)]
pub struct Aliases {
    pub changes: Changes,
    pub directory: Directory,
}

impl Aliases {
    /// The token of a page that makes a new alias in the right's domain.
    pub fn to_create(&self, by: &By, see: &CanIn<ViewMail>) -> Result<String, Failure> {
        if !self.directory.hosts(see) {
            return Err(Failure::NoSuchDomain(by.can.domain().clone()));
        }
        self.changes.page_in(&by.can, OperationKind::CreateAlias)
    }

    /// What a page needs that does something to an alias.
    ///
    /// # Errors
    /// [`Failure`]: there is no such alias, or it can't be changed now.
    pub async fn to_change(&self, by: &By, kind: OperationKind, address: &Address) -> Result<AliasForm, Failure> {
        let token = self.changes.page_on(&by.can, kind, address).await?;
        let alias = self.alias_now(by, kind, address).await?;
        Ok(AliasForm { base: fingerprint(&alias), alias, token })
    }

    /// Makes an alias. Returns the operation, which may have ended or still run.
    ///
    /// # Errors
    /// [`NotCreated`]: nothing was sent, or GleSYS refused because the address is taken.
    pub async fn create(&self, by: &By, local: &str, posted: Posted) -> Result<Operation, NotCreated> {
        let page = Page::In(OperationKind::CreateAlias, by.can.domain());
        let (address, targets) = match self.new_alias(by, local, &posted).await {
            Ok(checked) => checked,
            Err(why) => {
                let address = new_address::read(by.can.domain(), local).ok();
                let before = self.changes.begun_before(&by.can, page, &posted.token).await?;
                // Posted twice: the alias is there because the first one made it.
                return before.filter(|before| Some(&before.address) == address.as_ref()).ok_or(why);
            }
        };
        let (change, source) = (Change::CreateAlias(targets), Source::Page(posted.token));
        let petition = Petition::change(&by.can, address.clone(), change, source).map_err(Failure::from)?;
        let operation = self.changes.confirm(petition).await?;
        if operation.address != address {
            return Err(not_there(AddressProblem::PageUsed(operation.address)));
        }
        if operation.state() == OperationState::Refused {
            // Somebody may have been faster, elsewhere; an answer to that question is not needed.
            if let Ok(Some(taken)) = new_address::taken(&self.directory, &by.can, &address).await {
                return Err(not_there(AddressProblem::Unfit(taken)));
            }
        }
        Ok(operation)
    }

    /// Leads an alias elsewhere. Returns the operation, which may have ended or still run.
    ///
    /// # Errors
    /// [`NotEdited`]: nothing was sent.
    pub async fn edit(&self, by: &By, address: &Address, posted: Posted) -> Result<Operation, NotEdited> {
        let (change, last) = match self.other_targets(by, address, &posted).await {
            Ok(to_send) => to_send,
            Err(why) => {
                let page = Page::On(OperationKind::EditAlias, address);
                return self.changes.begun_before(&by.can, page, &posted.token).await?.ok_or(why);
            }
        };
        let done = self.confirm(by, address, last, change, posted.token).await;
        if let Err(Failure::Overtaken(..)) = done {
            // What was done meanwhile is asked about, where it makes a difference.
            self.unchanged(by, OperationKind::EditAlias, address, &posted.base).await?;
        }
        Ok(done?)
    }

    /// Deletes an alias. Returns the operation, which may have ended or still run.
    ///
    /// # Errors
    /// [`NotTheSame`]: nothing was sent.
    pub async fn delete(&self, by: &By, address: &Address, posted: Posted) -> Result<Operation, NotTheSame> {
        match self.unchanged(by, OperationKind::DeleteAlias, address, &posted.base).await {
            Ok((alias, last)) => {
                Ok(self.confirm(by, address, last, Change::DeleteAlias(alias.targets), posted.token).await?)
            }
            Err(why) => {
                let page = Page::On(OperationKind::DeleteAlias, address);
                self.changes.begun_before(&by.can, page, &posted.token).await?.ok_or(why)
            }
        }
    }

    async fn confirm(
        &self,
        by: &By,
        address: &Address,
        last: LastSeen,
        change: Change,
        token: String,
    ) -> Result<Operation, Failure> {
        let petition = Petition::change(&by.can, address.clone(), change, Source::Page(token))?;
        self.changes.confirm(petition.since(last)).await
    }

    /// The address and the targets of a new alias, if nothing is known to be wrong with them.
    async fn new_alias(&self, by: &By, local: &str, posted: &Posted) -> Result<(Address, Vec<Address>), NotCreated> {
        let address = new_address::read(by.can.domain(), local);
        let reader = TargetReader { alias: address.as_ref().ok(), held: &[], most: MOST_TARGETS };
        let (targets, mut problems) = self.targets(by, &reader, &posted.targets).await;
        typed::without_accepted(&mut problems.missing, &posted.accepted);
        let address = match address {
            Ok(address) => address,
            Err(why) => {
                let address = Some(AddressProblem::Unfit(why));
                return Err(NotCreated::Typed(Problems { address, ..problems }));
            }
        };
        problems.address = match new_address::taken(&self.directory, &by.can, &address).await? {
            None => self.directory.full_of_aliases(&by.can).await.map(AddressProblem::Full),
            Some(taken) => Some(AddressProblem::Unfit(taken)),
        };
        let targets = targets.iter().filter_map(Target::added).cloned().collect();
        if problems.is_empty() { Ok((address, targets)) } else { Err(NotCreated::Typed(problems)) }
    }

    /// The change that a posted edit asks for, and what was last done when the alias was read.
    async fn other_targets(
        &self,
        by: &By,
        address: &Address,
        posted: &Posted,
    ) -> Result<(Change, LastSeen), NotEdited> {
        let (alias, last) = self.unchanged(by, OperationKind::EditAlias, address, &posted.base).await?;
        if alias.targets.is_none() && posted.targets.trim().is_empty() {
            return Err(NotEdited::Unchanged);
        }
        // One that was made elsewhere may have more; it need not be cut down to be changed.
        let held = alias.targets.as_deref().unwrap_or_default();
        let reader = TargetReader { alias: Some(address), held, most: MOST_TARGETS.max(held.len()) };
        let (to, mut problems) = self.targets(by, &reader, &posted.targets).await;
        typed::without_accepted(&mut problems.missing, &posted.accepted);
        if !problems.is_empty() {
            return Err(NotEdited::Typed(problems));
        }
        let to: Vec<String> = to.iter().map(|target| target.text().to_owned()).collect();
        if alias.targets.is_some() && typed::canonical(&to) == typed::canonical(held) {
            return Err(NotEdited::Unchanged);
        }
        Ok((Change::EditAlias { from: alias.targets, to }, last))
    }

    /// The alias as GleSYS has it, if that is still what a form was made from.
    pub async fn as_in(&self, by: &By, address: &Address, base: &str) -> Option<Alias> {
        let now = self.directory.at(&by.can, address, Freshness::Now).await.ok()?.alias?;
        (fingerprint(&now) == base).then_some(now)
    }

    /// The alias as GleSYS has it, if that is still what the page was made for.
    async fn unchanged(
        &self,
        by: &By,
        kind: OperationKind,
        address: &Address,
        base: &str,
    ) -> Result<(Alias, LastSeen), NotTheSame> {
        by.can.is_for(address).map_err(Failure::from)?;
        let last = self.changes.last_seen(address).await?;
        let alias = self.alias_now(by, kind, address).await?;
        if fingerprint(&alias) == base { Ok((alias, last)) } else { Err(NotTheSame::Changed(Box::new(alias))) }
    }

    async fn alias_now(&self, by: &By, kind: OperationKind, address: &Address) -> Result<Alias, Failure> {
        let found = self.directory.at(&by.can, address, Freshness::Now).await?;
        if found.account.is_some() && kind == OperationKind::DeleteAlias {
            // Deleting names no more than an address, and would rather hit the account.
            let is_both = found.alias.is_some();
            let address = address.clone();
            return Err(if is_both { Failure::AccountToo(address) } else { Failure::IsAccount(address) });
        }
        found.alias()
    }

    /// The targets that were typed, and what is wrong with them.
    async fn targets(&self, by: &By, reader: &TargetReader<'_>, typed: &str) -> (Vec<Target>, Problems) {
        let (targets, mut problems) = reader.targets(typed);
        let new: Vec<_> = targets.iter().filter_map(Target::added).cloned().collect();
        if let Some(alias) = reader.alias {
            let back = |target: &Address| self.directory.way(&by.see, target, alias);
            let around = |way: Vec<Address>| TargetProblem::Loop([vec![alias.clone()], way].concat());
            problems.extend(new.iter().filter_map(back).map(around));
        }
        let missing = self.directory.nothing_at(&by.see, &new).await;
        (targets, Problems { targets: problems, missing, ..Problems::default() })
    }
}

const fn not_there(problem: AddressProblem) -> NotCreated {
    NotCreated::Typed(Problems { address: Some(problem), targets: Vec::new(), missing: Vec::new() })
}
