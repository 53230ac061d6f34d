//! The search: one lower-cased text a domain, a row for each account and alias, looked through sign by sign.
//!
//! A row is `address`, and behind tabs whatever else finds it: the readable address, the display name, an alias's
//! targets, in every form that a person may type. Rows stand in order of address, so that addresses that begin with what
//! was typed are found without looking at the others.

use std::borrow::Cow;
use std::ops::Range;

use icu_normalizer::ComposingNormalizerBorrowed;
use memchr::memmem::Finder;

use super::listing::Listing;
use crate::model::{Account, Address, Alias, Mailbox};

/// How many hits a search shows.
pub(super) const HITS: usize = 50;
/// How many words of a query count, and how many of its signs.
const WORDS: usize = 8;
const SIGNS: usize = 254;

/// What a search looks through in one domain.
#[derive(Debug)]
pub(super) struct Text {
    rows: String,
    /// Where each row begins, and where the last one ends.
    starts: Vec<u32>,
}

impl Text {
    pub fn of(accounts: &[Account], aliases: &[Alias]) -> Self {
        let mut text = Self { rows: String::new(), starts: vec![0] };
        for account in accounts {
            text.push(&account.address, &account.display_name, &[]);
        }
        for alias in aliases {
            text.push(&alias.address, &alias.display_name, &alias.targets);
        }
        text.rows.shrink_to_fit();
        text.starts.shrink_to_fit();
        text
    }

    fn push(&mut self, address: &Address, display_name: &str, targets: &[String]) {
        self.rows.push_str(address.as_str());
        let readable = readable(address);
        if let Some(readable) = &readable {
            self.field(readable);
        }
        if display_name != address.as_str() && Some(display_name) != readable.as_deref() {
            self.field(display_name);
        }
        for target in targets {
            self.field(target);
            // Most are plain; the others are found in both forms.
            if let Some(parsed) = is_idn(target).then(|| Address::parse(target).ok()).flatten() {
                self.field(parsed.as_str());
                self.field(&parsed.readable());
            }
        }
        self.rows.push('\n');
        // No answer of GleSYS is read that is a thousandth of this long.
        self.starts.push(u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
    }

    fn field(&mut self, text: &str) {
        self.rows.push('\t');
        self.rows.extend(folded(text).chars().map(|sign| if sign.is_control() { ' ' } else { sign }));
    }

    fn start(&self, row: usize) -> usize {
        self.starts.get(row).map_or(self.rows.len(), |start| usize::try_from(*start).unwrap_or(usize::MAX))
    }

    fn row(&self, row: usize) -> &str {
        self.rows.get(self.start(row)..self.start(row + 1)).unwrap_or_default()
    }

    /// The rows among these whose address begins with the word.
    fn that_begin(&self, rows: Range<usize>, word: &str) -> Range<usize> {
        let begin = |row: usize| {
            let row = self.row(row).as_bytes();
            &row[..row.len().min(word.len())]
        };
        let first = first_where(rows.clone(), |row| begin(row) >= word.as_bytes());
        first..first_where(first..rows.end, |row| begin(row) > word.as_bytes())
    }
}

fn first_where(rows: Range<usize>, is_past: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (rows.start, rows.end);
    while low < high {
        let middle = low.midpoint(high);
        if is_past(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// The readable form, where it is another one. Decoding takes time, and hardly any address needs it.
fn readable(address: &Address) -> Option<String> {
    is_idn(address.domain().as_str()).then(|| address.readable()).filter(|readable| readable != address.as_str())
}

fn is_idn(text: &str) -> bool {
    !text.is_ascii() || text.contains("xn--")
}

/// In lower case, and composed: an `å` is one sign however it came.
pub(super) fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        return if is_lower { text.into() } else { text.to_ascii_lowercase().into() };
    }
    ComposingNormalizerBorrowed::new_nfc().normalize(&text.to_lowercase()).into_owned().into()
}

/// What is looked for: words in any order, all of which must be there.
pub(super) struct Query {
    words: Vec<String>,
    /// Finds the longest word, which the fewest rows have.
    longest: Finder<'static>,
    others: Vec<Finder<'static>>,
}

impl Query {
    /// `None` where nothing is asked for.
    pub fn read(text: &str) -> Option<Self> {
        let text: String = text.chars().take(SIGNS).collect();
        let mut words: Vec<String> = folded(&text).split_whitespace().take(WORDS).map(str::to_owned).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let mut finders = words.iter().map(|word| Finder::new(word).into_owned()).collect::<Vec<_>>().into_iter();
        Some(Self { longest: finders.next()?, others: finders.collect(), words })
    }

    /// What was asked for, if it is one word.
    pub fn only_word(&self) -> Option<&str> {
        if let [word] = self.words.as_slice() { Some(word) } else { None }
    }

    /// Whether every word begins something in the row: a part of the address before its domain, a word of the name.
    fn begins_parts(&self, row: &str) -> bool {
        let local = row.find('@').unwrap_or(0);
        let tail = row.find('\t').unwrap_or(row.len());
        let begins = |at: usize| match at.checked_sub(1).map(|before| row.as_bytes()[before]) {
            None => true,
            Some(before) if at < local => b".-_+".contains(&before),
            Some(before) => at > tail && b"\t -".contains(&before),
        };
        let finders = std::iter::once(&self.longest).chain(&self.others);
        finders.into_iter().all(|finder| finder.find_iter(row.as_bytes()).any(begins))
    }
}

/// A hit: a row of a listing.
#[derive(Clone, Copy)]
pub(super) struct Hit<'a> {
    listing: &'a Listing,
    row: usize,
}

impl Hit<'_> {
    fn address(&self) -> &Address {
        let Listing { accounts, aliases, .. } = self.listing;
        accounts.get(self.row).map_or_else(|| &aliases[self.row - accounts.len()].address, |account| &account.address)
    }

    pub fn mailbox(&self) -> Mailbox {
        let Listing { accounts, aliases, .. } = self.listing;
        match accounts.get(self.row) {
            Some(account) => Mailbox::Account(Box::new(account.clone())),
            None => Mailbox::Alias(aliases[self.row - accounts.len()].clone()),
        }
    }
}

/// The best hits so far, in the order in which they are told: the address is so, begins so; a part begins so; anything
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

    /// Whether hits of this place would not be told any more.
    fn is_full_before(&self, place: usize) -> bool {
        self.0.iter().take(place * 2).map(Vec::len).sum::<usize>() >= HITS
    }

    fn told(self) -> Vec<Hit<'a>> {
        let sorted = |mut hits: Vec<Hit<'a>>| {
            hits.sort_unstable_by_key(Hit::order);
            hits
        };
        self.0.into_iter().flat_map(sorted).take(HITS).collect()
    }
}

impl<'a> Hit<'a> {
    fn order(&self) -> &'a str {
        let Listing { accounts, aliases, .. } = self.listing;
        let account = accounts.get(self.row).map(|account| account.address.as_str());
        account.unwrap_or_else(|| aliases[self.row - accounts.len()].address.as_str())
    }
}

/// The best hits in some domains.
pub(super) fn search<'a>(listings: &'a [impl AsRef<Listing>], query: &Query) -> Vec<Hit<'a>> {
    let mut best = Best::default();
    let sections = listings.iter().flat_map(|listing| {
        let listing = listing.as_ref();
        let accounts = listing.accounts.len();
        let aliases = listing.aliases.len();
        [(listing, false, 0..accounts), (listing, true, accounts..accounts + aliases)]
    });
    let sections = sections.map(|(listing, is_alias, rows)| {
        let begin = match query.only_word() {
            Some(word) => listing.text.that_begin(rows.clone(), word),
            None => rows.start..rows.start,
        };
        for row in begin.clone().take(HITS) {
            let hit = Hit { listing, row };
            let is_it = query.only_word() == Some(hit.address().as_str());
            best.add(usize::from(!is_it), is_alias, hit);
        }
        (listing, is_alias, rows, begin)
    });
    for (listing, is_alias, rows, begin) in sections.collect::<Vec<_>>() {
        if best.is_full_before(2) {
            break;
        }
        look_through(listing, (is_alias, rows, begin), query, &mut best);
    }
    best.told()
}

/// Looks through the rows of one section but for those that are known to begin so.
fn look_through<'a>(
    listing: &'a Listing,
    (is_alias, rows, begin): (bool, Range<usize>, Range<usize>),
    query: &Query,
    best: &mut Best<'a>,
) {
    let text = &listing.text;
    let end = text.start(rows.end);
    let (mut row, mut found) = (rows.start, 0);
    let mut from = text.start(row);
    while let Some(at) = text.rows.as_bytes().get(from..end).and_then(|rest| query.longest.find(rest)) {
        while text.start(row + 1) <= from + at {
            row += 1;
        }
        let words = text.row(row);
        if !begin.contains(&row) && query.others.iter().all(|other| other.find(words.as_bytes()).is_some()) {
            let begins_parts = query.begins_parts(words);
            found += usize::from(begins_parts);
            best.add(if begins_parts { 2 } else { 3 }, is_alias, Hit { listing, row });
            // The further ones of this domain stand behind these.
            if found >= HITS {
                return;
            }
        }
        row += 1;
        from = text.start(row);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;
    use crate::model::AutoReply;

    fn account(address: &str, name: &str) -> Mailbox {
        let address = Address::parse(address).unwrap();
        let auto_reply = AutoReply::default();
        let (antivirus, reject_spam, created, modified) = (true, false, None, None);
        let (quota_gib, antispam_level, display_name) = (1, 3, name.to_owned());
        Mailbox::Account(Box::new(Account {
            address,
            display_name,
            quota_gib,
            antispam_level,
            antivirus,
            reject_spam,
            auto_reply,
            created,
            modified,
        }))
    }

    fn alias(address: &str, targets: &[&str]) -> Mailbox {
        let targets = targets.iter().map(|&target| target.to_owned()).collect();
        Mailbox::Alias(Alias { address: Address::parse(address).unwrap(), display_name: address.to_owned(), targets })
    }

    fn found(mailboxes: &[Mailbox], query: &str) -> Vec<String> {
        let (some, others) = mailboxes.split_at(mailboxes.len() / 2);
        let listings = [some, others].map(|part| Arc::new(Listing::new(part.to_vec(), Timestamp::UNIX_EPOCH)));
        let query = Query::read(query).unwrap();
        search(&listings, &query).iter().map(|hit| hit.address().to_string()).collect()
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
