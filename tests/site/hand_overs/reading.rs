//! The owner reads the password, once; nobody else does, and whatever only looks uses nothing up.

use axum::body::Body;
use nyckel::model::AuditKind;

use super::{ANNA, at_work, closed, count, owner, passed, passes_on, same, types};
use crate::stage::{PASSWORD, Person, Stage, panel};

#[tokio::test]
async fn an_owner_reads_the_password_once() {
    let (panel, eva, passed) = at_work().await;
    let anna = owner(&panel);
    let page = anna.visits(&passed.link).await;
    page.must_say(200, &["Your new email password", "Type the code", "8 digits", "The link works until"]);
    assert!(!page.body.contains("anna"), "whoever has the link alone is not told whose mailbox it is");
    assert!(!page.has("header") && !page.has("nav") && !page.has("a[href]") && !page.says("Sign in"), "{page:#?}");
    let page = anna.fills_in(&page, "Show the password", &[("code", &passed.code)]).await;
    page.must_say(
        201,
        &["New password for anna@example.se", "Nobody at the help desk has seen it", "imap.example.net"],
    );
    assert_eq!(page.password(), panel.glesys.password_of(ANNA));
    assert_eq!((page.header("cache-control"), page.header("set-cookie")), ("no-store", ""));
    assert!(!page.has("a[href]") && page.has("[data-secret]"), "{page:#?}");

    assert_eq!(closed(&panel).await, 0);
    let read = panel.one(AuditKind::HandOverRead).await;
    assert_eq!((read.actor, read.staff_name), (None, None));
    assert!(read.client.is_some() && read.address.is_some_and(|address| address.as_str() == ANNA));
    for page in [anna.visits(&passed.link).await, anna.posts(&passed.link, &[("code", &passed.code)]).await] {
        page.must_say(410, &["The password has been shown", "Was it not you?"]);
        assert_eq!(page.password(), None);
    }
    assert_eq!((panel.resets(), count(&panel, AuditKind::HandOverRead).await), ((1, 1), 1));
    eva.visits(&passed.result).await.must_say(200, &["Read by link"]);
}

#[tokio::test]
async fn staff_never_see_a_password_that_goes_by_link() {
    let (panel, eva, passed) = at_work().await;
    let password = panel.glesys.password_of(ANNA).unwrap();
    for path in [passed.result.as_str(), "/accounts/anna@example.se", "/"] {
        let page = eva.visits(path).await;
        assert!(!page.body.contains(&password) && page.password().is_none(), "{path}");
    }
    types(&owner(&panel), &passed, &passed.code).await;
    for path in [passed.result.as_str(), "/accounts/anna@example.se"] {
        assert!(!eva.visits(path).await.body.contains(&password), "{path}");
    }
}

#[tokio::test]
async fn a_scanner_that_opens_every_link_burns_nothing() {
    let (panel, _, passed) = at_work().await;
    let scanner = owner(&panel).called("a scanner");
    for n in 0..100 {
        let mut request = match n % 4 {
            0 => scanner.begins("HEAD", &passed.link).body(Body::empty()).unwrap(),
            1 => scanner.begins("GET", &passed.link).body(Body::empty()).unwrap(),
            _ => scanner.navigation(&passed.link, "none"),
        };
        if n % 4 == 3 {
            request.headers_mut().insert("sec-purpose", "prefetch".parse().unwrap());
        }
        assert_eq!(scanner.sends(request).await.status, 200);
    }
    panel.one(AuditKind::HandOverOpened).await;
    assert_eq!(panel.database.texts("SELECT CAST(tries AS TEXT) FROM owner_link").await, ["0"]);
    assert_eq!(types(&owner(&panel), &passed, &passed.code).await.password(), panel.glesys.password_of(ANNA));
    panel.one(AuditKind::HandOverOpened).await;
}

#[tokio::test]
async fn of_many_who_read_at_once_on_two_replicas_one_does() {
    let (panel, _, passed) = at_work().await;
    let replica = Box::pin(panel.replica()).await;
    let mut readers = tokio::task::JoinSet::new();
    for n in 0..12 {
        let (anna, passed) = (owner(if n % 2 == 0 { &panel } else { &replica }), passed.clone());
        readers.spawn(async move { anna.posts(&passed.link, &[("code", &passed.code)]).await });
    }
    let pages = readers.join_all().await;
    let read: Vec<_> = pages.iter().filter_map(crate::stage::Page::password).collect();
    assert_eq!(read, [panel.glesys.password_of(ANNA).unwrap()]);
    assert!(pages.iter().all(|page| matches!(page.status, 201 | 404 | 410 | 503)), "{pages:#?}");
    panel.one(AuditKind::HandOverRead).await;
    assert_eq!(count(&panel, AuditKind::HandOverWrongCode).await, 0);
}

#[tokio::test]
async fn the_pages_read_no_cookie_and_set_none() {
    let (panel, eva, passed) = at_work().await;
    // Eva tries the link herself, in the browser in which she is signed in.
    let page = eva.visits(&passed.link).await;
    assert!(!page.has("header") && !page.says("eva"), "{page:#?}");
    let page = eva.fills_in(&page, "Show the password", &[("code", &passed.code)]).await;
    assert_eq!((page.status, page.header("set-cookie")), (201, ""));
    assert_eq!(panel.one(AuditKind::HandOverRead).await.actor, None, "nobody knows who it was");
}

#[tokio::test]
async fn another_site_can_type_no_code() {
    let (panel, _, passed) = at_work().await;
    let anna = owner(&panel);
    let mut request = anna.posting(&passed.link, &[("code", &passed.code)]);
    request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(anna.sends(request).await.status, 403);
    assert_eq!(panel.database.texts("SELECT CAST(tries AS TEXT) FROM owner_link").await, ["0"]);
}

#[tokio::test]
async fn an_owner_reads_in_their_own_language_whom_to_call() {
    let stage = Stage::usual().with("NYCKEL_COMPANY", "Exempel AB").with("NYCKEL_HELP_LINE", "Växeln, 08-123 45 67");
    let panel = stage.opens().await;
    let eva = panel.operator("eva").await;
    let passed = passes_on(&eva, &panel, ANNA).await;
    let anna = owner(&panel).reading("sv");
    let page = anna.visits(&passed.link).await;
    page.must_say(200, &["Exempel AB", "Ditt nya e-postlösenord", "Support: Växeln, 08-123 45 67"]);
    assert_eq!(page.attributes("html", "lang"), ["sv"]);
    let page = anna.fills_in(&page, "Visa lösenordet", &[("code", &passed.code)]).await;
    page.must_say(201, &["Nytt lösenord för", "Ingen på supporten har sett det", "Växeln"]);
    anna.visits(&passed.link).await.must_say(410, &["Lösenordet har visats", "Var det inte du?", "Växeln"]);
    anna.visits("/hand-over/AAAA").await.must_say(404, &["Länken fungerar inte", "Växeln"]);
}

#[tokio::test]
async fn the_owner_of_a_new_account_reads_its_first_password() {
    let panel = panel().await;
    let eva = panel.manager("eva").await;
    let page = eva.visits("/domains/example.se/accounts/new").await;
    let page = eva.fills_in(&page, "Create account", &[("local", "karin"), ("hand_over", "link")]).await;
    assert_eq!(page.password(), None);
    let passed = passed(&panel, &page);
    let page = types(&owner(&panel), &passed, &passed.code).await;
    page.must_say(201, &["New password for karin@example.se", "Your email account is ready."]);
    assert_eq!(page.password(), panel.glesys.password_of("karin@example.se"));
}

#[tokio::test]
async fn a_link_works_under_a_path_of_the_panels_own() {
    let panel = Stage::usual().with("NYCKEL_PUBLIC_URL", "https://intra.example/post/nyckel/").opens().await;
    let eva = panel.operator("eva").await;
    let passed = passes_on(&eva, &panel, ANNA).await;
    assert_eq!(types(&owner(&panel), &passed, &passed.code).await.password(), panel.glesys.password_of(ANNA));
    eva.in_another_browser().signs_in_with(PASSWORD).await;
}

#[tokio::test]
async fn what_cannot_be_recorded_is_not_shown_but_waits() {
    let (panel, _, passed) = at_work().await;
    let anna = owner(&panel);
    anna.visits(&passed.link).await;
    panel.database.run("ALTER TABLE audit RENAME TO audit_away").await;
    let page = types(&anna, &passed, &passed.code).await;
    page.must_say(503, &["Not now", "the password was not shown"]);
    assert!(!page.body.contains("audit_away") && !page.body.contains(&panel.glesys.password_of(ANNA).unwrap()));
    panel.database.run("ALTER TABLE audit_away RENAME TO audit").await;
    assert_eq!(types(&anna, &passed, &passed.code).await.password(), panel.glesys.password_of(ANNA));
}

#[tokio::test]
async fn a_link_that_nobody_made_says_no_more_than_one_that_is_over() {
    let (panel, eva, passed) = at_work().await;
    let anna = owner(&panel);
    let mut refusals = Vec::new();
    for path in ["/hand-over/AAAA", "/hand-over/%27%20OR%201=1", &format!("/hand-over/{}", "A".repeat(43))] {
        refusals.push(same(&anna.visits(path).await));
        refusals.push(same(&anna.posts(path, &[("code", "12345678")]).await));
        refusals.push(same(&anna.posts(path, &[("code", "no code")]).await));
    }
    // Over by the clock, before anything has swept it away, and after.
    panel.clock.turn(3601);
    for _ in 0..2 {
        refusals.push(same(&anna.visits(&passed.link).await));
        refusals.push(same(&anna.posts(&passed.link, &[("code", &passed.code)]).await));
        panel.sweeps().await;
    }
    let eva = eva.in_another_browser();
    eva.signs_in().await;
    let overtaken = passes_on(&eva, &panel, "bo@example.se").await;
    eva.resets("bo@example.se").await;
    refusals.push(same(&anna.visits(&overtaken.link).await));
    refusals.push(same(&anna.posts(&overtaken.link, &[("code", &overtaken.code)]).await));
    assert!(refusals.iter().all(|refusal| *refusal == refusals[0]), "{refusals:#?}");
    assert_eq!(refusals[0].0, 404);
}

/// What a browser gets for a path that a page names, in the smallest form, in bytes.
async fn weighs(owner: &Person, path: &str) -> usize {
    let mut request = owner.navigation(path, "same-origin");
    request.headers_mut().insert("accept-encoding", "br".parse().unwrap());
    let file = owner.sends(request).await;
    assert_eq!(file.status, 200, "{path}");
    file.header("content-length").parse().unwrap_or(file.body.len())
}

#[tokio::test]
async fn the_pages_are_light_enough_for_a_phone_far_from_anywhere() {
    let (panel, _, passed) = at_work().await;
    let anna = owner(&panel);
    let asks = anna.visits(&passed.link).await;
    let tells = anna.fills_in(&asks, "Show the password", &[("code", &passed.code)]).await;
    let of_styles = asks.attributes("link[rel=stylesheet]", "href");
    let (scripts, reveal) = (asks.attributes("script", "src"), tells.attributes("script", "src"));
    assert_eq!((of_styles.len(), scripts.len(), reveal.len()), (1, 0, 1), "two requests, then two");
    let mut first = asks.body.len();
    for path in of_styles.iter().chain(&scripts) {
        first += weighs(&anna, path).await;
    }
    let second = tells.body.len() + weighs(&anna, &reveal[0]).await;
    assert!(first < 15 * 1024 && second < 15 * 1024, "{first} bytes, then {second}");
}
