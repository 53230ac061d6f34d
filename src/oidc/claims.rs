//! What the provider says about a person: only the claims that are asked for are read, each in any shape that providers
//! write it in and for no more than it says. All others may be what they like.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::model::mended;

/// Claims of an ID token or of the user info.
pub(super) struct Claims(Map<String, Value>);

impl Claims {
    /// `None` where it is no JSON object. A claim that can't be read, such as a number beyond all numbers, costs no more than
    /// itself: it is there and says nothing.
    pub fn read(json: &[u8]) -> Option<Self> {
        let text = mended::text(json);
        let claims: HashMap<String, &RawValue> = serde_json::from_str(&text).ok()?;
        let read = |claim: &RawValue| serde_json::from_str(claim.get()).unwrap_or_else(|_| Map::new().into());
        Some(Self(claims.into_iter().map(|(name, claim)| (name, read(claim))).collect()))
    }

    /// The claim as it stands; null is none.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// The claim of that name, or else what the name leads to as a path with dots, such as Keycloak's `realm_access.roles`.
    pub fn at(&self, path: &str) -> Option<&Value> {
        at(&self.0, path)
    }

    /// A text that says something.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str().filter(|text| says_something(text))
    }

    /// What somebody is known by: such a text, or a whole number as its digits.
    pub fn subject(&self) -> Option<Cow<'_, str>> {
        match self.get("sub")? {
            Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string().into()),
            _ => self.text("sub").map(Cow::Borrowed),
        }
    }

    /// A list of texts, or one text alone. `None` where it is missing or anything else is among them.
    pub fn texts(&self, name: &str) -> Option<Vec<&str>> {
        texts(self.get(name)?)
    }

    /// Whether it is true, and not merely something like it.
    pub fn is_true(&self, name: &str) -> bool {
        match self.get(name) {
            Some(Value::Bool(is_true)) => *is_true,
            Some(Value::String(text)) => text == "true",
            _ => false,
        }
    }

    /// Seconds since 1970 UTC, as a number or as digits.
    pub fn second(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(whole)),
            Value::String(digits) => digits.parse().ok().or_else(|| digits.parse().ok().and_then(whole)),
            _ => None,
        }
    }
}

/// As of [`Claims::texts`].
pub(super) fn texts(claim: &Value) -> Option<Vec<&str>> {
    match claim {
        Value::String(text) => Some(vec![text]),
        Value::Array(texts) => texts.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

/// Names may have dots themselves, as a client's does in `resource_access.<client>.roles`: the longest one counts that is there.
fn at<'c>(claims: &'c Map<String, Value>, path: &str) -> Option<&'c Value> {
    let whole = claims.get(path).filter(|value| !value.is_null());
    let inside = |dot| at(claims.get(&path[..dot])?.as_object()?, &path[dot + 1..]);
    whole.or_else(|| path.rmatch_indices('.').find_map(|(dot, _)| inside(dot)))
}

/// Whether a text is more than white space, and whole. Two texts of which something was lost could be taken for one another.
pub(super) fn says_something(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(char::REPLACEMENT_CHARACTER)
}

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
    fn a_subject_is_a_text_or_a_whole_number() {
        for (json, wanted) in [
            (r#"{"sub": "77"}"#, Some("77")),
            (r#"{"sub": 77}"#, Some("77")),
            (r#"{"sub": 77.0}"#, None),
            (r#"{"sub": 123456789012345678901234567890}"#, None),
            (r#"{"sub": true}"#, None),
        ] {
            assert_eq!(claims(json).subject().as_deref(), wanted, "{json}");
        }
    }

    #[test]
    fn moments_are_numbers_in_any_spelling() {
        let said = claims(
            r#"{"a": 1764331200, "b": 1764331200.75, "c": "1764331200", "d": "soon", "e": 1e300, "f": [1],
                "g": "1764331200.123", "h": "", "i": "nan", "j": "1e999", "k": false}"#,
        );
        for name in ["a", "b", "c", "g"] {
            assert_eq!(said.second(name), Some(1_764_331_200), "{name}");
        }
        for name in ["d", "e", "f", "h", "i", "j", "k", "missing"] {
            assert_eq!(said.second(name), None, "{name}");
        }
    }

    #[test]
    fn a_claim_that_cant_be_read_costs_no_more_than_itself() {
        let deep = format!(r#"{{"x": {}{}, "sub": "eva"}}"#, "[".repeat(200), "]".repeat(200));
        for json in [
            &b"\xEF\xBB\xBF{\"x\": \"\xC5sa\", \"sub\": \"eva\"}"[..],
            br#"{"x": "\ud800x", "sub": "eva"}"#,
            br#"{"x": 1e999, "sub": "eva"}"#,
            br#"{"\ud800": -1e999, "x": {"y": [1e999]}, "sub": "eva"}"#,
            deep.as_bytes(),
        ] {
            let said = Claims::read(json).unwrap();
            assert_eq!(said.text("sub"), Some("eva"), "{}", String::from_utf8_lossy(json));
            assert!(said.get("x").is_some() && said.text("x").is_none() && said.second("x").is_none());
        }
        // Nobody is taken for somebody else by what was lost.
        assert_eq!(claims(r#"{"sub": "eva\ud800"}"#).text("sub"), None);
    }

    #[test]
    fn a_path_leads_to_what_lies_inside_where_no_claim_has_that_name() {
        let said = claims(
            r#"{"realm_access": {"roles": ["it"]}, "resource_access": {"my.panel": {"roles": "x"}, "my": 1}, "a": {"b": 1, "c": null},
                "a.b": 2, "a.c": null, "https://example.se/groups": ["y"]}"#,
        );
        let found = |path| said.at(path).map(ToString::to_string);
        assert_eq!(found("realm_access.roles").as_deref(), Some(r#"["it"]"#));
        assert_eq!(found("resource_access.my.panel.roles").as_deref(), Some(r#""x""#));
        assert_eq!(found("https://example.se/groups").as_deref(), Some(r#"["y"]"#));
        assert_eq!(found("a.b").as_deref(), Some("2"), "a claim of that very name");
        for path in ["a.c", "a.d", "a.b.c", "realm_access.roles.0", "realm_access.", ".roles", "", "."] {
            assert_eq!(found(path), None, "{path}");
        }
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
