//! Staff members, the roles they hold and where they hold them.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;

use super::one_form::composed;
use super::{DisplayName, DomainName};

/// The id of a staff member.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StaffId(pub String);

/// Names a session for as long as it lasts, whatever becomes of its cookie. No secret: it can't be used as a cookie.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(pub String);

/// What the database keeps of a session's cookie: the SHA-256 of its secret, in base64. It can't be used as a cookie.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CookieHash(pub String);

/// What the database keeps of the cookie of a known device. It can't be used as a cookie.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeviceHash(pub String);

/// What a person signs in from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// The network address.
    pub client: Option<String>,
    /// What the browser calls itself.
    pub agent: Option<String>,
}

/// A running session as its owner sees it in a list.
#[derive(Debug)]
pub struct OpenSession {
    pub id: SessionId,
    pub device: Device,
    pub created_at: Timestamp,
    /// When it was last used, give or take a minute.
    pub seen_at: Timestamp,
}

/// The name that a staff member signs in with: lower case, so that case never tells two people apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StaffName(String);

/// Why a text is no sign-in name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name is 1 to 64 letters, digits, dots, hyphens, underscores or @")]
pub struct NotAStaffName;

impl StaffName {
    /// Reads a name as a person types it, or a provider gives it: in lower case, and composed.
    ///
    /// # Errors
    /// [`NotAStaffName`] when it is empty, over 64 characters or holds any other.
    pub fn parse(text: &str) -> Result<Self, NotAStaffName> {
        let name = composed(&text.trim().to_lowercase());
        let signs_fit = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@'));
        if signs_fit && (1..=64).contains(&name.chars().count()) { Ok(Self(name)) } else { Err(NotAStaffName) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StaffName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A person who signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    pub id: StaffId,
    pub name: StaffName,
    /// What others are told, where the person has such a name.
    pub display_name: Option<DisplayName>,
    pub language: Option<Language>,
    pub theme: Theme,
    pub disabled_at: Option<Timestamp>,
    /// Whether signing in takes a code or a passkey besides the password.
    pub second_factor: bool,
    /// Whether they sign in at the company's provider, which also says what they may do, and nowhere else.
    pub single_sign_on: bool,
    pub grants: Vec<Grant>,
}

impl Staff {
    /// What people are told; the audit records the sign-in name.
    pub fn told_as(&self) -> &str {
        self.display_name.as_ref().map_or(self.name.as_str(), DisplayName::as_str)
    }

    /// All that the person is called.
    pub fn names(&self) -> Vec<&str> {
        [Some(self.name.as_str()), self.display_name.as_ref().map(DisplayName::as_str)].into_iter().flatten().collect()
    }
}

/// Somebody who is about to join the staff.
#[derive(Clone, Debug)]
pub struct NewStaff {
    pub name: StaffName,
    pub display_name: Option<DisplayName>,
    pub grants: Vec<Grant>,
}

/// A staff member as those who look after the staff see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffRecord {
    pub staff: Staff,
    /// Whether they have set a password.
    pub has_password: bool,
    /// Until when an invitation of theirs can be used.
    pub invited_until: Option<Timestamp>,
}

/// Of whom the company requires a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FactorDuty {
    #[default]
    Nobody,
    Admins,
    Everybody,
}

/// What a staff member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Sees domains, accounts and aliases.
    Viewer,
    /// Also resets passwords.
    Operator,
    /// Also creates, edits and deletes accounts and aliases.
    Manager,
    /// Sees everything and the audit, changes nothing.
    Auditor,
    /// Does everything, staff and settings included.
    Admin,
}

impl Role {
    /// Every role, in the order in which people are told of them.
    pub const ALL: [Self; 5] = [Self::Viewer, Self::Operator, Self::Manager, Self::Auditor, Self::Admin];

    /// The name that the database and the command line use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Manager => "manager",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }

    /// The role of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether the role only makes sense for the whole panel: the audit and the staff have no domain.
    pub const fn is_for_all_domains(self) -> bool {
        matches!(self, Self::Auditor | Self::Admin)
    }
}

/// Where a grant counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Domains {
    All,
    One(DomainName),
}

/// A role held in one domain or in all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    pub role: Role,
    pub domains: Domains,
}

impl Grant {
    /// Whether the grant counts in this domain.
    pub fn covers(&self, domain: &DomainName) -> bool {
        match &self.domains {
            Domains::All => true,
            Domains::One(own) => own == domain,
        }
    }

    /// The code that the audit and forms keep: `operator:example.se`; without a domain it is held in all of them.
    pub fn code(&self) -> String {
        match &self.domains {
            Domains::All => self.role.name().to_owned(),
            Domains::One(domain) => format!("{}:{domain}", self.role.name()),
        }
    }

    /// The grant of that code.
    pub fn coded(code: &str) -> Option<Self> {
        let (role, domains) = match code.split_once(':') {
            Some((role, domain)) => (role, Domains::One(DomainName::parse(domain).ok()?)),
            None => (code, Domains::All),
        };
        Some(Self { role: Role::named(role)?, domains })
    }

    /// The codes of several, in one order however they came.
    pub fn codes(grants: &[Self]) -> Vec<String> {
        let grants: BTreeSet<_> = grants.iter().collect();
        grants.into_iter().map(Self::code).collect()
    }
}

/// The languages that every sentence exists in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    Swedish,
}

impl Language {
    /// The BCP 47 tag, for `lang` and for the database.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Swedish => "sv",
        }
    }

    /// The language of that tag; regional forms (`sv-SE`) count as their language.
    pub fn tagged(tag: &str) -> Option<Self> {
        match tag.trim().split('-').next()? {
            "en" => Some(Self::English),
            "sv" => Some(Self::Swedish),
            _ => None,
        }
    }
}

/// Light, dark, or as the device says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// The name that the database and the page's `data-theme` use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::System, Self::Light, Self::Dark].into_iter().find(|theme| theme.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_from_every_keyboard() {
        assert_eq!(StaffName::parse(" A\u{30a}SA.O\u{308}berg"), StaffName::parse("åsa.öberg"));
        assert!(StaffName::parse("åsa öberg").is_err());
    }
}
