//! The address of an email account or alias, in one canonical form.

use std::fmt;

use super::DomainName;

/// An address such as `anna@example.se`: lower case, the domain as punycode. The key of everything at GleSYS.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    text: String,
    at: usize,
    domain: DomainName,
}

/// Why a text is not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an email address")]
pub struct NotAnAddress;

impl Address {
    /// Reads an address that may be there: GleSYS has some that nobody could make any more (`a..b@`, `åsa@`) and, for all
    /// that comes to a domain, `@example.se` and `*@example.se`. A call can name each of them.
    ///
    /// # Errors
    /// [`NotAnAddress`] when there is no `@`, the part before it holds what would end an address in a list of them, or what
    /// follows is no domain.
    pub fn parse(text: &str) -> Result<Self, NotAnAddress> {
        let (local, domain) = text.trim().rsplit_once('@').ok_or(NotAnAddress)?;
        let domain = DomainName::parse(domain).map_err(|_| NotAnAddress)?;
        let ends_it = |c: char| {
            c.is_control()
                || c.is_whitespace()
                || matches!(c, '@' | ',' | ';' | '<' | '>' | char::REPLACEMENT_CHARACTER)
        };
        if local.contains(ends_it) {
            return Err(NotAnAddress);
        }
        let local = local.to_ascii_lowercase();
        let at = local.len();
        let text = format!("{local}@{domain}");
        if text.len() <= 254 { Ok(Self { text, at, domain }) } else { Err(NotAnAddress) }
    }

    /// Reads an address that may be made, or that mail may newly be led to.
    ///
    /// # Errors
    /// [`NotAnAddress`] also when the part before the `@` is empty, over 64 bytes or holds a character outside RFC 5322's
    /// unquoted ones.
    pub fn proper(text: &str) -> Result<Self, NotAnAddress> {
        Self::parse(text)
            .and_then(|address| if is_local_part(address.local()) { Ok(address) } else { Err(NotAnAddress) })
    }

    /// The canonical form, which is also the one that GleSYS takes.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The part before the `@`.
    pub fn local(&self) -> &str {
        &self.text[..self.at]
    }

    /// The mail domain, by which rights are given.
    pub const fn domain(&self) -> &DomainName {
        &self.domain
    }

    /// The form that people read: the domain decoded from punycode.
    pub fn readable(&self) -> String {
        format!("{}@{}", self.local(), self.domain.readable())
    }
}

/// The address of a target, if it has one. GleSYS has some with a name before it, `Anna <anna@example.se>`, or with spaces
/// around the `@`.
pub fn of_target(text: &str) -> Option<Address> {
    let text = text.trim();
    let bare = text.strip_suffix('>').and_then(|text| text.rsplit_once('<')).map_or(text, |(_, bare)| bare);
    let (local, domain) = bare.rsplit_once('@')?;
    Address::parse(&format!("{}@{domain}", local.trim())).ok()
}

/// A text that should be an address, such as an alias's target, in the form that people read; anything else as it is.
pub fn readable(text: &str) -> String {
    Address::parse(text).map_or_else(|_| text.to_owned(), |address| address.readable())
}

fn is_local_part(local: &str) -> bool {
    let atoms_fit = local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom_sign));
    atoms_fit && local.len() <= 64
}

const fn is_atom_sign(b: u8) -> bool {
    b.is_ascii_alphanumeric()
        || matches!(
            b,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'/'
                | b'='
                | b'?'
                | b'^'
                | b'_'
                | b'`'
                | b'{'
                | b'|'
                | b'}'
                | b'~'
        )
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_punycode_do_not_make_another_address() {
        let address = Address::parse(" Anna@Räksmörgås.se ").unwrap();
        assert_eq!(address.as_str(), "anna@xn--rksmrgs-5wao1o.se");
        assert_eq!(address.readable(), "anna@räksmörgås.se");
        assert_eq!(address.local(), "anna");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "anna",
            "anna@",
            "@",
            "a b@example.se",
            "a@b@example.se",
            "a,b@example.se",
            "<a>@example.se",
            "a\u{7}@x.se",
        ] {
            assert_eq!(Address::parse(text), Err(NotAnAddress), "{text}");
        }
    }

    #[test]
    fn a_target_is_known_by_its_address_whatever_stands_around_it() {
        for text in ["anna@x.se", "Anna Ek <Anna@X.se>", "<anna@x.se>", "\"A\" < anna @ x.se. > ", "anna@x.se."] {
            assert_eq!(of_target(text), Address::parse("anna@x.se").ok(), "{text}");
        }
        for text in ["", "root", "Anna <root>", "anna@x.se>", "<anna@x.se", "a b@x.se", "<>", "@"] {
            assert_eq!(of_target(text), None, "{text}");
        }
    }

    #[test]
    fn what_glesys_has_is_read_though_nobody_may_make_it() {
        let long = format!("{}@example.se", "a".repeat(65));
        for text in ["@example.se", "a..b@example.se", ".a@example.se", "åsa@example.se", "\"a\"@example.se", &long] {
            assert_eq!(Address::parse(text).unwrap().as_str(), text);
            assert_eq!(Address::proper(text), Err(NotAnAddress), "{text}");
        }
        assert_eq!(Address::proper("*@a_b.se").unwrap().domain().as_str(), "a_b.se");
    }
}
