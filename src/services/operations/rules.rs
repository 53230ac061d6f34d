//! The rules that every operation must meet. How grave each kind is stands in one table: which right it takes, whether the
//! person proves anew who they are, what it takes of the company's limits, whether a reason is asked for. Protected addresses
//! count for every kind.
//!
//! Admission follows them for resets, changes and batches alike; pages look up what to ask before anything is typed.

use std::collections::BTreeSet;

use super::petition::Task;
use crate::access::fresh::FreshProof;
use crate::access::{Asker, Denied, RightName, holds};
use crate::model::address_pattern::AddressPattern;
use crate::model::reason::ReasonPolicy;
use crate::model::{
    AccountSettings, Address, CallerChecks, Change, Guarded, HandOverPolicy, Limits, OperationKind, SecondPerson,
    Staff, Weight,
};
use crate::services::directory::End;

/// When somebody proves anew who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    Always,
    /// Where the operation takes something that limits protect.
    WhereItWeighs,
}

/// What a kind of operation asks for.
#[derive(Clone, Copy, Debug)]
pub struct Gravity {
    pub right: RightName,
    pub proof: Proof,
    /// What its limits protect.
    pub guards: Guarded,
    pub asks_reason: bool,
}

impl Gravity {
    /// The table.
    pub const fn of(kind: OperationKind) -> Self {
        use Guarded::{Deletions, LockOuts, Passwords, Redirects, Replies};
        use Proof::{Always, WhereItWeighs};
        let (right, proof, guards, asks_reason) = match kind {
            OperationKind::ResetPassword => (RightName::ResetPasswords, Always, Passwords, true),
            // Who has to stop a thief is not refused because the account was reset lately, or many were.
            OperationKind::LockOut => (RightName::ResetPasswords, Always, LockOuts, true),
            OperationKind::CreateAccount => (RightName::ManageMail, Always, Passwords, false),
            OperationKind::EditAccount => (RightName::ManageMail, WhereItWeighs, Replies, false),
            OperationKind::DeleteAccount | OperationKind::DeleteAlias => {
                (RightName::ManageMail, Always, Deletions, false)
            }
            OperationKind::CreateAlias => (RightName::ManageMail, WhereItWeighs, Redirects, false),
            OperationKind::EditAlias => (RightName::ManageMail, Always, Redirects, false),
        };
        Self { right, proof, guards, asks_reason }
    }

    /// What an operation takes of what its kind's limits protect; `ends` says where mail ends that is led to targets. Each
    /// end counts to which it did not go before.
    pub fn weight(&self, task: &Task, ends: impl Fn(&[String]) -> BTreeSet<End>) -> Option<Weight> {
        let much = match task {
            Task::Change(Change::CreateAlias(_)) => ends(&task.targets()).len(),
            Task::Change(Change::EditAlias { from, to }) => {
                let before = from.as_deref().map(&ends).unwrap_or_default();
                ends(to).difference(&before).count()
            }
            Task::Change(Change::EditAccount { from, to }) => usize::from(speaks_or_drops(from, to)),
            Task::Reset(_)
            | Task::Change(Change::CreateAccount(..) | Change::DeleteAccount | Change::DeleteAlias(_)) => 1,
        };
        let much = i64::try_from(much).unwrap_or(i64::MAX);
        (much > 0).then_some(Weight { of: self.guards, much })
    }

    /// Whether it takes a fresh proof.
    pub fn takes_proof(&self, weight: Option<Weight>) -> bool {
        self.proof == Proof::Always || weight.is_some()
    }
}

/// Why an address is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    Configured,
    /// A staff member signs in with it.
    OfStaff,
}

/// The rules, as configured.
#[derive(Clone, Debug)]
pub struct Rules {
    pub limits: Limits,
    /// Accounts that only admins may reset or change.
    pub protected: Vec<AddressPattern>,
    pub reasons: ReasonPolicy,
    pub callers: CallerChecks,
    pub hand_over: HandOverPolicy,
    pub second_person: SecondPerson,
    pub fresh: FreshProof,
    /// Whether mailboxes are told of resets and lock-outs, with the reason or ticket.
    pub tells_mailboxes: bool,
}

impl Rules {
    /// Why only admins may do anything to this address, if that is so: the company says so, or it is a staff member's
    /// own, and whoever reads a colleague's mail can become them.
    pub fn protects(&self, address: &Address, staff_mailboxes: &BTreeSet<Address>) -> Option<Protection> {
        if self.protected.iter().any(|pattern| pattern.fits(address)) {
            Some(Protection::Configured)
        } else {
            staff_mailboxes.contains(address).then_some(Protection::OfStaff)
        }
    }

    /// Whether somebody's grants, as they stand, allow to do this to the address. Every kind counts where an address is
    /// protected: whoever could delete a protected account and put an alias in its place would read its mail.
    pub fn allow(
        &self,
        kind: OperationKind,
        staff: &Staff,
        address: &Address,
        staff_mailboxes: &BTreeSet<Address>,
    ) -> Result<(), Denied> {
        let protected = self.protects(address, staff_mailboxes).map(|_| RightName::ResetProtectedPasswords);
        let mut needed = [Some(Gravity::of(kind).right), protected].into_iter().flatten();
        match needed.find(|right| !holds(staff, *right, address.domain())) {
            Some(right) => Err(Denied { right, domain: Some(address.domain().clone()) }),
            None => Ok(()),
        }
    }

    /// Why the address is protected from this asker, if it is.
    pub fn keep_from(
        &self,
        asker: &Asker,
        address: &Address,
        staff_mailboxes: &BTreeSet<Address>,
    ) -> Option<Protection> {
        let may = holds(&asker.staff, RightName::ResetProtectedPasswords, address.domain());
        self.protects(address, staff_mailboxes).filter(|_| !may)
    }
}

/// Whether an automatic reply says anything, to anyone, that it did not say before, or mail that is answered is from now
/// on thrown away. A reply of which nobody knows whether it is on may be.
fn speaks_or_drops(from: &AccountSettings, to: &AccountSettings) -> bool {
    let (was, is) = (&from.auto_reply, &to.auto_reply);
    // A text or a choice that waits for its reply to be switched on weighs then.
    let is_new = was.on != is.on;
    let speaks = is_new || was.message != is.message;
    let drops = is.keeps_mail == Some(false) && (is_new || was.keeps_mail != Some(false));
    is.on != Some(false) && (speaks || drops)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AutoReply, Quota};

    fn weight(change: Change) -> Option<i64> {
        let task = Task::Change(change);
        let ends = |targets: &[String]| {
            let is_outside = |target: &&String| !target.ends_with("@example.se");
            targets.iter().filter(is_outside).map(|target| End::Outside(target.to_lowercase())).collect()
        };
        Gravity::of(task.kind()).weight(&task, ends).map(|weight| weight.much)
    }

    #[test]
    fn only_targets_outside_that_are_new_weigh() {
        let to = |texts: &[&str]| texts.iter().map(|text| Address::parse(text).unwrap()).collect::<Vec<_>>();
        assert_eq!(weight(Change::CreateAlias(to(&["a@example.se"]))), None);
        assert_eq!(weight(Change::CreateAlias(to(&["a@example.se", "b@x.se", "c@example.com"]))), Some(2));
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let from = texts(&["B@X.se", "odd"]);
        let edited = |from: Option<&Vec<String>>, to| weight(Change::EditAlias { from: from.cloned(), to: texts(to) });
        assert_eq!(edited(Some(&from), &["b@x.se", "a@example.se"]), None);
        assert_eq!(edited(Some(&from), &["b@x.se", "odd", "d@x.se"]), Some(1));
        assert_eq!(edited(None, &["b@x.se", "odd", "a@example.se"]), Some(2), "all of it may be new");
    }

    #[test]
    fn a_reply_weighs_once_it_says_something_new_or_drops_mail() {
        let set = |on, text: &str, keeps_mail| AccountSettings {
            auto_reply: AutoReply { on: Some(on), message: Some(text.to_owned()), keeps_mail: Some(keeps_mail) },
            ..AccountSettings::default()
        };
        let edited = |from, to| weight(Change::EditAccount { from, to }).is_some();
        assert!(edited(set(false, "Away", true), set(true, "Away", true)));
        assert!(edited(set(true, "Away", true), set(true, "Gone", true)));
        assert!(edited(set(true, "Away", true), set(true, "Away", false)));
        assert!(!edited(set(true, "Away", true), set(false, "Away", true)));
        assert!(!edited(set(false, "Away", true), set(false, "Gone", false)));
        let more = AccountSettings { quota: Quota::Gib(9), antispam_level: Some(0), ..set(true, "Away", false) };
        assert!(!edited(set(true, "Away", false), more));
        let untold = AccountSettings { auto_reply: AutoReply::default(), ..set(true, "Away", false) };
        let with = |auto_reply| AccountSettings { auto_reply, ..untold.clone() };
        assert!(edited(untold.clone(), with(AutoReply { message: Some(String::new()), ..AutoReply::default() })));
        assert!(edited(untold.clone(), with(AutoReply { keeps_mail: Some(false), ..AutoReply::default() })));
        assert!(edited(untold.clone(), with(AutoReply { on: Some(true), ..AutoReply::default() })));
        assert!(!edited(untold.clone(), with(AutoReply { on: Some(false), ..AutoReply::default() })));
    }

    #[test]
    fn whatever_shows_a_password_or_deletes_takes_a_fresh_proof() {
        for kind in OperationKind::ALL.into_iter().filter(|kind| kind.makes_a_password() || kind.is_confirmed()) {
            assert!(Gravity::of(kind).takes_proof(None), "{kind:?}");
        }
    }
}
