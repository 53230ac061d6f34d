//! What the pages for owners say of the company: its name, and whom to call.

use super::reading::Environment;
use crate::model::{HelpDesk, is_hidden};

/// The longest text, in characters.
const LONGEST: usize = 100;

pub(super) fn read(r: &mut Environment) -> HelpDesk {
    HelpDesk { company: r.value("NYCKEL_COMPANY", None, read_line), line: r.value("NYCKEL_HELP_LINE", None, read_line) }
}

fn read_line(text: &str) -> Result<Option<String>, &'static str> {
    if text.chars().count() > LONGEST {
        return Err("must have at most 100 characters");
    }
    if text.chars().any(is_hidden) {
        Err("must be one line without control characters")
    } else {
        Ok(Some(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_that_people_can_read() {
        assert_eq!(read_line("Supporten, 08-123 45 67").unwrap().as_deref(), Some("Supporten, 08-123 45 67"));
        for text in ["a\nb", "a\u{202e}b", &"å".repeat(101)] {
            assert!(read_line(text).is_err(), "{text:?}");
        }
    }
}
