//! The filter of the audit page, as a person fills it in: read field by field, with a sentence where one can't be read.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::model::{Address, AuditKind, DomainName, OperationState, StaffName, moment, pasted};
use crate::pages::faults::Place;
use crate::pages::field::Field;
use crate::services::audit::AuditFilter;
use crate::texts::Texts;

/// The fields as they stand; an empty one asks for nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    pub kind: Field,
    pub staff: Field,
    pub address: Field,
    pub domain: Field,
    pub outcome: Field,
    /// A day or a moment in the panel's zone, as `to`.
    pub from: Field,
    pub to: Field,
}

impl Fields {
    /// The filter that the fields ask for; where one can't be read, they say so.
    pub fn read(&mut self, zone: &TimeZone, say: Texts) -> Option<AuditFilter> {
        let name = |text: &str| {
            let pasted = || StaffName::parse(&pasted::one(text)?.readable()).ok();
            StaffName::parse(text).ok().or_else(pasted).map(|name| name.to_string())
        };
        // One that nobody could make any more is asked for as it is.
        let address = |text: &str| pasted::one(text).or_else(|| Address::parse(text).ok());
        let filter = AuditFilter {
            kind: read(&mut self.kind, say.bad_filter_choice(), AuditKind::named),
            staff_name: read(&mut self.staff, say.name_unfit(), name),
            address: read(&mut self.address, say.bad_filter_address(), address),
            domain: read(&mut self.domain, say.bad_filter_domain(), |text| DomainName::parse(text).ok()),
            state: read(&mut self.outcome, say.bad_filter_choice(), ended),
            from: read(&mut self.from, say.bad_filter_time(), |text| moment::beginning(text, zone)),
            until: read(&mut self.to, say.bad_filter_time(), |text| moment::end(text, zone)),
            after: None,
            before: None,
        };
        if is_backwards(filter.from, filter.until) {
            say.bad_filter_order().clone_into(&mut self.to.problem);
        }
        if self.are_wrong() { None } else { Some(filter) }
    }

    /// The fields, as they come on the page.
    pub fn places(&mut self, say: Texts) -> Vec<Place<'_>> {
        let Self { kind, staff, address, domain, outcome, from, to } = self;
        vec![
            Place::new("kind", say.what(), kind),
            Place::new("staff", say.who(), staff),
            Place::new("address", say.address(), address),
            Place::new("domain", say.domain(), domain),
            Place::new("outcome", say.outcome(), outcome),
            Place::new("from", say.time_from(), from),
            Place::new("to", say.time_to(), to),
        ]
    }

    fn named(&self) -> [(&'static str, &Field); 7] {
        let Self { kind, staff, address, domain, outcome, from, to } = self;
        [
            ("kind", kind),
            ("staff", staff),
            ("address", address),
            ("domain", domain),
            ("outcome", outcome),
            ("from", from),
            ("to", to),
        ]
    }

    pub fn are_wrong(&self) -> bool {
        self.named().iter().any(|(_, field)| field.is_wrong())
    }

    /// Whether any of them is filled in.
    pub fn are_filled_in(&self) -> bool {
        self.named().iter().any(|(_, field)| !field.value.is_empty())
    }

    /// Whether one of the fields below the fold is filled in.
    pub fn go_below(&self) -> bool {
        [&self.domain, &self.outcome, &self.from, &self.to].iter().any(|field| !field.value.is_empty())
    }

    /// The query of a link that keeps the filter and begins at a row: `before` or `after` that one.
    pub fn query(&self, way: &str, seq: i64) -> String {
        let filled_in = self.named().into_iter().filter(|(_, field)| !field.value.is_empty());
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(filled_in.map(|(name, field)| (name, &field.value)))
            .append_pair(way, &seq.to_string())
            .finish()
    }
}

fn read<T>(field: &mut Field, sentence: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
    let text = field.value.trim();
    if text.is_empty() {
        return None;
    }
    let value = parse(text);
    if value.is_none() {
        sentence.clone_into(&mut field.problem);
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
