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

    /// Where mail to it ends up as far as its looks tell: what stands behind a `+` before the `@` is no other mailbox.
    #[must_use]
    pub fn mailbox(&self) -> Self {
        let bare = self.local().split('+').next().filter(|bare| !bare.is_empty());
        bare.and_then(|bare| Self::parse(&format!("{bare}@{}", self.domain)).ok()).unwrap_or_else(|| self.clone())
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

/// The targets in a text that parts them by these characters. What stands in quotes at the start of one, such as
/// `"Lind, Anna" <anna@example.se>`, parts nothing.
pub fn targets_in<'t>(text: &'t str, by: &[char]) -> Vec<&'t str> {
    let (mut targets, mut rest) = (Vec::new(), text);
    loop {
        let after = after_quotes(rest);
        let (target, left) = match rest[after..].split_once(by) {
            Some((end, left)) => (&rest[..after + end.len()], Some(left)),
            None => (rest, None),
        };
        targets.extend(Some(target.trim()).filter(|target| !target.is_empty()));
        match left {
            Some(left) => rest = left,
            None => return targets,
        }
    }
}

/// How long the quotes are that a text begins with, up to their end; nothing where there are none or they don't end.
fn after_quotes(text: &str) -> usize {
    let Some(quoted) = text.trim_start().strip_prefix('"') else { return 0 };
    let mut is_escaped = false;
    let end = quoted.find(|character| {
        let is_end = character == '"' && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
        is_end
    });
    end.map_or(0, |end| text.len() - quoted.len() + end + 1)
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
    fn what_stands_in_quotes_parts_no_targets() {
        for (text, targets) in [
            (" a@x.se ,, b@x.se,", vec!["a@x.se", "b@x.se"]),
            (r#""Lind, Anna" <a@x.se>,b@x.se"#, vec![r#""Lind, Anna" <a@x.se>"#, "b@x.se"]),
            (r#"b@x.se, "Lind \"A, B\", Anna"<a@x.se>"#, vec!["b@x.se", r#""Lind \"A, B\", Anna"<a@x.se>"#]),
            // Quotes that never end, or begin amid a target, are nothing of the kind.
            (r#""a@x.se,b@x.se"#, vec![r#""a@x.se"#, "b@x.se"]),
            (r#"a"@x.se,b"@x.se"#, vec![r#"a"@x.se"#, r#"b"@x.se"#]),
            (r#""\","#, vec![r#""\""#]),
            ("\"å,ä\"@x.se", vec!["\"å,ä\"@x.se"]),
            ("", vec![]),
        ] {
            assert_eq!(targets_in(text, &[',']), targets, "{text}");
        }
        assert_eq!(of_target(r#""Lind, Anna" <a@x.se>"#), Address::parse("a@x.se").ok());
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
