//! Who may do what: every route, every role, every method, and the same in a domain where the role is not held.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use axum::body::Body;
use nyckel::model::Role;

use crate::stage::{Panel, Person, Stage};

/// What happens to a request: nobody signed in, then each role where it is held, then where it is held elsewhere.
struct Row {
    method: &'static str,
    route: &'static str,
    /// A path of that route, about example.se.
    path: &'static str,
    stranger: u16,
    /// viewer, operator, manager, auditor, admin.
    held: [u16; 5],
    /// viewer, operator, manager of example.com; the other two have no domain.
    elsewhere: [u16; 3],
}

const fn row(
    method: &'static str,
    (route, path): (&'static str, &'static str),
    stranger: u16,
    held: [u16; 5],
    elsewhere: [u16; 3],
) -> Row {
    Row { method, route, path, stranger, held, elsewhere }
}

/// The token is no good: whoever may reset gets 422 for the missing one, whoever may not gets 403.
const RESET: (&str, &str) = ("/accounts/{address}/reset", "/accounts/anna@example.se/reset");
const LOCK_OUT: (&str, &str) = ("/accounts/{address}/lock-out", "/accounts/anna@example.se/lock-out");
const EDIT: (&str, &str) = ("/accounts/{address}/edit", "/accounts/anna@example.se/edit");
/// Nothing is typed that could be one.
const CONTACT: (&str, &str) = ("/accounts/{address}/contact", "/accounts/anna@example.se/contact");
const DELETE: (&str, &str) = ("/accounts/{address}/delete", "/accounts/anna@example.se/delete");
const NEW_ACCOUNT: (&str, &str) = ("/domains/{domain}/accounts/new", "/domains/example.se/accounts/new");
/// Where the page of a reset was before.
const RESULT: (&str, &str) = ("/resets/{operation}", "/resets/019ab000-0000-7000-8000-000000000001");
const OPERATION: (&str, &str) = ("/operations/{operation}", "/operations/019ab000-0000-7000-8000-000000000001");
const ALIAS_NEW: (&str, &str) = ("/domains/{domain}/aliases/new", "/domains/example.se/aliases/new");
const ALIAS_EDIT: (&str, &str) = ("/aliases/{address}/edit", "/aliases/info@example.se/edit");
const ALIAS_DELETE: (&str, &str) = ("/aliases/{address}/delete", "/aliases/info@example.se/delete");
const BULK: (&str, &str) = ("/domains/{domain}/bulk", "/domains/example.se/bulk");
const LOCK_OUT_ALL: (&str, &str) = ("/domains/{domain}/lock-out", "/domains/example.se/lock-out");
/// What takes one person leads to its own page.
const ASK: (&str, &str) = ("/approvals/new", "/approvals/new?kind=reset_password&of=anna@example.se");
const APPROVAL: (&str, &str) = ("/approvals/{approval}", "/approvals/019ab000-0000-7000-8000-000000000001");
const APPROVAL_GIVE: (&str, &str) =
    ("/approvals/{approval}/give", "/approvals/019ab000-0000-7000-8000-000000000001/give");
const APPROVAL_REFUSE: (&str, &str) =
    ("/approvals/{approval}/refuse", "/approvals/019ab000-0000-7000-8000-000000000001/refuse");
const APPROVAL_WITHDRAW: (&str, &str) =
    ("/approvals/{approval}/withdraw", "/approvals/019ab000-0000-7000-8000-000000000001/withdraw");
const BATCH: (&str, &str) = ("/batches/{batch}", "/batches/019ab000-0000-7000-8000-000000000001");
const BATCH_BEGIN: (&str, &str) = ("/batches/{batch}/begin", "/batches/019ab000-0000-7000-8000-000000000001/begin");
const BATCH_LINKS: (&str, &str) = ("/batches/{batch}/links", "/batches/019ab000-0000-7000-8000-000000000001/links");
const BATCH_REVOKE: (&str, &str) = ("/batches/{batch}/revoke", "/batches/019ab000-0000-7000-8000-000000000001/revoke");
const BATCH_STOP: (&str, &str) = ("/batches/{batch}/stop", "/batches/019ab000-0000-7000-8000-000000000001/stop");
const SEEN: (&str, &str) = ("/operations/{operation}/seen", "/operations/019ab000-0000-7000-8000-000000000001/seen");
const REVOKE: (&str, &str) =
    ("/operations/{operation}/revoke", "/operations/019ab000-0000-7000-8000-000000000001/revoke");

const ADMINS: [u16; 5] = [403, 403, 403, 403, 200];
/// Nobody has this id.
const NO_STAFF: [u16; 5] = [403, 403, 403, 403, 404];
const FACTOR: (&str, &str) = ("/profile/second-factor", "/profile/second-factor");
const LINK: (&str, &str) = ("/invitations/{token}", "/invitations/AAAA");

const SETTINGS: (&str, &str) = ("/accounts/{address}/client-settings", "/accounts/anna@example.se/client-settings");
const PROFILE: (&str, &str) = (
    "/accounts/{address}/client-settings/email.mobileconfig",
    "/accounts/anna@example.se/client-settings/email.mobileconfig",
);
/// Open to anybody.
const PUBLIC_SETTINGS: (&str, &str) = ("/client-settings/{domain}", "/client-settings/example.se");
const PUBLIC_PROFILE: (&str, &str) =
    ("/client-settings/{domain}/email.mobileconfig", "/client-settings/example.se/email.mobileconfig");
const PUBLIC_CONFIG: (&str, &str) =
    ("/client-settings/{domain}/config-v1.1.xml", "/client-settings/example.se/config-v1.1.xml");
const AUTOCONFIG: (&str, &str) = ("/mail/config-v1.1.xml", "/mail/config-v1.1.xml?emailaddress=anna@example.se");
const WELL_KNOWN: (&str, &str) = (
    "/.well-known/autoconfig/mail/config-v1.1.xml",
    "/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=anna@example.se",
);

const BACK: (&str, &str) = ("/sign-in/sso/callback", "/sign-in/sso/callback");
const SIGN_IN_LINK: (&str, &str) = ("/sign-in/link/{token}", "/sign-in/link/AAAA");

/// Open to anyone who holds a link for an owner; nobody made this one.
const HAND_OVER: (&str, &str) = ("/hand-over/{link}", "/hand-over/AAAA");

const FACTOR_REMOVE: (&str, &str) = ("/profile/second-factor/remove", "/profile/second-factor/remove");
const CODES: (&str, &str) = ("/profile/second-factor/recovery-codes", "/profile/second-factor/recovery-codes");
const PASSKEY: (&str, &str) = ("/profile/passkeys/new", "/profile/passkeys/new");

const TABLE: &[Row] = &[
    row("GET", ("/", "/"), 303, [200; 5], [200; 3]),
    row("GET", ("/sign-in", "/sign-in"), 200, [303; 5], [303; 3]),
    row("POST", ("/sign-in", "/sign-in"), 422, [422; 5], [422; 3]),
    row("GET", ("/sign-in/again", "/sign-in/again"), 303, [200; 5], [200; 3]),
    row("POST", ("/sign-in/again", "/sign-in/again"), 422, [422; 5], [422; 3]),
    row("GET", ("/setup", "/setup"), 404, [404; 5], [404; 3]),
    row("POST", ("/setup", "/setup"), 422, [422; 5], [422; 3]),
    row("GET", ("/domains/{domain}", "/domains/example.se"), 303, [200; 5], [403; 3]),
    row("POST", ("/domains/{domain}/export", "/domains/example.se/export"), 303, [200; 5], [403; 3]),
    row("GET", ("/costs", "/costs"), 303, [200; 5], [403; 3]),
    row("GET", ("/accounts/{address}", "/accounts/anna@example.se"), 303, [200; 5], [403; 3]),
    row("GET", RESET, 303, [403, 200, 200, 403, 200], [403; 3]),
    row("POST", RESET, 303, [403, 422, 422, 403, 422], [403; 3]),
    row("GET", LOCK_OUT, 303, [403, 200, 200, 403, 200], [403; 3]),
    row("POST", LOCK_OUT, 303, [403, 422, 422, 403, 422], [403; 3]),
    row("GET", SETTINGS, 303, [200; 5], [403; 3]),
    row("GET", PROFILE, 303, [200; 5], [403; 3]),
    row("GET", PUBLIC_SETTINGS, 200, [200; 5], [200; 3]),
    row("GET", PUBLIC_PROFILE, 200, [200; 5], [200; 3]),
    row("GET", PUBLIC_CONFIG, 200, [200; 5], [200; 3]),
    row("GET", AUTOCONFIG, 200, [200; 5], [200; 3]),
    row("GET", WELL_KNOWN, 200, [200; 5], [200; 3]),
    row("GET", EDIT, 303, [403, 403, 200, 403, 200], [403; 3]),
    row("POST", EDIT, 303, [403, 403, 422, 403, 422], [403; 3]),
    row("GET", CONTACT, 303, [403, 403, 200, 403, 200], [403; 3]),
    row("POST", CONTACT, 303, [403, 403, 422, 403, 422], [403; 3]),
    row("GET", DELETE, 303, [403, 403, 200, 403, 200], [403; 3]),
    row("POST", DELETE, 303, [403, 403, 422, 403, 422], [403; 3]),
    row("GET", NEW_ACCOUNT, 303, [403, 403, 200, 403, 200], [403; 3]),
    row("POST", NEW_ACCOUNT, 303, [403, 403, 422, 403, 422], [403; 3]),
    row("GET", ("/aliases/{address}", "/aliases/info@example.se"), 303, [200; 5], [403; 3]),
    row("GET", ALIAS_NEW, 303, [403, 403, 200, 403, 200], [403; 3]),
    row("POST", ALIAS_NEW, 303, [403, 403, 422, 403, 422], [403; 3]),
    row("GET", ALIAS_EDIT, 303, [403, 403, 200, 403, 200], [403; 3]),
    row("POST", ALIAS_EDIT, 303, [403, 403, 422, 403, 422], [403; 3]),
    row("GET", ALIAS_DELETE, 303, [403, 403, 200, 403, 200], [403; 3]),
    row("POST", ALIAS_DELETE, 303, [403, 403, 422, 403, 422], [403; 3]),
    row("GET", RESULT, 308, [308; 5], [308; 3]),
    row("POST", SEEN, 303, [404; 5], [404; 3]),
    row("POST", REVOKE, 303, [404; 5], [404; 3]),
    row("GET", OPERATION, 303, [404; 5], [404; 3]),
    row("POST", OPERATION, 303, [404; 5], [404; 3]),
    row("GET", ("/audit", "/audit"), 303, [403, 403, 403, 200, 200], [403; 3]),
    row("POST", ("/audit/export", "/audit/export"), 303, [403, 403, 403, 422, 422], [403; 3]),
    row("GET", LINK, 404, [404; 5], [404; 3]),
    row("POST", LINK, 422, [422; 5], [422; 3]),
    row("GET", ("/staff", "/staff"), 303, ADMINS, [403; 3]),
    // Whoever has not just proved who they are for it is asked first.
    row("GET", ("/staff/new", "/staff/new"), 303, [403, 403, 403, 403, 303], [403; 3]),
    row("POST", ("/staff/new", "/staff/new"), 303, [403, 403, 403, 403, 422], [403; 3]),
    row("GET", ("/staff/{id}", "/staff/nobody"), 303, NO_STAFF, [403; 3]),
    row("GET", ("/staff/{id}/edit", "/staff/nobody/edit"), 303, NO_STAFF, [403; 3]),
    row("POST", ("/staff/{id}/edit", "/staff/nobody/edit"), 303, NO_STAFF, [403; 3]),
    row("GET", ("/staff/{id}/names", "/staff/nobody/names"), 303, NO_STAFF, [403; 3]),
    row("POST", ("/staff/{id}/names", "/staff/nobody/names"), 303, NO_STAFF, [403; 3]),
    row("POST", ("/staff/{id}/invite", "/staff/nobody/invite"), 303, NO_STAFF, [403; 3]),
    row("POST", ("/staff/{id}/end-sessions", "/staff/nobody/end-sessions"), 303, NO_STAFF, [403; 3]),
    row("POST", ("/staff/{id}/disable", "/staff/nobody/disable"), 303, NO_STAFF, [403; 3]),
    row("POST", ("/staff/{id}/enable", "/staff/nobody/enable"), 303, NO_STAFF, [403; 3]),
    row("GET", ("/keys", "/keys"), 303, [200; 5], [200; 3]),
    row("GET", ("/profile", "/profile"), 303, [200; 5], [200; 3]),
    // Whoever has not just proved who they are for it is asked first.
    row("GET", FACTOR, 303, [303; 5], [303; 3]),
    row("POST", FACTOR, 303, [422; 5], [422; 3]),
    row("GET", FACTOR_REMOVE, 303, [200; 5], [200; 3]),
    row("POST", FACTOR_REMOVE, 303, [422; 5], [422; 3]),
    row("GET", CODES, 303, [303; 5], [303; 3]),
    row("POST", CODES, 303, [303; 5], [303; 3]),
    row("POST", ("/sign-in/code", "/sign-in/code"), 422, [422; 5], [422; 3]),
    row("GET", PASSKEY, 303, [303; 5], [303; 3]),
    row("POST", PASSKEY, 303, [422; 5], [422; 3]),
    row("POST", ("/profile/passkeys/new/options", "/profile/passkeys/new/options"), 303, [303; 5], [303; 3]),
    row("POST", ("/sign-in/passkey", "/sign-in/passkey"), 422, [422; 5], [422; 3]),
    row("POST", ("/sign-in/passkey/options", "/sign-in/passkey/options"), 200, [200; 5], [200; 3]),
    row("POST", ("/sign-in/code/passkey", "/sign-in/code/passkey"), 422, [422; 5], [422; 3]),
    row("POST", ("/sign-in/code/passkey/options", "/sign-in/code/passkey/options"), 422, [422; 5], [422; 3]),
    row("POST", ("/sign-in/again/passkey", "/sign-in/again/passkey"), 422, [422; 5], [422; 3]),
    // Nobody has a passkey.
    row("POST", ("/sign-in/again/passkey/options", "/sign-in/again/passkey/options"), 303, [422; 5], [422; 3]),
    row("POST", ("/staff/{id}/reset-second-factor", "/staff/nobody/reset-second-factor"), 303, NO_STAFF, [403; 3]),
    row("POST", ("/profile", "/profile"), 303, [422; 5], [422; 3]),
    row("POST", ("/profile/password", "/profile/password"), 303, [422; 5], [422; 3]),
    row("GET", ("/profile/end-everything", "/profile/end-everything"), 303, [200; 5], [200; 3]),
    row("POST", ("/profile/end-everything", "/profile/end-everything"), 303, [422; 5], [422; 3]),
    row("POST", ("/profile/notices", "/profile/notices"), 303, [422; 5], [422; 3]),
    row("POST", ("/profile/end-sessions", "/profile/end-sessions"), 303, [303; 5], [303; 3]),
    // There is no provider here, so there is nothing to begin or to come back from.
    row("POST", ("/sign-in/sso", "/sign-in/sso"), 404, [404; 5], [404; 3]),
    row("POST", ("/sign-in/sso/again", "/sign-in/sso/again"), 303, [404; 5], [404; 3]),
    row("GET", BACK, 404, [404; 5], [404; 3]),
    row("POST", BACK, 404, [404; 5], [404; 3]),
    row("GET", SIGN_IN_LINK, 404, [404; 5], [404; 3]),
    row("POST", SIGN_IN_LINK, 404, [404; 5], [404; 3]),
    row("GET", HAND_OVER, 404, [404; 5], [404; 3]),
    row("POST", HAND_OVER, 404, [404; 5], [404; 3]),
    row("GET", BULK, 303, [403, 200, 200, 403, 200], [403; 3]),
    row("POST", BULK, 303, [403, 422, 422, 403, 422], [403; 3]),
    // It only puts together what is then confirmed.
    row("POST", LOCK_OUT_ALL, 303, [403, 303, 303, 403, 303], [403; 3]),
    row("GET", BATCH, 303, [404; 5], [404; 3]),
    row("POST", BATCH_BEGIN, 303, [404; 5], [404; 3]),
    row("POST", BATCH_LINKS, 303, [404; 5], [404; 3]),
    row("POST", BATCH_REVOKE, 303, [404; 5], [404; 3]),
    row("POST", BATCH_STOP, 303, [404; 5], [404; 3]),
    row("GET", ASK, 303, [403, 303, 303, 403, 303], [403; 3]),
    // Nothing is named that could be asked for.
    row("POST", ASK, 303, [404; 5], [404; 3]),
    row("GET", APPROVAL, 303, [404; 5], [404; 3]),
    row("POST", APPROVAL_GIVE, 303, [404; 5], [404; 3]),
    row("POST", APPROVAL_REFUSE, 303, [404; 5], [404; 3]),
    row("POST", APPROVAL_WITHDRAW, 303, [404; 5], [404; 3]),
    // Last, because it ends the session.
    row("GET", ("/sign-out", "/sign-out"), 405, [405; 5], [405; 3]),
    row("POST", ("/sign-out", "/sign-out"), 303, [303; 5], [303; 3]),
];

/// With a name, so that there are passkeys.
async fn panel() -> Panel {
    Stage::usual().with("NYCKEL_PUBLIC_URL", "http://localhost:8080").opens().await
}

async fn status(person: &Person, method: &str, path: &str) -> u16 {
    let request = person.begins(method, path).header("sec-fetch-site", "same-origin");
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    person.sends(request.body(Body::empty()).unwrap()).await.status
}

async fn must_follow_the_table(person: &Person, expected: impl Fn(&Row) -> u16) {
    for row in TABLE {
        let Row { method, path, .. } = row;
        assert_eq!(status(person, method, path).await, expected(row), "{} {method} {path}", person.name);
        if *method == "GET" && *path != "/sign-out" {
            assert_eq!(status(person, "HEAD", path).await, expected(row), "{} HEAD {path}", person.name);
        }
    }
}

async fn people(panel: &Panel, domain: Option<&str>) -> Vec<Person> {
    let mut people = Vec::new();
    for role in Role::ALL {
        if domain.is_some() && role.is_for_all_domains() {
            continue;
        }
        let person = Person::hired(panel, role.name(), &[(role, domain.unwrap_or("*"))]).await;
        person.signs_in().await;
        people.push(person);
    }
    people
}

#[tokio::test]
async fn each_role_may_do_exactly_what_the_table_says() {
    let panel = panel().await;
    must_follow_the_table(&Person::stranger(&panel), |row| row.stranger).await;
    for (place, person) in people(&panel, None).await.iter().enumerate() {
        must_follow_the_table(person, |row| row.held[place]).await;
    }
    assert_eq!(panel.resets(), (0, 0));
}

#[tokio::test]
async fn a_role_counts_in_its_own_domain_only() {
    let panel = panel().await;
    for (place, person) in people(&panel, Some("example.com")).await.iter().enumerate() {
        must_follow_the_table(person, |row| row.elsewhere[place]).await;
    }
    assert_eq!(panel.resets(), (0, 0));
}

#[tokio::test]
async fn no_route_takes_a_method_that_the_table_does_not_know() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    for row in TABLE {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"] {
            let is_known = TABLE.iter().any(|other| other.route == row.route && other.method == method);
            if !is_known {
                assert_eq!(status(&admin, method, row.path).await, 405, "{method} {}", row.path);
            }
        }
    }
}

#[tokio::test]
async fn where_owners_have_a_door_it_serves_what_is_theirs_alone_and_the_panel_none_of_it() {
    let panel = Stage::usual().with("NYCKEL_PUBLIC_URL", "http://localhost:8080").with_owners_door().opens().await;
    let door = panel.at_owners_door();
    let admin = panel.admin("admin").await;
    let theirs = [PUBLIC_SETTINGS, PUBLIC_PROFILE, PUBLIC_CONFIG, AUTOCONFIG, WELL_KNOWN, HAND_OVER];
    for Row { method, route, path, stranger, held, .. } in TABLE {
        let is_theirs = theirs.iter().any(|(theirs, _)| theirs == route);
        let is_under_any_name = [AUTOCONFIG.1, WELL_KNOWN.1].contains(path);
        let there = if is_under_any_name { (*path).to_owned() } else { format!("/mail{path}") };
        let expected = if is_theirs { (*stranger, 404) } else { (404, held[4]) };
        let found = (status(&admin.at(&door), method, &there).await, status(&admin, method, path).await);
        assert_eq!(found, expected, "{method} {path}");
    }
    for probe in ["/healthz", "/readyz"] {
        assert_eq!(status(&admin.at(&door), "GET", probe).await, 404);
        assert_eq!(status(&admin, "GET", probe).await, 200);
    }
}

#[test]
fn every_route_has_a_row() {
    let mut routes = BTreeSet::new();
    for file in files_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pages")) {
        let text = fs::read_to_string(&file).unwrap();
        for (at, _) in text.match_indices(".route") {
            let route = text[at..].strip_prefix(".route(").and_then(|rest| rest.trim_start().strip_prefix('"'));
            let route = route.unwrap_or_else(|| panic!("{}: the route's path must stand right here", file.display()));
            let (route, rest) = route.split_once('"').unwrap();
            // A route ends where the next begins or the function does.
            let methods = rest.split("\n}").next().unwrap().split(".route").next().unwrap();
            for method in ["get", "post", "put", "patch", "delete", "any"] {
                if methods.contains(&format!("{method}(")) {
                    routes.insert(format!("{} {route}", method.to_uppercase()));
                }
            }
        }
        assert!(!text.contains("nest(") && !text.contains("route_service("), "{}: name routes whole", file.display());
    }
    let known = TABLE.iter().filter(|row| row.stranger != 405);
    let known: BTreeSet<_> = known.map(|row| format!("{} {}", row.method, row.route)).collect();
    assert_eq!(routes, known);
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_of(&path) } else { vec![path] }).collect()
}
