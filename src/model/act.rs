//! What somebody proves anew who they are for, by itself: a proof for one act is no good for another.

/// An act that gives or takes a credential or a right, or lets a colleague do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    AddPasskey,
    SetUpApp,
    RemoveFactor,
    MakeCodes,
    ChangePassword,
    EndFactors,
    ChangeStaff,
    Approve,
    /// Resetting or locking out. It lasts a while.
    Reset,
    /// Resetting once more, because the last reset was lately.
    ResetAgain,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 10] = [
        Self::AddPasskey,
        Self::SetUpApp,
        Self::RemoveFactor,
        Self::MakeCodes,
        Self::ChangePassword,
        Self::EndFactors,
        Self::ChangeStaff,
        Self::Approve,
        Self::Reset,
        Self::ResetAgain,
    ];

    /// The name that links and the database use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AddPasskey => "add-passkey",
            Self::SetUpApp => "set-up-app",
            Self::RemoveFactor => "remove-factor",
            Self::MakeCodes => "make-codes",
            Self::ChangePassword => "change-password",
            Self::EndFactors => "end-factors",
            Self::ChangeStaff => "change-staff",
            Self::Approve => "approve",
            Self::Reset => "reset",
            Self::ResetAgain => "reset-again",
        }
    }

    /// The act of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.name() == name)
    }
}
