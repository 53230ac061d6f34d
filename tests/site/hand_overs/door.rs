//! The owners' door: an address of its own, at which owners of mailboxes find what is theirs and the panel is not.

use axum::body::Body;
use axum::http::header::{HOST, ORIGIN};
use nyckel::access::password::{Lane, Place};
use nyckel::model::{AuditKind, Role};
use nyckel::server::{self, Listeners};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{ANNA, owner, passes_on, types, wrong};
use crate::stage::{PASSWORD, Panel, Person, Stage};

const URL: &str = "https://owners.example.se/mail";

/// The panel, the same at the owners' door, and an operator.
async fn stage() -> (Panel, Panel, Person) {
    let panel = Stage::usual().with_owners_door().with("NYCKEL_HELP_LINE", "08-123 45 67").opens().await;
    let (door, eva) = (panel.at_owners_door(), panel.operator("eva").await);
    (panel, door, eva)
}

/// Everybody who can wait in a lane.
fn crowd(panel: &Panel, lane: fn(String) -> Lane) -> Vec<Place> {
    let passwords = &panel.built.app.hand_overs.passwords;
    (0..).map_while(|n: u32| passwords.place(lane(format!("network {n}"))).ok()).collect()
}

#[tokio::test]
async fn the_owner_reads_the_password_at_the_door_and_the_panel_knows_of_no_link() {
    let (panel, door, eva) = stage().await;
    let result = passes_on(&eva, &panel, ANNA).await;
    let nowhere = ["This link does not work", "There is nothing at this address.", "Help desk: 08-123 45 67"];
    owner(&panel).visits(&result.link).await.must_say(404, &nowhere);
    owner(&panel).posts(&result.link, &[("code", &result.code)]).await.must_say(404, &nowhere);

    let anna = owner(&door);
    let page = anna.visits(&result.link).await;
    page.must_say(200, &["Your new email password", "8 digits"]);
    let own = page.attributes("link[rel=stylesheet]", "href");
    assert!(own.iter().all(|link| link.starts_with("/mail/static/")), "{own:?}");
    assert_eq!(anna.sends(anna.navigation(&own[0], "same-origin")).await.status, 200);
    let page = anna.fills_in(&page, "Show the password", &[("code", &wrong(&result, 0))]).await;
    page.must_say(422, &["You have 4 tries left."]);
    let page = anna.fills_in(&page, "Show the password", &[("code", &result.code)]).await;
    assert_eq!((page.status, page.password()), (201, panel.glesys.password_of(ANNA)));
    assert_eq!((page.header("set-cookie"), page.has("a[href]:not([href^='tel:'])")), ("", false));
    assert!(page.header("strict-transport-security").starts_with("max-age="), "by the door's own address");
    eva.visits(&result.result).await.must_say(200, &["Read by link"]);
}

#[tokio::test]
async fn what_staff_pass_on_leads_to_the_door() {
    let (panel, door, eva) = stage().await;
    let asks = eva.visits("/accounts/anna@example.se/reset").await;
    let page = eva.fills_in(&asks, "Reset password", &[("hand_over", "link")]).await;
    assert!(page.text("#link").starts_with(&format!("{URL}/hand-over/")), "{}", page.text("#link"));
    let shown = eva.resets("bo@example.se").await;
    let settings = format!("{URL}/client-settings/example.se");
    assert!(shown.text("#caller-text").ends_with(&settings), "{}", shown.text("#caller-text"));
    let page = eva.visits("/accounts/anna@example.se/client-settings").await;
    assert_eq!(page.text("#settings-link"), settings);

    let anybody = Person::stranger(&door);
    let page = anybody.visits("/client-settings/example.se").await;
    page.must_say(200, &["Email settings", "imap.example.net"]);
    assert_eq!(anybody.clicks(&page, "Download the profile").await.status, 200);
    let slash = anybody.sends(anybody.navigation("/mail/client-settings/example.se/", "none")).await;
    assert_eq!(slash.header("location"), settings);
    Person::stranger(&panel).visits("/client-settings/example.se").await.must_say(404, &[]);
}

#[tokio::test]
async fn nothing_at_the_door_leads_into_the_panel() {
    let (_panel, door, eva) = stage().await;
    for person in [Person::stranger(&door), eva.at(&door)] {
        for path in ["", "/", "/sign-in", "/setup", "/accounts/anna@example.se", "/client-settings/-"] {
            let page = person.visits(path).await;
            page.must_say(404, &["This link does not work", "There is nothing at this address.", "Help desk: 08-123"]);
            assert!(
                !page.has("a[href]:not([href^='tel:'])") && !page.has("form") && page.header("set-cookie").is_empty(),
                "{page:#?}"
            );
        }
        let below_nothing = person.sends(person.navigation("/sign-in", "none")).await;
        below_nothing.must_say(404, &["This link does not work"]);
        assert_eq!(person.posts("/sign-in", &[("name", "eva"), ("password", PASSWORD)]).await.status, 404);
    }
}

#[tokio::test]
async fn another_host_and_another_origin_are_refused_at_the_door_also_the_panels() {
    let (panel, door, eva) = stage().await;
    let passed = passes_on(&eva, &panel, ANNA).await;
    let (anna, link) = (owner(&door), format!("/mail{}", passed.link));
    for host in ["evil.example", "127.0.0.1:8080", "owners.example.se:8081"] {
        let mut request = anna.navigation(&link, "none");
        request.headers_mut().insert(HOST, host.parse().unwrap());
        anna.sends(request).await.must_say(421, &["There is nothing at this address.", "Help desk: 08-123 45 67"]);
    }
    for origin in ["https://evil.example", "http://127.0.0.1:8080", "http://owners.example.se"] {
        let mut request = anna.posting(&link, &[("code", &passed.code)]);
        request.headers_mut().insert(ORIGIN, origin.parse().unwrap());
        anna.sends(request).await.must_say(403, &["Nothing was shown."]);
    }
    let unsaid = anna.begins("POST", &link).body(Body::empty()).unwrap();
    assert_eq!(anna.sends(unsaid).await.status, 403);
    assert!(panel.audit(AuditKind::HandOverWrongCode).await.is_empty());
    assert_eq!(types(&anna, &passed, &passed.code).await.password(), panel.glesys.password_of(ANNA));
}

#[tokio::test]
async fn a_crowd_of_owners_keeps_no_staff_waiting_and_a_crowd_of_strangers_no_owner() {
    let (panel, door, eva) = stage().await;
    let passed = passes_on(&eva, &panel, ANNA).await;
    let olle = Person::hired(&panel, "olle", &[(Role::Viewer, "*")]).await;
    let owners = crowd(&panel, Lane::Owner);
    owner(&door).visits(&passed.link).await.must_say(503, &["Too many at once", "No code was tried."]);
    assert_eq!(olle.signs_in_with(PASSWORD).await.at, "/");
    drop(owners);
    let _strangers = crowd(&panel, Lane::Stranger);
    assert_eq!(olle.in_another_browser().signs_in_with(PASSWORD).await.status, 503);
    assert_eq!(types(&owner(&door), &passed, &passed.code).await.password(), panel.glesys.password_of(ANNA));
}

/// What the first line of an answer says.
async fn asks(stream: &mut TcpStream, path: &str, host: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let heard = tokio::time::timeout(std::time::Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
    heard.unwrap().unwrap();
    String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn both_doors_are_listened_at_a_crowd_at_one_leaves_the_other_free_and_both_close() {
    let (panel, ..) = stage().await;
    let bind = || TcpListener::bind("127.0.0.1:0");
    let listeners = Listeners { panel: bind().await.unwrap(), owners: Some(bind().await.unwrap()) };
    let staff = listeners.panel.local_addr().unwrap();
    let owners = listeners.owners.as_ref().unwrap().local_addr().unwrap();
    let (stop, mut stopped) = tokio::sync::mpsc::channel::<()>(1);
    let running = tokio::spawn(server::run(panel.built.clone(), listeners, async move || {
        stopped.recv().await;
    }));

    let mut crowd = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(owners).await.unwrap();
        stream.write_all(b"GET /mail/hand-over/AAAA HTTP/1.1\r\n").await.unwrap();
        crowd.push(stream);
    }
    let mut own = TcpStream::connect(staff).await.unwrap();
    assert_eq!(asks(&mut own, "/readyz", "x").await, "HTTP/1.1 200 OK");
    let mut last = crowd.pop().unwrap();
    let rest = "Host: owners.example.se\r\nConnection: close\r\n\r\n";
    last.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = String::new();
    last.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 404") && answer.contains("This link does not work"), "{answer}");
    let mut other = TcpStream::connect(owners).await.unwrap();
    assert_eq!(asks(&mut other, "/mail/client-settings/example.se", "owners.example.se").await, "HTTP/1.1 200 OK");

    drop((crowd, stop));
    running.await.unwrap().unwrap();
    for closed in [staff, owners] {
        assert!(TcpStream::connect(closed).await.is_err(), "{closed} is still listened at");
    }
}
