//! The grounds of an operation or a batch, in the columns that both have. Rows of versions without caller checks have none.

use sqlx::FromRow;

use crate::model::{CallerCheck, Grounds};

#[derive(FromRow)]
pub(super) struct GroundsRow {
    ticket: Option<String>,
    caller_way: Option<String>,
    caller_label: Option<String>,
    caller_text: Option<String>,
}

impl From<GroundsRow> for Grounds {
    fn from(row: GroundsRow) -> Self {
        let caller = row.caller_way.map(|way| {
            let label = row.caller_label.unwrap_or_else(|| way.clone());
            CallerCheck { way, label, text: row.caller_text }
        });
        Self { ticket: row.ticket, caller }
    }
}

/// The check in its three columns.
pub(super) fn kept_caller(check: Option<&CallerCheck>) -> [Option<&str>; 3] {
    [
        check.map(|check| check.way.as_str()),
        check.map(|check| check.label.as_str()),
        check.and_then(|check| check.text.as_deref()),
    ]
}
