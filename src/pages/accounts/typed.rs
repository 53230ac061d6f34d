//! What somebody typed into the page of a reset that is shown again, and what is wrong with it.

use crate::model::MailProblem;
use crate::pages::forms::Fields;
use crate::pages::stating::Judged;

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
}
