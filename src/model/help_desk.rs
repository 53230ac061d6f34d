//! The company and its help desk, as the owners of mailboxes know them.

/// What the pages for owners say of whom they deal with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HelpDesk {
    /// The company's name.
    pub company: Option<String>,
    /// Whom to call, as people write it: a name, a number, hours.
    pub line: Option<String>,
}
