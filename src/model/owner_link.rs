//! The link by which the owner of a mailbox reads its new password, with a code that reaches them by another way.

use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

use super::clock::Ends;
use super::coded::coded;
use super::{AuditKind, Elapsed, OperationId};

/// How many codes may be tried before the link is void.
pub const TRIES: i64 = 5;
/// The longest that any link lasts, however the company has set it.
pub const LASTS_AT_MOST: SignedDuration = SignedDuration::from_hours(24);
/// How many digits a code has.
pub const DIGITS: usize = 8;

coded! {
    /// How a link ended. Its password is wiped then.
    pub enum LinkEnd {
        /// The owner was shown the password.
        Read = "read",
        /// Staff took it back.
        Revoked = "revoked",
        /// Nobody used it in time, or nobody has it: staff did not open it in time themselves.
        Expired = "expired",
        /// Too many wrong codes were typed.
        WrongCodes = "wrong_codes",
        /// The account's password was changed since, or may have been.
        Overtaken = "overtaken",
        /// The database was accepted as it is, and may be from before the link ended.
        Forgotten = "forgotten",
    }
}

impl LinkEnd {
    /// Whether nobody is known to have the password, which is still the account's, so that another has to be made.
    pub const fn leaves_nobody(self) -> bool {
        matches!(self, Self::Revoked | Self::Expired | Self::WrongCodes | Self::Forgotten)
    }

    /// What the audit calls it.
    pub const fn told(self) -> AuditKind {
        match self {
            Self::Read => AuditKind::HandOverRead,
            Self::Revoked => AuditKind::HandOverRevoked,
            Self::Expired => AuditKind::HandOverExpired,
            Self::WrongCodes => AuditKind::HandOverVoid,
            Self::Overtaken => AuditKind::HandOverOvertaken,
            Self::Forgotten => AuditKind::HandOverForgotten,
        }
    }
}

/// What is known of a link: its receipts. It holds nothing that opens anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerLink {
    pub operation: OperationId,
    pub expires_at: Timestamp,
    /// When it has certainly lasted as long as it may, whatever clocks say.
    pub over: Elapsed,
    /// How many codes were tried.
    pub tries: i64,
    /// When its page was first asked for, by whomever or whatever.
    pub opened_at: Option<Timestamp>,
    /// How it ended, and when; `None` while it waits.
    pub ended: Option<(LinkEnd, Timestamp)>,
}

impl OwnerLink {
    /// Whether a code can be tried, as far as the link itself tells.
    pub fn waits(&self, now: Timestamp, elapsed: Elapsed) -> bool {
        let in_time = Ends::to_come(LASTS_AT_MOST, now).hold(self.expires_at) && elapsed < self.over;
        self.ended.is_none() && in_time && self.tries < TRIES
    }

    /// Whether it waits for nothing but how its last try goes, or for somebody to notice that nobody finished that.
    pub const fn has_had_its_tries(&self) -> bool {
        self.ended.is_none() && self.tries >= TRIES
    }
}

/// A new password, closed up for its owner. Nothing of link and code is in it but the link's hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedEnvelope {
    pub hash: String,
    pub salt: Vec<u8>,
    pub sealed: Vec<u8>,
}

/// A link's secret and its code. They can't be printed, cloned or serialised, and are wiped when they are dropped.
pub struct LinkAndCode {
    link: Zeroizing<String>,
    code: Zeroizing<String>,
}

impl LinkAndCode {
    pub const fn new(link: Zeroizing<String>, code: Zeroizing<String>) -> Self {
        Self { link, code }
    }

    /// The secret that the link's path ends in.
    pub fn link(&self) -> &str {
        &self.link
    }

    /// The digits, without anything between them.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Both as one text, to be sealed until they are shown.
    pub fn joined(self) -> Zeroizing<String> {
        // Neither has a space in it. Reserving first keeps the buffer from moving and leaving a copy behind.
        let mut joined = Zeroizing::new(String::with_capacity(self.link.len() + 1 + self.code.len()));
        joined.push_str(&self.link);
        joined.push(' ');
        joined.push_str(&self.code);
        joined
    }

    /// Reads what [`LinkAndCode::joined`] gave.
    pub fn parted(joined: &str) -> Option<Self> {
        let (link, code) = joined.split_once(' ')?;
        Some(Self::new(link.to_owned().into(), code.to_owned().into()))
    }
}

/// The digits of a code as somebody types it, in groups or not; `None` where it can't be one.
pub fn typed_code(text: &str) -> Option<Zeroizing<String>> {
    let mut digits = Zeroizing::new(String::with_capacity(DIGITS));
    for character in text.chars().filter(|character| !character.is_whitespace() && !matches!(character, '-' | '–')) {
        if !character.is_ascii_digit() || digits.len() == DIGITS {
            return None;
        }
        digits.push(character);
    }
    (digits.len() == DIGITS).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_grouped() {
        for typed in ["12345678", " 1234 5678 ", "1234-5678", "12 34 56 78", "1234\u{a0}5678"] {
            assert_eq!(typed_code(typed).as_deref().map(String::as_str), Some("12345678"), "{typed}");
        }
        for typed in ["", "1234567", "123456789", "1234567a", "１２３４５６７８", &"1".repeat(1000)] {
            assert!(typed_code(typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn link_and_code_part_as_they_were_joined() {
        let both = LinkAndCode::new("a-link_1".to_owned().into(), "00000007".to_owned().into());
        let parted = LinkAndCode::parted(&both.joined()).unwrap();
        assert_eq!((parted.link(), parted.code()), ("a-link_1", "00000007"));
        assert!(LinkAndCode::parted("no code").is_some() && LinkAndCode::parted("none").is_none());
    }
}
