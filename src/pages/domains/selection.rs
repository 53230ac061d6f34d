//! What was chosen so far of a change of several accounts: the fields of its form, as it is posted and as it is kept while
//! another list is looked at. The list stands in the address, what was chosen never does: it can be 500 accounts.

use std::collections::BTreeSet;
use std::mem::take;

use super::list;
use crate::model::account_settings::QUOTA_GIB;
use crate::model::{Account, Address, BatchAction, DomainName};
use crate::pages::field::Field;
use crate::pages::forms::Fields;
use crate::services::directory::choice::Choice;
use crate::texts::Texts;

/// What was chosen so far.
#[derive(Default)]
pub(super) struct Selection {
    list: list::Fields,
    /// As a code; that of a storage is without its number.
    pub action: Field,
    /// As typed.
    pub quota: Field,
    /// The parts before the `@`.
    pub accounts: BTreeSet<String>,
    /// What a button says of what is shown: `all` is to be selected, or `none`, or it is to be `filtered` or `unfiltered`.
    button: String,
    /// The filter of the list that stood on the page, as links carry it.
    shown: Option<String>,
}

impl Selection {
    pub fn of(fields: Fields) -> Self {
        let mut this = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "filter" => this.list.filter = value,
                "cut" => this.list.cut = value,
                "full" => this.list.full = value,
                "reply" => this.list.reply = value,
                "locked" => this.list.locked = value,
                "sort" => this.list.sort = value,
                "order" => this.list.order = value,
                "action" => this.action.value = value,
                "quota" => this.quota.value = value,
                "select" => this.button = value,
                "shown" => this.shown = Some(value),
                "account" => drop(this.accounts.insert(value)),
                _ => {}
            }
        }
        if this.button == "unfiltered" {
            this.list = list::Fields { sort: this.list.sort, order: this.list.order, ..list::Fields::default() };
        }
        this
    }

    /// The same as before it was put together.
    pub fn again(action: BatchAction, accounts: BTreeSet<String>) -> Self {
        let (action, quota) = match action {
            BatchAction::Quota(gib) => (BatchAction::QUOTA.to_owned(), gib.to_string()),
            action => (action.code(), String::new()),
        };
        Self { action: Field::of(action), quota: Field::of(quota), accounts, ..Self::default() }
    }

    /// Which accounts are to be shown.
    pub fn choice(&self) -> Choice {
        self.list.read()
    }

    /// Whether a button asks for a list, or another filter was typed than that of the list on the page: then the list comes
    /// first.
    pub fn asks_for_another_list(&self) -> bool {
        let is_other = |shown: &String| *shown != list::query(&self.choice()).finish();
        !self.button.is_empty() || self.shown.as_ref().is_some_and(is_other)
    }

    /// What was chosen, without the list that it was chosen from.
    pub fn chosen(&self) -> Fields {
        let chosen = [("action", &self.action.value), ("quota", &self.quota.value)].into_iter();
        let chosen = chosen.chain(self.accounts.iter().map(|local| ("account", local)));
        chosen.map(|(name, value)| (name.to_owned(), value.clone())).collect()
    }

    /// Does what a button says of the accounts that are shown.
    pub fn press(&mut self, shown: &[&Account]) {
        match self.button.as_str() {
            "all" => self.accounts.extend(shown.iter().map(|account| account.address.local().to_owned())),
            "none" => self.accounts.clear(),
            _ => {}
        }
    }

    /// What is to be changed; where that can't be read, a field says so.
    pub fn action(&mut self, say: Texts) -> Option<BatchAction> {
        let is_quota = self.action.value == BatchAction::QUOTA;
        let quota = if is_quota { format!(" {}", self.quota.value.trim()) } else { String::new() };
        // That of all accounts is not for some that were chosen.
        let action = BatchAction::coded(&format!("{}{quota}", self.action.value));
        let action = action.filter(|action| *action != BatchAction::LockOutAll);
        if action.is_none() && is_quota {
            self.quota = take(&mut self.quota).wrong(say.quota_unfit(*QUOTA_GIB.start(), *QUOTA_GIB.end()));
        } else if action.is_none() {
            self.action = take(&mut self.action).wrong(say.bulk_no_action());
        }
        action
    }

    /// The addresses; `None` when one of them can't be one.
    pub fn addresses(&self, domain: &DomainName) -> Option<BTreeSet<Address>> {
        self.accounts.iter().map(|local| Address::parse(&format!("{local}@{domain}")).ok()).collect()
    }
}
