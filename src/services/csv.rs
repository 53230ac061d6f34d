//! CSV, for people and their spreadsheets: every field in quotes, and nothing in it that a spreadsheet would take for a
//! formula.

use crate::model::Language;
use crate::model::shown::shown;

/// Without it Excel reads text in the machine's old code page.
const MARK: &str = "\u{feff}";

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Csv {
    /// As RFC 4180 says.
    Plain,
    /// As Excel opens it with a double click, set to this language: the fields are separated by what its lists are.
    Excel(Language),
}

impl Csv {
    /// The name that links and the audit use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "csv",
            Self::Excel(_) => "excel",
        }
    }

    /// What has that name, for somebody who reads this language.
    pub fn named(name: &str, language: Language) -> Option<Self> {
        [Self::Plain, Self::Excel(language)].into_iter().find(|csv| csv.name() == name)
    }

    /// What stands before the first row.
    pub fn begin(self, columns: &[&str]) -> String {
        let mark = if self == Self::Plain { "" } else { MARK };
        format!("{mark}{}", self.line(columns))
    }

    /// A line with its end. Each field is read back as [`harmless`] made it.
    pub fn line(self, fields: &[&str]) -> String {
        let quoted: Vec<String> =
            fields.iter().map(|field| format!("\"{}\"", harmless(field).replace('"', "\"\""))).collect();
        format!("{}\r\n", quoted.join(self.separator()))
    }

    const fn separator(self) -> &'static str {
        match self {
            Self::Plain | Self::Excel(Language::English) => ",",
            Self::Excel(Language::Swedish) => ";",
        }
    }
}

/// A value in which nothing acts on a terminal ([`shown`]) and no spreadsheet finds a formula: an apostrophe stands before
/// one that begins with a formula's character, and before what does so after a character that some spreadsheets take for the end of a
/// cell (in a Swedish one the semicolon).
pub fn harmless(value: &str) -> String {
    let value = &shown(value);
    let mut safe = String::with_capacity(value.len() + 1);
    if value.starts_with(['\t', '\r', '\n']) || begins_a_formula(value) {
        safe.push('\'');
    }
    for (place, cell) in value.split_inclusive([';', '\t', '\r', '\n']).enumerate() {
        if place > 0 && begins_a_formula(cell) {
            safe.push('\'');
        }
        safe.push_str(cell);
    }
    safe
}

/// Whether the first character that counts is one of formulas, also in the full width that spreadsheets take for the same.
fn begins_a_formula(text: &str) -> bool {
    let text = text.trim_start_matches(is_passed_over);
    text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '−', '﹢', '﹣', '﹦', '﹫'])
}

/// Blanks, controls, what can't be seen at all, and the quotes that a spreadsheet takes off.
fn is_passed_over(sign: char) -> bool {
    let is_unseen = matches!(u32::from(sign), 0xAD | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFEFF);
    sign.is_whitespace() || sign.is_control() || sign == '"' || is_unseen
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read_back(csv: Csv, text: &str) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new();
        let mut reader = reader
            .has_headers(false)
            .flexible(true)
            .delimiter(csv.separator().as_bytes()[0])
            .from_reader(text.as_bytes());
        reader.records().map(|line| line.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn excel_finds_letters_and_columns_in_the_readers_language() {
        let of = |csv: Csv| csv.begin(&["a;b", "å"]);
        assert_eq!(of(Csv::Plain), "\"a;b\",\"å\"\r\n");
        assert_eq!(of(Csv::Excel(Language::English)), "\u{feff}\"a;b\",\"å\"\r\n");
        assert_eq!(of(Csv::Excel(Language::Swedish)), "\u{feff}\"a;b\";\"å\"\r\n");
        assert_eq!(Csv::named("excel", Language::Swedish), Some(Csv::Excel(Language::Swedish)));
        assert_eq!(Csv::named("xlsx", Language::Swedish), None);
    }

    #[test]
    fn what_a_spreadsheet_would_take_for_a_formula_is_told_as_text() {
        for value in ["=1+1", "+46 70", "-1", "@SUM(A1)", "＝1+1", "＠x", "\tx", "\rx", "\nx", "−1"] {
            assert_eq!(harmless(value), format!("'{value}"));
        }
        for value in ["  =1+1", "\u{a0}\u{200c}\u{200d}=1", "\"=1\"", "\u{3000}＝1"] {
            assert_eq!(harmless(value), format!("'{value}"), "what stands before it does not count");
        }
        for (value, safe) in [
            ("\t=1", "'\t'=1"),
            ("x;=cmd|' /C calc'!A0", "x;'=cmd|' /C calc'!A0"),
            ("x;\"=cmd|' /C calc'!A0;y", "x;'\"=cmd|' /C calc'!A0;y"),
            (" \u{0}-1", " <U+0000>-1"),
            ("\u{1b}[2J\u{202e}=1", "<U+001B>[2J<U+202E>=1"),
            ("\u{200b}\u{feff}=1", "<U+200B><U+FEFF>=1"),
            ("x\r\n@SUM(A1)", "x\r\n'@SUM(A1)"),
            ("x; \t -1", "x; \t' -1"),
        ] {
            assert_eq!(harmless(value), safe);
        }
        for value in ["", "812", "a-b@example.se", "unknown: timeout", "csv; kind=reset.shown", "'=1", "1=1", "åäö"]
        {
            assert_eq!(harmless(value), value);
        }
    }

    proptest! {
        #[test]
        fn every_field_is_read_back_as_it_was_written(fields in prop::collection::vec(".{0,12}|[=+@\t\r\n\",; -]{0,8}", 1..6)) {
            let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
            let safe: Vec<String> = fields.iter().map(|field| harmless(field)).collect();
            for csv in [Csv::Plain, Csv::Excel(Language::Swedish)] {
                prop_assert_eq!(read_back(csv, &csv.line(&fields)), vec![safe.clone()]);
            }
        }

        #[test]
        fn no_cell_begins_a_formula_whatever_a_spreadsheet_takes_for_the_end_of_one(value in "[=+@;\t\r\n\" a\u{a0}＝-]{0,12}") {
            let safe = harmless(&value);
            for cell in safe.split([';', '\t', '\r', '\n']) {
                let cell = cell.trim_start_matches(['"', ' ', '\u{a0}']);
                prop_assert!(!cell.starts_with(['=', '+', '@', '-', '＝']), "{safe:?}");
            }
            prop_assert_eq!(safe.replace('\'', ""), value, "nothing but apostrophes is added");
        }
    }
}
