//! Passwords that are tried first: common ones, names, patterns. `password` asks before it makes a hash.
//!
//! `zxcvbn` knows the common passwords, English words, names, dates, keyboard walks, repetitions and what people put in place
//! of letters. What it doesn't know stands here: the panel's own name, Swedish, and the words that the caller adds.

use zxcvbn::{Score, zxcvbn};

/// Words that anybody would try here. `correcthorsebatterystaple` is long and famous.
const OBVIOUS: [&str; 24] = [
    "nyckel",
    "glesys",
    "admin",
    "administratör",
    "password",
    "passw0rd",
    "correcthorsebatterystaple",
    "lösenord",
    "losenord",
    "hemlig",
    "hemligt",
    "välkommen",
    "valkommen",
    "sommar",
    "vinter",
    "höst",
    "januari",
    "sverige",
    "stockholm",
    "göteborg",
    "malmö",
    "logga",
    "svenska",
    "fotboll",
];
/// How many characters the library looks at. More take longer, and its figure for longer keyboard walks overflows.
const LOOKED_AT: usize = 28;
/// How many letters and digits a password has besides the words that anybody would try.
const OF_ONES_OWN: usize = 8;

/// Whether a password would be guessed early; `words` are the names of the person and the company. It takes a few tenths of
/// a millisecond, and at worst some hundredths of a second.
pub fn is_guessable(password: &str, words: &[String]) -> bool {
    let typed: String = password.chars().take(LOOKED_AT).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).chain(OBVIOUS).collect();
    let bare = bare(&typed);
    is_weak(&typed, &words) || is_weak(&bare, &words) || own_signs(password, &words) < OF_ONES_OWN
}

/// By the library's own measure: under three is guessed within some hundred million tries.
fn is_weak(text: &str, words: &[&str]) -> bool {
    zxcvbn(text, words).score() < Score::Three
}

/// What is left without the characters between words, which make nothing harder.
fn bare(text: &str) -> String {
    text.to_lowercase().chars().filter(|character| character.is_alphanumeric()).collect()
}

/// How many characters are left without the words.
fn own_signs(password: &str, words: &[&str]) -> usize {
    let mut text = bare(password);
    let mut words: Vec<String> = words.iter().map(|word| bare(word)).filter(|word| word.chars().count() > 2).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    for word in words {
        text = text.replace(&word, " ");
    }
    text.chars().filter(|character| *character != ' ').count()
}

/// The words of a name: `eva.lind@example.se` is three, and itself.
pub fn words_of(name: &str) -> Vec<String> {
    let parts = name.split(|character: char| !character.is_alphanumeric()).filter(|part| part.chars().count() > 2);
    parts.chain([name]).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    fn of_eva() -> Vec<String> {
        ["eva.lind@example.se", "Eva Lind", "intra.bolaget.se"].into_iter().flat_map(words_of).collect()
    }

    #[test]
    fn what_many_people_would_choose_is_guessable() {
        for password in [
            "passwordpassword",
            "password12345678",
            "P@ssw0rdP@ssw0rd1",
            "Password123456!",
            "iloveyouiloveyou",
            "letmeinletmeinletmein",
            "correct horse battery staple",
            "Lösenord1234567!",
            "Välkommen2026!!!",
            "Sommar2026Sommar",
            "stockholm2026!!",
            "hemligt lösenord",
        ] {
            assert!(is_guessable(password, &[]), "{password}");
        }
    }

    #[test]
    fn what_is_only_a_pattern_is_guessable() {
        for password in [
            "aaaaaaaaaaaaaaa",
            "ababababababababab",
            "abcabcabcabcabcabc",
            "123456789012345",
            "abcdefghijklmnopqrstuvwxyz",
            "0123456789abcdef",
            "qwertyuiopasdfgh",
            "qazwsxedcrfvtgb",
            "1q2w3e4r5t6y7u8i",
            "19840101198401011984",
            "kaffe kaffe kaffe",
            "ååååååååååååååå",
            "...............",
        ] {
            assert!(is_guessable(password, &[]), "{password}");
        }
    }

    #[test]
    fn the_names_of_the_panel_the_company_and_the_person_are_guessable() {
        for password in [
            "nyckelnyckelnyckel",
            "Nyckel-Bolaget-2026",
            "eva.lind@example.se",
            "EvaLind EvaLind 84",
            "Bolaget 2026 intra",
        ] {
            assert!(is_guessable(password, &of_eva()), "{password}");
        }
    }

    #[test]
    fn a_few_words_in_a_row_are_not() {
        for password in [
            "four words in a row",
            "another four words",
            "fyra ord i rad ger skydd",
            "evas häst äter blöta havregryn",
            "gurka tåg lampa moln",
            "abcd-efgh-jkmn-pqrs",
            "kq7vzr2m9xw4tpd",
            "a-canary-signs-in",
        ] {
            assert!(!is_guessable(password, &of_eva()), "{password}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_text_is_judged(any in "\\PC{0,60}", walk in "[qazwsx1-6!-&]{15,60}", pad in "[0-9/*.+-]{15,60}") {
            for text in [any, walk, pad] {
                is_guessable(&text, &of_eva());
            }
        }
    }

    #[test]
    fn no_password_keeps_the_panel_busy() {
        for part in ["4@8({[<369&!|1$5+70%2", "p@s5w0rd$1!", "1q", "🦀e\u{301}", "\u{0}\u{202e}", "İ", "1984-01-01"]
        {
            let begun = Instant::now();
            is_guessable(&part.repeat(100), &of_eva());
            assert!(begun.elapsed() < Duration::from_secs(2), "{part}: {:?}", begun.elapsed());
        }
    }
}
