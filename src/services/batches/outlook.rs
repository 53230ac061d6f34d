//! What is known of a batch's accounts before they have their turn, for its confirmation page. Nothing is decided by it:
//! each account is read again when it has its turn.

use jiff::Timestamp;

use super::{BatchView, Batches};
use crate::access::{CanIn, ViewMail};
use crate::model::{Account, BatchAction, BatchItem, Facts, WhyLeftOut};

/// What an account's turn will bring, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prospect {
    /// It will be changed, as the audit would say it; nothing where its settings are not known.
    Change(Facts),
    /// Nothing will be done, for this reason.
    Nothing(WhyLeftOut),
    /// It is left out from the beginning, for the reason that stands there.
    LeftOut,
}

/// What is known of a batch's accounts.
#[derive(Debug)]
pub struct Outlook {
    /// One for each account, in their order.
    pub prospects: Vec<Prospect>,
    /// When GleSYS was read, if anything is known.
    pub read_at: Option<Timestamp>,
}

impl Batches {
    /// What is known of a batch's accounts, if the right is for its domain.
    pub async fn outlook(&self, can: &CanIn<ViewMail>, batch: &BatchView) -> Outlook {
        let known = self.directory.domain(can).await.ok().filter(|_| *can.domain() == batch.batch.domain);
        let accounts = known.as_ref().map_or(&[][..], |domain| domain.accounts());
        let prospect = |item: &BatchItem| {
            if item.left_out.is_some() {
                return Prospect::LeftOut;
            }
            let last = batch.passwords.get(&item.address);
            if let Some(last) = last.filter(|last| last.begun_tick > batch.batch.proposed_tick) {
                return Prospect::Nothing(WhyLeftOut::overtaken_by(last.kind, batch.batch.action));
            }
            let place = accounts.binary_search_by(|account| account.address.cmp(&item.address));
            place.map_or(Prospect::Change(Facts::new()), |place| self.prospect(batch.batch.action, &accounts[place]))
        };
        Outlook {
            prospects: batch.items.iter().map(prospect).collect(),
            read_at: known.as_ref().map(|domain| domain.read_at),
        }
    }

    fn prospect(&self, action: BatchAction, account: &Account) -> Prospect {
        if action.is_about_passwords() {
            return Prospect::Change(Facts::new());
        }
        let from = account.settings();
        let to = action.applied_to(&from);
        if from == to {
            return Prospect::Nothing(WhyLeftOut::Unchanged);
        }
        if let BatchAction::Quota(gib) = action {
            // What is not known is read soon, and asked for once more when the account has its turn.
            let usage = self.directory.usages(&[account])[0];
            if usage.is_some_and(|usage| usage.is_more_than(gib)) {
                return Prospect::Nothing(WhyLeftOut::HoldsMore);
            }
        }
        Prospect::Change(from.facts_of_change(&to))
    }
}
