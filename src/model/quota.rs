//! How much an account may hold, as far as GleSYS says.

/// How much an account may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quota {
    /// So many GiB.
    Gib(u64),
    Unlimited,
    /// GleSYS does not say, or not in a way that can be read.
    NotKnown,
}

impl Quota {
    /// The GiB, if that is what is known.
    pub const fn gib(self) -> Option<u64> {
        if let Self::Gib(gib) = self { Some(gib) } else { None }
    }

    /// The code that forms carry along.
    pub fn code(self) -> String {
        match self {
            Self::Gib(gib) => gib.to_string(),
            Self::Unlimited => "unlimited".to_owned(),
            Self::NotKnown => "not-known".to_owned(),
        }
    }

    /// The quota of that code.
    pub fn coded(code: &str) -> Option<Self> {
        match code {
            "unlimited" => Some(Self::Unlimited),
            "not-known" => Some(Self::NotKnown),
            gib => gib.parse().ok().map(Self::Gib),
        }
    }
}
