//! The keys that lead through the panel. A script shows them on any page when `?` is pressed.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::routing::get;

use super::guard::Guard;
use super::{App, Layout};

pub fn routes() -> Router<App> {
    Router::new().route("/keys", get(show))
}

#[derive(Template, WebTemplate)]
#[template(path = "keys.html")]
struct KeysPage {
    layout: Layout,
}

impl KeysPage {
    /// The keys of the panel's own, and what they do.
    fn own(&self) -> [(&'static str, &'static str); 5] {
        let say = self.layout.say;
        [
            ("/", say.key_search()),
            ("Enter", say.key_open()),
            ("Ctrl + Enter", say.key_confirm()),
            ("Esc", say.key_leave()),
            ("?", say.keys()),
        ]
    }

    /// The letters that a browser takes together with keys of its own choice.
    fn letters(&self) -> [(&'static str, &'static str); 5] {
        let say = self.layout.say;
        [
            ("R", say.key_reset()),
            ("C", say.key_copy()),
            ("H", say.key_hide()),
            ("S", say.key_spell()),
            ("X", say.key_close()),
        ]
    }
}

async fn show(guard: Guard) -> KeysPage {
    KeysPage { layout: guard.layout }
}
