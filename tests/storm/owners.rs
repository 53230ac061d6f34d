//! Owners of mailboxes: they read what staff hand over to them by link and code.

use std::time::Duration;

use scraper::{Html, Selector};

use super::forms::Form;
use super::memory::Memory;
use super::people::{Answer, Person};

/// What staff are shown of a reset by link.
pub struct LinkAndCode {
    /// Where the link leads, on any replica.
    pub path: String,
    pub code: String,
}

impl LinkAndCode {
    /// What a page shows, if it shows both.
    pub fn on(page: &Answer) -> Option<Self> {
        let html = Html::parse_document(&page.body);
        let text = |id: &str| {
            let found = html.select(&Selector::parse(id).unwrap()).next()?;
            Some(found.text().collect::<String>())
        };
        Some(Self::of(&text("code#link")?, &text("code#code")?))
    }

    pub fn of(link: &str, code: &str) -> Self {
        Self { path: link[link.find("/hand-over/").unwrap()..].to_owned(), code: code.to_owned() }
    }
}

/// An owner types a code at this replica until it is tried: of those who come from one network only so many may wait.
pub async fn types(owner: &Person, replica: usize, path: &str, code: &str) -> Answer {
    let form = Form::to(path.to_owned(), vec![("code".to_owned(), code.to_owned())]);
    loop {
        let page = owner.posts(replica, &form).await.unwrap();
        // Too many at once: the code was not tried, and not counted.
        if page.status != 503 {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
}

/// The owner types the code with a double tap, and remembers what came of either.
pub async fn reads_link(staff: &Person, both: &LinkAndCode, memory: &Memory) -> Result<(), reqwest::Error> {
    let owner = staff.signed_out();
    let form = Form::to(both.path.clone(), vec![("code".to_owned(), both.code.clone())]);
    let (first, second) = tokio::join!(owner.posts(0, &form), owner.posts(0, &form));
    for page in [&first, &second].into_iter().flatten() {
        memory.is_read(&both.path, page);
    }
    first.and(second).map(drop)
}
