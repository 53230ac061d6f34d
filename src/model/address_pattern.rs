//! A pattern that addresses fit or don't, as an administrator writes it: `vd@example.se`, `*@board.example.se`, `admin@*`.

use super::{Address, DomainName};

/// An address in which either side of the `@` may be `*`, which stands for anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressPattern {
    local: Option<String>,
    domain: Option<DomainName>,
}

/// Why a text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write addresses such as vd@example.se; * stands for a whole side, as in *@board.example.se or admin@*")]
pub struct NotAPattern;

impl AddressPattern {
    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<Self, NotAPattern> {
        let (local, domain) = text.trim().rsplit_once('@').ok_or(NotAPattern)?;
        let domain = match domain {
            "*" => None,
            domain => Some(DomainName::parse(domain).map_err(|_| NotAPattern)?),
        };
        // Read as an address, so that what can be no address's local part is refused at once.
        let local = match local {
            "*" => None,
            local if local.is_empty() || local.contains('*') => return Err(NotAPattern),
            local => Some(Address::parse(&format!("{local}@example.se")).map_err(|_| NotAPattern)?.local().to_owned()),
        };
        Ok(Self { local, domain })
    }

    /// What stands before the `@`, where that is not anything.
    pub fn local(&self) -> Option<&str> {
        self.local.as_deref()
    }

    /// What stands after it.
    pub const fn domain(&self) -> Option<&DomainName> {
        self.domain.as_ref()
    }

    /// Whether an address fits.
    pub fn fits(&self, address: &Address) -> bool {
        self.local.as_ref().is_none_or(|local| local == address.local()) && self.fits_domain(address.domain())
    }

    /// Whether every address of a domain fits.
    pub fn fits_all_of(&self, domain: &DomainName) -> bool {
        self.local.is_none() && self.fits_domain(domain)
    }

    fn fits_domain(&self, asked: &DomainName) -> bool {
        self.domain.as_ref().is_none_or(|domain| domain == asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_one_address_or_a_whole_side() {
        let fits = |pattern: &str, address: &str| {
            AddressPattern::parse(pattern).unwrap().fits(&Address::parse(address).unwrap())
        };
        assert!(fits("VD@Example.se", "vd@example.se") && !fits("vd@example.se", "vd@example.com"));
        assert!(fits("*@räksmörgås.se", "anna@räksmörgås.se") && !fits("*@example.se", "a@b.example.se"));
        assert!(fits("admin@*", "admin@example.com") && !fits("admin@*", "anna@example.com"));
        for text in ["", "*", "vd", "v*d@example.se", "vd@*.se", "a b@example.se", "@example.se"] {
            assert_eq!(AddressPattern::parse(text), Err(NotAPattern), "{text}");
        }
    }
}
