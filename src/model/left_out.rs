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
    NotADomain,
    /// Rights go by domain, so nothing of another one may slip in through a list.
    OtherDomain,
    /// No call can be sure which of two it means.
    Twice,
}

impl LeftOut {
    pub fn new(text: &str, is_alias: bool, why: WhyUnfit) -> Self {
        Self { text: shortened(text), is_alias, why }
    }
}

/// A domain of the overview that is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOutDomain {
    /// What stands in the place of its name, shortened; empty where that can't be read.
    pub text: String,
    pub why: WhyUnfit,
}

impl LeftOutDomain {
    /// No text is one that can't be read.
    pub fn new(text: &str) -> Self {
        let why = if text.is_empty() { WhyUnfit::NotReadable } else { WhyUnfit::NotADomain };
        Self { text: shortened(text), why }
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}
