//! What never reaches a link's page is answered in its manner: no owner is led into the panel.

use axum::body::Body;
use axum::http::Request;

use super::{ANNA, owner, passes_on};
use crate::stage::{Person, Stage};

/// Requests that are refused before the page sees them, and with what.
fn refused(anna: &Person, link: &str) -> Vec<(u16, Request<Body>)> {
    let mut foreign = anna.posting(link, &[("code", "12345678")]);
    foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    let large = anna.posting(link, &[("code", "1".repeat(70_000))]);
    let method = anna.begins("DELETE", link).header("sec-fetch-site", "same-origin").body(Body::empty()).unwrap();
    let mut unreadable = anna.posting(link, &[("code", "12345678")]);
    unreadable.headers_mut().insert("content-type", "text/plain".parse().unwrap());
    let slash = anna.posting(&format!("{link}/"), &[("code", "12345678")]);
    let nul = anna.navigation("/hand-over/%00", "none");
    let mut host = anna.navigation(link, "none");
    host.headers_mut().insert("host", "evil.example".parse().unwrap());
    vec![(403, foreign), (413, large), (405, method), (422, unreadable), (404, slash), (422, nul), (421, host)]
}

#[tokio::test]
async fn what_is_refused_on_the_way_to_a_link_leads_no_owner_into_the_panel() {
    let stage = Stage::usual().with("NYCKEL_COMPANY", "Exempel AB").with("NYCKEL_HELP_LINE", "Växeln, 08-123 45 67");
    let panel = stage.opens().await;
    let eva = panel.operator("eva").await;
    let passed = passes_on(&eva, &panel, ANNA).await;
    // In the browser in which Eva is signed in, too.
    for person in [&owner(&panel), &eva] {
        for (status, request) in refused(person, &passed.link) {
            let page = person.sends(request).await;
            let help = "Help desk: Växeln, 08-123 45 67";
            let said = match status {
                421 => {
                    ["This link does not work", "There is nothing at this address.", "Ask the help desk for a new one."]
                }
                _ => ["Not now", "Nothing was shown.", "Open the link again."],
            };
            page.must_say(status, &said);
            page.must_say(status, &["Exempel AB", help]);
            page.must_say(status, &[&format!("Reference: {}", page.header("x-request-id"))]);
            assert!(!page.has("header") && !page.has("nav") && !page.has("a[href]"), "{page:#?}");
            assert_eq!(page.header("allow").is_empty(), status != 405);
        }
    }
    assert_eq!(panel.database.texts("SELECT CAST(tries AS TEXT) FROM owner_link").await, ["0"]);
}
