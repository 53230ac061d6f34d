//! Answers that prove nothing, and how often one may try.

use nyckel::model::AuditKind;
use serde_json::Value;

use super::{ALONE, NO, USE, adds, asks, eva_with_passkey, named, sends, uses};
use crate::stage::{Authenticator, PASSWORD, Person};

/// What a thief or a broken browser changes about an answer.
type Twist = fn(&mut Authenticator);

#[tokio::test]
async fn an_answer_that_is_not_quite_right_signs_nobody_in() {
    let panel = named().opens().await;
    let (eva, key) = eva_with_passkey(&panel).await;
    let thief = eva.in_another_browser();
    let twists: [(&str, Twist); 5] = [
        ("another site's page", |key| key.origin = "https://localhost.example".to_owned()),
        ("another port", |key| key.origin = "http://localhost:8081".to_owned()),
        ("plain http taken for https", |key| key.origin = "https://localhost:8080".to_owned()),
        ("another site's passkey", |key| key.site = "example.org".to_owned()),
        ("nobody gave the PIN", |key| key.verifies = false),
    ];
    for (what, twist) in twists {
        let mut key = key.clone();
        twist(&mut key);
        let page = thief.visits("/sign-in").await;
        let page = uses(&thief, &page, ALONE, &mut key).await;
        assert_eq!((page.status, page.says(NO)), (422, true), "{what}");
    }
    let page = thief.visits("/sign-in").await;
    let mut stranger = Authenticator::at(&panel);
    stranger.makes(&serde_json::json!({ "challenge": "AA", "user": { "id": "AA" } })).unwrap();
    let asked = asks(&thief, &page, ALONE).await;
    let mut broken: Value = serde_json::from_str(&key.clone().forces(&asked["publicKey"])).unwrap();
    for (field, value) in [("userHandle", Value::Null), ("userHandle", "AAAA".into()), ("signature", "AAAA".into())] {
        let asked = asks(&thief, &page, ALONE).await;
        broken = serde_json::from_str(&key.clone().forces(&asked["publicKey"])).unwrap();
        broken["response"][field] = value;
        sends(&thief, &page, ALONE, &asked, &broken.to_string()).await.must_say(422, &[NO]);
    }
    for answer in [stranger.forces(&asked["publicKey"]), broken.to_string(), "{}".to_owned(), String::new()] {
        sends(&thief, &page, ALONE, &asked, &answer).await.must_say(422, &[NO]);
    }
    assert!(thief.cookie().is_none());
    assert!(
        panel
            .audit(AuditKind::SignInFailed)
            .await
            .iter()
            .all(|event| event.facts.kept().as_deref() == Some(r#"{"means":["passkey"]}"#))
    );
    assert_eq!(panel.audit(AuditKind::SignedIn).await.len(), 1, "Eva's, with her password");
}

#[tokio::test]
async fn an_answer_works_once_on_any_replica() {
    let panel = named().opens().await;
    let other = panel.replica().await;
    let (eva, mut key) = eva_with_passkey(&panel).await;
    let page = eva.in_another_browser().visits("/sign-in").await;
    let asked = asks(&eva.in_another_browser(), &page, ALONE).await;
    let answer = key.signs(&asked["publicKey"]).unwrap();
    let mut tries = tokio::task::JoinSet::new();
    for n in 0..6 {
        let eva = eva.in_another_browser().at(if n % 2 == 0 { &other } else { &panel });
        let (page, asked, answer) = (page.clone(), asked.clone(), answer.clone());
        tries.spawn(async move { sends(&eva, &page, ALONE, &asked, &answer).await.status });
    }
    let mut answers = tries.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [200, 422, 422, 422, 422, 422]);
}

#[tokio::test]
async fn a_challenge_is_good_for_five_minutes_and_for_what_it_was_made_for() {
    let panel = named().opens().await;
    let (eva, mut key) = eva_with_passkey(&panel).await;
    let elsewhere = eva.in_another_browser();
    let page = elsewhere.visits("/sign-in").await;
    let asked = asks(&elsewhere, &page, ALONE).await;
    let answer = key.signs(&asked["publicKey"]).unwrap();
    panel.clock.turn(5 * 60);
    sends(&elsewhere, &page, ALONE, &asked, &answer).await.must_say(422, &[NO]);

    // One that anybody can get is no good where the panel knows whom it asked.
    let asked = asks(&elsewhere, &page, ALONE).await;
    let answer = key.signs(&asked["publicKey"]).unwrap();
    let half = elsewhere.signs_in_with(PASSWORD).await;
    sends(&elsewhere, &half, USE, &asked, &answer).await.must_say(422, &[NO]);
    let again = eva.visits("/sign-in/again").await;
    sends(&eva, &again, USE, &asked, &answer).await.must_say(422, &[NO]);
    assert_eq!(sends(&elsewhere, &page, ALONE, &asked, &answer).await.at, "/", "where it belongs it still is");

    // Another half of a sign-in has another challenge.
    let (one, two) = (eva.in_another_browser(), eva.in_another_browser());
    let first = one.signs_in_with(PASSWORD).await;
    let asked = asks(&one, &first, USE).await;
    panel.clock.turn(1);
    let second = two.signs_in_with(PASSWORD).await;
    let answer = key.signs(&asked["publicKey"]).unwrap();
    sends(&two, &second, USE, &asked, &answer).await.must_say(422, &[NO]);
    panel.sweeps().await;
    panel.clock.turn(5 * 60);
    panel.sweeps().await;
    assert_eq!(panel.database.texts("SELECT hash FROM ceremony").await, Vec::<String>::new());
}

#[tokio::test]
async fn somebody_elses_passkey_is_no_second_factor_and_no_proof() {
    let panel = named().opens().await;
    let (eva, mut evas) = eva_with_passkey(&panel).await;
    let bo = panel.operator("bo").await;
    let mut bos = Authenticator::at(&panel);
    adds(&bo, &mut bos, "Bo's").await;
    let elsewhere = eva.in_another_browser();
    let half = elsewhere.signs_in_with(PASSWORD).await;
    let asked = asks(&elsewhere, &half, USE).await;
    assert_eq!(bos.signs(&asked["publicKey"]), None, "it is not asked for");
    let answer = bos.forces(&asked["publicKey"]);
    sends(&elsewhere, &half, USE, &asked, &answer).await.must_say(422, &[NO]);
    let again = eva.visits("/sign-in/again").await;
    let asked = asks(&eva, &again, USE).await;
    let answer = bos.forces(&asked["publicKey"]);
    sends(&eva, &again, USE, &asked, &answer).await.must_say(422, &[NO]);
    assert_eq!(uses(&eva, &again, USE, &mut evas).await.at, "/");
    assert!(elsewhere.cookie().is_none());
}

#[tokio::test]
async fn a_copy_of_an_authenticator_that_counts_is_noticed() {
    let panel = named().opens().await;
    let eva = panel.operator("eva").await;
    let mut key = Authenticator::at(&panel);
    key.counter = 7;
    adds(&eva, &mut key, "Counts").await;
    let mut copy = key.clone();
    let page = eva.in_another_browser().visits("/sign-in").await;
    for _ in 0..2 {
        assert_eq!(uses(&eva.in_another_browser(), &page, ALONE, &mut key).await.at, "/");
    }
    uses(&eva.in_another_browser(), &page, ALONE, &mut copy).await.must_say(422, &[NO]);
}

#[tokio::test]
async fn whoever_is_disabled_gets_in_by_no_passkey_and_nobody_can_tell() {
    let panel = named().opens().await;
    let admin = panel.admin("admin").await;
    let (eva, mut key) = eva_with_passkey(&panel).await;
    let elsewhere = eva.in_another_browser();
    let page = elsewhere.visits("/sign-in").await;
    let asked = asks(&elsewhere, &page, ALONE).await;
    let answer = key.signs(&asked["publicKey"]).unwrap();
    let list = admin.visits("/staff").await;
    let evas = admin.clicks(&list, "eva").await;
    admin.presses(&evas, "Disable account").await;
    sends(&elsewhere, &page, ALONE, &asked, &answer).await.must_say(422, &[NO]);
    uses(&elsewhere, &page, ALONE, &mut key).await.must_say(422, &[NO]);
    assert!(elsewhere.cookie().is_none());
}

#[tokio::test]
async fn what_is_asked_and_answered_is_counted_first_and_keeps_nobody_out_of_a_browser_of_theirs() {
    let panel = named().opens().await;
    let (eva, mut key) = eva_with_passkey(&panel).await;
    let stranger = Person::stranger(&panel);
    let page = stranger.visits("/sign-in").await;
    let form = page.form(ALONE);
    // Eva has signed in from this network, too.
    for n in 0..299 {
        // Each with a token that is no good: nothing is made, nothing is checked.
        let status = stranger.sends(stranger.posting(&form.action, &form.fields)).await.status;
        assert_eq!(status, 422, "{n}");
    }
    let options = stranger.sends(stranger.posting(&format!("{}/options", form.action), &form.fields)).await;
    options.must_say(429, &["Too many attempts."]);
    stranger.presses(&page, ALONE).await.must_say(429, &["Too many attempts."]);
    assert!(!panel.audit(AuditKind::SignInLimited).await.is_empty());
    eva.signs_out().await;
    let page = eva.visits("/sign-in").await;
    assert_eq!(uses(&eva, &page, ALONE, &mut key).await.at, "/");
    panel.clock.turn(15 * 60);
    assert_eq!(uses(&stranger, &page, ALONE, &mut key).await.at, "/");
}

#[tokio::test]
async fn passkeys_after_the_password_are_counted_like_codes() {
    let panel = named().opens().await;
    let (eva, mut key) = eva_with_passkey(&panel).await;
    let thief = eva.in_another_browser();
    let half = thief.signs_in_with(PASSWORD).await;
    for _ in 0..10 {
        thief.presses(&half, USE).await.must_say(422, &[NO]);
    }
    uses(&thief, &half, USE, &mut key).await.must_say(429, &["Too many attempts."]);
    assert!(thief.cookie().is_none());
}

#[tokio::test]
async fn what_the_database_holds_signs_nobody_in() {
    let panel = named().opens().await;
    let (eva, _key) = eva_with_passkey(&panel).await;
    let page = eva.in_another_browser().visits("/sign-in").await;
    let asked = asks(&eva.in_another_browser(), &page, ALONE).await;
    let dump = format!("{:?}", panel.database.dump().await);
    assert!(!dump.contains(asked["token"].as_str().unwrap()));
    for text in panel.database.texts("SELECT hash FROM ceremony").await {
        let asked = serde_json::json!({ "token": text });
        sends(&eva.in_another_browser(), &page, ALONE, &asked, "{}").await.must_say(422, &[NO]);
    }
}
