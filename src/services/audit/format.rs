//! Rows of the audit as CSV and as JSON Lines.
//!
//! CSV is for people and their spreadsheets: RFC 4180, every field in quotes, and nothing in it that a spreadsheet would
//! take for a formula. JSON Lines is for programs: every value just as it is kept, with the MAC.

use jiff::Timestamp;
use serde::Serialize;

use crate::model::audit_head::hex;
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
    "detail",
    "client",
    "reference",
];

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    JsonLines,
}

impl Format {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Csv, Self::JsonLines];

    /// The name that the command line and links use, and the ending of a file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    /// The format of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// What stands before the first row.
    pub fn begin(self) -> String {
        match self {
            Self::Csv => csv_line(&COLUMNS),
            Self::JsonLines => String::new(),
        }
    }

    /// Some rows.
    pub fn rows(self, rows: &[AuditRecord]) -> String {
        rows.iter().map(|row| if self == Self::Csv { csv_row(row) } else { json_row(row) }).collect()
    }
}

fn csv_row(row: &AuditRecord) -> String {
    let (seq, at) = (row.seq.to_string(), iso(row.at));
    let text = |value: &'_ Option<String>| value.clone().unwrap_or_default();
    csv_line(&[
        &seq,
        &at,
        &row.kind,
        &text(&row.staff_id),
        &text(&row.staff_name),
        &text(&row.address),
        &text(&row.domain),
        &text(&row.operation_id),
        &text(&row.outcome),
        &text(&row.detail),
        &text(&row.client),
        &text(&row.reference),
    ])
}

/// A line of CSV after RFC 4180, with its end. Each field is read back as [`harmless`] made it.
pub fn csv_line(fields: &[&str]) -> String {
    let quoted: Vec<String> =
        fields.iter().map(|field| format!("\"{}\"", harmless(field).replace('"', "\"\""))).collect();
    format!("{}\r\n", quoted.join(","))
}

/// A value in which no spreadsheet finds a formula: an apostrophe stands before what would begin one, at the beginning
/// and after what some spreadsheets take for the end of a cell (in a Swedish one the semicolon).
pub fn harmless(value: &str) -> String {
    let mut safe = String::with_capacity(value.len() + 1);
    if value.starts_with(['\t', '\r', '\n']) {
        safe.push('\'');
    }
    let mut at_the_beginning = true;
    for sign in value.chars() {
        if at_the_beginning && begins_a_formula(sign) {
            safe.push('\'');
        }
        at_the_beginning = ends_a_cell(sign) || at_the_beginning && is_passed_over(sign);
        safe.push(sign);
    }
    safe
}

/// The signs of formulas, also in the full width that spreadsheets in East Asia take for the same.
const fn begins_a_formula(sign: char) -> bool {
    matches!(sign, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '−' | '﹢' | '﹣' | '﹦' | '﹫')
}

const fn ends_a_cell(sign: char) -> bool {
    matches!(sign, ';' | '\t' | '\r' | '\n')
}

/// Blanks, controls and what can't be seen at all.
fn is_passed_over(sign: char) -> bool {
    sign.is_whitespace()
        || sign.is_control()
        || matches!(sign, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[derive(Serialize)]
struct Line<'a> {
    seq: i64,
    at: String,
    kind: &'a str,
    staff_id: Option<&'a str>,
    staff_name: Option<&'a str>,
    address: Option<&'a str>,
    domain: Option<&'a str>,
    operation_id: Option<&'a str>,
    outcome: Option<&'a str>,
    detail: Option<&'a str>,
    client: Option<&'a str>,
    reference: Option<&'a str>,
    mac: String,
}

fn json_row(row: &AuditRecord) -> String {
    let line = Line {
        seq: row.seq,
        at: iso(row.at),
        kind: &row.kind,
        staff_id: row.staff_id.as_deref(),
        staff_name: row.staff_name.as_deref(),
        address: row.address.as_deref(),
        domain: row.domain.as_deref(),
        operation_id: row.operation_id.as_deref(),
        outcome: row.outcome.as_deref(),
        detail: row.detail.as_deref(),
        client: row.client.as_deref(),
        reference: row.reference.as_deref(),
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
