//! The field for a reason or ticket, as the company wants it: of a reset or lock-out, of one account or of several.

use super::field::Field;
use crate::model::reason::{Asked, LONGEST_REASON, ReasonPolicy, ReasonProblem};
use crate::texts::Texts;

/// The field, where one is asked for.
pub struct Ticket {
    pub is_asked: bool,
    pub is_required: bool,
    pub label: String,
    /// Whether a reason is required and how it is written, before anything is typed.
    pub hint: String,
    pub most: usize,
    pub field: Field,
}

impl Ticket {
    pub fn new(say: Texts, reasons: &ReasonPolicy, typed: &str, problem: Option<ReasonProblem>) -> Self {
        let (field, label, form) = (Field::of(typed), say.ticket(), reasons.form());
        let required = (reasons.asked == Asked::Required).then(|| say.ticket_required().to_owned());
        let hint = [required, form.map(|form| say.ticket_form(form)), Some(say.ticket_hint().to_owned())];
        Self {
            is_asked: reasons.asked != Asked::No,
            is_required: reasons.asked == Asked::Required,
            label: if reasons.asked == Asked::Optional {
                format!("{label} {}", say.optional())
            } else {
                label.to_owned()
            },
            hint: hint.into_iter().flatten().collect::<Vec<_>>().join(" "),
            most: LONGEST_REASON,
            field: match problem {
                None => field,
                Some(ReasonProblem::Missing) => field.wrong(say.ticket_missing()),
                Some(ReasonProblem::TooLong) => field.wrong(say.ticket_too_long(LONGEST_REASON)),
                Some(ReasonProblem::DoesNotFit) => field.wrong(say.ticket_form(form.unwrap_or_default())),
            },
        }
    }

    /// The same where a message to the mailbox holds it, too.
    #[must_use]
    pub fn read_by_owners(self, say: Texts) -> Self {
        Self { hint: format!("{} {}", self.hint, say.ticket_read_by_owners()), ..self }
    }
}
