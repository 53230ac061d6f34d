//! What the provider says about a person: only the claims that are asked for are read, each in any shape that providers
//! write it in and for no more than it says. All others may be what they like.

use serde_json::{Map, Value};

/// Claims of an ID token or of the user info.
pub(super) struct Claims(Map<String, Value>);

impl Claims {
    /// `None` where it is no JSON object.
    pub fn read(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok().map(Self)
    }

    /// The claim as it stands; null is none.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text that says something.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str().filter(|text| says_something(text))
    }

    /// A list of texts, or one text alone. `None` where it is missing or anything else is among them.
    pub fn texts(&self, name: &str) -> Option<Vec<&str>> {
        match self.get(name)? {
            Value::String(text) => Some(vec![text]),
            Value::Array(texts) => texts.iter().map(Value::as_str).collect(),
            _ => None,
        }
    }

    /// Whether it is true, and not merely something like it.
    pub fn is_true(&self, name: &str) -> bool {
        match self.get(name) {
            Some(Value::Bool(is_true)) => *is_true,
            Some(Value::String(text)) => text == "true",
            _ => false,
        }
    }

    /// Seconds since 1970 UTC, as a number or as digits. `Err` where it is something else.
    pub fn second(&self, name: &str) -> Result<Option<i64>, NoMoment> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let second = match value {
            Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(whole)),
            Value::String(digits) => digits.parse().ok(),
            _ => None,
        };
        second.map(Some).ok_or(NoMoment)
    }
}

/// Whether a text is more than white space.
pub(super) fn says_something(text: &str) -> bool {
    !text.trim().is_empty()
}

/// A claim that should say when does not.
pub(super) struct NoMoment;

/// Some count in fractions of a second.
fn whole(second: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "fractions are to go, and the range is looked at")]
    (second.abs() < 1e15).then_some(second as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(json: &str) -> Claims {
        Claims::read(json.as_bytes()).unwrap()
    }

    #[test]
    fn only_true_is_true() {
        let said = claims(
            r#"{"a": true, "b": "true", "c": "True", "d": 1, "e": "yes", "f": false, "g": null, "h": ["true"]}"#,
        );
        assert!(said.is_true("a") && said.is_true("b"));
        for name in ["c", "d", "e", "f", "g", "h", "missing"] {
            assert!(!said.is_true(name), "{name}");
        }
    }

    #[test]
    fn moments_are_numbers_in_any_spelling() {
        let said =
            claims(r#"{"a": 1764331200, "b": 1764331200.75, "c": "1764331200", "d": "soon", "e": 1e300, "f": [1]}"#);
        for name in ["a", "b", "c"] {
            assert_eq!(said.second(name).ok(), Some(Some(1_764_331_200)), "{name}");
        }
        for name in ["d", "e", "f"] {
            assert!(said.second(name).is_err(), "{name}");
        }
        assert_eq!(said.second("missing").ok(), Some(None));
    }

    #[test]
    fn a_list_is_read_whole_or_not_at_all() {
        let said = claims(r#"{"a": ["x", "y"], "b": "x", "c": [], "d": ["x", 1], "e": {"x": 1}, "f": null}"#);
        assert_eq!(said.texts("a"), Some(vec!["x", "y"]));
        assert_eq!(said.texts("b"), Some(vec!["x"]));
        assert_eq!(said.texts("c"), Some(vec![]));
        for name in ["d", "e", "f", "missing"] {
            assert_eq!(said.texts(name), None, "{name}");
        }
        assert!(Claims::read(b"[]").is_none() && Claims::read(b"\xff").is_none());
    }
}
