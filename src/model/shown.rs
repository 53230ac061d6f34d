//! Text from outside for a page, a terminal or a file that somebody opens in one: what would act there, turn its direction
//! or pass unseen is only shown. Every template, the command line and the audit's CSV use it.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with `<U+202E>` in place of each control character, of what turns the direction of writing and of what can't
/// be seen. Tabs and ends of lines stay, and so do the joiners and selectors that scripts and emoji are written with.
pub fn shown(text: &str) -> Cow<'_, str> {
    if !text.contains(is_to_be_shown) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_to_be_shown(character) {
            let _ = write!(shown, "<U+{:04X}>", u32::from(character));
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// The same of what has to stay in its line.
pub fn shown_in_line(text: &str) -> String {
    shown(text).replace('\t', "<U+0009>").replace('\n', "<U+000A>").replace('\r', "<U+000D>")
}

/// Whether a character is shown by its number.
pub fn is_to_be_shown(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control() && !matches!(character, '\t' | '\r' | '\n');
    }
    character.is_control()
        || matches!(u32::from(character), 0xAD | 0x61C | 0x115F | 0x1160 | 0x180E | 0x200B | 0x200E..=0x200F
            | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFEFF | 0xFFA0 | 0xFFF9..=0xFFFB)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::is_hidden;

    #[test]
    fn what_acts_or_passes_unseen_is_only_shown() {
        assert_eq!(
            shown("\u{1b}[31mx\u{7}\u{9b}2J\0\u{202e}y\u{2069}z\u{200b}\u{feff}"),
            "<U+001B>[31mx<U+0007><U+009B>2J<U+0000><U+202E>y<U+2069>z<U+200B><U+FEFF>"
        );
        assert_eq!(shown_in_line("eva\r\nboss: good\t\u{202e}"), "eva<U+000D><U+000A>boss: good<U+0009><U+202E>");
        for text in ["", "åäö \u{1f600}\r\n\tx", "<U+001B>", "a\u{200d}b\u{a0}", "❤\u{fe0f}", "می\u{200c}خواهم"]
        {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn whatever_is_shown_by_its_number_is_hidden_in_a_password_too() {
        assert!(('\0'..=char::MAX).all(|character| !is_to_be_shown(character) || is_hidden(character)));
    }
}
