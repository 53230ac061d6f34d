//! The filter of the audit page, as a person fills it in: read field by field, with a sentence where one can't be read.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::model::{Address, AuditKind, DomainName, OperationState, StaffName, moment};
use crate::services::audit::AuditFilter;
use crate::texts::Texts;

/// What stands in the fields; an empty one asks for nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    pub kind: String,
    pub staff: String,
    pub address: String,
    pub domain: String,
    pub outcome: String,
    /// A day or a moment in the panel's zone, as `to`.
    pub from: String,
    pub to: String,
}

/// The sentence at each field; empty where there is nothing to say.
#[derive(Clone, Debug, Default)]
pub(super) struct Problems {
    pub kind: &'static str,
    pub staff: &'static str,
    pub address: &'static str,
    pub domain: &'static str,
    pub outcome: &'static str,
    pub from: &'static str,
    pub to: &'static str,
}

impl Problems {
    pub const fn are_none(&self) -> bool {
        self.kind.is_empty()
            && self.staff.is_empty()
            && self.address.is_empty()
            && self.domain.is_empty()
            && self.outcome.is_empty()
            && self.from.is_empty()
            && self.to.is_empty()
    }
}

impl Fields {
    /// The filter that the fields ask for, and what could not be read.
    pub fn read(&self, zone: &TimeZone, say: Texts) -> (AuditFilter, Problems) {
        let mut problems = Problems::default();
        let filter = AuditFilter {
            kind: read(&self.kind, &mut problems.kind, say.bad_filter_choice(), AuditKind::named),
            staff_name: read(&self.staff, &mut problems.staff, say.name_unfit(), |text| {
                StaffName::parse(text).ok().map(|name| name.to_string())
            }),
            address: read(&self.address, &mut problems.address, say.bad_filter_address(), |text| {
                Address::parse(text).ok()
            }),
            domain: read(&self.domain, &mut problems.domain, say.bad_filter_domain(), |text| {
                DomainName::parse(text).ok()
            }),
            state: read(&self.outcome, &mut problems.outcome, say.bad_filter_choice(), ended),
            from: read(&self.from, &mut problems.from, say.bad_filter_time(), |text| moment::beginning(text, zone)),
            until: read(&self.to, &mut problems.to, say.bad_filter_time(), |text| moment::end(text, zone)),
            after: None,
            before: None,
        };
        if is_backwards(filter.from, filter.until) {
            problems.to = say.bad_filter_order();
        }
        (filter, problems)
    }

    /// Whether one of the fields below the fold is filled in.
    pub const fn go_below(&self) -> bool {
        !(self.domain.is_empty() && self.outcome.is_empty() && self.from.is_empty() && self.to.is_empty())
    }

    /// The query of a link that keeps the filter and begins at a row: `before` or `after` that one.
    pub fn query(&self, way: &str, seq: i64) -> String {
        let fields = [
            ("kind", &self.kind),
            ("staff", &self.staff),
            ("address", &self.address),
            ("domain", &self.domain),
            ("outcome", &self.outcome),
            ("from", &self.from),
            ("to", &self.to),
        ];
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields.into_iter().filter(|(_, value)| !value.is_empty()))
            .append_pair(way, &seq.to_string())
            .finish()
    }
}

fn read<T>(
    text: &str,
    problem: &mut &'static str,
    sentence: &'static str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let value = parse(text);
    if value.is_none() {
        *problem = sentence;
    }
    value
}

/// The state of that name, of those that an operation can end in.
fn ended(name: &str) -> Option<OperationState> {
    OperationState::named(name).filter(|state| OperationState::ENDED.contains(state))
}

fn is_backwards(from: Option<Timestamp>, until: Option<Timestamp>) -> bool {
    matches!((from, until), (Some(from), Some(until)) if until <= from)
}
