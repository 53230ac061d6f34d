//! Why single sign-on lets somebody not in, for the log and the audit; the page says less.

use jiff::Timestamp;

use crate::model::{Fact, Facts};
use crate::oidc::{self, TheirCode};
use crate::store;

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("too many tries")]
    TooMany { until: Timestamp },
    /// The sign-in was begun in another browser, was used, or is too old.
    #[error("no such sign-in")]
    NoSuchFlow,
    /// The person or the provider said no.
    #[error("denied at the provider")]
    Denied,
    /// The provider has another reason.
    #[error("the provider sent them back with the error {0}")]
    Error(TheirCode),
    #[error(transparent)]
    Provider(#[from] oidc::Error),
    #[error("none of their groups is let in")]
    NoGroup,
    /// The provider did not say what groups they are in; who is known keeps what they have.
    #[error(
        "the provider did not say what groups they are in: have it put the claim of NYCKEL_OIDC_GROUPS_CLAIM into the ID \
         token or the user info"
    )]
    GroupsMissing,
    #[error(
        "the provider sent a note that it keeps their groups elsewhere (_claim_names or hasgroups) in place of the groups, as \
         Entra ID does where there are more than 200: have it send only the groups that are assigned to the panel"
    )]
    GroupsElsewhere,
    #[error(
        "the claim of NYCKEL_OIDC_GROUPS_CLAIM is neither a list of names nor one name of NYCKEL_OIDC_GROUPS: have the provider \
         send a list of the groups' names or ids"
    )]
    GroupsUnreadable,
    #[error("disabled here")]
    Disabled,
    /// They have no other name than an e-mail address that the provider has not verified.
    #[error(
        "the provider gives no preferred_username, and has not verified their e-mail address: it must say that \
         email_verified is true"
    )]
    EmailNotVerified,
    /// They have no name at all.
    #[error("the provider gives neither a preferred_username nor an email: allow it the scopes profile and email")]
    NoName,
    /// There are too many of that name.
    #[error("the name is taken")]
    NameTaken,
    /// The provider did not ask the person anew.
    #[error("the provider did not ask them anew who they are, although prompt=login and max_age=0 ask for it")]
    NotAnew,
    /// It does not say when it asked them.
    #[error("the provider does not say when it asked them who they are: have it send the claim auth_time")]
    NoAuthTime,
    /// Somebody else came back than the one who is signed in.
    #[error("somebody else")]
    SomebodyElse,
    /// The session that was to be proved anew ended meanwhile, or what the person may do was changed.
    #[error("signed out")]
    SignedOut,
    #[error("the store failed")]
    Store(#[from] store::Error),
}

impl Refused {
    /// The code that the audit keeps.
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::TooMany { .. } => "too_many",
            Self::NoSuchFlow => "no_such_sign_in",
            Self::Denied => "denied_there",
            Self::Error(_) => "error_there",
            Self::Provider(error) => error.code(),
            Self::NoGroup => "no_group",
            Self::GroupsMissing => "groups_missing",
            Self::GroupsElsewhere => "groups_too_many",
            Self::GroupsUnreadable => "groups_unreadable",
            Self::Disabled => "disabled",
            Self::EmailNotVerified => "email_not_verified",
            Self::NoName => "no_name",
            Self::NameTaken => "name_taken",
            Self::NotAnew => "not_anew",
            Self::NoAuthTime => "no_auth_time",
            Self::SomebodyElse => "somebody_else",
            Self::SignedOut => "signed_out",
            Self::Store(_) => "database",
        }
    }

    /// What the audit keeps besides the code.
    pub(super) fn facts(&self) -> Facts {
        match self {
            Self::Error(code) | Self::Provider(oidc::Error::Refused(code)) => {
                Facts::new().with(Fact::ProviderError, code.to_string())
            }
            Self::Provider(oidc::Error::Expired { by }) => Facts::new().with(Fact::LateSeconds, *by),
            Self::Provider(oidc::Error::NotYet { by }) => Facts::new().with(Fact::EarlySeconds, *by),
            _ => Facts::new(),
        }
    }
}
