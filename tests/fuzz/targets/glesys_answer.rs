//! Whatever GleSYS answers: nothing panics, and only an honest 200 with a password is a reset that was done.

use nyckel::glesys::{Error, fuzzed};
use nyckel::model::DomainName;

/// The first two bytes are the status, the rest is the body.
pub fn check(input: &[u8]) {
    let [low, high, body @ ..] = input else { return };
    let status = 100 + u16::from_le_bytes([*low, *high]) % 900;
    match fuzzed::reset(status, body) {
        Ok(password) => {
            assert_eq!(status, 200);
            assert!(!password.reveal().is_empty());
            let holds = |part: &[u8]| body.windows(part.len()).any(|window| window == part);
            assert!(holds(b"\"password\"") || holds(b"\\u"), "a password out of nowhere");
        }
        // A refusal promises that nothing was changed: only a 4xx may say so.
        Err(Error::Refused { http, .. }) => assert!((400..500).contains(&http) && http == status),
        Err(Error::Unknown { .. }) => {}
        Err(error) => panic!("{error}"),
    }
    let domain = DomainName::parse("example.se").expect("a domain");
    if let Ok(mailboxes) = fuzzed::list(&domain, status, body) {
        for mailbox in mailboxes {
            let address = match &mailbox {
                nyckel::model::Mailbox::Account(account) => &account.address,
                nyckel::model::Mailbox::Alias(alias) => &alias.address,
            };
            assert_eq!(*address.domain(), domain, "nothing of another domain slips in");
        }
    }
    let _ = fuzzed::usage(status, body);
}
