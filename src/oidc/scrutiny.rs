//! What is asked of an ID token beyond signature, issuer, nonce and expiry, which the crate looks at.

use jiff::Timestamp;

use super::exchange::Claims;
use super::{Connection, Error};

/// The longest subject that the specification allows, and that fits an index of the database.
const LONGEST_SUBJECT: usize = 255;

/// Lets the claims pass that are about somebody, made for the panel, true now and of a sign-in that is strong enough.
/// `soon` is now, as late as the provider's clock may be.
pub(super) fn pass(claims: &Claims, connection: &Connection, soon: Timestamp) -> Result<(), Error> {
    let subject = claims.subject().as_str();
    if subject.trim().is_empty() || subject.len() > LONGEST_SUBJECT || subject.chars().any(char::is_control) {
        return Err(Error::BadSubject);
    }
    let is_ours = match claims.authorized_party() {
        Some(party) => party.as_str() == connection.client_id,
        // For several at once, it must say for whom it was made.
        None => claims.audiences().len() == 1,
    };
    if !is_ours {
        return Err(Error::WrongAudience);
    }
    let begins =
        claims.additional_claims().all.get("nbf").map(|nbf| nbf.as_f64().ok_or(Error::Unreadable)).transpose()?;
    let proved = claims.auth_time().map(|at| at.timestamp());
    #[expect(clippy::cast_precision_loss, reason = "a second in the year 285 million")]
    let soon = soon.as_second() as f64;
    #[expect(clippy::cast_precision_loss, reason = "ditto")]
    let is_future = begins.is_some_and(|at| at > soon) || proved.is_some_and(|at| at as f64 > soon);
    if is_future {
        return Err(Error::Expired);
    }
    let (acr, amr) = (&connection.strength.acr, &connection.strength.amr);
    let is_class = acr.is_empty() || claims.auth_context_ref().is_some_and(|class| acr.contains(class));
    let means = claims.auth_method_refs().map(Vec::as_slice).unwrap_or_default();
    let is_by_means = amr.is_empty() || means.iter().any(|mean| amr.contains(mean));
    if is_class && is_by_means { Ok(()) } else { Err(Error::TooWeak) }
}
