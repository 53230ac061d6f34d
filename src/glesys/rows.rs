//! Cuts the rows out of the answer to `email/list` while it comes, so that neither a domain's size nor one row that can't
//! be read costs more than that row; used by [`super::line`].
//!
//! A row is an object in `response.list.emailaccounts` or `….emailaliases`, be that a list or, as PHP writes one with
//! gaps, an object; an object whose first value is none is itself the only row. Each is given out as it ends, and `{}` stands for it in what is left, which is judged and read like
//! any other answer. Never more is held than that and one row.

use zeroize::Zeroizing;

/// How long a row may be. An automatic reply of tens of thousands of characters has room in it.
const LONGEST_ROW: usize = 256 * 1024;
/// How deep what is looked at lies: the answer, its response, the list, the accounts, a row.
const ROW_DEPTH: usize = 4;
/// The names of what rows lie in, from outside.
const RESPONSE: &[u8] = b"response";
const LIST: &[u8] = b"list";
/// No name that counts is longer.
const LONGEST_NAME: usize = 16;

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowOf {
    Account,
    Alias,
}

/// What came in one piece of an answer.
pub(super) enum Cut<'a> {
    Row(RowOf, &'a [u8]),
    /// A row that is too long.
    Lost(RowOf),
}

/// The answer as far as it came.
pub(super) struct Rows {
    /// What is left without the rows.
    left: Zeroizing<Vec<u8>>,
    /// It is set aside once and never moves, so that no copy of it is left behind: clients know of passwords in it.
    row: Zeroizing<Vec<u8>>,
    /// How many brackets are open.
    depth: usize,
    /// Whether the names of the open brackets lead to rows so far, from outside.
    on_the_way: usize,
    text: Text,
    /// The text that is read or was read last, which is the name of what follows it.
    name: Vec<u8>,
    of: RowOf,
    place: Place,
    object: InObject,
}

/// Whether the rows lie in an object, which may be a row itself: its first value tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum InObject {
    No,
    BeforeName,
    BeforeValue,
    IsRow,
}

/// Whether what comes next is in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    Outside,
    Inside,
    /// After a backslash.
    Escaped,
}

/// Whether what comes next is in a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Outside,
    InRow,
    InLongRow,
}

impl Rows {
    pub(super) fn new() -> Self {
        Self {
            left: Zeroizing::default(),
            row: Zeroizing::new(Vec::with_capacity(LONGEST_ROW)),
            depth: 0,
            on_the_way: 0,
            text: Text::Outside,
            name: Vec::with_capacity(LONGEST_NAME + 1),
            of: RowOf::Account,
            place: Place::Outside,
            object: InObject::No,
        }
    }

    /// What is left without the rows.
    pub(super) fn left(&self) -> &[u8] {
        &self.left
    }

    pub(super) fn into_left(self) -> Zeroizing<Vec<u8>> {
        self.left
    }

    /// Takes the next piece of the answer and gives out the rows that end in it.
    pub(super) fn take(&mut self, piece: &[u8], mut give: impl FnMut(Cut<'_>)) {
        let mut from = 0;
        for (at, &byte) in piece.iter().enumerate() {
            if self.text != Text::Outside {
                self.read_text(byte);
                continue;
            }
            if self.is_in_only_row(byte) {
                self.put(&piece[from..at]);
                from = at;
                self.place = Place::InRow;
                self.row.extend_from_slice(&[b"{\"", self.name.as_slice(), b"\":"].concat());
            }
            match byte {
                b'"' => {
                    self.text = Text::Inside;
                    self.name.clear();
                }
                b'{' | b'[' => {
                    if self.begins_row(byte) {
                        self.put(&piece[from..at]);
                        from = at;
                        self.place = Place::InRow;
                    }
                    self.open(byte);
                }
                b'}' | b']' => {
                    self.close();
                    let is_only_row = self.object == InObject::IsRow;
                    if self.place != Place::Outside && self.depth == ROW_DEPTH - usize::from(is_only_row) {
                        self.put(&piece[from..=at]);
                        from = at + 1;
                        let is_lost = self.place == Place::InLongRow;
                        (self.place, self.object) = (Place::Outside, InObject::No);
                        self.left.extend_from_slice(if is_only_row { b"{}}" } else { b"{}" });
                        give(if is_lost { Cut::Lost(self.of) } else { Cut::Row(self.of, &self.row) });
                        self.row.clear();
                    }
                }
                _ => {}
            }
        }
        self.put(&piece[from..]);
    }

    fn read_text(&mut self, byte: u8) {
        match byte {
            _ if self.text == Text::Escaped => self.text = Text::Inside,
            b'\\' => self.text = Text::Escaped,
            b'"' => self.text = Text::Outside,
            _ if self.name.len() <= LONGEST_NAME => self.name.push(byte),
            _ => {}
        }
    }

    fn begins_row(&self, byte: u8) -> bool {
        self.place == Place::Outside && byte == b'{' && self.depth == ROW_DEPTH && self.on_the_way == ROW_DEPTH
    }

    /// Whether what begins here is the first value of an object that is itself the only row. PHP numbers the others.
    fn is_in_only_row(&mut self, byte: u8) -> bool {
        self.object = match (self.object, byte) {
            (InObject::BeforeName, b':') | (InObject::BeforeValue, b' ' | b'\t' | b'\r' | b'\n') => {
                InObject::BeforeValue
            }
            (InObject::BeforeName, b'}') | (InObject::BeforeValue, b'{') => InObject::No,
            (InObject::BeforeValue, _) if self.name.iter().all(u8::is_ascii_digit) => InObject::No,
            (InObject::BeforeValue, _) => {
                self.object = InObject::IsRow;
                return true;
            }
            (object, _) => object,
        };
        false
    }

    fn open(&mut self, byte: u8) {
        if self.place == Place::Outside && self.on_the_way == self.depth && self.leads_on() {
            self.on_the_way += 1;
            if self.on_the_way == ROW_DEPTH {
                self.object = if byte == b'{' { InObject::BeforeName } else { InObject::No };
            }
        }
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.on_the_way = self.on_the_way.min(self.depth);
    }

    /// Whether the bracket that opens now is on the way to the rows.
    fn leads_on(&mut self) -> bool {
        match (self.depth, self.name.as_slice()) {
            (0, _) | (1, RESPONSE) | (2, LIST) => true,
            (3, b"emailaccounts") => {
                self.of = RowOf::Account;
                true
            }
            (3, b"emailaliases") => {
                self.of = RowOf::Alias;
                true
            }
            _ => false,
        }
    }

    fn put(&mut self, bytes: &[u8]) {
        match self.place {
            Place::Outside => self.left.extend_from_slice(bytes),
            Place::InRow if self.row.len() + bytes.len() <= LONGEST_ROW => self.row.extend_from_slice(bytes),
            Place::InRow | Place::InLongRow => self.place = Place::InLongRow,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows, what is left, and how many were lost, however the answer is cut into pieces.
    fn cut(answer: &str) -> (Vec<(RowOf, String)>, String, usize) {
        let cut_in = |length: usize| {
            let (mut rows, mut given, mut lost) = (Rows::new(), Vec::new(), 0);
            for piece in answer.as_bytes().chunks(length.max(1)) {
                rows.take(piece, |cut| match cut {
                    Cut::Row(of, row) => given.push((of, String::from_utf8(row.to_vec()).unwrap())),
                    Cut::Lost(_) => lost += 1,
                });
            }
            (given, String::from_utf8(rows.left().to_vec()).unwrap(), lost)
        };
        let whole = cut_in(answer.len());
        for length in [1, 2, 3, 7, 64] {
            assert_eq!(cut_in(length), whole, "pieces of {length}");
        }
        whole
    }

    #[test]
    fn rows_are_cut_out_of_lists_and_of_objects() {
        let (rows, left, lost) =
            cut(r#"{"response":{"status":{"code":200},"list":{"emailaccounts":[{"a":"}]\"{"},{"b":[{"c":1}]}],
            "emailaliases":{"0":{"d":2},"4":{"e":3}}},"debug":{"list":{"emailaccounts":[{"x":1}]}}}}"#);
        let expected = [
            (RowOf::Account, r#"{"a":"}]\"{"}"#),
            (RowOf::Account, r#"{"b":[{"c":1}]}"#),
            (RowOf::Alias, r#"{"d":2}"#),
            (RowOf::Alias, r#"{"e":3}"#),
        ];
        assert_eq!(rows, expected.map(|(of, row)| (of, row.to_owned())));
        assert!(left.contains(r#""emailaccounts":[{},{}]"#) && left.contains(r#"{"0":{},"4":{}}"#), "{left}");
        assert!(left.contains(r#"{"x":1}"#), "what only looks like rows stays: {left}");
        assert_eq!(lost, 0);
    }

    #[test]
    fn an_object_in_the_place_of_rows_may_be_the_only_one() {
        let (rows, left, _) = cut(r#"{"response":{"list":{"emailaccounts":{ "emailaccount" : "a}@x.se","b":{"c":[1]}},
            "emailaliases":{"emailalias":null}},"status":{"code":200}}}"#);
        let expected =
            [(RowOf::Account, r#"{"emailaccount":"a}@x.se","b":{"c":[1]}}"#), (RowOf::Alias, r#"{"emailalias":null}"#)];
        assert_eq!(rows, expected.map(|(of, row)| (of, row.to_owned())));
        assert!(left.contains(r#""emailaliases":{"emailalias":{}}},"status":{"code":200}}}"#), "{left}");
        let (rows, ..) = cut(r#"{"response":{"list":{"emailaccounts":{"0":null,"1":{"a":1}},"emailaliases":{}}}}"#);
        assert_eq!(rows, [(RowOf::Account, r#"{"a":1}"#.to_owned())]);
    }

    #[test]
    fn what_stands_in_the_place_of_rows_stays() {
        for answer in
            ["", "null", "[[[[{}]]]]", r#"{"response":{"list":{"emailaccounts":["x",1,null,[{}]]}}}"#, "}}]]{"]
        {
            let (rows, left, _) = cut(answer);
            assert_eq!((rows, left.as_str()), (Vec::new(), answer));
        }
    }

    #[test]
    fn a_row_that_is_too_long_is_lost_alone() {
        let long = "x".repeat(LONGEST_ROW);
        let answer = format!(r#"{{"response":{{"list":{{"emailaccounts":[{{"a":"{long}"}},{{"b":1}}]}}}}}}"#);
        let (mut rows, mut given, mut lost) = (Rows::new(), 0, 0);
        for piece in answer.as_bytes().chunks(1000) {
            rows.take(piece, |cut| if matches!(cut, Cut::Lost(RowOf::Account)) { lost += 1 } else { given += 1 });
        }
        assert_eq!((given, lost), (1, 1));
        assert_eq!(rows.left(), br#"{"response":{"list":{"emailaccounts":[{},{}]}}}"#);
    }
}
