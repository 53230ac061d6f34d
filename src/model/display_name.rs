//! What a staff member is called by others: "Eva Lind", beside the name that they sign in with.

use std::fmt;

use super::one_form::composed;

/// The longest display name, in characters.
pub const LONGEST_DISPLAY_NAME: usize = 64;

/// A name in one line, without characters that can't be seen or that change how others are seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayName(String);

/// Why a text is no display name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a display name has at most {LONGEST_DISPLAY_NAME} characters, all of which can be seen")]
pub struct NotADisplayName;

impl DisplayName {
    /// Reads a name as a person types it; nothing but spaces is none.
    ///
    /// # Errors
    /// [`NotADisplayName`] when it is too long, holds a character that can't be seen, or no letter or digit.
    pub fn parse(text: &str) -> Result<Option<Self>, NotADisplayName> {
        let name = composed(&text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "));
        if name.is_empty() {
            return Ok(None);
        }
        let fits = name.chars().count() <= LONGEST_DISPLAY_NAME
            && !name.chars().any(is_hidden)
            && name.chars().any(char::is_alphanumeric);
        if fits { Ok(Some(Self(name))) } else { Err(NotADisplayName) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Whether a character can't be seen, or changes how its neighbours are seen: controls, bidi marks, odd spaces.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || (character.is_whitespace() && character != ' ')
        || matches!(u32::from(character), 0xAD | 0x61C | 0x115F..=0x1160 | 0x180E | 0x200B..=0x200F | 0x202A..=0x202E
            | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF9..=0xFFFB | 0xE0000..=0xE0FFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_display_name_is_one_line_that_can_be_seen() {
        let read = |text: &str| DisplayName::parse(text).map(|name| name.map(|name| name.0));
        assert_eq!(read("  Eva   Lind "), Ok(Some("Eva Lind".to_owned())));
        assert_eq!(read("A\u{30a}sa"), Ok(Some("Åsa".to_owned())));
        assert_eq!(read("Åsa O’Neill-Öberg (IT)"), Ok(Some("Åsa O’Neill-Öberg (IT)".to_owned())));
        assert_eq!(read("   "), Ok(None));
        assert_eq!(read(&"å".repeat(64)).map(|name| name.is_some()), Ok(true));
        for text in [&"å".repeat(65), "Eva\nLind", "Eva \u{202e}dniL", "Eva\u{200b}", "Eva\tLind", "\u{0}", "---"] {
            assert_eq!(read(text), Err(NotADisplayName), "{text:?}");
        }
    }
}
