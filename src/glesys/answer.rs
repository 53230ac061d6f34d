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
//! What kind of refusal it was is only a matter of words and is told from status, code and text.

use super::wire::Verdict;
use super::{Refusal, Unanswered};

/// What an answer amounts to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    Good,
    Refused(Refusal),
    Unknown(Unanswered),
}

/// Judges by the HTTP status and, where there is one, the envelope.
pub(super) fn judge(http: u16, envelope: Option<&Verdict>) -> Judgement {
    match http {
        200 => in_a_200(envelope.and_then(Verdict::code)),
        300..=399 => Judgement::Unknown(Unanswered::Redirect),
        408 => Judgement::Unknown(Unanswered::Timeout),
        400..=499 => in_a_4xx(http, envelope),
        500..=599 => Judgement::Unknown(Unanswered::ServerError),
        _ => Judgement::Unknown(Unanswered::Unusable),
    }
}

const fn in_a_200(code: Option<i64>) -> Judgement {
    match code {
        Some(200) => Judgement::Good,
        Some(500..=599) => Judgement::Unknown(Unanswered::ServerError),
        _ => Judgement::Unknown(Unanswered::Unusable),
    }
}

fn in_a_4xx(http: u16, envelope: Option<&Verdict>) -> Judgement {
    let Some(envelope) = envelope else { return Judgement::Refused(by_status(http)) };
    match envelope.code() {
        Some(200..=299) => Judgement::Unknown(Unanswered::Unusable),
        _ if envelope.holds_a_password() => Judgement::Unknown(Unanswered::Unusable),
        Some(408) => Judgement::Unknown(Unanswered::Timeout),
        Some(500..=599) => Judgement::Unknown(Unanswered::ServerError),
        _ => Judgement::Refused(by_text(http, &envelope.text())),
    }
}

/// Without GleSYS's envelope a 404 or 413 tells nothing about an account, only about what stands in between.
const fn by_status(http: u16) -> Refusal {
    match http {
        400 | 422 => Refusal::Invalid,
        401 => Refusal::WrongKey,
        403 => Refusal::NoPermission,
        423 => Refusal::Locked,
        429 => Refusal::TooManyCalls,
        _ => Refusal::NotTheApi,
    }
}

/// With the envelope: by the words that sources know of ("Could not find …" under a 400, "Server Locked", 401 for a
/// wrong key, a locked login and a missing permission alike), else by the HTTP status.
fn by_text(http: u16, text: &str) -> Refusal {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let says = |word: &str| words.contains(&word);
    if says("locked") || http == 423 {
        Refusal::Locked
    } else if matches!(http, 401 | 403) && (says("ip") || says("ips")) {
        Refusal::IpNotAllowed
    } else if http == 403 || (http == 401 && (says("permission") || says("permissions") || says("allowed"))) {
        Refusal::NoPermission
    } else if http == 401 {
        Refusal::WrongKey
    } else if matches!(http, 404 | 410) || says_unknown(&text) {
        Refusal::UnknownAddress
    } else if matches!(http, 400 | 409 | 422) && says_taken(&text) {
        Refusal::Exists
    } else if matches!(http, 400 | 409 | 422) && (says("maximum") || says("limit")) {
        Refusal::LimitReached
    } else if matches!(http, 400 | 422) && (says("quota") || says("quotaingib")) {
        Refusal::Quota
    } else if matches!(http, 400 | 422) {
        Refusal::Invalid
    } else if http == 429 {
        Refusal::TooManyCalls
    } else {
        Refusal::Other
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
            ("200", Unanswered::Unusable),
            ("204", Unanswered::Unusable),
            ("408", Unanswered::Timeout),
            ("500", Unanswered::ServerError),
        ] {
            assert_eq!(judged(400, code, "OK"), Judgement::Unknown(why), "{code}");
        }
        let body = br#"{"response":{"status":{"code":400,"text":"No"},"password":"x"}}"#;
        assert_eq!(judge(400, Verdict::read(body).as_ref()), Judgement::Unknown(Unanswered::Unusable));
    }

    #[test]
    fn words_tell_the_kind_of_refusal() {
        for (http, text, why) in [
            (400, "Could not find the account\\n", Refusal::UnknownAddress),
            (400, "Invalid input", Refusal::Invalid),
            (400, "anna@example.se already exists", Refusal::Exists),
            (409, "The address is already in use", Refusal::Exists),
            (400, "The maximum number of email accounts is reached", Refusal::LimitReached),
            (400, "quotaingib must be a number from 1 to 1000", Refusal::Quota),
            (400, "The domain does not exist", Refusal::UnknownAddress),
            (401, "Access Denied.", Refusal::WrongKey),
            (401, "No permission to use this function", Refusal::NoPermission),
            (401, "Your IP is not allowed", Refusal::IpNotAllowed),
            (401, "Account locked", Refusal::Locked),
            (403, "Forbidden", Refusal::NoPermission),
            (404, "Not found", Refusal::UnknownAddress),
            (405, "Method not allowed", Refusal::Other),
            (429, "Slow down", Refusal::TooManyCalls),
        ] {
            assert_eq!(judged(http, "400", text), Judgement::Refused(why), "{http} {text}");
        }
    }
}
