//! A field of a form, as it was filled in and with what is wrong with it. `templates/parts.html` draws it.

use serde::{Deserialize, Deserializer};

#[derive(Clone, Debug, Default)]
pub struct Field {
    pub value: String,
    /// What is wrong, a sentence on each line; empty where nothing is.
    pub problem: String,
    /// Whether the person begins here. One field of a page at most.
    pub is_focused: bool,
}

impl Field {
    pub fn of(value: impl Into<String>) -> Self {
        Self { value: value.into(), ..Self::default() }
    }

    /// The field to begin with on a page where nothing is wrong.
    #[must_use]
    pub fn focused(self) -> Self {
        Self { is_focused: true, ..self }
    }

    #[must_use]
    pub fn wrong(self, problem: impl Into<String>) -> Self {
        Self { value: self.value, problem: problem.into(), is_focused: true }
    }

    pub const fn is_wrong(&self) -> bool {
        !self.problem.is_empty()
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(Self::of)
    }
}

/// Leaves the focus to the first field that is wrong. Whether one is.
pub fn focus_wrong<'a>(fields: impl IntoIterator<Item = &'a mut Field>) -> bool {
    let mut is_any = false;
    for field in fields {
        field.is_focused = field.is_wrong() && !is_any;
        is_any |= field.is_wrong();
    }
    is_any
}
