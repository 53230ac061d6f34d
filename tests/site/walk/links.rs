//! Hand-over by link in the walk: staff choose it and are shown link and code, owners type codes.

use super::world::World;
use crate::stage::{Page, Person};

/// Where an owner's page is in `shown`, which else tells whose session it was.
pub const OWNER: usize = usize::MAX;

/// What staff were shown for an owner.
#[derive(Clone)]
pub struct Handed {
    pub result: String,
    /// Where the link leads.
    path: String,
    code: String,
}

impl World {
    /// Remembers the link and the code that a page shows.
    pub fn keeps_link(&mut self, result: &str, page: &Page) {
        if page.has("#link") {
            let link = page.text("#link");
            let path = link[link.find("/hand-over/").unwrap()..].to_owned();
            self.links.push(Handed { result: result.to_owned(), path, code: page.text("#code") });
        }
    }

    /// Somebody with a link types a code, the right one or not.
    pub async fn types(&mut self, replica: usize, handed: &Handed, is_right: bool) {
        let Handed { result, path, code } = handed.clone();
        let typed = if is_right { code } else { code.chars().rev().collect() };
        let nobody = Person::stranger(&self.stage);
        let page = self.replicas[replica]
            .serves(&nobody, move |owner| async move { owner.posts(&path, &[("code", typed.as_str())]).await });
        let page = page.await.unwrap();
        self.tells(format!("an owner types a code for {result} at {replica}, right: {is_right}: {}", page.status));
        self.sees(&result, OWNER, &page);
    }
}

/// The confirmation page of a reset on which somebody chose the link.
pub fn choosing_the_link(page: Page) -> Page {
    let body = page.body.replace("value=\"shown\" checked", "value=\"shown\"");
    Page { body: body.replace("value=\"link\"", "value=\"link\" checked"), ..page }
}
