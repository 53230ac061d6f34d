//! Whatever is typed as an address, a domain or a name: what is taken can be written down and read again, the same.

use nyckel::model::{Address, DomainName, StaffName};

/// The bytes are what is typed.
pub fn check(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };

    if let Ok(address) = Address::parse(text) {
        assert_eq!(Address::parse(address.as_str()).as_ref(), Ok(&address), "{text:?}");
        assert_eq!(Address::parse(&address.readable()).as_ref(), Ok(&address), "{text:?} reads {}", address.readable());
        assert!(!address.as_str().chars().any(char::is_control));
    }
    if let Ok(domain) = DomainName::parse(text) {
        assert_eq!(DomainName::parse(domain.as_str()).as_ref(), Ok(&domain), "{text:?}");
        assert_eq!(DomainName::parse(&domain.readable()).as_ref(), Ok(&domain), "{text:?} reads {}", domain.readable());
    }
    if let Ok(name) = StaffName::parse(text) {
        assert_eq!(StaffName::parse(name.as_str()).as_ref(), Ok(&name), "{text:?}");
    }
}
