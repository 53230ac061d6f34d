//! Forms as a browser reads them off a page, and what a person types into them.

use scraper::{ElementRef, Html, Selector};

use super::duties::{SEEN, TYPED};
use super::rng::Rng;

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

    /// The form with a check of who asks chosen, where it asks for one. Now and then somebody forgets to.
    pub fn chosen(self, rng: &mut Rng) -> Self {
        let text = format!("caller-{TYPED}");
        if !self.fields.iter().any(|(field, _)| *field == text) || rng.between(0, 12) == 0 {
            return self;
        }
        let way = if rng.between(0, 3) == 0 { SEEN } else { TYPED };
        self.with("caller", way).with(&text, if way == TYPED { "08-123 \"växeln\" <4>" } else { "" })
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
