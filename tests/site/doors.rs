//! Who may come in: our own pages under our own name, and what every answer carries.

use axum::body::Body;
use axum::http::Request;
use nyckel::model::AuditKind;

use crate::stage::{PASSWORD, Page, Panel, Person, Stage, panel};

const ALWAYS: [(&str, &str); 7] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("permissions-policy", "accelerometer=(), "),
];

const POLICY: [&str; 11] = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
];

fn must_be_safe(page: &Page) {
    for (name, value) in ALWAYS {
        let is_right =
            page.header(name) == value || name == "permissions-policy" && page.header(name).starts_with(value);
        assert!(is_right, "{name}: {} on {} {}", page.header(name), page.status, page.at);
    }
    // A foreign name is not ours to bind to https.
    let strict = if page.status == 421 { "" } else { "max-age=63072000" };
    assert_eq!(page.header("strict-transport-security"), strict, "{} {}", page.status, page.at);
    let policy: Vec<_> = page.header("content-security-policy").split("; ").collect();
    assert_eq!(policy, POLICY, "{} {}", page.status, page.at);
    assert_eq!(page.header("x-request-id").len(), 14, "{}", page.at);
    let is_kept = page.status == 200 && page.at.starts_with("/static/");
    let expected = if is_kept { "public, max-age=31536000, immutable" } else { "no-store" };
    assert_eq!(page.header("cache-control"), expected, "{} {}", page.status, page.at);
    assert!(!page.headers.contains_key("server"));
}

async fn https() -> (Panel, Person) {
    let panel = Stage::usual().with("NYCKEL_PUBLIC_URL", "https://nyckel.example").opens().await;
    let eva = panel.operator("eva").await;
    (panel, eva)
}

fn with_body(person: &Person, method: &str, path: &str, length: usize) -> Request<Body> {
    let body = format!("token={}", "x".repeat(length));
    let request = person.begins(method, path).header("origin", "https://nyckel.example");
    request.header("content-type", "application/x-www-form-urlencoded").body(body.into()).unwrap()
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let (panel, eva) = https().await;
    let home = eva.visits("/").await;
    let mut pages = vec![];
    for link in home.attributes("link[href], script[src]", "href").iter().chain(&home.attributes("script", "src")) {
        pages.push(eva.visits(link).await);
    }
    for path in [
        "/domains/example.se",
        "/accounts/anna@example.se",
        "/accounts/anna@example.se/reset",
        "/healthz",
        "/readyz",
        "/nothing",
        "/static/0/app.css",
        "/audit",
        "/setup",
        "/aliases/info@example.se",
    ] {
        pages.push(eva.visits(path).await);
    }
    for request in [
        eva.navigation("/accounts/info@example.se", "none"),
        eva.begins("DELETE", "/").header("sec-fetch-site", "same-origin").body(Body::empty()).unwrap(),
        eva.begins("POST", "/").header("sec-fetch-site", "cross-site").body(Body::empty()).unwrap(),
        eva.begins("OPTIONS", "/").body(Body::empty()).unwrap(),
        eva.begins("HEAD", "/").body(Body::empty()).unwrap(),
        with_body(&eva, "POST", "/accounts/anna@example.se/reset", 70_000),
        with_body(&eva, "POST", "/sign-in", 1),
        Request::get("/").header("host", "evil.example").body(Body::empty()).unwrap(),
        Request::get("/").body(Body::empty()).unwrap(),
    ] {
        pages.push(eva.sends(request).await);
    }
    pages.push(Person::stranger(&panel).posts("/sign-in", &[("name", "eva"), ("password", "wrong")]).await);
    pages.push(eva.resets("anna@example.se").await);
    pages.push(eva.posts("/sign-out", &[("", ""); 0]).await);
    pages.iter().for_each(must_be_safe);
    let mut statuses: Vec<_> = pages.iter().map(|page| page.status).collect();
    statuses.sort_unstable();
    statuses.dedup();
    assert_eq!(statuses, [200, 201, 303, 403, 404, 405, 413, 421, 422]);
}

#[tokio::test]
async fn over_plain_http_no_browser_is_told_to_insist_on_https() {
    let panel = panel().await;
    let page = panel.operator("eva").await.visits("/").await;
    assert_eq!(page.header("strict-transport-security"), "");
}

#[tokio::test]
async fn nothing_that_is_answered_under_a_foreign_name_binds_it_to_https() {
    let panel = Stage::usual()
        .with("NYCKEL_PUBLIC_URL", "https://nyckel.example")
        .with("NYCKEL_MAIL_IMAP", "imap.example.net:993/tls")
        .with("NYCKEL_MAIL_SMTP", "smtp.example.net:465/tls")
        .opens()
        .await;
    let autoconfig = "/mail/config-v1.1.xml?emailaddress=a@example.se";
    for path in [autoconfig, "/healthz", "/readyz", "/"] {
        for (host, strict) in [("autoconfig.example.se", ""), ("127.0.0.1", ""), ("nyckel.example", "max-age=63072000")]
        {
            let request = Request::get(path).header("host", host).body(Body::empty()).unwrap();
            let page = panel.answers(request).await;
            assert_eq!(page.header("strict-transport-security"), strict, "{host} {path} {}", page.status);
        }
    }
}

#[tokio::test]
async fn no_cache_may_keep_an_answer_that_sets_a_cookie() {
    let panel = panel().await;
    let eva = panel.viewer("eva").await;
    eva.posts("/sign-out", &[("", ""); 0]).await;
    let sheet = eva.visits("/sign-in").await.attributes("link[rel=stylesheet]", "href").remove(0);
    for path in ["/client-settings/example.se", "/client-settings/example.se/email.mobileconfig", &sheet] {
        for cookie in ["nyckel=AAAAAAAAAAAAAAAAAAAAAA", "nyckel=x", "nyckel=", ""] {
            let request = eva.begins("GET", path).header("cookie", cookie).body(Body::empty()).unwrap();
            let page = eva.sends(request).await;
            assert_eq!(page.status, 200);
            let is_kept = page.header("cache-control").starts_with("public");
            assert!(!is_kept || page.header("set-cookie").is_empty(), "{path} {cookie}: {:?}", page.headers);
            assert!(is_kept || !cookie.is_empty(), "{path}: without a cookie it may be kept");
        }
    }
}

#[tokio::test]
async fn errors_of_the_framework_are_pages_of_ours() {
    let (_panel, eva) = https().await;
    let big = eva.sends(with_body(&eva, "POST", "/accounts/anna@example.se/reset", 70_000)).await;
    big.must_say(413, &["Too large", "The form was larger"]);
    let broken = eva.sends(with_body(&eva, "POST", "/sign-in", 1)).await;
    broken.must_say(422, &["The form could not be read"]);
    let method = eva.begins("DELETE", "/accounts/anna@example.se").header("sec-fetch-site", "same-origin");
    let refused = eva.sends(method.body(Body::empty()).unwrap()).await;
    refused.must_say(405, &["That can’t be done here"]);
    assert_eq!(refused.header("allow"), "GET,HEAD");
    for query in ["/domains/example.se?page=x", "/audit?before=x"] {
        let page = eva.visits(query).await;
        assert!(page.status == 422 || page.status == 400, "{}", page.status);
        assert!(page.says("Reference") && page.has("h1"), "{}", page.body);
    }
    for page in [big, broken, refused] {
        assert_eq!(page.text("main code"), page.header("x-request-id"), "the reference is the request's");
    }
}

/// Which changing requests pass: `Sec-Fetch-Site`, `Origin`, and whether it may.
const MATRIX: [(Option<&str>, Option<&str>, bool); 20] = [
    (Some("same-origin"), Some("https://nyckel.example"), true),
    (Some("same-origin"), None, true),
    (None, Some("https://nyckel.example"), true),
    (None, None, false),
    (Some("same-site"), None, false),
    (Some("same-site"), Some("https://nyckel.example"), false),
    (Some("cross-site"), None, false),
    (Some("cross-site"), Some("https://nyckel.example"), false),
    (Some("none"), None, false),
    (Some("none"), Some("https://nyckel.example"), false),
    (Some("Same-Origin"), None, false),
    (Some(""), None, false),
    (Some("same-origin"), Some("null"), false),
    (Some("same-origin"), Some("https://evil.example"), false),
    (None, Some("null"), false),
    (None, Some("http://nyckel.example"), false),
    (None, Some("https://nyckel.example:8443"), false),
    (None, Some("https://nyckel.example.evil.example"), false),
    (None, Some("https://sub.nyckel.example"), false),
    (None, Some(""), false),
];

#[tokio::test]
async fn only_our_own_pages_may_change_anything() {
    let (panel, eva) = https().await;
    let token = eva.visits("/accounts/anna@example.se/reset").await.attributes("[name=token]", "value").remove(0);
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        for (site, origin, may) in MATRIX {
            let mut request = eva.begins(method, "/accounts/anna@example.se/reset");
            if let Some(site) = site {
                request = request.header("sec-fetch-site", site);
            }
            if let Some(origin) = origin {
                request = request.header("origin", origin);
            }
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            let page = eva.sends(request.body(format!("token={token}").into()).unwrap()).await;
            let expected = match (may, method) {
                (false, _) => 403,
                (true, "POST") => 303,
                (true, _) => 405,
            };
            assert_eq!(page.status, expected, "{method} {site:?} {origin:?}");
            if !may {
                page.must_say(403, &["did not come from a page of this panel, so nothing was done."]);
            }
        }
    }
    assert_eq!(panel.resets(), (1, 1));
    let refused = panel.audit(AuditKind::OriginRefused).await;
    assert_eq!(refused.len(), 5, "the first are recorded, and nobody fills the audit from outside");
    assert!(refused.iter().all(|event| event.facts.is_empty()));
}

#[tokio::test]
async fn signing_in_and_out_from_elsewhere_is_refused() {
    let (panel, eva) = https().await;
    for (path, body) in [("/sign-in", format!("name=eva&password={PASSWORD}")), ("/sign-out", String::new())] {
        let request =
            eva.begins("POST", path).header("sec-fetch-site", "cross-site").header("origin", "https://evil.example");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        assert_eq!(eva.sends(request.body(body.into()).unwrap()).await.status, 403);
    }
    assert_eq!(eva.visits("/").await.at, "/");
    panel.one(AuditKind::SignedIn).await;
    assert!(panel.audit(AuditKind::SignedOut).await.is_empty());
}

#[tokio::test]
async fn a_foreign_host_is_refused_and_never_becomes_a_link() {
    let (panel, eva) = https().await;
    let cookie = eva.cookie().unwrap();
    let ask = |host: &[&str], path: &str| {
        let mut request = Request::get(path).header("cookie", &cookie);
        for host in host {
            request = request.header("host", *host);
        }
        request.body(Body::empty()).unwrap()
    };
    for hosts in [
        vec!["evil.example"],
        vec!["nyckel.example.evil.example"],
        vec!["nyckel.example:444"],
        vec![""],
        vec![],
        vec!["nyckel.example", "evil.example"],
        vec!["127.0.0.1"],
        vec!["user@nyckel.example"],
    ] {
        let page = panel.answers(ask(&hosts, "/")).await;
        page.must_say(421, &["The panel is not served under the name that was asked for."]);
        assert!(!page.body.contains("evil"), "{hosts:?}");
        page.must_say(421, &["Its address is https://nyckel.example/"]);
        assert_eq!(page.link("Go to the overview").as_deref(), Some("https://nyckel.example/"));
        assert_eq!(panel.answers(ask(&hosts, "/healthz")).await.status, 200, "probes come by number");
    }
    for host in ["NYCKEL.example", "nyckel.example:443"] {
        assert_eq!(panel.answers(ask(&[host], "/")).await.status, 200, "{host}");
    }
    // Under the name with a dot no form could be sent.
    for host in ["nyckel.example.", "Nyckel.Example.:443"] {
        let page = panel.answers(ask(&[host], "/domains/example.se?page=2")).await;
        let to = "https://nyckel.example/domains/example.se?page=2";
        assert_eq!((page.status, page.header("location")), (308, to), "{host}");
    }
    assert_eq!(panel.answers(ask(&["nyckel.example"], "https://evil.example/")).await.status, 421);
    let mut request = ask(&["nyckel.example"], "/");
    request.headers_mut().insert("x-forwarded-host", "evil.example".parse().unwrap());
    request.headers_mut().insert("forwarded", "host=evil.example".parse().unwrap());
    let page = panel.answers(request).await;
    assert!(page.status == 200 && !page.body.contains("evil"));
}

#[tokio::test]
async fn a_slash_too_many_leads_to_the_page_and_never_to_another_host() {
    let (panel, eva) = https().await;
    let ask = |path: &str| {
        let request = Request::get(path).header("host", "nyckel.example").header("cookie", eva.cookie().unwrap());
        request.body(Body::empty()).unwrap()
    };
    for (path, to) in [
        ("/audit/", "https://nyckel.example/audit"),
        ("/domains/example.se///?page=2", "https://nyckel.example/domains/example.se?page=2"),
        ("//evil.example/", "https://nyckel.example//evil.example"),
    ] {
        let page = panel.answers(ask(path)).await;
        assert_eq!((page.status, page.header("location")), (307, to), "{path}");
    }
    assert_eq!(panel.answers(ask("//")).await.status, 404);
    assert_eq!(panel.answers(ask("//evil.example")).await.status, 404);
    assert_eq!(eva.posts("/sign-out/", &[("", ""); 0]).await.status, 404, "nothing is done twice");
}

#[tokio::test]
async fn forwarding_headers_count_only_from_a_trusted_proxy() {
    for (trusted, from, client) in [
        ("", "203.0.113.9", "127.0.0.1"),
        ("10.0.0.0/8", "203.0.113.9", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1,10.0.0.0/8", "203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("127.0.0.1", "<script>", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9:51234", "203.0.113.9"),
        ("127.0.0.1", "[2001:db8::1]:443", "2001:db8::1"),
        ("::ffff:127.0.0.1", "::ffff:203.0.113.9 , 127.0.0.1", "203.0.113.9"),
    ] {
        let panel = Stage::usual().with("NYCKEL_TRUSTED_PROXIES", trusted).opens().await;
        let eva = Person::hired(&panel, "eva", &[]).await;
        let mut request = eva.posting("/sign-in", &[("name", "eva"), ("password", PASSWORD)]);
        request.headers_mut().insert("x-forwarded-for", from.parse().unwrap());
        assert_eq!(eva.sends(request).await.status, 303);
        assert_eq!(panel.one(AuditKind::SignedIn).await.client.as_deref(), Some(client), "{trusted} {from}");
    }
}

#[tokio::test]
async fn a_trusted_network_in_which_more_than_proxies_fit_is_warned_of() {
    let panel = Stage::usual().with("NYCKEL_TRUSTED_PROXIES", "172.16.0.0/12,192.0.2.7").opens().await;
    let (_, said) = panel.runs("check").await;
    let warnings: Vec<_> = said.lines().filter(|line| line.starts_with("warning: ")).collect();
    assert!(matches!(warnings[..], [warning] if warning.contains("172.16.0.0/12: every machine")), "{said}");
}

#[tokio::test]
async fn where_the_address_is_a_secret_no_browser_passes_it_on() {
    let panel = panel().await;
    let stranger = Person::stranger(&panel);
    for path in ["/hand-over/AAAA", "/hand-over/AAAA/", "/invitations/AAAA", "/sign-in/link/AAAA"] {
        // Forms name their origin under this policy: `no-referrer` would take that from them.
        assert_eq!(stranger.visits(path).await.header("referrer-policy"), "strict-origin", "{path}");
        let answer = stranger.posts(path, &[("", ""); 0]).await;
        assert_eq!(answer.header("referrer-policy"), "strict-origin", "{path}");
    }
}
