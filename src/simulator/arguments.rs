//! The arguments of a call: JSON body, form body, path pairs and query string, merged into one map.
//!
//! `door` reads them from the request, the functions in `api` ask for them by name. A body outranks the path, the
//! path outranks the query; GleSYS's order isn't known, and no known client sends the same argument twice.

use axum::http::{HeaderMap, Uri, header};
use serde_json::{Map, Value};

use super::envelope::{Format, Refusal};

/// What a caller sent along.
#[derive(Clone, Debug, Default)]
pub struct Arguments(Map<String, Value>);

impl Arguments {
    /// Reads all four places.
    ///
    /// # Errors
    /// A refusal when a body that calls itself JSON isn't a JSON object. An empty body is no argument, whatever it
    /// calls itself (GleSYS's Go client sends `account/info` like that).
    pub fn read(uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        let mut merged = Map::new();
        merged.extend(pairs(uri.query().unwrap_or_default().as_bytes()));
        let path: Vec<String> = segments(uri).skip(2).collect();
        merged.extend(path.chunks_exact(2).map(|pair| (pair[0].clone(), Value::from(pair[1].as_str()))));
        if !content_type(headers).contains("json") {
            merged.extend(pairs(body));
        } else if !body.is_empty() {
            let Ok(Value::Object(object)) = serde_json::from_slice(body) else {
                return Err(Refusal::new(400, "The request body is not a JSON object"));
            };
            merged.extend(object);
        }
        Ok(Self(merged))
    }

    /// The argument as text; numbers and truth values are written out, `null` and lists are no argument.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(truth) => Some(truth.to_string()),
            _ => None,
        }
    }

    /// An argument without which the function can't work.
    ///
    /// # Errors
    /// A refusal that names the missing argument.
    pub fn required(&self, name: &str) -> Result<String, Refusal> {
        let text = self.text(name).filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| Refusal::new(400, format!("Missing required argument {name}")))
    }

    /// A whole number, sent as such or as text.
    ///
    /// # Errors
    /// A refusal when it is none or lies outside `range`.
    pub fn number(&self, name: &str, range: std::ops::RangeInclusive<u64>) -> Result<Option<u64>, Refusal> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let number = text.trim().parse().ok().filter(|number| range.contains(number));
        number.map(Some).ok_or_else(|| {
            Refusal::new(400, format!("{name} must be a number from {} to {}", range.start(), range.end()))
        })
    }

    /// GleSYS's `yes` and `no`.
    ///
    /// # Errors
    /// A refusal when it is anything else.
    pub fn yes(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.text(name).as_deref() {
            None => Ok(None),
            Some("yes") => Ok(Some(true)),
            Some("no") => Ok(Some(false)),
            Some(_) => Err(Refusal::new(400, format!("{name} must be yes or no"))),
        }
    }

    /// Everything that was sent, for the echo in `debug.input`.
    pub const fn all(&self) -> &Map<String, Value> {
        &self.0
    }

    /// In which format the caller wants the answer: `format=`, then `Accept`, then a JSON body, else XML.
    pub fn format(&self, headers: &HeaderMap) -> Format {
        let asked = self.text("format").unwrap_or_default();
        let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        for wish in [asked.as_str(), accept] {
            if wish.contains("json") {
                return Format::Json;
            }
            if wish.contains("xml") {
                return Format::Xml;
            }
        }
        if content_type(headers).contains("json") { Format::Json } else { Format::Xml }
    }
}

/// The decoded parts of the path.
pub fn segments(uri: &Uri) -> impl Iterator<Item = String> {
    uri.path().split('/').filter(|segment| !segment.is_empty()).map(decoded)
}

fn decoded(segment: &str) -> String {
    // In a path only %XX is special; the form decoder would take these three characters for its own.
    let quoted = segment.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    url::form_urlencoded::parse(quoted.as_bytes()).next().map(|(text, _)| text.into_owned()).unwrap_or_default()
}

fn pairs(form: &[u8]) -> impl Iterator<Item = (String, Value)> {
    url::form_urlencoded::parse(form).map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())))
}

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(uri: &str, content_type: &str, body: &str) -> Arguments {
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, content_type.parse().unwrap())]);
        Arguments::read(&uri.parse().unwrap(), &headers, body.as_bytes()).map_err(|_| ()).unwrap()
    }

    #[test]
    fn all_four_places_end_up_in_one_map() {
        let arguments = read("/email/list/page/2?filter=a%40b.se&x=1", "application/json", r#"{"antispamlevel": 3}"#);
        assert_eq!(arguments.text("page").as_deref(), Some("2"));
        assert_eq!(arguments.text("filter").as_deref(), Some("a@b.se"));
        assert!(matches!(arguments.number("antispamlevel", 0..=5), Ok(Some(3))));
        let form = read("/email/list", "application/x-www-form-urlencoded", "goto=a%40b.se%2Cc%40d.se");
        assert_eq!(form.text("goto").as_deref(), Some("a@b.se,c@d.se"));
    }

    #[test]
    fn a_plus_in_the_path_stays_a_plus() {
        assert_eq!(read("/email/list/filter/a+b%40c.se", "", "").text("filter").as_deref(), Some("a+b@c.se"));
    }

    #[test]
    fn an_empty_json_body_is_no_argument_and_a_broken_one_is_refused() {
        assert!(read("/account/info", "application/json", "").all().is_empty());
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, "application/json".parse().unwrap())]);
        assert!(Arguments::read(&"/email/list".parse().unwrap(), &headers, b"{\"a\":").is_err());
    }
}
