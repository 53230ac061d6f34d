//! Texts that GleSYS or a person can put in are only ever texts, on every page and in every header.

use axum::http::HeaderValue;
use nyckel::model::shown::shown;
use nyckel::simulator::State;

use crate::stage::{Page, Person, Stage, panel};

const HOSTILE: [&str; 10] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg/onload=alert(1)>",
    "</title></textarea></style><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "&lt;script&gt;&#x3c;b&#x3e;",
    "<!--<b><![CDATA[<b>",
    "\u{202e}evil\u{202c}<b>",
    "<base href=//evil.example><meta http-equiv=refresh content=0;url=//evil.example>",
];

/// Nothing on the page is an element or attribute that our templates don't write.
fn must_be_harmless(page: &Page, text: &str) {
    for selector in ["script:not([src])", "img", "base", "main b", "iframe", "meta[http-equiv]", "svg[onload]"] {
        assert!(!page.has(selector), "{text}: {selector} on {}", page.at);
    }
    for selector in ["[onerror]", "[onload]", "[style]", "a[href^='javascript:']", "a[href^='//']"] {
        assert!(!page.has(selector), "{text}: {selector} on {}", page.at);
    }
    assert!(!page.body.contains("<script>alert") && !page.body.contains("<img src=x"), "{text} on {}", page.at);
    for value in page.headers.values() {
        assert!(!value.as_bytes().windows(5).any(|part| part == b"alert"), "{text} in a header of {}", page.at);
    }
}

#[tokio::test]
async fn what_glesys_says_is_only_text() {
    for text in HOSTILE {
        let state = State::empty().account_with("anna@example.se", |anna| {
            anna.displayname = Some(text.to_owned());
            anna.autorespond = true;
            anna.autorespondmessage = Some(text.to_owned());
        });
        let panel = Stage::of(state.alias("info@example.se", text).account("bo@example.se")).opens().await;
        let eva = panel.operator("eva").await;
        for path in [
            "/",
            "/?q=example",
            "/domains/example.se",
            "/accounts/anna@example.se",
            "/accounts/anna@example.se/reset",
            "/accounts/anna@example.se/client-settings",
            "/accounts/info@example.se",
            "/accounts/info@example.se/reset",
            "/aliases/info@example.se",
        ] {
            let page = eva.visits(path).await;
            must_be_harmless(&page, text);
            if path == "/accounts/anna@example.se" {
                let told: String = page.texts("dd").join(" ");
                let words = shown(text).split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(told.contains(&words), "{text} is told as it is: {told}");
            }
        }
    }
}

#[tokio::test]
async fn what_people_type_is_only_text() {
    let panel = Stage::of(State::empty().account("anna@example.se"));
    let panel = panel.with("NYCKEL_RESETS_PER_ACCOUNT", "off").opens().await;
    let eva = panel.admin("eva").await;
    for text in HOSTILE {
        let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let path = query.replace('+', "%20");
        for path in [
            format!("/?q={query}"),
            format!("/domains/example.se?filter={query}"),
            format!("/audit?staff={query}&address={query}&kind={query}"),
            format!("/accounts/{path}"),
            format!("/accounts/{path}/reset"),
            format!("/domains/{path}"),
            format!("/operations/{path}"),
            format!("/sign-in?next={query}"),
            format!("/accounts/anna@example.se?shown={query}"),
        ] {
            must_be_harmless(&eva.visits(&path).await, text);
        }
        let page = eva.visits("/accounts/anna@example.se/reset").await;
        let result = eva.fills_in(&page, "Reset password", &[("ticket", text)]).await;
        must_be_harmless(&result, text);
        assert!(result.password().is_some());
        must_be_harmless(&eva.visits("/accounts/anna@example.se").await, text);
        let audit = eva.visits("/audit").await;
        must_be_harmless(&audit, text);
        let words = shown(text).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(audit.says(&words), "{text} is not in the audit as it is");
        panel.clock.turn(1);
    }
}

#[tokio::test]
async fn a_browser_and_a_name_that_are_no_ones_are_only_text() {
    let panel = panel().await;
    let eva = panel.admin("eva").await;
    for text in HOSTILE {
        let stranger = Person::stranger(&panel);
        let mut request = stranger.posting("/sign-in", &[("name", text), ("password", text), ("next", text)]);
        if let Ok(value) = HeaderValue::from_bytes(text.as_bytes()) {
            request.headers_mut().insert("user-agent", value.clone());
            request.headers_mut().insert("referer", value.clone());
            request.headers_mut().insert("accept-language", value);
        }
        let page = stranger.sends(request).await;
        assert_eq!(page.status, 422);
        must_be_harmless(&page, text);
        assert_eq!(page.attributes("#name", "value"), [text]);
        must_be_harmless(&eva.visits("/audit").await, text);
    }
}

#[tokio::test]
async fn a_password_that_looks_like_a_page_is_only_text() {
    let panel = Stage::of(State::empty().account("anna@example.se"));
    let panel = panel.with("NYCKEL_RESETS_PER_ACCOUNT", "off").opens().await;
    let eva = panel.operator("eva").await;
    for text in HOSTILE {
        panel.glesys.next_password(text);
        let page = eva.resets("anna@example.se").await;
        must_be_harmless(&page, text);
        assert_eq!(page.password().as_deref(), Some(text));
        panel.clock.turn(1);
    }
}
