//! A mail domain in one canonical form: lower-case ASCII, internationalised labels as punycode.

use std::fmt;

use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};
use unicode_script::{Script, UnicodeScript};

/// The characters that no domain has. Host names have no underscore either, but mail domains may, and GleSYS has some.
const NEVER: AsciiDenyList = AsciiDenyList::new(true, "!\"#$%&'()*+,/:;<=>?@[\\]^`{|}~");

/// A mail domain such as `example.se` or `xn--rksmrgs-5wao1o.se`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainName(String);

/// Why a text is not a mail domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a domain name")]
pub struct NotADomain;

impl DomainName {
    /// Reads a domain as a person or GleSYS writes it: any case, readable or punycode.
    ///
    /// # Errors
    /// [`NotADomain`] when the text is empty, longer than 253 bytes, has no dot, or holds a character
    /// that a host name may not have, but for the underscore.
    pub fn parse(text: &str) -> Result<Self, NotADomain> {
        let text = text.trim().trim_end_matches('.');
        let ascii = Uts46::new().to_ascii(text.as_bytes(), NEVER, Hyphens::Check, DnsLength::Verify);
        let ascii = ascii.map_err(|_| NotADomain)?.into_owned();
        let labels_fit = ascii.contains('.') && ascii.split('.').all(is_label);
        if labels_fit && ascii.len() <= 253 { Ok(Self(ascii)) } else { Err(NotADomain) }
    }

    /// The canonical form, which is also the one that GleSYS takes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that people read: punycode labels decoded where they can be.
    pub fn readable(&self) -> String {
        // Most have none, and lists write them row by row.
        if !self.0.contains("xn--") {
            return self.0.clone();
        }
        let (text, outcome) = idna::domain_to_unicode(&self.0);
        if outcome.is_ok() { text } else { self.0.clone() }
    }

    /// Whether one label mixes letters of several scripts (Latin and Cyrillic, say), which can make it look
    /// like another domain.
    pub fn mixes_scripts(&self) -> bool {
        self.readable().split('.').any(mixes_scripts)
    }
}

fn is_label(label: &str) -> bool {
    let signs_fit = label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    signs_fit && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
}

fn mixes_scripts(label: &str) -> bool {
    let mut scripts = label.chars().map(|c| c.script()).filter(|s| !matches!(s, Script::Common | Script::Inherited));
    scripts.next().is_some_and(|first| scripts.any(|other| other != first))
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readable_and_punycode_are_the_same_domain() {
        let readable = DomainName::parse("Räksmörgås.SE").unwrap();
        assert_eq!(readable, DomainName::parse("xn--rksmrgs-5wao1o.se.").unwrap());
        assert_eq!(readable.readable(), "räksmörgås.se");
    }

    #[test]
    fn what_is_no_host_name_is_refused() {
        for text in ["", "se", "a b.se", "-a.se", "a+b.se", "a..se", "<b>.se", "../x.se"] {
            assert_eq!(DomainName::parse(text), Err(NotADomain), "{text}");
        }
    }

    #[test]
    fn a_label_of_two_scripts_is_noticed() {
        assert!(DomainName::parse("pаypal.com").unwrap().mixes_scripts());
        assert!(!DomainName::parse("почта.com").unwrap().mixes_scripts());
    }
}
