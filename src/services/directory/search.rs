//! The search: the best hits are found by halving; only for the others is the text looked through, and no further than
//! there are hits to show.

use std::ops::Range;

use memchr::memmem::Finder;

use super::listing::Listing;
use super::text::begins;
use crate::model::one_form::{bare, folded};
use crate::model::{Address, Mailbox};

/// How many hits a search shows.
pub const HITS: usize = 50;
/// How many words of a query count, and how many of its characters.
const WORDS: usize = 8;
const CHARACTERS: usize = 254;

/// What is looked for: words in any order, all of which must be there.
pub(super) struct Query {
    /// In bare letters.
    pub(super) words: Vec<String>,
    /// With the letters that were typed, if it is one word.
    typed: Option<String>,
    /// Finds the longest word, which the fewest rows have.
    longest: Finder<'static>,
    others: Vec<Finder<'static>>,
}

impl Query {
    /// `None` where nothing is asked for.
    pub fn read(text: &str) -> Option<Self> {
        let text: String = text.chars().take(CHARACTERS).collect();
        let mut words: Vec<String> = bare(&text).split_whitespace().take(WORDS).map(str::to_owned).collect();
        let typed = (words.len() == 1).then(|| folded(&text).trim().to_owned());
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let mut finders = words.iter().map(|word| Finder::new(word).into_owned()).collect::<Vec<_>>().into_iter();
        Some(Self { longest: finders.next()?, others: finders.collect(), typed, words })
    }

    /// Whether every word is in the row.
    pub fn is_in(&self, row: &str) -> bool {
        self.longest.find(row.as_bytes()).is_some() && self.others_are_in(row)
    }

    fn others_are_in(&self, row: &str) -> bool {
        self.others.iter().all(|other| other.find(row.as_bytes()).is_some())
    }

    fn longest_word(&self) -> &str {
        self.words.first().map(String::as_str).unwrap_or_default()
    }

    /// What was asked for, if it is one word.
    pub fn only_word(&self) -> Option<&str> {
        if let [word] = self.words.as_slice() { Some(word) } else { None }
    }

    /// The same with the letters that were typed.
    pub fn only_typed(&self) -> Option<&str> {
        self.typed.as_deref()
    }

    /// Whether every word begins something in the row.
    fn begins_parts(&self, row: &str) -> bool {
        let begins = begins(row);
        let mut finders = std::iter::once(&self.longest).chain(&self.others);
        finders.all(|finder| finder.find_iter(row.as_bytes()).any(&begins))
    }
}

/// A hit: a row of a listing.
#[derive(Clone, Copy)]
pub(super) struct Hit<'a> {
    pub(super) listing: &'a Listing,
    pub(super) row: usize,
}

impl<'a> Hit<'a> {
    pub(super) fn order(&self) -> &'a str {
        self.address().as_str()
    }

    fn address(&self) -> &'a Address {
        let Listing { accounts, aliases, .. } = self.listing;
        let account = accounts.get(self.row).map(|account| &account.address);
        account.unwrap_or_else(|| &aliases[self.row - accounts.len()].address)
    }

    /// Its address, and whether it is an account.
    pub fn which(&self) -> (&'a str, bool) {
        (self.order(), self.row < self.listing.accounts.len())
    }

    /// Whether a word is its address in a form that GleSYS does not list: the readable one, in lower case, composed.
    fn is_called(&self, word: &str) -> bool {
        let address = self.address();
        folded(address.as_str()) == word || folded(&address.readable()) == word
    }

    pub fn mailbox(&self) -> Mailbox {
        let Listing { accounts, aliases, .. } = self.listing;
        match accounts.get(self.row) {
            Some(account) => Mailbox::Account(Box::new(account.clone())),
            None => Mailbox::Alias(aliases[self.row - accounts.len()].clone()),
        }
    }
}

/// The best hits so far, in the order in which they are shown: the address is so, begins so; a part begins so; anything
/// else. Accounts stand before aliases, and then the address decides.
#[derive(Default)]
struct Best<'a>([Vec<Hit<'a>>; 8]);

impl<'a> Best<'a> {
    fn add(&mut self, place: usize, is_alias: bool, hit: Hit<'a>) {
        let hits = &mut self.0[place * 2 + usize::from(is_alias)];
        hits.push(hit);
        if hits.len() >= HITS * 8 {
            hits.sort_unstable_by_key(Hit::order);
            hits.truncate(HITS);
        }
    }

    /// Whether hits of this place would not be shown any more.
    fn is_full_before(&self, place: usize) -> bool {
        self.0.iter().take(place * 2).map(Vec::len).sum::<usize>() >= HITS
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    fn told(self) -> Vec<Hit<'a>> {
        let sorted = |mut hits: Vec<Hit<'a>>| {
            hits.sort_unstable_by_key(Hit::order);
            hits
        };
        self.0.into_iter().flat_map(sorted).take(HITS).collect()
    }
}

/// The accounts or the aliases of a listing.
struct Section<'a> {
    listing: &'a Listing,
    is_alias: bool,
    rows: Range<usize>,
}

/// The best hits in some domains.
pub(super) fn search<'a>(listings: &'a [impl AsRef<Listing>], query: &Query) -> Vec<Hit<'a>> {
    let mut best = Best::default();
    let sections: Vec<_> = listings.iter().flat_map(|listing| Section::both(listing.as_ref())).collect();
    if let Some(word) = query.only_word() {
        for section in &sections {
            section.whose_address_begins(word, &mut best);
        }
    }
    if !best.is_full_before(2) {
        for section in &sections {
            section.whose_parts_begin(query, &mut best);
        }
    }
    // A short word among several is somewhere in nearly every row; where it begins something, it is meant so.
    if !best.is_full_before(3) && (query.only_word().is_some() || best.is_empty()) {
        for section in &sections {
            section.that_hold(query, &mut best);
        }
    }
    best.told()
}

impl<'a> Section<'a> {
    fn both(listing: &'a Listing) -> [Self; 2] {
        let (accounts, aliases) = (listing.accounts.len(), listing.aliases.len());
        [(false, 0..accounts), (true, accounts..accounts + aliases)].map(|(is_alias, rows)| Self {
            listing,
            is_alias,
            rows,
        })
    }

    fn whose_address_begins(&self, word: &str, best: &mut Best<'a>) {
        for row in self.listing.text.that_begin(self.rows.clone(), word).take(HITS) {
            let hit = Hit { listing: self.listing, row };
            best.add(usize::from(hit.order() != word), self.is_alias, hit);
        }
    }

    fn whose_parts_begin(&self, query: &Query, best: &mut Best<'a>) {
        let text = &self.listing.text;
        let begin = query.only_word().map(|word| text.that_begin(self.rows.clone(), word)).unwrap_or_default();
        let rows = text.with_part(self.is_alias, query.longest_word()).into_iter();
        let hits = rows.filter(|row| !begin.contains(row) && query.begins_parts(text.row(*row)));
        for row in hits.take(HITS) {
            let hit = Hit { listing: self.listing, row };
            let is_meant = query.only_typed().is_some_and(|word| hit.is_called(word));
            best.add(if is_meant { 0 } else { 2 }, self.is_alias, hit);
        }
    }

    /// Looks through the text for what is no better hit.
    fn that_hold(&self, query: &Query, best: &mut Best<'a>) {
        let text = &self.listing.text;
        let (mut rest, mut left) = (self.rows.clone(), HITS);
        while let Some(row) = text.next_with(rest, &query.longest).filter(|_| left > 0) {
            let words = text.row(row);
            if query.others_are_in(words) && !query.begins_parts(words) {
                best.add(3, self.is_alias, Hit { listing: self.listing, row });
                left -= 1;
            }
            rest = row + 1..self.rows.end;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;
    use crate::glesys::Listed;
    use crate::model::{Account, Address, Alias, AutoReply, Quota};

    fn account(address: &str, name: &str) -> Mailbox {
        let address = Address::parse(address).unwrap();
        let auto_reply = AutoReply::default();
        let (antivirus, reject_spam, created, modified) = (Some(true), Some(false), None, None);
        let (quota, antispam_level, display_name) = (Quota::Gib(1), Some(3), name.to_owned());
        Mailbox::Account(Box::new(Account {
            address,
            display_name,
            quota,
            antispam_level,
            antivirus,
            reject_spam,
            auto_reply,
            created,
            modified,
        }))
    }

    fn alias(address: &str, targets: &[&str]) -> Mailbox {
        let targets = Some(targets.iter().map(|&target| target.to_owned()).collect());
        Mailbox::Alias(Alias { address: Address::parse(address).unwrap(), display_name: address.to_owned(), targets })
    }

    fn found(mailboxes: &[Mailbox], query: &str) -> Vec<String> {
        let (some, others) = mailboxes.split_at(mailboxes.len() / 2);
        let listings = [some, others].map(|part| {
            let listed = Listed { mailboxes: part.to_vec(), left_out: Vec::new() };
            Arc::new(Listing::new(listed, Timestamp::UNIX_EPOCH))
        });
        let query = Query::read(query).unwrap();
        search(&listings, &query).iter().map(|hit| hit.order().to_owned()).collect()
    }

    #[test]
    fn what_begins_so_comes_first_then_parts_then_the_rest_and_accounts_before_aliases() {
        let mailboxes = [
            alias("ann@a.se", &["bo@a.se"]),
            account("ann.x@a.se", ""),
            account("joanna@a.se", ""),
            account("x.anna@a.se", ""),
            account("ann@b.se", ""),
            account("bo@b.se", "Ann Bo"),
            alias("z@b.se", &["joann@c.se"]),
        ];
        let hits = found(&mailboxes, "ann");
        assert_eq!(hits, ["ann.x@a.se", "ann@b.se", "ann@a.se", "bo@b.se", "x.anna@a.se", "joanna@a.se", "z@b.se"]);
        assert_eq!(found(&mailboxes, "ann@a.se"), ["ann@a.se", "joanna@a.se"][..1]);
    }

    #[test]
    fn words_may_come_in_any_order_and_all_count() {
        let mailboxes = [account("anna.lind@a.se", ""), account("al@a.se", "Anna Lind"), account("anna.berg@a.se", "")];
        for query in ["lind anna", "Anna  LIND", "anna.lind", "ann lin"] {
            let hits = found(&mailboxes, query);
            assert!(!hits.contains(&"anna.berg@a.se".to_owned()) && !hits.is_empty(), "{query}: {hits:?}");
        }
        assert_eq!(found(&mailboxes, "lind anna"), ["al@a.se", "anna.lind@a.se"]);
        assert_eq!(found(&mailboxes, "anna b"), ["anna.berg@a.se"]);
        assert_eq!(found(&mailboxes, "nna erg"), ["anna.berg@a.se"], "also within words, where nothing begins so");
        assert!(Query::read(" \t").is_none());
    }

    #[test]
    fn swedish_letters_are_found_however_they_are_written() {
        let mailboxes = [
            account("asa@räksmörgås.se", "Åsa Öberg"),
            alias("info@a.se", &["x@xn--rksmrgs-5wao1o.se"]),
            alias("post@a.se", &["x@räksmörgås.se"]),
        ];
        for query in ["räksm", "RÄKSM", "ra\u{308}ksmo\u{308}rga\u{30a}s", "xn--rksm"] {
            assert_eq!(found(&mailboxes, query), ["asa@xn--rksmrgs-5wao1o.se", "info@a.se", "post@a.se"], "{query}");
        }
        assert_eq!(found(&mailboxes, "A\u{30a}sa o\u{308}b").len(), 1);
    }

    #[test]
    fn what_glesys_writes_oddly_is_found_as_people_write_it() {
        let mailboxes = [
            alias("info@a.se", &["åke@a.se"]),
            account("a\u{30a}ke@a.se", "\u{2068}Anna\u{2069} Berg\u{200b}man"),
            account("Öl@räksmörgås.se", ""),
            account("ΟΔΟΣ@a.se", ""),
        ];
        for query in ["åke@a.se", "Åke@A.se", "A\u{30a}ke@a.se"] {
            assert_eq!(found(&mailboxes, query), ["a\u{30a}ke@a.se", "info@a.se"], "{query}");
        }
        for query in ["anna berg", "bergman", "anna\u{200b} BERGMAN"] {
            assert_eq!(found(&mailboxes, query), ["a\u{30a}ke@a.se"], "{query}");
        }
        for query in ["öl@", "O\u{308}L@xn--rksmrgs-5wao1o.se", "ÖL@räksmörgås.se"] {
            assert_eq!(found(&mailboxes, query), ["Öl@xn--rksmrgs-5wao1o.se"], "{query}");
        }
        for query in ["οδοσ", "οδος@", "ΟΔΟ"] {
            assert_eq!(found(&mailboxes, query), ["ΟΔΟΣ@a.se"], "{query}");
        }
    }

    #[test]
    fn a_crowd_of_hits_is_cut_at_the_best() {
        let mut mailboxes: Vec<_> = (0..500).map(|n| account(&format!("x{n:03}son@a.se"), "")).collect();
        mailboxes.push(account("zz.son@a.se", ""));
        mailboxes.push(account("son@a.se", ""));
        let hits = found(&mailboxes, "son");
        assert_eq!((hits.len(), hits[0].as_str(), hits[1].as_str()), (HITS, "son@a.se", "zz.son@a.se"));
        assert_eq!(hits[2], "x000son@a.se");
        assert_eq!(found(&mailboxes, "x").len(), HITS);
    }

    #[test]
    fn no_sign_that_glesys_sends_makes_one_row_two() {
        let mailboxes = [account("a@a.se", "one\ntwo\tthree\u{85}four"), alias("b@a.se", &["\n", "c@a.se\nd"])];
        assert_eq!(found(&mailboxes, "four one"), ["a@a.se"]);
        assert_eq!(found(&mailboxes, "d"), ["b@a.se"]);
        assert_eq!(found(&mailboxes, "a.se"), ["a@a.se", "b@a.se"]);
    }
}
