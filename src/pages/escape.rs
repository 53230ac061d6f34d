//! How every text gets into a page: `askama.toml` names this escaper for all templates. Markup in it is only shown, and so
//! are characters that can't be seen or that turn the direction of what stands around them.
//!
//! What a browser sends back is written by `|e("exact")` instead; a test of the house says where.

use std::fmt;

use askama::filters::{Escaper, Html};

use crate::model::shown::shown;

/// For texts of a page, and for attributes that people hear or see.
#[derive(Clone, Copy)]
pub struct Visible;

impl Escaper for Visible {
    fn write_escaped_str<W: fmt::Write>(&self, dest: W, text: &str) -> fmt::Result {
        Html.write_escaped_str(dest, &shown(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_hidden_characters_are_only_shown() {
        let mut page = String::new();
        Visible.write_escaped_str(&mut page, "<b>\u{202e}nose\u{0}\"\n").unwrap();
        Visible.write_escaped_char(&mut page, '\u{200b}').unwrap();
        let shown = "&#60;b&#62;&#60;U+202E&#62;nose&#60;U+0000&#62;&#34;\n&#60;U+200B&#62;";
        assert_eq!(page, shown);
    }
}
