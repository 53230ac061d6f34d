//! What people choose for themselves.

use axum::http::header::USER_AGENT;
use nyckel::model::{AuditKind, Role};

use crate::stage::{PASSWORD, Person, panel};

const ANOTHER: &str = "another four words";

#[tokio::test]
async fn language_and_theme_are_kept_for_the_person_in_every_browser() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/").await;
    let page = eva.clicks(&page, "eva").await;
    page.must_say(200, &["Profile", "Operator in all domains"]);
    let page = eva.fills_in(&page, "Save", &[("language", "sv"), ("theme", "dark")]).await;
    page.must_say(200, &["Sparat.", "Dina"].map(|text| if text == "Dina" { "Ditt lösenord" } else { text }));
    let elsewhere = eva.in_another_browser();
    let page = elsewhere.signs_in().await;
    assert_eq!(page.attributes("html", "data-theme"), ["dark"]);
    assert_eq!(page.attributes("html", "lang"), ["sv"]);
    let page = elsewhere.visits("/profile").await;
    let page = elsewhere.fills_in(&page, "Spara", &[("language", ""), ("theme", "system")]).await;
    assert_eq!(page.attributes("html", "lang"), ["en"], "as the browser says");
}

#[tokio::test]
async fn a_changed_password_ends_every_other_session() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let elsewhere = eva.in_another_browser();
    elsewhere.signs_in().await;
    let cookie = eva.cookie();
    let page = eva.visits("/profile").await;
    let page = eva.fills_in(&page, "Change the password", &[("old", PASSWORD), ("new", ANOTHER)]).await;
    page.must_say(200, &["The password is changed. You are signed out everywhere else."]);
    assert_ne!(eva.cookie(), cookie);
    assert_eq!(elsewhere.visits("/").await.text("h1"), "Sign in");
    assert_eq!(elsewhere.signs_in_with(PASSWORD).await.status, 422);
    assert_eq!(elsewhere.signs_in_with(ANOTHER).await.at, "/");
    assert_eq!(panel.one(AuditKind::PasswordSet).await.staff_name.as_deref(), Some("eva"));
}

#[tokio::test]
async fn a_password_is_changed_only_by_who_knows_the_old_one() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/profile").await;
    let button = "Change the password";
    let refused = eva.fills_in(&page, button, &[("old", "not the password"), ("new", ANOTHER)]).await;
    refused.must_say(422, &["Wrong password."]);
    let refused = eva.fills_in(&page, button, &[("old", PASSWORD), ("new", "short")]).await;
    refused.must_say(422, &["Use at least 15 characters."]);
    assert!(refused.attributes("#old, #new", "value").is_empty());
    assert_eq!(panel.audit(AuditKind::PasswordSet).await.len(), 0);
    assert_eq!(eva.in_another_browser().signs_in_with(PASSWORD).await.at, "/");
}

#[tokio::test]
async fn a_password_that_many_would_try_is_not_taken() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/profile").await;
    for new in ["password12345678", "Lösenord Lösenord", "eva-eva-eva-eva-1", "qwertyuiopasdfgh", "aaaaaaaaaaaaaaaa"]
    {
        let refused = eva.fills_in(&page, "Change the password", &[("old", PASSWORD), ("new", new)]).await;
        refused.must_say(422, &["This password is easy to guess"]);
        assert_eq!(refused.attributes("#new", "aria-describedby"), ["new-problem new-hint"]);
    }
    let swedish = eva.reading("sv").posts("/profile/password", &[("old", PASSWORD), ("new", "password12345678")]).await;
    swedish.must_say(422, &["Lösenordet är lätt att gissa"]);
    assert_eq!(panel.audit(AuditKind::PasswordSet).await.len(), 0);
    let changed = eva.fills_in(&page, "Change the password", &[("old", PASSWORD), ("new", ANOTHER)]).await;
    changed.must_say(200, &["The password is changed."]);
}

#[tokio::test]
async fn people_see_where_they_are_signed_in_and_end_it_there() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let bo = panel.signed_in(Role::Viewer, "bo").await;
    let telephone = eva.in_another_browser();
    let form = [("name", "eva"), ("password", PASSWORD)];
    let mut request = telephone.posting("/sign-in", &form);
    let agent = "Mozilla/5.0 (Android 14; Mobile; rv:120.0) Gecko/120.0 Firefox/120.0 <script>";
    request.headers_mut().insert(USER_AGENT, agent.parse().unwrap());
    telephone.sends(request).await;

    let page = eva.visits("/profile").await;
    let sessions = page.texts("[aria-labelledby=sessions] li");
    assert_eq!(sessions.len(), 2, "{sessions:?}");
    assert!(page.says("Firefox on Android") && page.says("Unknown browser here"));
    let page = eva.presses(&page, "Sign out").await;
    assert_eq!(page.at, "/sign-in?out=1", "the bar's button comes first");
    eva.signs_in().await;

    let page = eva.visits("/profile").await;
    let session = page.attributes("button[name=session]", "value").remove(0);
    // Nobody ends what is somebody else's.
    bo.posts("/profile/end-sessions", &[("session", session.as_str())]).await;
    assert_eq!(telephone.visits("/").await.at, "/");
    let answer = eva.posts("/profile/end-sessions", &[("session", session.as_str())]).await;
    assert_eq!(answer.header("location"), "/profile?done=ended");
    assert_eq!(telephone.visits("/").await.text("h1"), "Sign in");

    telephone.signs_in().await;
    let page = eva.visits("/profile").await;
    let page = eva.presses(&page, "Sign out everywhere else").await;
    page.must_say(200, &["Signed out there."]);
    assert_eq!(page.texts("[aria-labelledby=sessions] li").len(), 1);
    assert_eq!(telephone.visits("/").await.text("h1"), "Sign in");
    assert_eq!(eva.visits("/").await.at, "/");
    assert_eq!(Person::stranger(&panel).visits("/profile").await.text("h1"), "Sign in");
}
