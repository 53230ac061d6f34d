//! What stands at an address. Everybody who asks says how new the answer has to be.

use jiff::Timestamp;

use super::listing::Listing;
use super::replicas::is_deletion;
use super::{Age, Directory, LONG_PATIENCE, PATIENCE};
use crate::access::{CanIn, Right};
use crate::model::{Account, Address, Alias, Mailbox, Operation};
use crate::services::Failure;

/// How new an answer has to be.
#[derive(Clone, Copy, Debug)]
pub enum Freshness<'a> {
    /// As the directory holds it, however old that is; GleSYS is not asked.
    Known,
    /// Read within the last minute where GleSYS answers in time, else what is known, with its age. What this history of
    /// the address, newest first, says that another replica did is not passed over.
    Lately(&'a [Operation]),
    /// As GleSYS has it at this moment. The one address is asked for, however large its domain is.
    Now,
}

/// What stands at an address: an account, an alias, both or nothing.
#[derive(Debug)]
pub struct Found {
    address: Address,
    pub account: Option<Account>,
    pub alias: Option<Alias>,
    pub read_at: Timestamp,
    pub age: Age,
}

impl Found {
    fn of(address: &Address, mailboxes: Vec<Mailbox>, read_at: Timestamp, age: Age) -> Self {
        let mut found = Self { address: address.clone(), account: None, alias: None, read_at, age };
        for mailbox in mailboxes {
            match mailbox {
                Mailbox::Account(account) => found.account = Some(*account),
                Mailbox::Alias(alias) => found.alias = Some(alias),
            }
        }
        found
    }

    /// The account.
    ///
    /// # Errors
    /// [`Failure::IsAlias`] where only an alias stands there; [`Failure::NoSuchAccount`] where nothing does.
    pub fn account(self) -> Result<Account, Failure> {
        match (self.account, self.alias) {
            (Some(account), _) => Ok(account),
            (None, Some(alias)) => Err(Failure::IsAlias { address: alias.address, targets: alias.targets }),
            (None, None) => Err(Failure::NoSuchAccount(self.address)),
        }
    }

    /// The alias, though an account may have the same address.
    ///
    /// # Errors
    /// [`Failure::IsAccount`] where only an account stands there; [`Failure::NoSuchAccount`] where nothing does.
    pub fn alias(self) -> Result<Alias, Failure> {
        match (self.alias, self.account) {
            (Some(alias), _) => Ok(alias),
            (None, Some(_)) => Err(Failure::IsAccount(self.address)),
            (None, None) => Err(Failure::NoSuchAccount(self.address)),
        }
    }
}

impl Directory {
    /// What stands at an address, as new as it has to be.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the right is for another domain; [`Failure::NoSuchDomain`], of what only has to be known
    /// also where the domain was never read; [`Failure::Glesys`] when GleSYS doesn't answer and its answer is needed.
    pub async fn at<R: Right>(
        &self,
        can: &CanIn<R>,
        address: &Address,
        freshness: Freshness<'_>,
    ) -> Result<Found, Failure> {
        can.is_for(address)?;
        match freshness {
            Freshness::Known => self.known_at(address).ok_or_else(|| Failure::NoSuchDomain(address.domain().clone())),
            Freshness::Lately(history) => self.lately_at(address, history).await,
            Freshness::Now => self.now_at(address).await,
        }
    }

    /// The account at an address, for what is worth nothing without one. What was read within the last minute need not be
    /// asked for again.
    ///
    /// # Errors
    /// As [`Self::at`] and [`Found::account`].
    pub async fn fresh_account<R: Right>(&self, can: &CanIn<R>, address: &Address) -> Result<Account, Failure> {
        if let Ok(Found { age: Age::Fresh, account: Some(account), .. }) = self.at(can, address, Freshness::Known).await
        {
            return Ok(account);
        }
        self.at(can, address, Freshness::Now).await?.account()
    }

    /// When GleSYS had made the account at an address, as far as is known.
    pub(in crate::services) fn known_created(&self, address: &Address) -> Option<Timestamp> {
        self.known().domains.get(address.domain())?.listing.account(address)?.created
    }

    fn known_at(&self, address: &Address) -> Option<Found> {
        let known = self.known();
        let held = known.domains.get(address.domain())?;
        let age = if held.doubted || self.is_old(Some(held.listing.read_at)) { Age::Old } else { Age::Fresh };
        Some(held.listing.at(address, age))
    }

    async fn lately_at(&self, address: &Address, history: &[Operation]) -> Result<Found, Failure> {
        if self.missed(history).is_some() {
            self.doubt(address.domain());
        }
        let found = self.listed_at(address).await;
        // GleSYS could not be asked, and what is gone still stands in the list.
        let is_gone = self.missed(history).is_some_and(is_deletion);
        if is_gone { Err(Failure::NoSuchAccount(address.clone())) } else { found }
    }

    /// What is listed of an address. Where its domain can't be read, or not in time, the one address may still be.
    async fn listed_at(&self, address: &Address) -> Result<Found, Failure> {
        let view = match self.listing(address.domain(), PATIENCE).await {
            Ok(view) if view.listing.has(address) => return Ok(view.listing.at(address, view.age)),
            Err(failure @ Failure::Glesys(_)) => Err(failure),
            view => Ok(view?),
        };
        // It may have been made since the domain was read.
        match (self.find(address, PATIENCE).await, view) {
            (Ok(found), view) => {
                let read_at = view.map_or_else(|_| self.0.clock.now(), |view| view.read_at);
                Ok(Found::of(address, found, read_at, Age::Fresh))
            }
            (Err(_), Err(failure)) => Err(failure),
            (Err(error), Ok(_)) => Err(error.into()),
        }
    }

    async fn now_at(&self, address: &Address) -> Result<Found, Failure> {
        let found = self.find(address, LONG_PATIENCE).await?;
        // Whatever was changed elsewhere, the next page about the domain shows.
        if self.last_read(address.domain()).is_some_and(|listing| listing.mailboxes(address) != found) {
            self.doubt(address.domain());
        }
        Ok(Found::of(address, found, self.0.clock.now(), Age::Fresh))
    }
}

impl Listing {
    fn at(&self, address: &Address, age: Age) -> Found {
        Found::of(address, self.mailboxes(address), self.read_at, age)
    }
}
