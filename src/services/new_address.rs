//! The address that a new account or alias is to have: as it was typed, and why it can't be had.

use super::directory::Freshness;
use super::{Directory, Failure};
use crate::access::{CanIn, ManageMail};
use crate::model::one_form::folded;
use crate::model::{Address, DomainName, pasted};

/// The longest part of an address before the `@`, and the longest address (RFC 5321, 4.5.3.1).
const LONGEST_LOCAL: usize = 64;
const LONGEST_ADDRESS: usize = 254;

/// Why an address can't be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnfitAddress {
    Missing,
    /// It holds characters that it can't hold.
    NotAnAddress,
    TooLong,
    /// Another domain was typed than the page is for.
    OtherDomain,
    IsAccount(Address),
    IsAlias(Address),
}

/// Reads what was typed: what stands before the `@`, or all of it.
pub fn read(domain: &DomainName, typed: &str) -> Result<Address, UnfitAddress> {
    let typed = folded(typed);
    let typed = typed.trim();
    match pasted::one(typed) {
        Some(address) if address.domain() == domain => return Ok(address),
        Some(_) => return Err(UnfitAddress::OtherDomain),
        None => {}
    }
    let local = match typed.rsplit_once('@') {
        Some((local, other)) if DomainName::parse(other).is_ok_and(|other| other == *domain) => local,
        Some(_) => return Err(UnfitAddress::OtherDomain),
        None => typed,
    };
    if local.is_empty() {
        return Err(UnfitAddress::Missing);
    }
    let text = format!("{local}@{domain}");
    if local.len() > LONGEST_LOCAL || text.len() > LONGEST_ADDRESS {
        return Err(UnfitAddress::TooLong);
    }
    Address::proper(&text).map_err(|_| UnfitAddress::NotAnAddress)
}

/// What has the address already, as GleSYS has it at this moment.
///
/// # Errors
/// [`Failure`]: GleSYS can't be asked now.
pub async fn taken(
    directory: &Directory,
    can: &CanIn<ManageMail>,
    address: &Address,
) -> Result<Option<UnfitAddress>, Failure> {
    let found = directory.at(can, address, Freshness::Now).await?;
    let is_account = found.account.is_some().then(|| UnfitAddress::IsAccount(address.clone()));
    Ok(is_account.or_else(|| found.alias.is_some().then(|| UnfitAddress::IsAlias(address.clone()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_with_and_without_its_domain() {
        let domain = DomainName::parse("räksmörgås.se").unwrap();
        let read = |typed: &str| read(&domain, typed);
        let anna = Address::parse("anna.b@räksmörgås.se").unwrap();
        for typed in ["anna.b", " Anna.B ", "anna.b@räksmörgås.se", "anna.b@xn--rksmrgs-5wao1o.se"] {
            assert_eq!(read(typed).as_ref(), Ok(&anna), "{typed}");
        }
        for typed in [
            "mailto:anna.b%40räksmörgås.se",
            "A <anna.b@räksmörgås.se>",
            "\u{2068}anna.b\u{2069}",
            "ａnna.b＠räksmörgås.se",
        ] {
            assert_eq!(read(typed).as_ref(), Ok(&anna), "{typed}");
        }
        for (typed, why) in [
            ("smtp:anna@example.se", UnfitAddress::OtherDomain),
            ("", UnfitAddress::Missing),
            (" @räksmörgås.se", UnfitAddress::Missing),
            ("anna@example.se", UnfitAddress::OtherDomain),
            ("anna@", UnfitAddress::OtherDomain),
            ("anna b", UnfitAddress::NotAnAddress),
            ("åsa", UnfitAddress::NotAnAddress),
            ("a..b", UnfitAddress::NotAnAddress),
            (&"a".repeat(65), UnfitAddress::TooLong),
        ] {
            assert_eq!(read(typed), Err(why), "{typed}");
        }
        assert!(read(&"a".repeat(64)).is_ok());
    }
}
