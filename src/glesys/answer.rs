//! Judges an answer by its two statuses; used by [`super::line`] for reads and changes alike.
//!
//! The rule, in this order:
//! - HTTP 3xx, 408, 5xx, 1xx, 6xx and 2xx other than 200: nobody knows.
//! - HTTP 200 is good only if the envelope says 200 too. If it says anything else, nobody knows: GleSYS puts its
//!   refusals under a failing HTTP status, so such an answer contradicts itself, and saying "not changed" wrongly costs
//!   more than saying "unknown" needlessly.
//! - HTTP 4xx is a refusal, whoever sent it and whether or not the body came, is whole or is GleSYS's: a 4xx says that
//!   the request was not carried out, and a proxy or firewall that says so did not pass it on. The exceptions are bodies
//!   that contradict it: an envelope with a 2xx, a 408, a 5xx, or with a password.
//!
//! What kind of refusal it was is only a matter of words, and is read from status, code and text.

use super::wire::Verdict;
use crate::model::{WhyRefused, WhyUnknown};

/// What an answer amounts to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    Good,
    Refused(WhyRefused),
    Unknown(WhyUnknown),
}

/// Judges by the HTTP status and, where there is one, the envelope.
pub(super) fn judge(http: u16, envelope: Option<&Verdict>) -> Judgement {
    match http {
        200 => in_a_200(envelope.and_then(Verdict::code)),
        300..=399 => Judgement::Unknown(WhyUnknown::Redirect),
        408 => Judgement::Unknown(WhyUnknown::Timeout),
        400..=499 => in_a_4xx(http, envelope),
        500..=599 => Judgement::Unknown(WhyUnknown::ServerError),
        _ => Judgement::Unknown(WhyUnknown::Unusable),
    }
}

const fn in_a_200(code: Option<i64>) -> Judgement {
    match code {
        Some(200) => Judgement::Good,
        Some(500..=599) => Judgement::Unknown(WhyUnknown::ServerError),
        _ => Judgement::Unknown(WhyUnknown::Unusable),
    }
}

fn in_a_4xx(http: u16, envelope: Option<&Verdict>) -> Judgement {
    let Some(envelope) = envelope else { return Judgement::Refused(by_status(http)) };
    match envelope.code() {
        Some(200..=299) => Judgement::Unknown(WhyUnknown::Unusable),
        _ if envelope.holds_a_password() => Judgement::Unknown(WhyUnknown::Unusable),
        Some(408) => Judgement::Unknown(WhyUnknown::Timeout),
        Some(500..=599) => Judgement::Unknown(WhyUnknown::ServerError),
        _ => Judgement::Refused(by_text(http, &envelope.text())),
    }
}

/// Without GleSYS's envelope a 404 or 413 says nothing about an account, only about what stands in between.
const fn by_status(http: u16) -> WhyRefused {
    match http {
        400 | 422 => WhyRefused::Invalid,
        401 => WhyRefused::WrongKey,
        403 => WhyRefused::NoPermission,
        423 => WhyRefused::Locked,
        429 => WhyRefused::TooManyCalls,
        _ => WhyRefused::NotTheApi,
    }
}

/// With the envelope: by the words that sources know of ("Could not find …" under a 400, "Server Locked", 401 for a
/// wrong key, a locked login and a missing permission alike), else by the HTTP status.
fn by_text(http: u16, text: &str) -> WhyRefused {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let says = |word: &str| words.contains(&word);
    if says("locked") || http == 423 {
        WhyRefused::Locked
    } else if matches!(http, 401 | 403) && (says("ip") || says("ips")) {
        WhyRefused::IpNotAllowed
    } else if http == 403 || (http == 401 && (says("permission") || says("permissions") || says("allowed"))) {
        WhyRefused::NoPermission
    } else if http == 401 {
        WhyRefused::WrongKey
    } else if matches!(http, 404 | 410) || says_unknown(&text) {
        WhyRefused::UnknownAddress
    } else if matches!(http, 400 | 409 | 422) && says_taken(&text) {
        WhyRefused::Exists
    } else if matches!(http, 400 | 409 | 422) && (says("maximum") || says("limit")) {
        WhyRefused::LimitReached
    } else if matches!(http, 400 | 422) && (says("quota") || says("quotaingib")) {
        WhyRefused::Quota
    } else if matches!(http, 400 | 422) {
        WhyRefused::Invalid
    } else if http == 429 {
        WhyRefused::TooManyCalls
    } else {
        WhyRefused::Other
    }
}

fn says_unknown(text: &str) -> bool {
    ["could not find", "not found", "not exist"].iter().any(|words| text.contains(words))
}

fn says_taken(text: &str) -> bool {
    ["already exist", "already in use", "already taken"].iter().any(|words| text.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(http: u16, code: &str, text: &str) -> Judgement {
        let body = format!(r#"{{"response":{{"status":{{"code":{code},"text":"{text}"}},"debug":{{"input":[]}}}}}}"#);
        judge(http, Verdict::read(body.as_bytes()).as_ref())
    }

    #[test]
    fn only_two_hundreds_are_good() {
        assert_eq!(judged(200, "200", "OK"), Judgement::Good);
        assert_eq!(judged(200, "\"200\"", "OK\\n"), Judgement::Good);
        for http in (100..200).chain(201..400).chain([408]).chain(500..1000) {
            assert!(matches!(judged(http, "200", "OK"), Judgement::Unknown(_)), "{http}");
            assert!(matches!(judged(http, "401", "No"), Judgement::Unknown(_)), "{http}");
        }
        for code in ["201", "400", "401", "500", "606", "0", "null", "true", "\"OK\"", "[200]"] {
            assert!(matches!(judged(200, code, "OK"), Judgement::Unknown(_)), "{code}");
        }
    }

    #[test]
    fn every_4xx_but_408_is_a_refusal_with_and_without_envelope() {
        for http in (400..500).filter(|http| *http != 408) {
            assert!(matches!(judged(http, "400", "No"), Judgement::Refused(_)), "{http}");
            assert!(matches!(judge(http, None), Judgement::Refused(_)), "{http}");
        }
    }

    #[test]
    fn a_4xx_whose_body_says_otherwise_is_unknown() {
        for (code, why) in [
            ("200", WhyUnknown::Unusable),
            ("204", WhyUnknown::Unusable),
            ("408", WhyUnknown::Timeout),
            ("500", WhyUnknown::ServerError),
        ] {
            assert_eq!(judged(400, code, "OK"), Judgement::Unknown(why), "{code}");
        }
        let body = br#"{"response":{"status":{"code":400,"text":"No"},"password":"x"}}"#;
        assert_eq!(judge(400, Verdict::read(body).as_ref()), Judgement::Unknown(WhyUnknown::Unusable));
    }

    #[test]
    fn words_tell_the_kind_of_refusal() {
        for (http, text, why) in [
            (400, "Could not find the account\\n", WhyRefused::UnknownAddress),
            (400, "Invalid input", WhyRefused::Invalid),
            (400, "anna@example.se already exists", WhyRefused::Exists),
            (409, "The address is already in use", WhyRefused::Exists),
            (400, "The maximum number of email accounts is reached", WhyRefused::LimitReached),
            (400, "quotaingib must be a number from 1 to 1000", WhyRefused::Quota),
            (400, "The domain does not exist", WhyRefused::UnknownAddress),
            (401, "Access Denied.", WhyRefused::WrongKey),
            (401, "No permission to use this function", WhyRefused::NoPermission),
            (401, "Your IP is not allowed", WhyRefused::IpNotAllowed),
            (401, "Account locked", WhyRefused::Locked),
            (403, "Forbidden", WhyRefused::NoPermission),
            (404, "Not found", WhyRefused::UnknownAddress),
            (405, "Method not allowed", WhyRefused::Other),
            (429, "Slow down", WhyRefused::TooManyCalls),
        ] {
            assert_eq!(judged(http, "400", text), Judgement::Refused(why), "{http} {text}");
        }
    }
}
