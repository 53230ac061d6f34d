//! Forms as a browser reads them off a page, and what a person types into them.

use scraper::{ElementRef, Html, Selector};

/// A form as the browser will post it.
#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    /// A form that needs no page before it.
    pub fn to(action: String, fields: Vec<(String, String)>) -> Self {
        Self { action, fields }
    }

    /// The form of a page that asks for a change, as it stands there; `None` where the page says something else.
    pub fn on(page: &str) -> Option<Self> {
        Self::found(page, "form[method=post]:has(input[name=token])")
    }

    /// The first form of a page that the selector finds.
    pub fn found(page: &str, selector: &str) -> Option<Self> {
        let html = Html::parse_document(page);
        let form = html.select(&Selector::parse(selector).unwrap()).next()?;
        let named = Selector::parse("input[name], select[name], textarea[name]").unwrap();
        let fields = form.select(&named).filter_map(|field| Some((field.attr("name")?.to_owned(), value(field)?)));
        Some(Self { action: form.attr("action")?.to_owned(), fields: fields.collect() })
    }

    /// The form with this typed or chosen.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn body(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.fields).finish()
    }
}

/// What a field posts; `None` when it posts nothing.
fn value(field: ElementRef<'_>) -> Option<String> {
    match field.value().name() {
        "textarea" => Some(field.text().collect()),
        "select" => {
            let chosen = field.select(&Selector::parse("option[selected]").unwrap()).next()?;
            Some(chosen.attr("value")?.to_owned())
        }
        _ if matches!(field.attr("type"), Some("checkbox" | "radio")) && field.attr("checked").is_none() => None,
        _ => Some(field.attr("value").unwrap_or_default().to_owned()),
    }
}
