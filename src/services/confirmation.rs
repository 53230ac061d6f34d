//! The confirmation token: what makes a confirmation page good for one reset, by one person, in one session, of one
//! account, for ten minutes, and only as long as nothing else has happened to the account.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};

use crate::access::Asker;
use crate::model::{Address, OperationId};

/// How long a confirmation page can be used.
pub const GOOD_FOR: SignedDuration = SignedDuration::from_mins(10);

/// What a token says once its signature was found good.
#[derive(Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// Names this page: the same form posted again is the same confirmation.
    pub nonce: String,
    pub issued_at: Timestamp,
    /// The account's last operation when the page was made.
    pub after: Option<OperationId>,
}

impl Confirmation {
    /// Makes the token's text for this asker and address.
    pub fn sign(&self, key: &hmac::Key, asker: &Asker, address: &Address) -> String {
        let claims = self.claims();
        let tag = hmac::sign(key, signed_text(&claims, asker, address).as_bytes());
        format!("{claims}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    /// Reads a token; `None` when it was not made for this asker, session and address, or was changed.
    pub fn verify(token: &str, key: &hmac::Key, asker: &Asker, address: &Address) -> Option<Self> {
        let (claims, tag) = token.rsplit_once('.')?;
        let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
        hmac::verify(key, signed_text(claims, asker, address).as_bytes(), &tag).ok()?;
        let mut parts = claims.splitn(3, '.');
        let (nonce, millis, after) = (parts.next()?, parts.next()?, parts.next()?);
        let issued_at = Timestamp::from_millisecond(millis.parse().ok()?).ok()?;
        let after = if after.is_empty() { None } else { Some(OperationId::parse(after).ok()?) };
        Some(Self { nonce: nonce.to_owned(), issued_at, after })
    }

    /// Whether the page is too old to be used.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        now.duration_since(self.issued_at) > GOOD_FOR
    }

    fn claims(&self) -> String {
        let after = self.after.as_ref().map_or("", OperationId::as_str);
        format!("{}.{}.{after}", self.nonce, self.issued_at.as_millisecond())
    }
}

/// No part can hold a line feed, so no two askers or addresses give the same text.
fn signed_text(claims: &str, asker: &Asker, address: &Address) -> String {
    format!("reset\n{}\n{}\n{address}\n{claims}", asker.staff.id.0, asker.session.id.0)
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::access::{Gate, SessionKey};
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
        let gate = Gate::of_the_command_line(Timestamp::UNIX_EPOCH).unwrap();
        let asker = gate.asker();
        let other = Asker {
            staff: asker.staff.clone(),
            session: SessionKey::new(SessionId("2".to_owned()), Zeroizing::new([2; 32])),
            client: None,
            reference: None,
            ..*asker
        };
        let [anna, bo] = ["anna@example.se", "bo@example.se"].map(|a| Address::parse(a).unwrap());
        let token = confirmation().sign(&key(), asker, &anna);
        assert_eq!(Confirmation::verify(&token, &key(), asker, &anna), Some(confirmation()));
        assert_eq!(Confirmation::verify(&token, &key(), asker, &bo), None);
        assert_eq!(Confirmation::verify(&token, &key(), &other, &anna), None);
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            // The last sign of base64 carries spare bits, which decoding refuses; either way it isn't this token.
            assert!(changed == token || Confirmation::verify(&changed, &key(), asker, &anna).is_none(), "{at}");
        }
    }

    #[test]
    fn a_page_is_good_for_ten_minutes() {
        let at = |minutes| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);
        assert!(!confirmation().is_expired(at(10)));
        assert!(confirmation().is_expired(at(11)));
    }
}
