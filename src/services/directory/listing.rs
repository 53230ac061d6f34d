//! What one domain holds, as read at one moment, in order of address, with the text that the search looks through.

use jiff::Timestamp;

use super::text::Text;
use crate::glesys::Listed;
use crate::model::address::of_target;
use crate::model::{Account, Address, Alias, LeftOut, Mailbox};

/// A domain's accounts and aliases.
#[derive(Debug)]
pub(super) struct Listing {
    /// By address.
    pub accounts: Vec<Account>,
    /// By address.
    pub aliases: Vec<Alias>,
    /// A row for each account, then one for each alias.
    pub text: Text,
    /// What GleSYS lists besides and can't be handled.
    pub left_out: Vec<LeftOut>,
    pub read_at: Timestamp,
}

/// A change that GleSYS has confirmed.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// An account or alias was made or changed, and is now this.
    Put(Mailbox),
    Removed(Address),
}

impl Change {
    /// The address that changed.
    pub fn address(&self) -> &Address {
        match self {
            Self::Put(mailbox) => mailbox.address(),
            Self::Removed(address) => address,
        }
    }
}

impl Listing {
    pub fn new(Listed { mailboxes, left_out }: Listed, read_at: Timestamp) -> Self {
        let (mut accounts, mut aliases) = (Vec::new(), Vec::new());
        for mailbox in mailboxes {
            match mailbox {
                Mailbox::Account(account) => accounts.push(*account),
                Mailbox::Alias(alias) => aliases.push(alias),
            }
        }
        Self { left_out, ..Self::of(accounts, aliases, read_at) }
    }

    fn of(mut accounts: Vec<Account>, mut aliases: Vec<Alias>, read_at: Timestamp) -> Self {
        accounts.sort_by(|a, b| a.address.cmp(&b.address));
        accounts.shrink_to_fit();
        aliases.sort_by(|a, b| a.address.cmp(&b.address));
        aliases.shrink_to_fit();
        let text = Text::of(&accounts, &aliases);
        Self { accounts, aliases, text, left_out: Vec::new(), read_at }
    }

    /// The same after some changes.
    pub fn after(&self, changes: &[Change]) -> Self {
        let (mut accounts, mut aliases) = (self.accounts.clone(), self.aliases.clone());
        for change in changes {
            // An account and an alias may share an address, and neither takes the other's place.
            if !matches!(change, Change::Put(Mailbox::Alias(_))) {
                accounts.retain(|account| account.address != *change.address());
            }
            if !matches!(change, Change::Put(Mailbox::Account(_))) {
                aliases.retain(|alias| alias.address != *change.address());
            }
            match change {
                Change::Put(Mailbox::Account(account)) => accounts.push(Account::clone(account)),
                Change::Put(Mailbox::Alias(alias)) => aliases.push(alias.clone()),
                Change::Removed(_) => {}
            }
        }
        Self { left_out: self.left_out.clone(), ..Self::of(accounts, aliases, self.read_at) }
    }

    /// How many accounts and aliases GleSYS lists, those that are left out included.
    pub fn counts(&self) -> (usize, usize) {
        let aliases = self.left_out.iter().filter(|row| row.is_alias).count();
        (self.accounts.len() + self.left_out.len() - aliases, self.aliases.len() + aliases)
    }

    pub fn account(&self, address: &Address) -> Option<&Account> {
        let place = self.accounts.binary_search_by(|account| account.address.cmp(address));
        place.ok().map(|place| &self.accounts[place])
    }

    pub fn alias(&self, address: &Address) -> Option<&Alias> {
        let place = self.aliases.binary_search_by(|alias| alias.address.cmp(address));
        place.ok().map(|place| &self.aliases[place])
    }

    /// Whether anything stands at an address.
    pub fn has(&self, address: &Address) -> bool {
        self.account(address).is_some() || self.alias(address).is_some()
    }

    /// The account and the alias of an address; both may be there.
    pub fn mailboxes(&self, address: &Address) -> Vec<Mailbox> {
        let account = self.account(address).cloned().map(|account| Mailbox::Account(Box::new(account)));
        account.into_iter().chain(self.alias(address).cloned().map(Mailbox::Alias)).collect()
    }

    /// The aliases that lead to an address.
    pub fn aliases_to(&self, address: &Address) -> Vec<Alias> {
        let leads_there = |alias: &&Alias| alias.targets.iter().flatten().any(|target| is_same(target, address));
        self.aliases.iter().filter(leads_there).cloned().collect()
    }
}

/// Whether a target is this address, however it is written. Few are written so that they must be read for that.
fn is_same(target: &str, address: &Address) -> bool {
    let is_odd = !target.is_ascii() || target.contains(['<', ' ', '\t']) || target.ends_with('.');
    target.eq_ignore_ascii_case(address.as_str()) || is_odd && of_target(target).as_ref() == Some(address)
}
