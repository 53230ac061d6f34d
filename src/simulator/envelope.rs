//! The vendor's envelope around every answer: status, payload, and the caller's arguments echoed in clear.
//!
//! `door` makes one for each call; `faults` may bend it. JSON or XML, as the caller asked.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

use super::{moment, xml};

/// What stands beside the status in an answer, in order.
pub type Payload = Vec<(&'static str, Value)>;

/// Why a call was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status, and the code in the envelope.
    pub http: u16,
    /// The sentence in the envelope; GleSYS ends some with a line break.
    pub text: String,
}

impl Refusal {
    pub fn new(http: u16, text: impl Into<String>) -> Self {
        Self { http, text: text.into() }
    }

    /// GleSYS's answer to a thing that it doesn't have: 400, not 404, and a line break at the end (from the npm
    /// client's recordings).
    pub fn unknown(what: &str, name: &str) -> Self {
        Self::new(400, format!("Could not find {what} {name}\n"))
    }
}

/// JSON or XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Json,
    Xml,
}

impl Format {
    /// The `Content-Type` that goes with it.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Xml => "text/xml; charset=utf-8",
        }
    }
}

/// An answer before it becomes text.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// HTTP status.
    pub http: u16,
    /// Status in the envelope; usually the same.
    pub code: u16,
    pub text: String,
    /// When, in seconds since 1970.
    pub at: i64,
    pub payload: Payload,
    /// The caller's arguments, echoed.
    pub input: serde_json::Map<String, Value>,
}

impl Envelope {
    /// Puts the outcome of a call into the envelope.
    pub fn new(outcome: Result<Payload, Refusal>, at: i64, input: serde_json::Map<String, Value>) -> Self {
        match outcome {
            Ok(payload) => Self { http: 200, code: 200, text: "OK".to_owned(), at, payload, input },
            Err(Refusal { http, text }) => Self { http, code: http, text, at, payload: Vec::new(), input },
        }
    }

    /// The answer's body.
    pub fn render(&self, format: Format) -> String {
        match format {
            Format::Json => serde_json::to_string(&Outer(self)).unwrap_or_default(),
            Format::Xml => xml::document(&self.parts()),
        }
    }

    fn parts(&self) -> Parts<'_> {
        // PHP's empty array: GleSYS sends a list where there is nothing, an object otherwise.
        let input = if self.input.is_empty() { json!([]) } else { Value::Object(self.input.clone()) };
        let status = json!({ "code": self.code, "timestamp": moment::iso(self.at), "text": self.text });
        let mut parts = vec![("status", Cow::Owned(status))];
        parts.extend(self.payload.iter().map(|(name, value)| (*name, Cow::Borrowed(value))));
        parts.push(("debug", Cow::Owned(json!({ "input": input }))));
        parts
    }
}

/// What stands directly under `response`, in order.
pub type Parts<'a> = Vec<(&'static str, Cow<'a, Value>)>;

struct Outer<'a>(&'a Envelope);

struct Ordered<'a>(Parts<'a>);

impl Serialize for Outer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("response", &Ordered(self.0.parts()))?;
        map.end()
    }
}

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_envelope_is_the_vendors() {
        let envelope = Envelope::new(Ok(vec![("password", json!("S3cr3t}pw!"))]), 1_666_427_707, json_map());
        assert_eq!(
            envelope.render(Format::Json),
            concat!(
                r#"{"response":{"status":{"code":200,"text":"OK","timestamp":"2022-10-22T10:35:07+02:00"},"#,
                r#""password":"S3cr3t}pw!","debug":{"input":{"projectkey":"cl12345"}}}}"#
            )
        );
    }

    #[test]
    fn a_refusal_has_both_statuses_and_an_empty_echo_is_a_list() {
        let outcome = Err(Refusal::unknown("email account", "eva@example.se"));
        let envelope = Envelope::new(outcome, 0, serde_json::Map::new());
        assert_eq!((envelope.http, envelope.code), (400, 400));
        let body: Value = serde_json::from_str(&envelope.render(Format::Json)).unwrap();
        assert_eq!(body["response"]["status"]["text"], "Could not find email account eva@example.se\n");
        assert_eq!(body["response"]["debug"]["input"], json!([]));
    }

    fn json_map() -> serde_json::Map<String, Value> {
        serde_json::Map::from_iter([("projectkey".to_owned(), json!("cl12345"))])
    }
}
