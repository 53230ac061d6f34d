//! Rows of the audit as CSV and as JSON Lines.
//!
//! CSV is for people and their spreadsheets. JSON Lines is for programs: every value just as it is kept, with the MAC.

use jiff::Timestamp;
use serde::Serialize;

use crate::model::audit_head::hex;
use crate::model::facts::{VOCABULARY, Value};
use crate::model::{Facts, Language};
use crate::services::csv::Csv;
use crate::store::AuditRecord;

/// The columns of the CSV, which are the first names of a line of JSON too.
const COLUMNS: [&str; 12] = [
    "seq",
    "at",
    "kind",
    "staff_id",
    "staff_name",
    "address",
    "domain",
    "operation_id",
    "outcome",
    "facts",
    "client",
    "reference",
];

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv(Csv),
    JsonLines,
}

impl Format {
    /// The name that the command line, links and the audit use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv(csv) => csv.name(),
            Self::JsonLines => "jsonl",
        }
    }

    /// The format of that name, for somebody who reads this language.
    pub fn named(name: &str, language: Language) -> Option<Self> {
        if name == Self::JsonLines.name() { Some(Self::JsonLines) } else { Csv::named(name, language).map(Self::Csv) }
    }

    /// How the name of a file ends.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv(_) => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    /// What stands before the first row.
    pub fn begin(self) -> String {
        match self {
            Self::Csv(csv) => csv.begin(&COLUMNS),
            Self::JsonLines => String::new(),
        }
    }

    /// Some rows.
    pub fn rows(self, rows: &[AuditRecord]) -> String {
        rows.iter()
            .map(|row| match self {
                Self::Csv(csv) => csv_row(csv, row),
                Self::JsonLines => json_row(row),
            })
            .collect()
    }
}

fn csv_row(csv: Csv, row: &AuditRecord) -> String {
    let (seq, at) = (row.seq.to_string(), iso(row.at));
    let text = |value: &'_ Option<String>| value.clone().unwrap_or_default();
    csv.line(&[
        &seq,
        &at,
        &row.kind,
        &text(&row.staff_id),
        &text(&row.staff_name),
        &text(&row.address),
        &text(&row.domain),
        &text(&row.operation_id),
        &text(&row.outcome),
        &in_a_cell(&row.known_facts()),
        &text(&row.client),
        &text(&row.reference),
    ])
}

/// Facts as `key=value; key=value`. A text in which a semicolon, comma or quote would be taken for the end of it is quoted as
/// in JSON; so each comes out again as it was.
fn in_a_cell(facts: &Facts) -> String {
    let cell = |text: &str| {
        let is_plain = !text.is_empty() && text.trim() == text && !text.contains([';', ',', '"']);
        if is_plain { text.to_owned() } else { serde_json::to_string(text).unwrap_or_default() }
    };
    let facts = facts.iter().map(|(fact, value)| {
        let value = match value {
            Value::Flag(flag) => flag.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => cell(text),
            Value::List(texts) => texts.iter().map(|text| cell(text)).collect::<Vec<_>>().join(","),
        };
        format!("{}={value}", fact.key())
    });
    facts.collect::<Vec<_>>().join("; ")
}

#[derive(Serialize)]
struct JsonRow<'a> {
    seq: i64,
    at: String,
    kind: &'a str,
    staff_id: Option<&'a str>,
    staff_name: Option<&'a str>,
    address: Option<&'a str>,
    domain: Option<&'a str>,
    operation_id: Option<&'a str>,
    outcome: Option<&'a str>,
    facts: Facts,
    /// The prose of a row that a version before the first release wrote; `facts` are read from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    client: Option<&'a str>,
    reference: Option<&'a str>,
    /// Of the facts.
    vocabulary: u32,
    staff_mac: Option<String>,
    mac: String,
}

fn json_row(row: &AuditRecord) -> String {
    let line = JsonRow {
        seq: row.seq,
        at: iso(row.at),
        kind: &row.kind,
        staff_id: row.staff_id.as_deref(),
        staff_name: row.staff_name.as_deref(),
        address: row.address.as_deref(),
        domain: row.domain.as_deref(),
        operation_id: row.operation_id.as_deref(),
        outcome: row.outcome.as_deref(),
        facts: row.known_facts(),
        detail: row.detail.as_deref(),
        client: row.client.as_deref(),
        reference: row.reference.as_deref(),
        vocabulary: VOCABULARY,
        staff_mac: row.staff_mac.as_deref().map(hex),
        mac: hex(&row.mac),
    };
    // Numbers and texts can always be written.
    let mut text = serde_json::to_string(&line).unwrap_or_default();
    text.push('\n');
    text
}

/// `2026-11-23T12:00:00.000Z`; what is no time that there can be stays a number.
fn iso(millis: i64) -> String {
    let at = Timestamp::from_millisecond(millis);
    at.map_or_else(|_| millis.to_string(), |at| at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Fact;

    fn read_back(text: &str) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        reader.records().map(|line| line.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    fn full(text: &str) -> AuditRecord {
        let text = || Some(text.to_owned());
        AuditRecord {
            seq: 7,
            at: 1_795_435_200_123,
            kind: "reset.shown".to_owned(),
            staff_id: text(),
            staff_name: text(),
            address: text(),
            domain: text(),
            operation_id: text(),
            outcome: text(),
            facts: Facts::new().with(Fact::Ticket, text().unwrap_or_default()).kept(),
            detail: None,
            client: text(),
            reference: None,
            staff_mac: None,
            mac: vec![0, 255],
        }
    }

    #[test]
    fn a_row_is_one_line_of_csv_and_one_of_json() {
        let begin = Format::Csv(Csv::Plain).begin();
        assert!(begin.starts_with("\"seq\",\"at\",\"kind\",") && begin.ends_with("\"\r\n"));
        assert_eq!(read_back(&begin), [COLUMNS]);
        let row = full("a \"b\", c\r\nd\u{2028}");
        let lines = read_back(&Format::Csv(Csv::Plain).rows(&[row.clone(), full("")]));
        assert_eq!(lines[0][..4], ["7", "2026-11-23T12:00:00.123Z", "reset.shown", "a \"b\", c\r\nd<U+2028>"]);
        assert_eq!((lines.len(), lines[0].len(), lines[1][3].as_str()), (2, COLUMNS.len(), ""));
        let text = Format::JsonLines.rows(&[row, full("=1")]);
        let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(
            (&lines[0]["seq"], &lines[0]["mac"], &lines[0]["reference"]),
            (&7.into(), &"00ff".into(), &().into())
        );
        assert_eq!((&lines[0]["at"], &lines[1]["facts"]["ticket"]), (&"2026-11-23T12:00:00.123Z".into(), &"=1".into()));
        let text = text.replace("{\"ticket\":", "");
        let names: Vec<_> =
            text.split(['{', ',']).filter_map(|part| part.strip_prefix('"')?.split_once("\":")).collect();
        assert!(COLUMNS.iter().zip(&names).all(|(column, (name, _))| column == name), "{names:?}");
    }

    #[test]
    fn facts_come_out_of_a_cell_again_as_they_were() {
        let facts = Facts::new().with(Fact::Ticket, "812; \"x\"").with(Fact::Person, "eva").with(Fact::App, true);
        let facts =
            facts.with(Fact::Targets, vec!["a@b.se".to_owned(), "c, d".to_owned()]).with(Fact::Accounts, 3_usize);
        let facts = facts.with(Fact::FilterText, "").with(Fact::Grants, Vec::new());
        let cell =
            r#"ticket="812; \"x\""; person=eva; grants=; app=true; targets=a@b.se,"c, d"; accounts=3; filter_text="#;
        assert_eq!(in_a_cell(&facts), format!("{cell}\"\""));
        assert_eq!(in_a_cell(&Facts::new()), "");
    }

    #[test]
    fn a_row_of_prose_is_told_as_facts_beside_what_it_says() {
        let prose = AuditRecord { detail: Some("812".to_owned()), facts: None, ..full("") };
        let prose = AuditRecord { kind: "reset.intent".to_owned(), ..prose };
        let json = |row: &AuditRecord| -> serde_json::Value {
            serde_json::from_str(&Format::JsonLines.rows(std::slice::from_ref(row))).unwrap()
        };
        let line = json(&prose);
        assert_eq!((&line["facts"]["ticket"], &line["detail"]), (&"812".into(), &"812".into()));
        assert_eq!(read_back(&Format::Csv(Csv::Plain).rows(&[prose]))[0][9], "ticket=812");
        let line = json(&full("812"));
        assert!(line.get("detail").is_none() && line["vocabulary"] == VOCABULARY, "{line}");
    }

    #[test]
    fn a_time_that_can_not_be_stays_a_number() {
        assert_eq!(iso(i64::MAX), i64::MAX.to_string());
        assert_eq!(iso(-1), "1969-12-31T23:59:59.999Z");
    }

    proptest! {
        #[test]
        fn json_lines_keep_every_value(value in "\\PC{0,20}|[\u{0}-\u{20}\u{7f}-\u{a0}\u{2028}\u{feff}\"\\\\]{0,8}") {
            let text = Format::JsonLines.rows(&[full(&value)]);
            prop_assert_eq!(text.matches('\n').count(), 1);
            let line: serde_json::Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(line["facts"]["ticket"].as_str(), Some(value.as_str()));
        }
    }
}
