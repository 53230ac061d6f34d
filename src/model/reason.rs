//! What the company wants to know of why a password is reset: nothing, something, or a ticket of a certain form.

use regex_lite::Regex;

/// The longest reason or ticket, in characters.
pub const LONGEST_REASON: usize = 200;

/// What makes a pattern stand for all of a reason.
const BEFORE: &str = "^(?:";
const AFTER: &str = ")$";

/// Whether a reason is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asked {
    No,
    #[default]
    Optional,
    Required,
}

/// What a reason or ticket must look like.
#[derive(Clone, Debug, Default)]
pub struct ReasonPolicy {
    pub asked: Asked,
    /// What all of it must fit.
    pub pattern: Option<Regex>,
}

/// Why a reason is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReasonProblem {
    #[error("a reason is required")]
    Missing,
    #[error("the reason is longer than {LONGEST_REASON} characters")]
    TooLong,
    #[error("the reason does not fit the pattern")]
    DoesNotFit,
}

impl ReasonPolicy {
    /// Reads a pattern for reasons, which all of a reason must fit.
    ///
    /// # Errors
    /// What is wrong with the expression.
    pub fn pattern(text: &str) -> Result<Regex, regex_lite::Error> {
        Regex::new(&format!("{BEFORE}{text}{AFTER}"))
    }

    /// The pattern as it was configured, to be shown to people.
    pub fn form(&self) -> Option<&str> {
        self.pattern.as_ref()?.as_str().strip_prefix(BEFORE)?.strip_suffix(AFTER)
    }

    /// Reads what a person typed, a line of text.
    pub fn read(&self, typed: &str) -> Result<Option<String>, ReasonProblem> {
        let line = line(typed);
        if self.asked == Asked::No {
            return Ok(None);
        }
        if line.is_empty() {
            return if self.asked == Asked::Required { Err(ReasonProblem::Missing) } else { Ok(None) };
        }
        if line.chars().count() > LONGEST_REASON {
            return Err(ReasonProblem::TooLong);
        }
        if self.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(&line)) {
            return Err(ReasonProblem::DoesNotFit);
        }
        Ok(Some(line))
    }
}

/// A line of text as it was typed, without what a keyboard can't type there.
pub(super) fn line(typed: &str) -> String {
    let line: String = typed.chars().filter(|character| !character.is_control()).collect();
    line.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_asked_for_as_the_policy_says() {
        let policy =
            |asked, pattern: &str| ReasonPolicy { asked, pattern: Some(ReasonPolicy::pattern(pattern).unwrap()) };
        let ticket = policy(Asked::Required, "INC-[0-9]{3,}");
        assert_eq!(ticket.read(" INC-812\u{7} "), Ok(Some("INC-812".to_owned())));
        assert_eq!(ticket.read(" "), Err(ReasonProblem::Missing));
        assert_eq!((ticket.form(), ReasonPolicy::default().form()), (Some("INC-[0-9]{3,}"), None));
        for text in ["inc-812", "INC-81", "INC-812 and more", "x INC-812"] {
            assert_eq!(ticket.read(text), Err(ReasonProblem::DoesNotFit), "{text}");
        }
        let either = policy(Asked::Optional, "a|b");
        assert_eq!((either.read(""), either.read("ab")), (Ok(None), Err(ReasonProblem::DoesNotFit)));
        assert_eq!(policy(Asked::No, "x").read("anything"), Ok(None));
        assert_eq!(ReasonPolicy::default().read(&"å".repeat(201)), Err(ReasonProblem::TooLong));
    }
}
