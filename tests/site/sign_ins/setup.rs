//! The first admin, made with the one-time token.

use nyckel::model::AuditKind;
use secrecy::ExposeSecret;

use crate::stage::{PASSWORD, Panel, Person, panel};

async fn token(panel: &Panel) -> String {
    panel.built.app.sign_ins.open_setup().await.unwrap().unwrap().expose_secret().to_owned()
}

const BUTTON: &str = "Create admin";

#[tokio::test]
async fn the_first_admin_is_made_with_the_token_and_is_signed_in() {
    let panel = panel().await;
    let token = token(&panel).await;
    let eva = Person::stranger(&panel);
    let page = eva.visits("/").await;
    assert_eq!((page.at.as_str(), page.text("h1").as_str()), ("/setup", "Set up Nyckel"));
    let page = eva.fills_in(&page, BUTTON, &[("token", &token), ("name", "Eva"), ("password", PASSWORD)]).await;
    assert_eq!((page.at.as_str(), page.text(".bar-name").as_str()), ("/", "eva"));
    assert!(page.link("Audit log").is_some(), "an admin reads the audit");
    assert_eq!(panel.one(AuditKind::SetUp).await.staff_name.as_deref(), Some("eva"));
    let dump = format!("{:?}", panel.database.dump().await);
    assert!(!dump.contains(&token) && !dump.contains(PASSWORD));

    let stranger = Person::stranger(&panel);
    stranger.visits("/setup").await.must_say(404, &["Nyckel is set up already"]);
    let again = [("token", token.as_str()), ("name", "mallory"), ("password", PASSWORD)];
    assert_eq!(stranger.posts("/setup", &again).await.status, 422);
    let short = [("token", token.as_str()), ("name", "mallory"), ("password", "short")];
    let refused = stranger.posts("/setup", &short).await;
    assert!(!refused.says("Use at least"), "nobody's password is looked at any more, let alone hashed");
    assert!(stranger.cookie().is_none());
    assert_eq!(panel.database.texts("SELECT name FROM staff").await, ["eva"]);
    assert!(panel.built.app.sign_ins.open_setup().await.unwrap().is_none());
}

#[tokio::test]
async fn a_wrong_token_makes_nobody_an_admin() {
    let panel = panel().await;
    let token = token(&panel).await;
    let eva = Person::stranger(&panel);
    let page = eva.visits("/setup").await;
    for wrong in ["x", &token[1..], &format!("{token} ")] {
        let values = [("token", wrong), ("name", "eva"), ("password", PASSWORD)];
        let refused = eva.fills_in(&page, BUTTON, &values).await;
        refused.must_say(422, &["That code is wrong or already used."]);
        assert_eq!(refused.attributes("#name", "value"), ["eva"]);
        assert!(refused.attributes("#token, #password", "value").concat().is_empty());
    }
    assert!(panel.database.texts("SELECT name FROM staff").await.is_empty());
}

#[tokio::test]
async fn all_that_is_missing_is_said_at_once_and_nothing_else_without_the_code() {
    let panel = panel().await;
    // The page is there while there is a code.
    token(&panel).await;
    let eva = Person::stranger(&panel);
    let page = eva.visits("/setup").await;
    let refused = eva.fills_in(&page, BUTTON, &[("token", ""), ("name", "eva!"), ("password", "")]).await;
    assert_eq!(refused.attributes(".faults a", "href"), ["#token", "#name", "#password"]);
    refused.must_say(422, &["Enter the setup code."]);
    let refused = eva.fills_in(&page, BUTTON, &[("token", ""), ("name", "eva"), ("password", "short")]).await;
    assert_eq!(refused.attributes(".faults a", "href"), ["#token"], "whether a password fits is not told to anybody");
}

#[tokio::test]
async fn an_unfit_name_or_password_leaves_the_token_good() {
    let panel = panel().await;
    let token = token(&panel).await;
    let eva = Person::stranger(&panel);
    let page = eva.visits("/setup").await;
    let values = [("token", token.as_str()), ("name", "eva"), ("password", "fourteen signs")];
    let refused = eva.fills_in(&page, BUTTON, &values).await;
    refused.must_say(422, &["Use at least 15 characters."]);
    assert_eq!(refused.attributes("[autofocus]", "id"), ["password"], "what is wrong has the focus");
    let values = [("token", token.as_str()), ("name", "eva"), ("password", "nyckel nyckel nyckel")];
    eva.fills_in(&page, BUTTON, &values).await.must_say(422, &["This password is easy to guess"]);
    let values = [("token", token.as_str()), ("name", "eva!"), ("password", PASSWORD)];
    eva.fills_in(&page, BUTTON, &values).await.must_say(422, &["Use 1–64 letters"]);
    let values = [("token", token.as_str()), ("name", "eva"), ("password", PASSWORD)];
    assert_eq!(eva.fills_in(&page, BUTTON, &values).await.at, "/");
}

#[tokio::test]
async fn a_newer_token_replaces_the_one_before() {
    let panel = panel().await;
    let (old, new) = (token(&panel).await, token(&panel).await);
    let eva = Person::stranger(&panel);
    let form = |token| [("token", token), ("name", "eva"), ("password", PASSWORD)];
    assert_eq!(eva.posts("/setup", &form(old.as_str())).await.status, 422);
    assert_eq!(eva.posts("/setup", &form(new.as_str())).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_token_makes_one_admin_however_often_it_is_posted_at_once() {
    let panel = panel().await;
    let token = token(&panel).await;
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..5 {
        let (eva, token) = (Person::stranger(&panel), token.clone());
        let name = format!("eva{number}");
        tries.spawn(async move {
            eva.posts("/setup", &[("token", token.as_str()), ("name", &name), ("password", PASSWORD)]).await.status
        });
    }
    let mut answers = tries.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [303, 422, 422, 422, 422]);
    assert_eq!(panel.database.texts("SELECT name FROM staff").await.len(), 1);
}
