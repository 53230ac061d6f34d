//! Which of a domain's accounts and aliases a page or a file shows, and in which order.

use std::cmp::{Ordering, Reverse};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::listing::Listing;
use super::pasted;
use super::{Directory, DomainView};
use crate::model::{Account, Alias, Usage};

/// What accounts can be put in order by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Address,
    /// How much they hold.
    Used,
    Created,
}

impl Sort {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Address, Self::Used, Self::Created];

    /// The name that links use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Used => "used",
            Self::Created => "created",
        }
    }

    /// The order of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.name() == name)
    }
}

/// What is asked for.
#[expect(clippy::struct_excessive_bools, reason = "wishes that do not depend on each other")]
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// What addresses, names and targets hold; empty asks for nothing.
    pub text: String,
    /// Whether that is only the start of what was asked for.
    pub is_cut: bool,
    /// Only accounts that are 90 % full or more, as far as is known.
    pub near_full: bool,
    /// Only accounts that answer automatically.
    pub auto_reply: bool,
    /// Only accounts that are locked out, or may be.
    pub locked_out: bool,
    pub sort: Sort,
    pub descending: bool,
}

impl Choice {
    /// How many addresses are looked for, where these are not all that were pasted.
    pub fn first_pasted(&self) -> Option<usize> {
        pasted::first_pasted(&self.text, self.is_cut)
    }

    /// Whether anything is left out.
    pub const fn is_narrow(&self) -> bool {
        !self.text.is_empty() || self.near_full || self.auto_reply || self.locked_out
    }
}

/// What fits, accounts before aliases.
#[derive(Debug)]
pub struct Chosen {
    listing: Arc<Listing>,
    /// Places in the listing.
    accounts: Vec<usize>,
    aliases: Vec<usize>,
    /// How many accounts can't be judged or put in order because nobody knows yet how full they are.
    pub unread: usize,
    /// How many accounts can't be judged because GleSYS does not say whether they answer automatically.
    pub untold: usize,
}

impl Chosen {
    pub fn accounts_count(&self) -> usize {
        self.accounts.len()
    }

    pub fn aliases_count(&self) -> usize {
        self.aliases.len()
    }

    /// The accounts among these rows of accounts and aliases together.
    pub fn accounts(&self, rows: &Range<usize>) -> Vec<&Account> {
        let places = rows.start.min(self.accounts.len())..rows.end.min(self.accounts.len());
        self.accounts[places].iter().map(|place| &self.listing.accounts[*place]).collect()
    }

    /// The aliases among these rows of accounts and aliases together.
    pub fn aliases(&self, rows: &Range<usize>) -> Vec<&Alias> {
        let place = |row: usize| row.saturating_sub(self.accounts.len()).min(self.aliases.len());
        self.aliases[place(rows.start)..place(rows.end)].iter().map(|place| &self.listing.aliases[*place]).collect()
    }
}

impl Directory {
    /// What fits of a domain; see [`Resets::choose`]. Where that depends on how full accounts are, those that nobody has asked
    /// for yet are read soon.
    ///
    /// [`Resets::choose`]: crate::services::Resets::choose
    pub fn choose(&self, view: &DomainView, choice: &Choice, is_locked_out: impl Fn(&Account) -> bool) -> Chosen {
        let listing = view.listing.clone();
        let asked = pasted::queries(&choice.text);
        let holds = |row: usize| asked.is_empty() || asked.iter().any(|query| query.is_in(listing.text.row(row)));
        let count = listing.accounts.len();
        let is_out = |row: usize| !choice.locked_out || listing.accounts.get(row).is_some_and(&is_locked_out);
        let fits = |row: usize| is_out(row) && holds(row);
        let answers = |account: &Account| !choice.auto_reply || account.auto_reply.on == Some(true);
        let is_untold = |row: &usize| choice.auto_reply && listing.accounts[*row].auto_reply.on.is_none();
        let mut accounts: Vec<usize> =
            (0..count).filter(|row| answers(&listing.accounts[*row]) && fits(*row)).collect();
        let untold = (0..count).filter(|row| is_untold(row) && fits(*row)).count();
        let is_about_accounts = choice.near_full || choice.auto_reply || choice.locked_out;
        let aliases = if is_about_accounts { 0..0 } else { 0..listing.aliases.len() };
        let mut aliases: Vec<usize> = aliases.filter(|row| fits(count + row)).collect();
        let mut unread = 0;
        if choice.near_full || choice.sort == Sort::Used {
            let asked: Vec<&Account> = accounts.iter().map(|row| &listing.accounts[*row]).collect();
            let usages: HashMap<usize, Usage> =
                accounts.iter().zip(self.usages_of(&asked)).filter_map(|(row, usage)| Some((*row, usage?))).collect();
            unread = accounts.len() - usages.len();
            if choice.near_full {
                accounts.retain(|row| usages.get(row).is_some_and(|usage| usage.is_near_full()));
            }
            if choice.sort == Sort::Used {
                sort_by(&mut accounts, choice.descending, |row| usages.get(row).map(|usage| usage.used_mib));
            }
        }
        match choice.sort {
            Sort::Created => sort_by(&mut accounts, choice.descending, |row| listing.accounts[*row].created),
            Sort::Address if choice.descending => {
                accounts.reverse();
                aliases.reverse();
            }
            Sort::Address | Sort::Used => {}
        }
        Chosen { listing, accounts, aliases, unread, untold }
    }

    /// How full some accounts of a domain that was chosen from are, as far as is known; the others are read soon.
    pub fn usages(&self, accounts: &[&Account]) -> Vec<Option<Usage>> {
        self.usages_of(accounts)
    }

    /// Whether GleSYS is being asked how full accounts are. It is left alone for a while after it refused.
    pub fn is_asking_usages(&self) -> bool {
        self.known().is_asking_usages()
    }
}

/// What is not known stands last, in either order.
fn sort_by<T: Ord>(rows: &mut [usize], descending: bool, key: impl Fn(&usize) -> Option<T>) {
    rows.sort_by(|a, b| match (key(a), key(b)) {
        (Some(a), Some(b)) if descending => Reverse(a).cmp(&Reverse(b)),
        (Some(a), Some(b)) => a.cmp(&b),
        (a, b) => {
            if a.is_some() == b.is_some() {
                Ordering::Equal
            } else {
                b.is_some().cmp(&a.is_some())
            }
        }
    });
}
