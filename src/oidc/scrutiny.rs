//! What is asked of an ID token whose signature holds (`OpenID` Connect Core, 3.1.3.7).

use std::borrow::Cow;

use jiff::Timestamp;

use super::claims::Claims;
use super::{Connection, Error, LEEWAY, TheirCode};

/// The longest subject that the specification allows, and that fits an index of the database.
const LONGEST_SUBJECT: usize = 255;

/// What a token must be for.
pub(super) struct Scrutiny<'a> {
    pub connection: &'a Connection,
    pub nonce: &'a str,
    pub now: Timestamp,
}

impl Scrutiny<'_> {
    /// Lets the claims pass that are about somebody, made for the panel and this sign-in, true now and of a sign-in that is
    /// strong enough. Who it is about, and when they proved there who they are.
    pub fn pass<'c>(&self, claims: &'c Claims) -> Result<(Cow<'c, str>, Option<Timestamp>), Error> {
        if claims.text("iss") != Some(&*self.connection.issuer) {
            return Err(Error::WrongIssuer(TheirCode::issuer(claims.text("iss"))));
        }
        self.must_be_for_us(claims)?;
        if claims.text("nonce") != Some(self.nonce) {
            return Err(Error::WrongNonce);
        }
        let proved_at = self.must_be_now(claims)?;
        let subject = claims.subject().ok_or(Error::BadSubject)?;
        if subject.len() > LONGEST_SUBJECT || subject.chars().any(char::is_control) {
            return Err(Error::BadSubject);
        }
        let strength = &self.connection.strength;
        let is_class = strength.acr.is_empty() || is_one_of(claims, "acr", &strength.acr);
        let is_by_means = strength.amr.is_empty() || is_one_of(claims, "amr", &strength.amr);
        if is_class && is_by_means { Ok((subject, proved_at)) } else { Err(Error::TooWeak) }
    }

    fn must_be_for_us(&self, claims: &Claims) -> Result<(), Error> {
        let us = &*self.connection.client_id;
        let all = claims.texts("aud").unwrap_or_default();
        let is_ours = all.contains(&us)
            && match claims.get("azp").filter(|party| party.as_str() != Some("")) {
                Some(party) => party.as_str() == Some(us),
                // For several at once, it must say for whom it was made.
                None => all.iter().all(|one| *one == us),
            };
        if is_ours { Ok(()) } else { Err(Error::WrongAudience) }
    }

    fn must_be_now(&self, claims: &Claims) -> Result<Option<Timestamp>, Error> {
        let ends = claims.second("exp").ok_or(Error::Unreadable)?;
        let (now, leeway) = (self.now.as_second(), LEEWAY.as_secs());
        if ends < now - leeway {
            return Err(Error::Expired { by: now.saturating_sub(ends) });
        }
        // What is no moment, such as a date in words or milliseconds, is not told.
        let moment = |name| claims.second(name).and_then(|second| Timestamp::from_second(second).ok());
        let proved_at = moment("auth_time");
        let latest = [moment("iat"), moment("nbf"), proved_at].into_iter().flatten().max();
        match latest.map(Timestamp::as_second).filter(|latest| *latest > now + leeway) {
            Some(latest) => Err(Error::NotYet { by: latest.saturating_sub(now) }),
            None => Ok(proved_at),
        }
    }
}

fn is_one_of(claims: &Claims, name: &str, wanted: &[String]) -> bool {
    claims.texts(name).unwrap_or_default().iter().any(|said| wanted.iter().any(|wanted| wanted == said))
}
