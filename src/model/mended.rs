//! JSON that holds what is no Unicode: bytes of Latin-1, halves of surrogate pairs. GleSYS and providers of single sign-on pass
//! on what programs and people have put into names and texts, and one such text must not cost what stands beside it.

use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

/// Reads JSON, and once more with a replacement character for what is no Unicode. The parser's error is dropped, as it may
/// quote what it read.
pub fn parse<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    serde_json::from_slice(unmarked(json)).or_else(|_| serde_json::from_str(&text(json))).ok()
}

/// Without the mark that some put in front of UTF-8.
pub fn unmarked(json: &[u8]) -> &[u8] {
    json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(json)
}

/// The same text with a replacement character for what is no Unicode. It may hold a password that GleSYS should not send.
pub fn text(json: &[u8]) -> Zeroizing<String> {
    let text = Zeroizing::new(String::from_utf8_lossy(unmarked(json)).into_owned());
    let mut mended = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text.as_str();
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        mended.push_str(before);
        let (kept, length) = match (unit(escape), unit(escape.get(6..).unwrap_or_default())) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (&escape[..12], 12),
            (Some(0xD800..=0xDFFF), _) => ("\\ufffd", 6),
            _ => {
                let length = escape.chars().take(2).map(char::len_utf8).sum();
                (&escape[..length], length)
            }
        };
        mended.push_str(kept);
        rest = &escape[length..];
    }
    mended.push_str(rest);
    mended
}

/// The UTF-16 unit that a text begins with, where it begins with one that is escaped.
fn unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_unicode_costs_no_more_than_itself() {
        for (json, wanted) in [
            (&br#""plain \ud83d\ude00 \n \\ud800""#[..], "plain \u{1F600} \n \\ud800"),
            (br#""a\ud800b""#, "a\u{FFFD}b"),
            (br#""a\udfffb\ud83d""#, "a\u{FFFD}b\u{FFFD}"),
            (br#""\ud83d\ud83d\ude00""#, "\u{FFFD}\u{1F600}"),
            (b"\"\xE5sa\"", "\u{FFFD}sa"),
            (b"\"\xE5 \\ud800\"", "\u{FFFD} \u{FFFD}"),
            (b"\xEF\xBB\xBF\"x\"", "x"),
        ] {
            assert_eq!(parse::<String>(json).as_deref(), Some(wanted), "{}", String::from_utf8_lossy(json));
        }
        for json in [&b"\"\\\""[..], b"\"\\u12", b"\\", b"\"\\ud800\\", "\"\\å".as_bytes(), "\"\\u00å".as_bytes()] {
            assert_eq!(parse::<String>(json), None, "{}", String::from_utf8_lossy(json));
        }
    }
}
