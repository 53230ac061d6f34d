//! What GleSYS reports about domains, email accounts and aliases, in our words and units.

use jiff::Timestamp;

use super::{AccountSettings, Address, DomainName, Quota};

/// An email account. `None` is what GleSYS does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub address: Address,
    /// The name that GleSYS shows for it, usually the readable address.
    pub display_name: String,
    pub quota: Quota,
    /// 0 (off) to 5 (strictest).
    pub antispam_level: Option<u8>,
    pub antivirus: Option<bool>,
    /// Whether spam is refused at the door instead of being delivered to a folder.
    pub reject_spam: Option<bool>,
    pub auto_reply: AutoReply,
    pub created: Option<Timestamp>,
    pub modified: Option<Timestamp>,
}

impl Account {
    /// What can be edited of it.
    pub fn settings(&self) -> AccountSettings {
        AccountSettings {
            quota: self.quota,
            antispam_level: self.antispam_level,
            antivirus: self.antivirus,
            reject_spam: self.reject_spam,
            auto_reply: self.auto_reply.clone(),
        }
    }
}

/// The automatic answer of an account. `None` is what GleSYS does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AutoReply {
    pub on: Option<bool>,
    /// Empty where there is none.
    pub message: Option<String>,
    /// Whether the answered message is kept.
    pub keeps_mail: Option<bool>,
}

/// An email alias: mail to it goes on to its targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    pub address: Address,
    pub display_name: String,
    /// The targets as GleSYS reports them, where it does; anything may stand here.
    pub targets: Option<Vec<String>>,
}

/// What stands behind an address in a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mailbox {
    Account(Box<Account>),
    Alias(Alias),
}

impl Mailbox {
    pub const fn address(&self) -> &Address {
        match self {
            Self::Account(account) => &account.address,
            Self::Alias(alias) => &alias.address,
        }
    }

    /// The account, if it is one.
    pub fn account(&self) -> Option<&Account> {
        if let Self::Account(account) = self { Some(account) } else { None }
    }
}

/// How full an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Used, in MiB.
    pub used_mib: u64,
    /// Allowed.
    pub quota: Quota,
}

impl Usage {
    /// Whether more is used than so many GiB.
    pub const fn is_more_than(self, gib: u64) -> bool {
        self.used_mib > gib.saturating_mul(1024)
    }

    /// Whether 90 % of the quota or more is used.
    pub fn is_near_full(self) -> bool {
        self.percent().is_some_and(|percent| percent >= 90)
    }

    /// Used part of the quota in percent, 0 to 100; `None` where there is no quota to compare with.
    pub fn percent(self) -> Option<u64> {
        let quota_mib = self.quota.gib()?.saturating_mul(1024);
        self.used_mib.saturating_mul(100).checked_div(quota_mib).map(|percent| percent.min(100))
    }
}

/// A line of the project's list of domains. `None` is what GleSYS does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainSummary {
    pub name: DomainName,
    pub accounts: Option<u64>,
    pub aliases: Option<u64>,
    /// What people call its project, where there are several.
    pub project: Option<String>,
}

impl DomainSummary {
    /// The same, as one of several projects has it.
    #[must_use]
    pub fn of_project(self, label: &str) -> Self {
        Self { project: Some(label.to_owned()), ..self }
    }
}

/// A domain that several projects at GleSYS have, so that nobody knows whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContestedDomain {
    pub name: DomainName,
    /// What people call these projects.
    pub projects: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_is_counted_in_mebibytes_of_a_gibibyte_quota() {
        let usage = |used_mib, quota| Usage { used_mib, quota };
        assert_eq!(usage(512, Quota::Gib(1)).percent(), Some(50));
        assert_eq!(usage(9999, Quota::Gib(1)).percent(), Some(100));
        for quota in [Quota::Gib(0), Quota::Unlimited, Quota::NotKnown] {
            assert_eq!(usage(9, quota).percent(), None);
            assert!(!usage(9999, quota).is_near_full());
        }
        assert!(usage(1025, Quota::Gib(5)).is_more_than(1));
        assert!(!usage(1024, Quota::Gib(5)).is_more_than(1));
    }
}
