//! Addresses as people paste them: from mail programs, tickets, lists, spreadsheets and links. Every field that takes an
//! address reads it so.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;

use super::Address;
use super::one_form::folded;

/// What looks like an address, or as much of one as was written, whatever stands around it: each once, in order.
pub fn addresses(text: &str) -> Vec<String> {
    let text = folded(text);
    let words = text.split(|character: char| character.is_whitespace() || ",;<>、".contains(character));
    let mut seen = BTreeSet::new();
    words.flat_map(in_word).filter(|address| seen.insert(address.clone())).collect()
}

/// The addresses that may be made, where what was typed holds no other.
pub fn proper(text: &str) -> Vec<Address> {
    if let Ok(address) = Address::proper(text) {
        return vec![address];
    }
    // Of what is written backwards nobody saw what it says.
    if text.contains(['\u{202d}', '\u{202e}']) {
        return Vec::new();
    }
    let read: Result<Vec<_>, _> = addresses(text).iter().map(|text| Address::proper(text)).collect();
    read.unwrap_or_default()
}

/// The address, where what was typed holds just one.
pub fn one(text: &str) -> Option<Address> {
    let mut found = proper(text);
    found.pop().filter(|_| found.is_empty())
}

/// The addresses in what holds no spaces: after a label (`To:`, `smtp:`, `mailto:`), in a link, in brackets, parted by
/// strokes. What may be an address as it is is one, because it may hold much of that.
fn in_word(word: &str) -> Vec<String> {
    if Address::proper(trimmed(word)).is_ok() {
        return vec![trimmed(word).to_owned()];
    }
    let word = percent_decode_str(word).decode_utf8_lossy();
    let parts = word.split(['/', '|', ':', '(', ')', '[', ']', '"']).flat_map(|part| {
        let is_whole = !part.starts_with('?') && Address::proper(trimmed(part)).is_ok();
        let (part, query) = part.split_once('?').filter(|_| !is_whole).unwrap_or((part, ""));
        std::iter::once(part).chain(query.split(['&', '=']))
    });
    parts.map(trimmed).filter(|part| is_like_one(part)).map(str::to_owned).collect()
}

fn trimmed(word: &str) -> &str {
    let is_around = |character: char| !character.is_alphanumeric() && !character.is_control();
    word.trim_matches(|character| is_around(character) && !matches!(character, '@' | '_' | '+' | '*'))
}

fn is_like_one(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_in_whatever_stands_around_it() {
        for text in [
            "anna@x.se",
            "Anna Lind <anna@x.se>",
            "\"Lind, Anna\" <Anna@X.se>,",
            "mailto:anna@x.se",
            "MAILTO:anna@x.se?subject=Hej",
            "<mailto:anna@x.se>",
            "  anna@x.se. ",
            "(anna@x.se);",
            "\u{feff}anna\u{200b}@x.se\u{ad}",
            "To: anna@x.se",
            "To:anna@x.se",
            "Email:anna@x.se",
            "E-post:anna@x.se",
            "SMTP:anna@x.se",
            "smtp:anna@x.se",
            "sip:anna@x.se",
            "sip:anna@x.se:5060",
            "[anna@x.se](mailto:anna@x.se)",
            "mailto:anna%40x.se",
            "mailto:?to=anna@x.se",
            "mailto:?subject=Hej&to=anna%40x.se",
            "mailto://anna@x.se",
            "anna@x.se?subject=x",
            "https://nyckel.x.se/accounts/anna%40x.se/reset",
            "https://nyckel.x.se/accounts/anna@x.se",
            "anna＠x.se",
            "ａｎｎａ＠ｘ．ｓｅ",
            "\u{2066}anna\u{2069}@x\u{34f}.se",
            "|anna@x.se|",
            "“anna@x.se”",
        ] {
            assert_eq!(addresses(text), ["anna@x.se"], "{text}");
            assert_eq!(one(text).unwrap().as_str(), "anna@x.se", "{text}");
        }
    }

    #[test]
    fn several_are_each_found_once() {
        for parted in ["\r\n", " ", ",", ";", "|", "/", "，", "、", " | ", "> , <", "；"] {
            let text = ["anna@x.se", "Bo@x.se", "anna@x.se", "o'hara+c@x.se"].join(parted);
            assert_eq!(addresses(&text), ["anna@x.se", "bo@x.se", "o'hara+c@x.se"], "{text}");
            assert_eq!(one(&text), None, "{text}");
        }
    }

    #[test]
    fn what_is_one_already_stays_whole_and_what_is_none_is_none() {
        for text in ["a/b@x.se", "a|b@x.se", "a=b?c&d@x.se", "100%40@x.se", "*@x.se", "anna@räksmörgås.se"] {
            assert_eq!(one(text), Address::proper(text).ok(), "{text}");
        }
        for text in [
            "",
            "anna",
            "@x.se",
            "anna@",
            "a..b@x.se",
            "åsa@x.se",
            "anna@x",
            "anna@x.se, åsa@x.se",
            "anna@x.se\u{1}",
            "\u{202e}anna@x.se",
            "anna@x.se&to=x",
        ] {
            assert_eq!(one(text), None, "{text}");
        }
        assert_eq!(addresses("anna@ex"), ["anna@ex"]);
    }
}
