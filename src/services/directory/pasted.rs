//! What people paste into the search and into a domain's filter: one address, or several at once.

use super::search::Query;
use crate::model::pasted::addresses;

/// How many addresses of one paste are looked for.
const MOST_PASTED: usize = 20;

/// What to look for: each address that was pasted, whatever stands around it; without one, all the words together.
pub(super) fn queries(text: &str) -> Vec<Query> {
    match &*addresses(text) {
        [] => Query::read(text).into_iter().collect(),
        addresses => addresses.iter().take(MOST_PASTED).filter_map(|address| Query::read(address)).collect(),
    }
}

/// As many bytes of a text as are read, without the half of an address at the end, and whether that is less than all.
pub fn cut(text: &str, longest: usize) -> (&str, bool) {
    if text.len() <= longest {
        return (text, false);
    }
    let start = &text[..text.floor_char_boundary(longest)];
    let end = start.rfind(|character: char| character.is_whitespace() || ",;<>".contains(character));
    (end.map_or(start, |end| &start[..end]), true)
}

/// How many addresses are looked for, where these are not all that were pasted; there were more if the text `is_cut`.
pub fn first_pasted(text: &str, is_cut: bool) -> Option<usize> {
    let pasted = addresses(text).len();
    (pasted > MOST_PASTED || is_cut && pasted > 0).then_some(pasted.min(MOST_PASTED))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Vec<String> {
        queries(text).iter().map(|query| query.words.join(" ")).collect()
    }

    #[test]
    fn each_address_is_asked_for_and_without_one_the_words() {
        assert_eq!(asked("anna@x.se,\r\nBo <bo@x.se>"), ["anna@x.se", "bo@x.se"]);
        for (text, words) in [("anna lind", "anna lind"), ("@x.se", "@x.se"), ("bo@", "bo@"), ("a\u{200b}nn", "ann")] {
            assert_eq!(asked(text), [words], "{text}");
        }
        assert!(asked(" \u{200b} ").is_empty());
    }

    #[test]
    fn of_many_the_first_are_looked_for() {
        let many = |count: usize| (0..count).map(|n| format!("a{n}@x.se")).collect::<Vec<_>>().join("\n");
        assert_eq!(asked(&many(21)).len(), MOST_PASTED);
        assert_eq!([20, 21].map(|count| first_pasted(&many(count), false)), [None, Some(MOST_PASTED)]);
    }

    #[test]
    fn what_is_too_long_is_cut_between_addresses() {
        assert_eq!(cut("anna@x.se bo@x.se", 17), ("anna@x.se bo@x.se", false));
        for longest in 10..17 {
            assert_eq!(cut("anna@x.se,bo@x.se", longest), ("anna@x.se", true));
        }
        assert_eq!(cut("anna@räksmörgås.se", 10), ("anna@räks", true));
        assert_eq!(first_pasted("anna@x.se", true), Some(1));
        assert_eq!(first_pasted("anna lind", true), None);
    }
}
