//! A staff member's passkeys, as they see them themselves.

use jiff::Timestamp;

/// The longest label, in characters.
pub const LONGEST_LABEL: usize = 60;

/// Which passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyId(pub String);

/// What its owner calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyLabel(String);

impl PasskeyLabel {
    /// Reads what a person typed: one line, cut where it is too long. `None` when nothing is left of it.
    pub fn read(typed: &str) -> Option<Self> {
        let line: String = typed.chars().filter(|character| !character.is_control()).collect();
        let label: String = line.trim().chars().take(LONGEST_LABEL).collect();
        (!label.is_empty()).then_some(Self(label))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A passkey in its owner's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPasskey {
    pub id: PasskeyId,
    pub label: String,
    pub added_at: Timestamp,
    /// When it last signed its owner in or proved who they are.
    pub used_at: Option<Timestamp>,
}

/// What somebody can prove who they are with, besides their password and their recovery codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// Codes from an app.
    pub app: bool,
    pub passkey: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_one_short_line() {
        let read = |typed| PasskeyLabel::read(typed).map(|label| label.0);
        assert_eq!(read("  My\u{7}\n telephone ").as_deref(), Some("My telephone"));
        assert_eq!(read(" \t "), None);
        assert_eq!(read(&"å".repeat(99)), Some("å".repeat(60)));
    }
}
