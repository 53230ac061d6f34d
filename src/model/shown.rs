//! Text for a terminal or a file that somebody opens in one: what would act on it, or turn its direction, is only shown.
//! The command line and the audit's CSV use it.

use std::fmt::Write as _;

/// The text with `<U+001B>` in place of each control character and of what turns the direction of writing. Tabs and ends of
/// lines stay, and everything else does.
pub fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if acts(character) {
            let _ = write!(shown, "<U+{:04X}>", u32::from(character));
        } else {
            shown.push(character);
        }
    }
    shown
}

fn acts(character: char) -> bool {
    let turns =
        matches!(character, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    turns || (character.is_control() && !matches!(character, '\t' | '\r' | '\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_a_terminal_is_only_shown() {
        assert_eq!(
            shown("\u{1b}[31mx\u{7}\u{9b}2J\0\u{202e}y\u{2069}"),
            "<U+001B>[31mx<U+0007><U+009B>2J<U+0000><U+202E>y<U+2069>"
        );
        for text in ["", "åäö \u{1f600}\r\n\tx", "<U+001B>", "a\u{200d}b\u{a0}"] {
            assert_eq!(shown(text), text);
        }
    }
}
