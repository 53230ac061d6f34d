//! The vendor's XML, which a caller gets who doesn't ask for JSON.
//!
//! `envelope` calls it. Every map entry is an element of that name, every list entry an `item`.

use std::fmt::Write as _;

use serde_json::Value;

use super::envelope::Parts;

/// A whole document with the root `response`.
pub fn document(parts: &Parts<'_>) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<response>");
    for (name, value) in parts {
        element(&mut out, name, value);
    }
    out.push_str("</response>\n");
    out
}

fn element(out: &mut String, name: &str, value: &Value) {
    // A caller's argument may have any name, an element may not.
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    let name = if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name.as_str() } else { "item" };
    let _ = write!(out, "<{name}>");
    match value {
        Value::Null => (),
        Value::Bool(truth) => out.push_str(if *truth { "yes" } else { "no" }),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => escape(out, text),
        Value::Array(items) => items.iter().for_each(|item| element(out, "item", item)),
        Value::Object(entries) => entries.iter().for_each(|(name, value)| element(out, name, value)),
    }
    let _ = write!(out, "</{name}>");
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' | '\n' => out.push(c),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use serde_json::json;

    #[test]
    fn lists_are_items_and_signs_are_escaped() {
        let list = json!({ "emailaccounts": [{ "emailaccount": "a&b@example.se", "modified": null }] });
        let parts = vec![("list", Cow::Owned(list))];
        let body = "<list><emailaccounts><item><emailaccount>a&amp;b@example.se</emailaccount><modified></modified>\
                    </item></emailaccounts></list>";
        let whole = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<response>{body}</response>\n");
        assert_eq!(document(&parts), whole);
    }
}
