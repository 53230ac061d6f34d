//! Makes GleSYS's error text fit for a log line; used by [`super::line`].
//!
//! The text is anybody's: it may hold line breaks, terminal sequences, our own key and addresses of people.

/// How many characters of a text are kept.
const KEPT: usize = 200;

/// One line without control characters, addresses and the given secret.
pub(super) fn tidy(text: &str, secret: &str) -> String {
    let cut: String = text.chars().take(64 * KEPT).map(|c| if is_plain(c) { c } else { ' ' }).collect();
    let cut = if secret.is_empty() { cut } else { cut.replace(secret, "[key]") };
    let words = cut.split_whitespace().map(|word| if word.contains('@') { "[address]" } else { word });
    words.collect::<Vec<_>>().join(" ").chars().take(KEPT).collect()
}

/// No control character and none that turns the direction of writing or has no width.
fn is_plain(c: char) -> bool {
    let odd = matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}');
    !c.is_control() && !odd
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_text_becomes_one_harmless_line() {
        let text = "Could not find\n\u{1b}[31m <anna@example.se> \u{202e}for s3cret.\r\n";
        assert_eq!(tidy(text, "s3cret"), "Could not find [31m [address] for [key].");
        assert_eq!(tidy(&"x".repeat(100_000), "s3cret").len(), KEPT);
        assert_eq!(tidy("OK", ""), "OK");
    }
}
