//! The environment as typed, complete, validated values. `cli` reads it once; every problem is reported, not the first.

mod caller_checks;
mod closed;
mod hand_over;
mod help_desk;
mod limits;
mod mail;
mod named_domains;
mod networks;
mod owners;
mod postgres;
mod projects;
mod reading;
mod second_person;
mod secret_key;
mod serving;
mod settings;
mod single_sign_on;
mod smtp;
mod web;
mod zone;

use std::fmt;

pub use owners::OwnersDoor;
pub use projects::GlesysProject;
pub use reading::without_mark;
pub use serving::Hsts;
pub use settings::{Config, Database, LogFormat, Needs};
pub use single_sign_on::SingleSignOn;

/// A setting that can't be used: which one, what is wrong, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub name: String,
    pub sentence: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.sentence)
    }
}

/// Every problem that was found. The program does not start with any.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("The configuration can't be used:")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}
