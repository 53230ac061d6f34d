//! Whatever stands in the audit: its CSV is read back as it was written, and no cell of it is a formula.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nyckel::services::audit::format::{csv_line, harmless};

fuzz_target!(|fields: Vec<&str>| {
    if fields.is_empty() {
        return;
    }
    let line = csv_line(&fields);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("CSV")).collect();
    assert_eq!(records.len(), 1, "{line:?}");
    let written: Vec<String> = fields.iter().map(|field| harmless(field)).collect();
    assert!(records[0].iter().eq(&written), "{line:?}");
    for (field, cell) in fields.iter().zip(&written) {
        assert_eq!(cell.replace('\'', ""), field.replace('\'', ""), "nothing but apostrophes is added");
        assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell:?}");
    }
});
