//! What a link that works once is for.

/// The kinds of links that work once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// Its owner sets their own password with it.
    Invitation,
    /// It lets an admin in instead of a password.
    SignIn,
}

impl LinkKind {
    const ALL: [Self; 2] = [Self::Invitation, Self::SignIn];

    /// The name that the database uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::SignIn => "sign-in link",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
