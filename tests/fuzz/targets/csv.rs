//! Whatever stands in the audit: its CSV is read back as it was written, and no cell of it is a formula.

use nyckel::model::shown::shown;
use nyckel::services::csv::{Csv, harmless};

/// A field a piece of text between NULs.
pub fn check(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let fields: Vec<&str> = text.split('\0').collect();
    let line = Csv::Plain.line(&fields);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("CSV")).collect();
    assert_eq!(records.len(), 1, "{line:?}");
    let written: Vec<String> = fields.iter().map(|field| harmless(field)).collect();
    assert!(records[0].iter().eq(&written), "{line:?}");
    for (field, cell) in fields.iter().zip(&written) {
        assert_eq!(cell.replace('\'', ""), shown(field).replace('\'', ""), "nothing but apostrophes is added");
        assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell:?}");
    }
}
