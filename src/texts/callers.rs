//! How staff checked who asks for a new password: what pages ask, and what they say of it afterwards.

use super::{Texts, sentences};
use crate::model::caller_checks::LONGEST_TEXT;
use crate::model::{CallerCheck, CallerProblem};

sentences! {
    caller_choose: "How did you check who is asking?" / "Hur har du kontrollerat identiteten?";
    caller_missing: "Choose how you checked who is asking." / "Ange hur du har kontrollerat identiteten.";
    caller_not_enough:
        "What you chose isn’t enough here any longer. Choose one of these."
        / "Det du valde räcker inte längre här. Välj något av de här sätten.";
    caller_left_of(text: &str):
        "You typed {text}. It is no longer needed." / "Du skrev {text}. Det behövs inte längre.";
    caller_text_missing: "Required for this check." / "Obligatoriskt för den här kontrollen.";
    caller_part(enough_for: usize, of: usize):
        "Enough for {enough_for} of the {of} accounts that need a check. The others are left out."
        / "Räcker för {enough_for} av de {of} konton som kräver en kontroll. De andra hoppas över.";
    left_out_caller:
        "The way you checked who was asking isn’t enough for this account."
        / "Sättet du kontrollerade identiteten på räcker inte för det här kontot.";
    caller_check_of(what: &str): "caller check: {what}" / "identitetskontroll: {what}";
    caller_sentence_of(what: &str): "Caller check: {what}." / "Identitetskontroll: {what}.";
}

impl Texts {
    /// What is wrong with what somebody chose or typed.
    pub fn caller_problem(self, problem: CallerProblem) -> String {
        match problem {
            CallerProblem::Missing => self.caller_missing().to_owned(),
            CallerProblem::NotEnough => self.caller_not_enough().to_owned(),
            CallerProblem::TextMissing => self.caller_text_missing().to_owned(),
            CallerProblem::TextTooLong => self.ticket_too_long(LONGEST_TEXT),
        }
    }

    /// What somebody typed for a way that is offered no more.
    pub fn caller_left(self, text: &str) -> String {
        self.caller_left_of(&self.typed(text))
    }

    /// How it was checked, in the middle of a line.
    pub fn caller_check(self, check: &CallerCheck) -> String {
        self.caller_check_of(&self.checked(check))
    }

    /// The same as a sentence.
    pub fn caller_sentence(self, check: &CallerCheck) -> String {
        self.caller_sentence_of(&self.checked(check))
    }

    /// By the company's name for it, and what was typed.
    fn checked(self, check: &CallerCheck) -> String {
        let text = check.text.as_ref().map(|text| format!(" ({})", self.typed(text)));
        format!("{}{}", check.label, text.unwrap_or_default())
    }
}
