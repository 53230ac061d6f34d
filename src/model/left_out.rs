//! What GleSYS lists and the panel can't handle: it is shown with the reason, and counted.

/// How much of such a row is shown.
const LONGEST: usize = 100;

/// A row of a domain's list that is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// What stands in the place of its address, shortened; empty where that can't be read.
    pub text: String,
    /// Whether it stands among the aliases.
    pub is_alias: bool,
    pub why: WhyUnfit,
}

/// Why a row can't be handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyUnfit {
    NotReadable,
    TooLong,
    NotAnAddress,
    /// Rights go by domain, so nothing of another one may slip in through a list.
    OtherDomain,
    /// No call can be sure which of two it means.
    Twice,
}

impl LeftOut {
    pub fn new(text: &str, is_alias: bool, why: WhyUnfit) -> Self {
        Self { text: text.chars().take(LONGEST).collect(), is_alias, why }
    }
}
