//! What comes back from the panel, as a browser and a person take it in.

use axum::http::HeaderMap;
use scraper::{ElementRef, Html, Selector};

/// An answer of the panel.
#[derive(Clone, Debug)]
pub struct Page {
    pub status: u16,
    /// What stands in the address bar: path and query.
    pub at: String,
    pub headers: HeaderMap,
    pub body: String,
}

/// A form as a browser would send it.
#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    pub method: String,
    pub fields: Vec<(String, String)>,
}

impl Page {
    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The text of the first element that the selector finds, with single spaces.
    #[track_caller]
    pub fn text(&self, selector: &str) -> String {
        self.texts(selector).into_iter().next().unwrap_or_else(|| panic!("no {selector} on {self:#?}"))
    }

    /// The texts of all elements that the selector finds.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.find(selector, |element| tidy(&element.text().collect::<String>()))
    }

    /// An attribute of all elements that the selector finds, where they have it.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        self.find(selector, |element| element.attr(name).map(ToOwned::to_owned)).into_iter().flatten().collect()
    }

    pub fn has(&self, selector: &str) -> bool {
        !self.find(selector, |_| ()).is_empty()
    }

    /// Whether the sentence can be read on the page.
    pub fn says(&self, sentence: &str) -> bool {
        self.texts("body").iter().any(|text| text.contains(sentence))
    }

    /// Checks the status and that all these sentences can be read.
    #[track_caller]
    pub fn must_say(&self, status: u16, sentences: &[&str]) {
        assert_eq!(self.status, status, "{} {:?}", self.at, self.texts("body"));
        for sentence in sentences {
            assert!(self.says(sentence), "“{sentence}” is not on {}: {:?}", self.at, self.texts("body"));
        }
    }

    /// The new password, character for character, if it is on the page.
    pub fn password(&self) -> Option<String> {
        self.find("code#password", |element| element.text().collect()).into_iter().next()
    }

    /// Where the link with this text leads.
    pub fn link(&self, text: &str) -> Option<String> {
        let links = self.find("a[href]", |a| (tidy(&a.text().collect::<String>()), a.attr("href").map(str::to_owned)));
        links.into_iter().find(|(shown, _)| shown == text).and_then(|(_, href)| href)
    }

    /// The form with this button, as it stands.
    #[track_caller]
    pub fn form(&self, button: &str) -> Form {
        let forms = self.find("form", |form| {
            let buttons = select(form, "button");
            let shown: Vec<_> = buttons.iter().map(|b| tidy(&b.text().collect::<String>())).collect();
            let pressed = buttons.into_iter().find(|b| tidy(&b.text().collect::<String>()) == button);
            let method = pressed.and_then(|b| b.attr("formmethod")).or(form.attr("method"));
            let sent = select(form, "input[name], select[name], textarea[name]")
                .into_iter()
                .chain(pressed.filter(|b| b.attr("name").is_some()))
                .filter_map(value_of);
            let form = Form {
                action: form.attr("action").unwrap_or(&self.at).to_owned(),
                method: method.unwrap_or("get").to_owned(),
                fields: sent.collect(),
            };
            (shown, form)
        });
        let found = forms.into_iter().find(|(shown, _)| shown.iter().any(|text| text == button));
        found.unwrap_or_else(|| panic!("no button “{button}” on {self:#?}")).1
    }

    fn find<T>(&self, selector: &str, take: impl Fn(ElementRef<'_>) -> T) -> Vec<T> {
        let html = Html::parse_document(&self.body);
        html.select(&Selector::parse(selector).unwrap()).map(take).collect()
    }
}

/// What a browser sends of a field: its name and value, with lines that end as on the network.
fn value_of(field: ElementRef<'_>) -> Option<(String, String)> {
    let value = field.attr("value").unwrap_or("");
    let text: String = field.text().collect();
    let value = match field.value().name() {
        "textarea" => &text,
        "select" => {
            select(field, "option[selected]").into_iter().chain(select(field, "option")).next()?.attr("value")?
        }
        _ if matches!(field.attr("type"), Some("checkbox" | "radio")) && field.attr("checked").is_none() => {
            return None;
        }
        _ => value,
    };
    Some((field.attr("name")?.to_owned(), value.replace('\n', "\r\n")))
}

fn select<'a>(element: ElementRef<'a>, selector: &str) -> Vec<ElementRef<'a>> {
    element.select(&Selector::parse(selector).unwrap()).collect()
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
