//! What somebody typed into the page of a reset that is shown again, and what is wrong with it.

use crate::model::MailProblem;
use crate::pages::Problem;
use crate::pages::forms::Fields;
use crate::pages::stating::Judged;
use crate::services::Failure;

/// What was typed, and what is wrong with it.
pub(super) struct Typed<'a> {
    pub fields: &'a Fields,
    pub judged: Judged,
    /// What is wrong with the proof; empty where nothing is.
    pub refused: &'a str,
    pub mail: Option<MailProblem>,
}

impl<'a> Typed<'a> {
    pub const fn new(fields: &'a Fields) -> Self {
        Self { fields, judged: Judged::No, refused: "", mail: None }
    }

    /// The same where the proof is wrong, with all else that is.
    pub const fn refused(self, sentence: &'a str) -> Self {
        Self { judged: Judged::Yes, refused: sentence, ..self }
    }

    /// The same after a refusal that is about what was typed, with all that is wrong at once: `missing` is said where a proof is.
    pub fn refused_for(self, failure: Failure, missing: &'a str) -> Result<Self, Problem> {
        let all = self.refused(missing);
        match failure {
            Failure::ProofTooOld | Failure::Reason(_) | Failure::Caller(_) => Ok(all),
            Failure::Mail(problem) => Ok(Self { mail: Some(problem), ..all }),
            failure => Err(failure.into()),
        }
    }
}
