//! What people paste into the search and into a domain's filter: one address, or several at once.

use super::search::Query;
use crate::model::pasted::addresses;

/// How many addresses of one paste are looked for.
pub const MOST_PASTED: usize = 20;

/// What to look for: each address that was pasted, whatever stands around it; without one, all the words together.
pub(super) fn queries(text: &str) -> Vec<Query> {
    match &*addresses(text) {
        [] => Query::read(text).into_iter().collect(),
        addresses => addresses.iter().take(MOST_PASTED).filter_map(|address| Query::read(address)).collect(),
    }
}

/// Whether there are more addresses in it than are looked for.
pub fn is_more_than_is_looked_for(text: &str) -> bool {
    addresses(text).len() > MOST_PASTED
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
        assert!(is_more_than_is_looked_for(&many(21)) && !is_more_than_is_looked_for(&many(20)));
    }
}
