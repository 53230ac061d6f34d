//! Signing in and out, and how long a session lasts.

mod credentials;
mod invitations;
mod leading_on;
pub mod links;
mod misbehaving_provider;
mod provider_shapes;
mod second_factor;
mod setup;
pub mod single_sign_on;
mod too_late;

use std::sync::Arc;

use axum::http::header::SET_COOKIE;
use nyckel::access::Gate;
use nyckel::model::{AuditKind, Device, Role, StaffName};
use nyckel::services::sign_ins::{Origin, SignIn};
use tower_sessions::Session;

use crate::stage::{PASSWORD, Panel, Person, Stage, panel};

const WRONG: &str = "Wrong user name or password.";

async fn disables(panel: &Panel, name: &str) {
    let can = Gate::of_the_command_line().unwrap().can().unwrap();
    let staff = &panel.built.app.staff;
    let id = staff.named(&can, &StaffName::parse(name).unwrap()).await.unwrap();
    staff.disable(&can, &id).await.unwrap();
}

#[tokio::test]
async fn whoever_signs_in_lands_at_the_overview_and_is_named_there() {
    let panel = panel().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    let page = eva.signs_in().await;
    assert_eq!((page.at.as_str(), page.text(".bar-name").as_str()), ("/", "eva"));
    let event = panel.one(AuditKind::SignedIn).await;
    assert_eq!((event.staff_name.as_deref(), event.client.as_deref()), (Some("eva"), Some("127.0.0.1")));
}

#[tokio::test]
async fn wrong_unknown_disabled_and_impossible_names_get_the_same_answer() {
    let panel = panel().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    let olle = Person::hired(&panel, "olle", &[(Role::Viewer, "*")]).await;
    disables(&panel, "olle").await;
    let shape = |page: crate::stage::Page, name: &str| {
        page.must_say(422, &[WRONG]);
        assert_eq!(page.attributes("#name", "value"), [name], "the name is kept");
        assert!(page.attributes("#password", "value").is_empty(), "the password is not");
        page.body.replace(name, "NAME")
    };
    let wrong = shape(eva.signs_in_with("not the password").await, "eva");
    let disabled = shape(olle.signs_in_with(PASSWORD).await, "olle");
    let unknown = Person::stranger(&panel).called("nobody");
    let unknown = shape(unknown.signs_in_with(PASSWORD).await, "nobody");
    let impossible = Person::stranger(&panel).called("no such name!");
    let impossible = shape(impossible.signs_in_with(PASSWORD).await, "no such name!");
    assert!([disabled, unknown, impossible].iter().all(|page| *page == wrong));
    assert_eq!(panel.audit(AuditKind::SignInFailed).await.len(), 4);
    assert!(panel.audit(AuditKind::SignedIn).await.is_empty());
    assert!(eva.cookie().is_none() && olle.cookie().is_none());
}

#[tokio::test]
async fn after_ten_tries_even_the_right_password_waits_for_the_next_window() {
    let panel = panel().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let eva = eva.clone();
        tries.spawn(async move { eva.signs_in_with("not the password").await.status });
    }
    let mut answers = tries.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [[422; 10].as_slice(), &[429; 2]].concat(), "counted before they are looked at");
    let refused = eva.signs_in_with(PASSWORD).await;
    refused.must_say(429, &["Too many attempts. Try again after"]);
    assert_eq!(panel.audit(AuditKind::SignInLimited).await.len(), 3);

    panel.clock.turn(15 * 60 - 1);
    assert_eq!(eva.signs_in_with(PASSWORD).await.status, 429);
    panel.clock.turn(1);
    panel.sweeps().await;
    eva.signs_in().await;
}

#[tokio::test]
async fn tries_for_one_name_do_not_keep_others_out() {
    let panel = panel().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    let olle = Person::hired(&panel, "olle", &[(Role::Viewer, "*")]).await;
    for _ in 0..10 {
        eva.signs_in_with("not the password").await.must_say(422, &[WRONG]);
    }
    assert_eq!(eva.signs_in_with(PASSWORD).await.status, 429);
    olle.signs_in().await;
}

#[tokio::test]
async fn guesses_made_elsewhere_never_keep_a_person_out_of_a_browser_they_have_used() {
    let panel = panel().await;
    let other = panel.replica().await;
    let eva = panel.signed_in(Role::Viewer, "eva").await;
    eva.signs_out().await;
    let stranger = Person::stranger(&panel).called("eva");
    for _ in 0..12 {
        stranger.signs_in_with("not the password").await;
    }
    assert_eq!(eva.in_another_browser().signs_in_with(PASSWORD).await.status, 429);
    assert_eq!(eva.at(&other).signs_in_with(PASSWORD).await.at, "/");
    // A thief of that browser has no more tries than anybody else.
    for _ in 0..9 {
        eva.signs_in_with("not the password").await.must_say(422, &[WRONG]);
    }
    assert_eq!(eva.signs_in_with(PASSWORD).await.status, 429);
}

#[tokio::test]
async fn what_one_network_is_refused_uses_up_nothing_of_what_others_may() {
    let panel = Stage::usual().with("NYCKEL_TRUSTED_PROXIES", "127.0.0.1").opens().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    let form = |password| [("name", "eva"), ("password", password)];
    let from = |network: &'static str, password| {
        let mut request = Person::stranger(&panel).posting("/sign-in", &form(password));
        request.headers_mut().insert("x-forwarded-for", network.parse().unwrap());
        eva.sends(request)
    };
    for n in 0..120 {
        assert_eq!(from("192.0.2.1", "not the password").await.status, if n < 10 { 422 } else { 429 });
    }
    assert_eq!(from("192.0.2.2", PASSWORD).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_wins_against_proving_anew_at_the_same_time() {
    for round in 0..10 {
        let panel = panel().await;
        let other = panel.replica().await;
        let eva = panel.signed_in(Role::Viewer, "eva").await;
        let tab = Person::stranger(&other);
        tab.takes_cookie(&eva.cookie().unwrap());
        let proves = tokio::spawn({
            let tab = tab.clone();
            async move { tab.posts("/sign-in/again", &[("password", PASSWORD)]).await.status }
        });
        tokio::time::sleep(std::time::Duration::from_millis(round * 5)).await;
        let out = eva.posts("/sign-out", &[("", ""); 0]).await;
        assert_eq!(out.status, 303);
        proves.await.unwrap();
        if out.header("location").contains("out=1") {
            assert_eq!(tab.visits("/").await.text("h1"), "Sign in", "round {round}");
        }
    }
}

#[tokio::test]
async fn a_browser_is_known_for_the_person_who_signed_in_there_last_until_they_sign_out_everywhere() {
    let panel = panel().await;
    let (admin, eva) = (panel.admin("admin").await, panel.signed_in(Role::Viewer, "eva").await);
    let stranger = Person::stranger(&panel).called("eva");
    let olle = Person::hired(&panel, "olle", &[(Role::Viewer, "*")]).await;
    for _ in 0..12 {
        stranger.signs_in_with("not the password").await;
    }
    olle.signs_in().await;
    assert_eq!(olle.clone().called("eva").signs_in_with(PASSWORD).await.status, 429, "Olle's browser is not Eva's");
    assert_eq!(eva.signs_in_with(PASSWORD).await.at, "/");
    let page = admin.visits("/staff").await;
    let page = admin.clicks(&page, "eva").await;
    admin.presses(&page, "Sign out everywhere").await;
    assert_eq!(eva.signs_in_with(PASSWORD).await.status, 429);
    panel.clock.turn(15 * 60);
    eva.signs_in().await;
    panel.clock.turn(400 * 24 * 60 * 60 + 1);
    panel.sweeps().await;
    assert!(panel.database.texts("SELECT hash FROM device").await.is_empty());
}

#[tokio::test]
async fn the_cookie_can_be_read_by_the_panel_alone() {
    for (url, name, more) in [("http://127.0.0.1:8080", "nyckel", ""), ("https://n.example", "__Host-nyckel", "Secure")]
    {
        let panel = Stage::usual().with("NYCKEL_PUBLIC_URL", url).opens().await;
        let eva = Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
        let answer = eva.posts("/sign-in", &[("name", "eva"), ("password", PASSWORD)]).await;
        let set: Vec<_> = answer.headers.get_all(SET_COOKIE).iter().map(|c| c.to_str().unwrap()).collect();
        assert_eq!(set.len(), 2, "the session's and the device's: {set:?}");
        for (cookie, name, age) in [(set[1], name, ""), (set[0], &*format!("{name}-device"), "Max-Age=34560000")] {
            let mut parts: Vec<_> = cookie.split("; ").collect();
            let value = parts.remove(0).strip_prefix(&format!("{name}=")).unwrap();
            assert!(value.len() >= 22, "128 bits");
            parts.sort_unstable();
            let mut expected = vec!["HttpOnly", "Path=/", "SameSite=Strict", more, age];
            expected.retain(|part| !part.is_empty());
            expected.sort_unstable();
            assert_eq!(parts, expected);
        }

        let out = eva.posts("/sign-out", &[("", ""); 0]).await;
        let removal = out.header("set-cookie");
        assert!(removal.starts_with(&format!("{name}=;")) && removal.contains("Max-Age=0"), "{removal}");
        assert_eq!(removal.contains("Secure"), url.starts_with("https"), "{removal}");
        assert!(eva.cookie().is_none());
    }
}

#[tokio::test]
async fn an_idle_session_ends_after_half_an_hour() {
    let panel = panel().await;
    let eva = panel.signed_in(Role::Viewer, "eva").await;
    for _ in 0..3 {
        panel.clock.turn(29 * 60 + 59);
        assert_eq!(eva.visits("/domains/example.se").await.at, "/domains/example.se", "using it keeps it");
    }
    panel.clock.turn(30 * 60);
    assert_eq!(eva.visits("/domains/example.se").await.text("h1"), "Sign in");
}

#[tokio::test]
async fn a_session_in_use_ends_after_twelve_hours() {
    let panel = panel().await;
    let eva = panel.signed_in(Role::Viewer, "eva").await;
    for _ in 0..(12 * 60 / 20 - 1) {
        panel.clock.turn(20 * 60);
        assert_eq!(eva.visits("/").await.at, "/");
    }
    panel.clock.turn(20 * 60 - 1);
    assert_eq!(eva.visits("/").await.at, "/");
    panel.clock.turn(1);
    assert_eq!(eva.visits("/").await.text("h1"), "Sign in");
}

#[tokio::test]
async fn signing_out_ends_the_session_for_every_copy_of_the_cookie() {
    let panel = panel().await;
    let eva = panel.signed_in(Role::Viewer, "eva").await;
    let thief = Person::stranger(&panel);
    thief.takes_cookie(&eva.cookie().unwrap());
    assert_eq!(thief.visits("/").await.at, "/");
    let page = eva.signs_out().await;
    page.must_say(200, &["You have signed out."]);
    assert_eq!(thief.visits("/").await.text("h1"), "Sign in");
    assert_eq!(panel.one(AuditKind::SignedOut).await.staff_name.as_deref(), Some("eva"));
    assert_eq!(thief.posts("/sign-out", &[("", ""); 0]).await.header("location"), "/sign-in?undone=lost&next=%2F");
    panel.one(AuditKind::SignedOut).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_wins_against_requests_that_are_under_way() {
    let panel = panel().await;
    let other = panel.replica().await;
    let eva = panel.signed_in(Role::Viewer, "eva").await;
    let cookie = eva.cookie().unwrap();
    // Long enough ago that each of them wants to note the session's use.
    panel.clock.turn(120);
    let mut looks = tokio::task::JoinSet::new();
    for n in 0..12 {
        let tab = Person::stranger(if n % 2 == 0 { &panel } else { &other });
        tab.takes_cookie(&cookie);
        looks.spawn(async move { tab.visits("/domains/example.se").await.status });
    }
    let out = eva.posts("/sign-out", &[("", ""); 0]).await;
    assert_eq!(out.status, 303);
    assert!(looks.join_all().await.iter().all(|status| *status == 200), "the page or the sign-in page");
    for panel in [&panel, &other] {
        let thief = Person::stranger(panel);
        thief.takes_cookie(&cookie);
        assert_eq!(thief.visits("/").await.text("h1"), "Sign in");
    }
}

#[tokio::test]
async fn each_sign_in_has_a_session_of_its_own_and_ends_the_one_before() {
    let panel = panel().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    let planted = "nyckel=AAAAAAAAAAAAAAAAAAAAAA";
    eva.takes_cookie(planted);
    eva.signs_in().await;
    let first = eva.cookie().unwrap();
    assert_ne!(first, planted, "a cookie that was put there is never taken over");
    eva.signs_in().await;
    let second = eva.cookie().unwrap();
    assert_ne!(first, second);
    let old = Person::stranger(&panel);
    old.takes_cookie(&first);
    assert_eq!(old.visits("/").await.text("h1"), "Sign in");
}

#[tokio::test]
async fn disabling_a_person_ends_all_their_sessions_at_once() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let elsewhere = eva.in_another_browser();
    elsewhere.signs_in().await;
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    disables(&panel, "eva").await;
    assert_eq!(eva.presses(&page, "Reset password").await.text("h1"), "Sign in");
    let other = panel.replica().await;
    assert_eq!(elsewhere.at(&other).visits("/").await.text("h1"), "Sign in");
    assert_eq!(panel.resets(), (0, 0));
}

#[tokio::test]
async fn nothing_in_the_database_is_the_cookie() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    eva.resets("anna@example.se").await;
    let cookie = eva.cookie().unwrap();
    let secret = cookie.split_once('=').unwrap().1;
    for (table, rows) in panel.database.dump().await {
        for row in rows {
            assert!(!row.contains(secret), "{table}: {row}");
            assert!(!row.contains(PASSWORD), "{table}: {row}");
        }
    }
    // What the database does keep of it opens nothing.
    for kept in panel.database.texts("SELECT cookie FROM session UNION SELECT id FROM session").await {
        let thief = Person::stranger(&panel);
        thief.takes_cookie(&format!("nyckel={kept}"));
        assert_eq!(thief.visits("/").await.text("h1"), "Sign in");
    }
}

#[tokio::test]
async fn what_is_no_cookie_of_ours_is_nobody() {
    let panel = panel().await;
    panel.operator("eva").await;
    for cookie in ["nyckel=", "nyckel=%00", "nyckel=AAAA", "nyckel=ÅÅÅ", "nyckel=AAAAAAAAAAAAAAAAAAAAAAAAAAAA", "x=y"]
    {
        let stranger = Person::stranger(&panel);
        stranger.takes_cookie(cookie);
        assert_eq!(stranger.visits("/").await.text("h1"), "Sign in", "{cookie}");
    }
}

#[tokio::test]
async fn whoever_is_disabled_while_they_sign_in_is_not_recorded_as_signed_in() {
    let panel = panel().await;
    Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    let app = &panel.built.app;
    let from = Origin { client: [127, 0, 0, 1].into(), reference: "one".to_owned(), device: None };
    let Ok(SignIn::Whole(proved)) = app.sign_ins.sign_in("eva", PASSWORD.into(), &from).await else {
        panic!("the password is right");
    };
    disables(&panel, "eva").await;
    let browser = Session::new(None, Arc::new(app.sessions.clone()), None);
    let device = Device { client: None, agent: None };
    let begun = app.sessions.begin(&browser, &proved.staff, proved.generation, &device, &proved.signed_in).await;
    assert!(begun.unwrap().is_none());
    assert!(panel.audit(AuditKind::SignedIn).await.is_empty());
}
