//! JSON with texts that hold what no text of it may: bytes of Latin-1, halves of surrogate pairs, control characters, escapes
//! that there are not. GleSYS and providers of single sign-on pass on what programs and people have put into names and texts,
//! and one such text must not cost what stands beside it.

use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

/// What stands for what can't be read.
const REPLACEMENT: &str = "\u{FFFD}";

/// Reads JSON, and once more with a replacement character for what can't be read, but never in a password. The parser's error is dropped, as it may
/// quote what it read.
pub fn parse<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    serde_json::from_slice(unmarked(json)).or_else(|_| serde_json::from_str(&text(json))).ok()
}

/// Without the mark that some put in front of UTF-8.
pub fn unmarked(json: &[u8]) -> &[u8] {
    json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(json)
}

/// The same text with a replacement character for what no text of JSON may hold. It may hold a password.
pub fn text(json: &[u8]) -> Zeroizing<String> {
    let text = Zeroizing::new(String::from_utf8_lossy(unmarked(json)).into_owned());
    // A replacement is at most three times as long, and so the text never moves and leaves no copy behind.
    let mut mended = Zeroizing::new(String::with_capacity(text.len() * REPLACEMENT.len()));
    let mut rest = text.as_str();
    // Where the text began that is read, if it is one, and whether something of it is lost.
    let (mut inside, mut is_hurt) = (None, false);
    while let Some(character) = rest.chars().next() {
        let as_it_is = (&rest[..character.len_utf8()], character.len_utf8());
        let (kept, length) = match character {
            '\\' if inside.is_some() => escape(rest),
            '\0'..' ' if inside.is_some() => (REPLACEMENT, 1),
            _ => as_it_is,
        };
        rest = &rest[length..];
        is_hurt |= kept == REPLACEMENT;
        match inside {
            None if kept == "\"" => (inside, is_hurt) = (Some(mended.len()), false),
            Some(begin) if kept == "\"" => {
                inside = None;
                if is_hurt && is_password(&mended[..begin]) {
                    mended.truncate(begin);
                    mended.push_str("false");
                    continue;
                }
            }
            _ => {}
        }
        mended.push_str(kept);
    }
    mended
}

/// Whether a password follows. Half of one is none.
fn is_password(before: &str) -> bool {
    before.trim_end().strip_suffix(':').is_some_and(|name| name.trim_end().ends_with("\"password\""))
}

/// What stands for the escape that a text begins with, and how long that is.
fn escape(text: &str) -> (&str, usize) {
    match (unit(text), unit(text.get(6..).unwrap_or_default())) {
        (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (&text[..12], 12),
        (Some(0xD800..=0xDFFF), _) => (REPLACEMENT, 6),
        (Some(_), _) => (&text[..6], 6),
        _ if text[1..].starts_with(['"', '\\', '/', 'b', 'f', 'n', 'r', 't']) => (&text[..2], 2),
        _ => (REPLACEMENT, 1),
    }
}

/// The UTF-16 unit that a text begins with, where it begins with one that is escaped.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_text_may_hold_costs_no_more_than_itself() {
        for (json, wanted) in [
            (&br#""plain \ud83d\ude00 \n \\ud800""#[..], "plain \u{1F600} \n \\ud800"),
            (br#""a\ud800b""#, "a\u{FFFD}b"),
            (br#""a\udfffb\ud83d""#, "a\u{FFFD}b\u{FFFD}"),
            (br#""\ud83d\ud83d\ude00""#, "\u{FFFD}\u{1F600}"),
            (b"\"\xE5sa\"", "\u{FFFD}sa"),
            (b"\"\xE5 \\ud800\"", "\u{FFFD} \u{FFFD}"),
            (b"\xEF\xBB\xBF\"x\"", "x"),
            (b" \n\"a\x01b\nc\"\r\n", "a\u{FFFD}b\u{FFFD}c"),
            (br#""\x41 \' \"q\" \u12 \u+123 \\""#, "\u{FFFD}x41 \u{FFFD}' \"q\" \u{FFFD}u12 \u{FFFD}u+123 \\"),
        ] {
            assert_eq!(parse::<String>(json).as_deref(), Some(wanted), "{}", String::from_utf8_lossy(json));
        }
        let json = b"{\"password\" :\n\"a\xE5\",\"b\":\"c\xE5\",\"password\":\"\xC3\xA5\"}";
        assert_eq!(*text(json), "{\"password\" :\nfalse,\"b\":\"c\u{FFFD}\",\"password\":\"å\"}");
        for json in [&b"\"\\\""[..], b"\"\\u12", b"\\", b"\"\\ud800\\", "\"\\å".as_bytes(), "\"\\u00å".as_bytes()] {
            assert_eq!(parse::<String>(json), None, "{}", String::from_utf8_lossy(json));
        }
    }
}
