//! A function of GleSYS's API, by the vendor's own name: an admin reads it who has to allow it for the key. `glesys` knows
//! the names and makes these; nobody else spells one.

use std::fmt;

use super::OperationKind;

/// A function of GleSYS's API.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    pub name: &'static str,
    /// What it is called for, if that changes anything.
    pub changes: Option<OperationKind>,
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
