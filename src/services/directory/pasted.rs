//! What people paste into the search: addresses as mail programs, tickets and lists write them.

use super::search::Query;

/// How many addresses of one paste are looked for.
const AT_MOST: usize = 20;

/// What to look for: each address that was pasted, whatever stands around it; without one, all the words together.
pub(super) fn queries(text: &str) -> Vec<Query> {
    let seen: String = text.chars().filter(|character| !is_unseen(*character)).collect();
    let words = seen.split(|character: char| character.is_whitespace() || matches!(character, ',' | ';' | '<' | '>'));
    let addresses: Vec<&str> = words.filter_map(address).take(AT_MOST).collect();
    let texts = if addresses.is_empty() { vec![&*seen] } else { addresses };
    texts.into_iter().filter_map(Query::read).collect()
}

/// The address in a word, or as much of one as was written.
fn address(word: &str) -> Option<&str> {
    let word =
        word.trim_matches(|character: char| !character.is_alphanumeric() && !matches!(character, '@' | '_' | '+'));
    let word = match word.split_at_checked("mailto:".len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto:") => rest.split('?').next().unwrap_or(rest),
        _ => word,
    };
    let (local, domain) = word.rsplit_once('@')?;
    (!local.is_empty() && !domain.is_empty()).then_some(word)
}

/// What comes along unseen: marks of width zero, soft hyphens, byte order marks.
fn is_unseen(character: char) -> bool {
    matches!(u32::from(character), 0xAD | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2064 | 0xFEFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Vec<String> {
        queries(text).iter().map(|query| query.words.join(" ")).collect()
    }

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
        ] {
            assert_eq!(asked(text), ["anna@x.se"], "{text}");
        }
        assert_eq!(
            asked("anna@x.se,\r\nBo <bo@x.se>; \"C\" <o'hara+c@x.se>"),
            ["anna@x.se", "bo@x.se", "o'hara+c@x.se"]
        );
    }

    #[test]
    fn without_an_address_the_words_count() {
        for (text, words) in [("anna lind", "anna lind"), ("@x.se", "@x.se"), ("bo@", "bo@"), ("a\u{200b}nn", "ann")] {
            assert_eq!(asked(text), [words], "{text}");
        }
        assert!(asked(" \u{200b} ").is_empty());
        assert_eq!(asked(&"a@x.se ".repeat(99)).len(), AT_MOST);
    }
}
