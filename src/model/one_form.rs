//! Texts that people take for the same, in one form: an `å` is one character, however its keyboard writes it.

use std::borrow::Cow;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use super::is_hidden;

/// Composed, and otherwise as it was (NFC).
pub fn composed(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned()
}

/// What a search compares: in lower case, composed, of usual width (NFKC), and without what can't be seen.
pub fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        return if is_lower { text.into() } else { text.to_ascii_lowercase().into() };
    }
    let nfkc = ComposingNormalizerBorrowed::new_nfkc();
    let seen = nfkc.normalize(text).chars().filter(|character| !is_unseen(*character)).collect::<String>();
    // At the end of a word a sigma is written otherwise, and whoever types the beginning of one doesn't know that yet.
    nfkc.normalize(&seen.to_lowercase()).replace('ς', "σ").into()
}

/// The same without what stands over, under or through a letter: an `å` is found by who types an `a`, and the other way round.
pub fn bare(text: &str) -> Cow<'_, str> {
    let folded = folded(text);
    if folded.is_ascii() {
        return folded;
    }
    let mut bare = String::with_capacity(folded.len());
    for character in DecomposingNormalizerBorrowed::new_nfd().normalize(&folded).chars() {
        match character {
            '\u{300}'..='\u{36f}' => {}
            'ø' => bare.push('o'),
            'æ' => bare.push_str("ae"),
            'ß' => bare.push_str("ss"),
            'đ' | 'ð' => bare.push('d'),
            'ł' => bare.push('l'),
            character => bare.push(character),
        }
    }
    ComposingNormalizerBorrowed::new_nfc().normalize(&bare).into_owned().into()
}

/// What comes along unseen: marks of width zero and of direction, soft hyphens, byte order marks.
fn is_unseen(character: char) -> bool {
    let is_space = character.is_control() || character.is_whitespace();
    character == '\u{34f}' || is_hidden(character) && !is_space
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_take_for_the_same_is_the_same() {
        for (text, form) in [
            ("A\u{30a}KE", "åke"),
            ("Öl@x.se", "öl@x.se"),
            ("ＡＮＮＡ＠x.se", "anna@x.se"),
            ("\u{2068}Anna\u{2069} Berg\u{200b}m\u{34f}an", "anna bergman"),
            ("\u{feff}an\u{ad}na", "anna"),
            ("ΟΔΟΣ", "οδοσ"),
            ("a\tb\u{a0}c", "a\tb c"),
        ] {
            assert_eq!(folded(text), form, "{text:?}");
        }
    }

    #[test]
    fn letters_and_their_bare_forms_are_the_same() {
        for (text, form) in [
            ("Åsa Öberg", "asa oberg"),
            ("a\u{30a}ke", "ake"),
            ("RENÉ, Zoë & Søren Łæßđ", "rene, zoe & soren laessd"),
            ("räksmörgås.se", "raksmorgas.se"),
            ("й 한글 か\u{3099}", "и 한글 が"),
            ("plain@x.se", "plain@x.se"),
        ] {
            assert_eq!(bare(text), form, "{text:?}");
            assert_eq!(bare(form), form);
        }
    }
}
