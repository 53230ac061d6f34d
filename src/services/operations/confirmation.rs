//! The confirmation token: what makes a page good for one operation, by one person, in one session, on one address or in
//! one domain, for a while, and a confirmation only as long as nothing else has happened to the address.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};

use super::Admission;
use crate::access::Asker;
use crate::model::clock::age;
use crate::model::{Address, DomainName, Operation, OperationId, OperationKind};

/// How long a confirmation page can be used.
pub const GOOD_FOR: SignedDuration = SignedDuration::from_mins(10);
/// How long a form can be used, in which somebody may write a long text.
pub const FORM_GOOD_FOR: SignedDuration = SignedDuration::from_hours(2);

/// What a page is made for.
#[derive(Clone, Copy, Debug)]
pub enum Page<'a> {
    /// Something that is done to an address.
    On(OperationKind, &'a Address),
    /// Something that makes a new address in a domain.
    In(OperationKind, &'a DomainName),
}

impl<'a> Page<'a> {
    /// The page that does this to an address.
    pub const fn of(kind: OperationKind, address: &'a Address) -> Self {
        match kind {
            OperationKind::CreateAccount | OperationKind::CreateAlias => Self::In(kind, address.domain()),
            _ => Self::On(kind, address),
        }
    }
}

/// What a token says once its signature was found good.
#[derive(Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// Names this page: the same form posted again is the same confirmation.
    pub nonce: String,
    pub issued_at: Timestamp,
    /// The address's last operation when the page was made.
    pub after: Option<OperationId>,
}

impl Confirmation {
    /// Makes the token's text for this asker and page.
    pub fn sign(&self, key: &hmac::Key, asker: &Asker, page: Page<'_>) -> String {
        let claims = self.claims();
        let tag = hmac::sign(key, signed_text(&claims, asker, page).as_bytes());
        format!("{claims}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    /// Reads a token; `None` when it was not made for this asker, session and page, or was changed.
    pub fn verify(token: &str, key: &hmac::Key, asker: &Asker, page: Page<'_>) -> Option<Self> {
        let (claims, tag) = token.rsplit_once('.')?;
        let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
        hmac::verify(key, signed_text(claims, asker, page).as_bytes(), &tag).ok()?;
        let mut parts = claims.splitn(3, '.');
        let (nonce, millis, after) = (parts.next()?, parts.next()?, parts.next()?);
        let issued_at = Timestamp::from_millisecond(millis.parse().ok()?).ok()?;
        let after = if after.is_empty() { None } else { Some(OperationId::parse(after).ok()?) };
        Some(Self { nonce: nonce.to_owned(), issued_at, after })
    }

    /// Whether the page is too old to be used for that.
    pub fn is_expired(&self, kind: OperationKind, now: Timestamp) -> bool {
        let good_for = if kind.is_confirmed() { GOOD_FOR } else { FORM_GOOD_FOR };
        age(self.issued_at, now).is_none_or(|age| age > good_for)
    }

    fn claims(&self) -> String {
        let after = self.after.as_ref().map_or("", OperationId::as_str);
        format!("{}.{}.{after}", self.nonce, self.issued_at.as_millisecond())
    }
}

impl Admission {
    /// The token of a new page, after the address's last operation.
    pub fn token(&self, asker: &Asker, page: Page<'_>, last: Option<&Operation>) -> String {
        let confirmation = Confirmation {
            nonce: URL_SAFE_NO_PAD.encode(self.entropy.bytes::<16>()),
            issued_at: self.clock.now(),
            after: last.map(|operation| operation.id.clone()),
        };
        confirmation.sign(&self.key, asker, page)
    }

    /// What a page's token says, if it was made for this.
    pub fn read(&self, asker: &Asker, page: Page<'_>, token: &str) -> Option<Confirmation> {
        Confirmation::verify(token, &self.key, asker, page)
    }
}

/// No part can hold a line feed, so no two askers or pages give the same text.
fn signed_text(claims: &str, asker: &Asker, page: Page<'_>) -> String {
    let (kind, about) = match page {
        Page::On(kind, address) => (kind, address.as_str()),
        Page::In(kind, domain) => (kind, domain.as_str()),
    };
    format!("{}\n{}\n{}\n{about}\n{claims}", kind.name(), asker.staff.id.0, asker.place())
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::access::{Gate, Proof, SessionKey};
    use crate::model::SessionId;

    fn key() -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &[1; 32])
    }

    fn confirmation() -> Confirmation {
        let after = OperationId::parse("019ab000-0000-7000-8000-000000000001").ok();
        Confirmation { nonce: "bm9uY2U".to_owned(), issued_at: Timestamp::UNIX_EPOCH, after }
    }

    #[test]
    fn a_token_is_good_only_for_whom_and_what_it_was_made() {
        let gate = Gate::of_the_command_line().unwrap();
        let asker = gate.asker();
        let session = SessionKey::new(SessionId("2".to_owned()), Zeroizing::new([2; 32]));
        let other = Asker {
            staff: asker.staff.clone(),
            proof: Proof::Session { key: session, proved_at: Timestamp::UNIX_EPOCH },
            client: None,
            reference: None,
        };
        let [anna, bo] = ["anna@example.se", "bo@example.se"].map(|a| Address::parse(a).unwrap());
        let [anna, bo] = [&anna, &bo].map(|address| Page::On(OperationKind::ResetPassword, address));
        let token = confirmation().sign(&key(), asker, anna);
        assert_eq!(Confirmation::verify(&token, &key(), asker, anna), Some(confirmation()));
        assert_eq!(Confirmation::verify(&token, &key(), asker, bo), None);
        assert_eq!(Confirmation::verify(&token, &key(), &other, anna), None);
        let Page::On(_, address) = anna else { unreachable!() };
        let delete = Page::On(OperationKind::DeleteAccount, address);
        assert_eq!(Confirmation::verify(&token, &key(), asker, delete), None);
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            // The last character of base64 carries spare bits, which decoding refuses; either way it isn't this token.
            assert!(changed == token || Confirmation::verify(&changed, &key(), asker, anna).is_none(), "{at}");
        }
    }

    #[test]
    fn a_confirmation_is_good_for_ten_minutes_and_a_form_for_longer() {
        let at = |minutes| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);
        assert!(!confirmation().is_expired(OperationKind::ResetPassword, at(10)));
        assert!(confirmation().is_expired(OperationKind::DeleteAccount, at(11)));
        assert!(!confirmation().is_expired(OperationKind::EditAccount, at(120)));
        assert!(confirmation().is_expired(OperationKind::CreateAlias, at(121)));
        assert!(confirmation().is_expired(OperationKind::EditAccount, at(-6)), "the clock was set back");
    }
}
