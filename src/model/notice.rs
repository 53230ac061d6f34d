//! What somebody on the staff is shown about how they sign in: a credential of theirs came or went, or somebody tried.
//! Shown on every page until they say that they have read it. Kept as facts; `texts` has the sentences.

use jiff::Timestamp;

/// The kinds of notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// The subject is its label.
    PasskeyAdded,
    /// The subject is its label.
    PasskeyRemoved,
    AppSetUp,
    AppRemoved,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    PasswordSet,
    /// A link with which their password can be set.
    LinkMade,
    /// A link that signs them in.
    SignInLinkMade,
    /// The subject is the name from before.
    Renamed,
    RolesChanged,
    LetInAgain,
    /// Anyone who has the password has typed many wrong codes.
    CodesGuessed,
    /// All that they signed in with ended, because the database was accepted as it was.
    AllEnded,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::PasskeyAdded,
        Self::PasskeyRemoved,
        Self::AppSetUp,
        Self::AppRemoved,
        Self::RecoveryCodesMade,
        Self::RecoveryCodeUsed,
        Self::PasswordSet,
        Self::LinkMade,
        Self::SignInLinkMade,
        Self::Renamed,
        Self::RolesChanged,
        Self::LetInAgain,
        Self::CodesGuessed,
        Self::AllEnded,
    ];

    /// The name that the database uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PasskeyAdded => "passkey_added",
            Self::PasskeyRemoved => "passkey_removed",
            Self::AppSetUp => "app_set_up",
            Self::AppRemoved => "app_removed",
            Self::RecoveryCodesMade => "recovery_codes_made",
            Self::RecoveryCodeUsed => "recovery_code_used",
            Self::PasswordSet => "password_set",
            Self::LinkMade => "link_made",
            Self::SignInLinkMade => "sign_in_link_made",
            Self::Renamed => "renamed",
            Self::RolesChanged => "roles_changed",
            Self::LetInAgain => "let_in_again",
            Self::CodesGuessed => "codes_guessed",
            Self::AllEnded => "all_ended",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Something that somebody is to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub kind: NoticeKind,
    /// What it is about, as the kind says.
    pub subject: Option<String>,
    /// The sign-in name of who did it, where it was somebody else.
    pub by: Option<String>,
    pub at: Timestamp,
    /// The network address that it came from.
    pub client: Option<String>,
}

impl Notice {
    /// The same about something.
    #[must_use]
    pub fn about(self, subject: impl Into<String>) -> Self {
        Self { subject: Some(subject.into()), ..self }
    }
}

/// A notice as it was given to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldNotice {
    /// Grows with each of the person's notices.
    pub number: i64,
    pub notice: Notice,
    /// How often the same has happened.
    pub times: i64,
}
