//! The end of the audit's chain: which row is the last, and its MAC. Anyone who noted it elsewhere can tell later whether
//! the audit still goes through it.

use std::fmt::{self, Write};
use std::str::FromStr;

/// How many hex digits of a MAC are enough to name it.
const SHORT: usize = 16;

/// The last row of the audit and its MAC. It is written as `SEQ:MAC`, the MAC in hex.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditHead {
    /// 0 while nothing is recorded.
    pub seq: i64,
    /// Empty while nothing is recorded.
    pub mac: Vec<u8>,
}

impl AuditHead {
    /// `SEQ:` and the first digits of the MAC, for people; [`LoggedHead`] reads it too.
    pub fn short(&self) -> String {
        let mut text = self.to_string();
        text.truncate(text.find(':').map_or(text.len(), |colon| text.len().min(colon + 1 + SHORT)));
        text
    }
}

impl fmt::Display for AuditHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, hex(&self.mac))
    }
}

/// Bytes as lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The bytes of such a text; `None` where it is none.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<_>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let (pairs, rest) = digits.as_deref()?.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().filter_map(|[high, low]| u8::try_from(high << 4 | low).ok()).collect())
}

/// A head that was noted earlier, as the log or a person has it: the MAC may be cut short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedHead {
    pub seq: i64,
    mac: String,
}

/// Why a text is no head of the audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a head is written SEQ:MAC, with at least {SHORT} hex digits of the MAC, as the log has it")]
pub struct NotAHead;

impl LoggedHead {
    /// Whether this is the MAC that was noted.
    pub fn is_mac(&self, mac: &[u8]) -> bool {
        hex(mac).starts_with(&self.mac)
    }
}

impl FromStr for AuditHead {
    type Err = NotAHead;

    /// Reads a head that was written whole.
    fn from_str(text: &str) -> Result<Self, NotAHead> {
        let (seq, mac) = text.split_once(':').ok_or(NotAHead)?;
        let seq = seq.parse().map_err(|_| NotAHead)?;
        Ok(Self { seq, mac: unhex(mac).ok_or(NotAHead)? })
    }
}

impl FromStr for LoggedHead {
    type Err = NotAHead;

    fn from_str(text: &str) -> Result<Self, NotAHead> {
        let (seq, mac) = text.trim().split_once(':').ok_or(NotAHead)?;
        let seq = seq.parse().ok().filter(|seq| *seq > 0).ok_or(NotAHead)?;
        let is_mac = (SHORT..=64).contains(&mac.len()) && mac.bytes().all(|digit| digit.is_ascii_hexdigit());
        if is_mac { Ok(Self { seq, mac: mac.to_ascii_lowercase() }) } else { Err(NotAHead) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_back_as_it_was_written_whole_or_short() {
        let head = AuditHead { seq: 12_345, mac: (0..32).collect() };
        assert_eq!(head.short(), "12345:0001020304050607");
        for text in [head.to_string(), head.short(), head.to_string().to_uppercase()] {
            let logged: LoggedHead = text.parse().unwrap();
            assert!(logged.seq == 12_345 && logged.is_mac(&head.mac), "{text}");
            assert!(!logged.is_mac(&[7; 32]));
        }
        assert_eq!(AuditHead::default().short(), "0:");
        for head in [head, AuditHead::default()] {
            assert_eq!(head.to_string().parse(), Ok(head));
        }
        for text in ["7", "7:0", "7:zz", "x:00", "7:å0"] {
            assert_eq!(text.parse::<AuditHead>(), Err(NotAHead), "{text}");
        }
    }

    #[test]
    fn what_names_no_row_for_certain_is_refused() {
        for text in ["", "7", "7:", "7:00010203", "0:0001020304050607", "-1:0001020304050607", "7:zz01020304050607"] {
            assert_eq!(text.parse::<LoggedHead>(), Err(NotAHead), "{text}");
        }
    }
}
