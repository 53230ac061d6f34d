//! What somebody meant who typed one letter wrong, left one out, put one in, or changed two about: looked for where nothing
//! is found as it was typed.
//!
//! Where the first two letters are right, what begins so is found by halving. Where they are not, the rest of a word of some
//! length is looked for in the text, so that this takes about as long as a search that finds nothing.

use std::collections::BTreeSet;

use memchr::memmem::Finder;

use super::listing::Listing;
use super::search::{Hit, Query};

/// How many are told.
const MOST: usize = 5;
/// A word of fewer letters is near too much.
const SHORTEST: usize = 3;
/// From so many letters on the first two may be wrong, and a word may go on where it was typed only in part.
const LONG: usize = 5;
/// How many letters of a word are right, or of a long one the rest is.
const HEAD: usize = 2;

/// How near something is: a whole word of it, or the beginning of a longer one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Near {
    Whole,
    Beginning,
}

/// What one word of the query is near to, where its other words stand in the same row, the nearest first.
pub(super) fn near<'a>(listings: &'a [impl AsRef<Listing>], query: &Query) -> Vec<Hit<'a>> {
    let mut found = Vec::new();
    for word in query.words.iter().filter(|word| word.len() >= SHORTEST) {
        let others: Vec<_> = query.words.iter().filter(|other| *other != word).map(Finder::new).collect();
        for listing in listings {
            let listing = listing.as_ref();
            for (near, row) in rows(listing, word) {
                let text = listing.text.row(row).as_bytes();
                if others.iter().all(|other| other.find(text).is_some()) {
                    found.push((near, row >= listing.accounts.len(), Hit { listing, row }));
                }
            }
        }
    }
    found.sort_unstable_by_key(|(near, is_alias, hit)| (*near, *is_alias, hit.order()));
    let mut seen = BTreeSet::new();
    found.into_iter().map(|(_, _, hit)| hit).filter(|hit| seen.insert(hit.which())).take(MOST).collect()
}

/// The rows of a listing in which something is near to the word.
fn rows(listing: &Listing, word: &str) -> Vec<(Near, usize)> {
    let (text, word) = (&listing.text, word.as_bytes());
    let is_near = |at: usize, rest: &[u8]| {
        let near = near_to(word, rest).filter(|near| word.len() >= LONG || *near == Near::Whole);
        near.map(|near| (near, text.row_at(at)))
    };
    let mut rows = Vec::new();
    for is_alias in [false, true] {
        let parts = text.parts_with(is_alias, &word[..HEAD]).iter();
        rows.extend(parts.filter_map(|at| is_near(usize::try_from(*at).ok()?, text.from(*at))));
    }
    if word.len() >= LONG {
        // Also where the second and third letter changed places.
        let swapped = [&[word[HEAD], word[HEAD - 1]][..], &word[HEAD + 1..]].concat();
        for letters in [&word[HEAD..], &swapped] {
            let shift = word.len() - letters.len();
            let finder = Finder::new(letters);
            for at in text.places_of(0..listing.accounts.len() + listing.aliases.len(), &finder) {
                let begins = (shift.saturating_sub(1)..=shift + 1).filter_map(|before| at.checked_sub(before));
                rows.extend(begins.filter_map(|begin| is_near(begin, text.beginning_at(begin)?)));
            }
        }
    }
    rows
}

/// How near a word is to what stands somewhere.
fn near_to(word: &[u8], text: &[u8]) -> Option<Near> {
    let same = word.iter().zip(text).take_while(|(one, other)| one == other).count();
    let (word, text) = (&word[same..], &text[same..]);
    let is_swapped = word.len() > 1 && text.len() > 1 && word[0] == text[1] && word[1] == text[0];
    let swapped = is_swapped.then(|| ends(&word[2..], &text[2..])).flatten();
    let (shorter, further) = (word.get(1..), text.get(1..));
    let other_letter = shorter.zip(further).and_then(|(word, text)| ends(word, text));
    let left_out = further.and_then(|text| ends(word, text));
    let put_in = shorter.and_then(|word| ends(word, text));
    [ends(word, text), other_letter, left_out, put_in, swapped].into_iter().flatten().min()
}

/// How what is left of a word is there in what is left of a text.
fn ends(word: &[u8], text: &[u8]) -> Option<Near> {
    let rest = text.strip_prefix(word)?;
    let goes_on = rest.first().is_some_and(|next| next.is_ascii_alphanumeric() || !next.is_ascii());
    Some(if goes_on { Near::Beginning } else { Near::Whole })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_makes_a_neighbour_and_two_make_none() {
        for text in ["anna", "anna@x.se", "anna.lind@x.se", "anna lind"] {
            for word in ["anna", "ana", "annna", "amna", "nana", "anan", "ann"] {
                assert_eq!(near_to(word.as_bytes(), text.as_bytes()), Some(Near::Whole), "{word} {text}");
            }
            for word in ["aann", "bo", "anonna", "amma", "xnnx", "naan"] {
                assert_ne!(near_to(word.as_bytes(), text.as_bytes()), Some(Near::Whole), "{word} {text}");
            }
        }
        assert_eq!(near_to(b"amders", b"andersson@x.se"), Some(Near::Beginning));
        assert_eq!(near_to(b"anna@x.se", b"ana@x.se\tana"), Some(Near::Whole));
        assert_eq!(near_to(b"anna", b""), None);
        assert_eq!(near_to(b"", b"anna"), Some(Near::Beginning));
    }
}
