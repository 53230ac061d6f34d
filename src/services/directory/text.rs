//! The text of one domain that the search looks through: a row for each account and alias, in lower case.
//!
//! A row is `address` as GleSYS lists it, and behind tabs whatever else finds it, in bare letters as a query is: the readable
//! address, the display name, an alias's targets, in every form that a person may type. Rows stand in order of address, and
//! the places where something begins in order of what begins there, so that much is found by halving.

use std::ops::Range;

use memchr::memchr;
use memchr::memmem::Finder;

use crate::model::address::of_target;
use crate::model::one_form::bare;
use crate::model::{Account, Address, Alias};

/// What a search looks through in one domain.
#[derive(Debug)]
pub(super) struct Text {
    rows: String,
    /// Where each row begins, and where the last one ends.
    starts: Vec<u32>,
    /// Where a part of an address or a word of a name begins: those of accounts, then those of aliases, each by what
    /// begins there.
    parts: [Vec<u32>; 2],
}

impl Text {
    pub fn of(accounts: &[Account], aliases: &[Alias]) -> Self {
        let mut text = Self { rows: String::new(), starts: vec![0], parts: [Vec::new(), Vec::new()] };
        for account in accounts {
            text.push(&account.address, &account.display_name, &[]);
        }
        for alias in aliases {
            text.push(&alias.address, &alias.display_name, alias.targets.as_deref().unwrap_or_default());
        }
        text.rows.shrink_to_fit();
        text.starts.shrink_to_fit();
        text.parts = [0..accounts.len(), accounts.len()..accounts.len() + aliases.len()].map(|rows| text.parts(rows));
        text
    }

    fn push(&mut self, address: &Address, display_name: &str, targets: &[String]) {
        self.rows.push_str(address.as_str());
        let readable = readable(address);
        if let Some(readable) = &readable {
            self.field(readable);
        }
        if !address.as_str().is_ascii() {
            self.field(address.as_str());
        }
        if display_name != address.as_str() && Some(display_name) != readable.as_deref() {
            self.field(display_name);
        }
        for target in targets {
            self.field(target);
            // Most are plain; the others are found in both forms.
            if let Some(parsed) = is_idn(target).then(|| of_target(target)).flatten() {
                self.field(parsed.as_str());
                self.field(&parsed.readable());
            }
        }
        self.rows.push('\n');
        self.starts.push(narrow(self.rows.len()));
    }

    fn field(&mut self, text: &str) {
        self.rows.push('\t');
        self.rows.extend(bare(text).chars().map(|character| if character.is_control() { ' ' } else { character }));
    }

    fn parts(&self, rows: Range<usize>) -> Vec<u32> {
        let mut parts: Vec<u32> = rows.flat_map(|row| self.parts_of(row)).collect();
        parts.sort_unstable_by(|a, b| self.from(*a).cmp(self.from(*b)).then(a.cmp(b)));
        parts.shrink_to_fit();
        parts
    }

    fn parts_of(&self, row: usize) -> impl Iterator<Item = u32> {
        let (start, words) = (self.start(row), self.row(row));
        let begins = begins(words);
        (0..words.len()).filter(move |at| begins(*at)).map(move |at| narrow(start + at))
    }

    /// What stands from here to the end of the row.
    pub fn from(&self, at: u32) -> &[u8] {
        let rest = &self.rows.as_bytes()[wide(at)..];
        memchr(b'\n', rest).map_or(rest, |end| &rest[..end])
    }

    /// The places where something begins with these letters, by what begins there.
    pub fn parts_with(&self, is_alias: bool, letters: &[u8]) -> &[u32] {
        let parts = &self.parts[usize::from(is_alias)];
        let begin = |place: usize| {
            let rest = &self.rows.as_bytes()[wide(parts[place])..];
            &rest[..rest.len().min(letters.len())]
        };
        let first = first_where(0..parts.len(), |place| begin(place) >= letters);
        &parts[first..first_where(first..parts.len(), |place| begin(place) > letters)]
    }

    /// The places among these rows where the letters stand.
    pub fn places_of<'a>(&'a self, rows: Range<usize>, letters: &'a Finder<'_>) -> impl Iterator<Item = usize> + 'a {
        let (from, end) = (self.start(rows.start), self.start(rows.end));
        letters.find_iter(&self.rows.as_bytes()[from..end]).map(move |at| from + at)
    }

    /// The row that a place is in.
    pub fn row_at(&self, at: usize) -> usize {
        self.starts.partition_point(|start| wide(*start) <= at).saturating_sub(1)
    }

    /// What stands at a place, to the end of its row, if something begins there.
    pub fn beginning_at(&self, at: usize) -> Option<&[u8]> {
        let row = self.row_at(at);
        begins(self.row(row))(at - self.start(row)).then(|| self.from(narrow(at)))
    }

    /// The rows in which a part begins with the word, each once, in order.
    pub fn with_part(&self, is_alias: bool, word: &str) -> Vec<usize> {
        let mut places = self.parts_with(is_alias, word.as_bytes()).to_vec();
        places.sort_unstable();
        let mut rows: Vec<_> = places.iter().map(|at| self.starts.partition_point(|start| start <= at) - 1).collect();
        rows.dedup();
        rows
    }

    /// The first of these rows in which something stands.
    pub fn next_with(&self, rows: Range<usize>, wanted: &Finder<'_>) -> Option<usize> {
        let (from, end) = (self.start(rows.start), self.start(rows.end));
        let at = narrow(from + wanted.find(self.rows.as_bytes().get(from..end)?)?);
        Some(self.starts.partition_point(|start| *start <= at) - 1)
    }

    fn start(&self, row: usize) -> usize {
        self.starts.get(row).map_or(self.rows.len(), |start| wide(*start))
    }

    pub fn row(&self, row: usize) -> &str {
        self.rows.get(self.start(row)..self.start(row + 1)).unwrap_or_default()
    }

    /// The rows among these whose address begins with the word.
    pub fn that_begin(&self, rows: Range<usize>, word: &str) -> Range<usize> {
        let begin = |row: usize| {
            let row = self.row(row).as_bytes();
            &row[..row.len().min(word.len())]
        };
        let first = first_where(rows.clone(), |row| begin(row) >= word.as_bytes());
        first..first_where(first..rows.end, |row| begin(row) > word.as_bytes())
    }
}

/// A place in a text. No answer of GleSYS is read that is a thousandth of the longest.
fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn wide(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

/// Whether something begins at a place in a row: a part of the address before its domain, a word of what follows it.
pub(super) fn begins(row: &str) -> impl Fn(usize) -> bool {
    let local = row.find('@').unwrap_or(0);
    let tail = row.find('\t').unwrap_or(row.len());
    move |at| match at.checked_sub(1).map(|before| row.as_bytes()[before]) {
        None => true,
        Some(before) if at < local => b".-_+".contains(&before),
        Some(before) => at > tail && b"\t -".contains(&before),
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
