//! The company and its help desk, as the owners of mailboxes know them.

/// What the pages for owners say of whom they deal with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HelpDesk {
    /// The company's name.
    pub company: Option<String>,
    /// Whom to call, as people write it: a name, a number, hours.
    pub line: Option<String>,
}

impl HelpDesk {
    /// The number in it, as a telephone dials it; `None` where it says more than a number.
    pub fn number(&self) -> Option<String> {
        let line = self.line.as_deref()?;
        let is_number = line.chars().all(|c| c.is_ascii_digit() || " +-()".contains(c));
        let digits: String = line.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        (is_number && digits.len() > 2).then_some(digits)
    }
}
