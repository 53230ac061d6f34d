//! A second factor: codes from an app, and recovery codes for the day on which it is lost.

use nyckel::access::second_factor::Seed;
use nyckel::model::{Act, AuditKind, Role};

use crate::stage::{PASSWORD, Page, Panel, Person, Stage, panel};

/// What somebody has on their telephone, and on paper.
pub struct Telephone {
    seed: Seed,
    pub recovery: Vec<String>,
}

impl Telephone {
    pub fn shows(&self, panel: &Panel) -> String {
        self.seed.code_at(panel.clock.now()).unwrap()
    }
}

/// Sets up a second factor, as somebody who is signed in.
pub async fn sets_up(panel: &Panel, person: &Person) -> Telephone {
    person.has_proved(Act::SetUpApp).await;
    let page = person.visits("/profile").await;
    let page = person.clicks(&page, "Set up…").await;
    let seed = Seed::of_text(&page.text("#key")).unwrap();
    let page = person.fills_in(&page, "Turn on", &[("code", &seed.code_at(panel.clock.now()).unwrap())]).await;
    page.must_say(201, &["Your recovery codes", "They won’t be shown again"]);
    // The next code: one was just used.
    panel.clock.turn(30);
    Telephone { seed, recovery: page.texts(".codes li") }
}

/// Signs in with the password and this code.
async fn signs_in_with(person: &Person, code: &str) -> Page {
    let half = person.signs_in_with(PASSWORD).await;
    answers(person, &half, code).await
}

pub async fn answers(person: &Person, page: &Page, code: &str) -> Page {
    assert_eq!(page.text("h1"), "Enter your code", "{page:#?}");
    person.fills_in(page, "Sign in", &[("code", code)]).await
}

#[tokio::test]
async fn signing_in_takes_password_and_code() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let telephone = sets_up(&panel, &eva).await;
    panel.one(AuditKind::SecondFactorSet).await;
    eva.visits("/profile").await.must_say(200, &["Signing in asks for a code. Recovery codes left: 10."]);
    eva.signs_out().await;

    let sign_ins = panel.audit(AuditKind::SignedIn).await.len();
    let form = eva.visits("/accounts/anna@example.se").await;
    let page = eva.fills_in(&form, "Sign in", &[("name", "eva"), ("password", PASSWORD)]).await;
    assert!(eva.cookie().is_none(), "half a sign-in is none");
    assert_eq!(panel.audit(AuditKind::SignedIn).await.len(), sign_ins);
    let again = answers(&eva, &page, "000000").await;
    again.must_say(422, &["That code didn’t work. Sign in again, and use the next one."]);
    assert_eq!(again.attributes("#name", "value"), ["eva"]);
    let page = eva.fills_in(&again, "Sign in", &[("password", PASSWORD)]).await;
    let page = answers(&eva, &page, &telephone.shows(&panel)).await;
    assert_eq!(page.at, "/accounts/anna@example.se", "and leads on to where the person was going");
    assert_eq!(panel.audit(AuditKind::SignedIn).await.len(), sign_ins + 1);
    assert_eq!(panel.one(AuditKind::SignInFailed).await.facts.kept().as_deref(), Some(r#"{"means":["code"]}"#));

    let secret = telephone.seed.text().replace(' ', "");
    let dump = format!("{:?}", panel.database.dump().await);
    assert!(!dump.contains(&secret) && !telephone.recovery.iter().any(|code| dump.contains(code)));
}

#[tokio::test]
async fn a_code_works_once_on_any_replica() {
    let panel = panel().await;
    let other = panel.replica().await;
    let eva = panel.operator("eva").await;
    let telephone = sets_up(&panel, &eva).await;
    let code = telephone.shows(&panel);
    let mut tries = tokio::task::JoinSet::new();
    for n in 0..6 {
        let eva = eva.in_another_browser().at(if n % 2 == 0 { &panel } else { &other });
        let code = code.clone();
        let page = eva.signs_in_with(PASSWORD).await;
        tries.spawn(async move { answers(&eva, &page, &code).await.status });
    }
    let mut answers = tries.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [200, 422, 422, 422, 422, 422]);
}

#[tokio::test]
async fn a_recovery_code_works_once_however_it_is_typed() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let telephone = sets_up(&panel, &eva).await;
    assert_eq!(telephone.recovery.len(), 10);
    let code = telephone.recovery[3].to_uppercase().replace('-', " ");
    let page = eva.signs_in_with(PASSWORD).await;
    assert_eq!(answers(&eva, &page, &code).await.at, "/");
    eva.visits("/profile").await.must_say(200, &["Recovery codes left: 9."]);
    assert_eq!(signs_in_with(&eva, &code).await.status, 422);
    assert_eq!(signs_in_with(&eva, &telephone.recovery[4]).await.at, "/");

    let page = eva.visits("/profile").await;
    let page = eva.clicks(&page, "New recovery codes…").await;
    let page = eva.fills_in(&page, "Create new codes", &[("proof", &telephone.shows(&panel))]).await;
    let new = page.texts(".codes li");
    assert_eq!(new.len(), 10);
    assert_eq!(signs_in_with(&eva, &telephone.recovery[5]).await.status, 422, "the old ones are void");
    assert_eq!(signs_in_with(&eva, &new[0]).await.at, "/");
}

#[tokio::test]
async fn somebody_elses_code_or_recovery_code_is_worth_nothing() {
    let panel = panel().await;
    let (eva, bo) = (panel.operator("eva").await, panel.operator("bo").await);
    let (evas, bos) = (sets_up(&panel, &eva).await, sets_up(&panel, &bo).await);
    assert_eq!(signs_in_with(&eva, &bos.shows(&panel)).await.status, 422);
    assert_eq!(signs_in_with(&eva, &bos.recovery[0]).await.status, 422);
    assert_eq!(signs_in_with(&eva, &evas.shows(&panel)).await.at, "/");
}

#[tokio::test]
async fn half_a_sign_in_is_good_for_one_code_and_for_five_minutes() {
    let panel = panel().await;
    let other = panel.replica().await;
    let eva = panel.operator("eva").await;
    let telephone = sets_up(&panel, &eva).await;
    let thief = eva.in_another_browser();
    let half = thief.signs_in_with(PASSWORD).await;
    answers(&thief, &half, "123456").await.must_say(422, &["That code didn’t work"]);
    let again = answers(&thief.at(&other), &half, &telephone.shows(&panel)).await;
    again.must_say(422, &["This step was used already, or it took too long. Sign in again."]);
    let half = thief.signs_in_with(PASSWORD).await;
    panel.clock.turn(5 * 60 + 1);
    answers(&thief, &half, &telephone.shows(&panel))
        .await
        .must_say(422, &["This step was used already, or it took too long. Sign in again."]);
    for token in ["", "x", "a.0.1.b", "a.0.1.b.c"] {
        assert_eq!(thief.posts("/sign-in/code", &[("token", token), ("code", "123456")]).await.status, 422);
    }
    assert!(thief.cookie().is_none());
}

#[tokio::test]
async fn whoever_guesses_codes_waits_longer_each_time_and_the_owner_is_told() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let telephone = sets_up(&panel, &eva).await;
    let thief = eva.in_another_browser();
    panel.clock.turn(15 * 60);
    for _ in 0..10 {
        signs_in_with(&thief, "123456").await.must_say(422, &["That code didn’t work"]);
    }
    // A new quarter of an hour for passwords begins.
    panel.clock.turn(15 * 60 - 1);
    for minutes in [15, 30, 60, 120, 240, 480, 960, 1920, 2880, 2880] {
        let early = signs_in_with(&thief, &telephone.shows(&panel)).await;
        early.must_say(429, &["Too many attempts."]);
        panel.clock.turn(1);
        signs_in_with(&thief, "123456").await.must_say(422, &["That code didn’t work"]);
        panel.clock.turn((2 * minutes * 60).min(48 * 60 * 60) - 1);
    }
    assert!(thief.cookie().is_none());
    assert_eq!(panel.audit(AuditKind::CodesGuessed).await.len(), 11, "the tenth, and each one since");

    assert_eq!(signs_in_with(&eva, &telephone.shows(&panel)).await.at, "/", "a browser that is known");
    let told = "Many wrong codes were typed after your right password: someone else may know it, 11 times.";
    eva.visits("/profile").await.must_say(200, &[told]);
    panel.clock.turn(30);
    let changed = [("old", PASSWORD), ("new", "another four words"), ("proof", &telephone.shows(&panel))];
    let page = eva.fills_in(&eva.visits("/profile").await, "Change the password", &changed).await;
    page.must_say(200, &["The password is changed."]);
    panel.clock.turn(15 * 60);
    let elsewhere = eva.in_another_browser();
    let half = elsewhere.signs_in_with("another four words").await;
    assert_eq!(answers(&elsewhere, &half, &telephone.shows(&panel)).await.at, "/", "with a new password nobody waits");
}

#[tokio::test]
async fn a_password_that_was_changed_in_between_ends_the_sign_in() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let telephone = sets_up(&panel, &eva).await;
    let thief = eva.in_another_browser();
    let half = thief.signs_in_with(PASSWORD).await;
    let page = eva.visits("/profile").await;
    let form = [("old", PASSWORD), ("new", "another four words"), ("proof", &telephone.shows(&panel))];
    eva.fills_in(&page, "Change the password", &form).await.must_say(200, &["The password is changed."]);
    panel.clock.turn(30);
    assert_eq!(answers(&thief, &half, &telephone.shows(&panel)).await.status, 422);
    assert!(thief.cookie().is_none());
}

#[tokio::test]
async fn setting_one_up_ends_what_was_begun_with_the_password_alone() {
    let panel = Stage::usual().with("NYCKEL_REQUIRE_SECOND_FACTOR", "all").opens().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Operator, "*")]).await;
    let thief = eva.in_another_browser();
    thief.signs_in_with(PASSWORD).await.must_say(200, &["Confirm it’s you"]);
    let asked = eva.signs_in_with(PASSWORD).await;
    let page = eva.fills_in(&asked, "Continue", &[("password", PASSWORD)]).await;
    let seed = Seed::of_text(&page.text("#key")).unwrap();
    eva.fills_in(&page, "Turn on", &[("code", &seed.code_at(panel.clock.now()).unwrap())]).await;
    assert_eq!(thief.visits("/").await.text("h1"), "Sign in");
    assert_eq!(eva.visits("/").await.at, "/");
}

#[tokio::test]
async fn a_thiefs_form_that_was_on_its_way_sets_up_nothing() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    let eva = panel.operator("eva").await;
    eva.has_proved(Act::SetUpApp).await;
    let page = eva.visits("/profile/second-factor").await;
    let seed = Seed::of_text(&page.text("#key")).unwrap();
    let (token, code) = (page.form("Turn on").fields[0].1.clone(), seed.code_at(panel.clock.now()).unwrap());
    let ids = panel.database.texts("SELECT id FROM staff ORDER BY name").await;
    let end = format!("/staff/{}/end-sessions", ids[1]);
    let ended = async { assert_eq!(admin.posts(&end, &[("", "")]).await.status, 303) };
    let form = [("token", token.as_str()), ("code", code.as_str())];
    let answer = eva.posts_slowly("/profile/second-factor", &form, ended).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/sign-in"));
    eva.signs_in().await;
}

#[tokio::test]
async fn a_changed_password_takes_the_code_too_of_somebody_with_a_second_factor() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let telephone = sets_up(&panel, &eva).await;
    let page = eva.visits("/profile").await;
    let form = [("old", PASSWORD), ("new", "another four words")];
    let button = "Change the password";
    eva.fills_in(&page, button, &form).await.must_say(422, &["Show that it is you: fill this in."]);
    let wrong = [form[0], form[1], ("proof", "000000")];
    eva.fills_in(&page, button, &wrong).await.must_say(422, &["That code didn’t work."]);
    let code = telephone.shows(&panel);
    let wrong = [("old", "not the password"), form[1], ("proof", code.as_str())];
    let page = eva.fills_in(&page, button, &wrong).await;
    page.must_say(422, &["Wrong password.", "You have just shown that it is you."]);
    eva.fills_in(&page, button, &form).await.must_say(200, &["The password is changed."]);
}

#[tokio::test]
async fn somebody_with_the_password_keeps_the_owner_from_nothing() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let telephone = sets_up(&panel, &eva).await;
    let thief = eva.in_another_browser();
    panel.clock.turn(15 * 60);
    for _ in 0..10 {
        signs_in_with(&thief, "123456").await;
    }
    assert_eq!(panel.audit(AuditKind::PasswordRight).await.len(), 10, "the owner can tell");
    panel.clock.turn(11 * 60);
    let asked = eva.visits("/accounts/anna@example.se/reset").await;
    let page = eva.fills_in(&asked, "Reset password", &[("proof", &telephone.shows(&panel))]).await;
    assert!(page.password().is_some());
    panel.clock.turn(30);
    let page = eva.signs_in_with(PASSWORD).await;
    assert_eq!(answers(&eva, &page, &telephone.shows(&panel)).await.at, "/", "in a browser that is known");
}

#[tokio::test]
async fn a_reset_asks_for_a_code_where_there_is_one() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let telephone = sets_up(&panel, &eva).await;
    panel.clock.turn(11 * 60);
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    page.must_say(200, &["Your code", "Six digits from your app, or one of your recovery codes."]);
    let wrong = eva.fills_in(&page, "Reset password", &[("proof", PASSWORD)]).await;
    wrong.must_say(422, &["That code didn’t work."]);
    let code = telephone.shows(&panel);
    let shown = eva.fills_in(&wrong, "Reset password", &[("proof", &code)]).await;
    assert_eq!(shown.password(), panel.glesys.password_of("anna@example.se"));
    // The same once more: the code is used, and leads to the reset all the same.
    assert_eq!(eva.fills_in(&wrong, "Reset password", &[("proof", &code)]).await.at, shown.at);
}

#[tokio::test]
async fn a_mistyped_code_keeps_the_picture_and_an_old_page_makes_a_new_one() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    eva.has_proved(Act::SetUpApp).await;
    let page = eva.visits("/profile/second-factor").await;
    let key = page.text("#key");
    assert!(page.has("svg.qr path"));
    let page = eva.fills_in(&page, "Turn on", &[("code", "12345")]).await;
    page.must_say(422, &["That code didn’t work"]);
    assert_eq!(page.text("#key"), key);
    panel.clock.turn(16 * 60);
    let seed = Seed::of_text(&key).unwrap();
    let asked = eva.fills_in(&page, "Turn on", &[("code", &seed.code_at(panel.clock.now()).unwrap())]).await;
    let page = eva.fills_in(&asked, "Continue", &[("password", PASSWORD)]).await;
    assert_ne!(page.text("#key"), key);
    assert!(!eva.visits("/profile").await.says("Signing in asks for a code."));
}

#[tokio::test]
async fn whoever_must_have_one_sets_it_up_before_anything_else_and_keeps_it() {
    let panel = Stage::usual().with("NYCKEL_REQUIRE_SECOND_FACTOR", "admins").opens().await;
    let eva = panel.operator("eva").await;
    assert_eq!(eva.visits("/").await.at, "/");
    let admin = Person::hired(&panel, "admin", &[(Role::Admin, "*")]).await;
    let page = admin.signs_in_with(PASSWORD).await;
    page.must_say(200, &["Confirm it’s you"]);
    for path in ["/", "/staff", "/accounts/anna@example.se/reset", "/profile"] {
        assert!(
            admin.visits(path).await.says("To set up an app for codes, confirm once more that it’s you."),
            "{path}"
        );
    }
    let page = admin.fills_in(&page, "Continue", &[("password", PASSWORD)]).await;
    page.must_say(200, &["Set up two-step sign-in", "Your company requires this before you can continue."]);
    let seed = Seed::of_text(&page.text("#key")).unwrap();
    let page = admin.fills_in(&page, "Turn on", &[("code", &seed.code_at(panel.clock.now()).unwrap())]).await;
    let page = admin.clicks(&page, "I’ve saved them").await;
    assert!(!page.body.contains("second-factor/remove"));
    admin.has_proved(Act::RemoveFactor).await;
    let refused = admin.posts("/profile/second-factor/remove", &[("", "")]).await;
    assert_eq!(refused.status, 409);
    assert_eq!(admin.visits("/staff").await.at, "/staff");
}

#[tokio::test]
async fn a_lost_telephone_is_forgotten_by_its_owner_or_an_admin() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    let (eva, bo) = (panel.operator("eva").await, panel.operator("bo").await);
    let telephone = sets_up(&panel, &eva).await;
    sets_up(&panel, &bo).await;
    let page = eva.clicks(&eva.visits("/profile").await, "Remove…").await;
    eva.fills_in(&page, "Remove", &[("proof", "000000")]).await.must_say(422, &["That code didn’t work"]);
    eva.fills_in(&page, "Remove", &[("proof", &telephone.recovery[0])])
        .await
        .must_say(200, &["Two-step sign-in is off."]);
    eva.signs_in().await;

    let page = admin.visits("/staff").await;
    let page = admin.clicks(&page, "bo").await;
    admin.has_proved(Act::ChangeStaff).await;
    let page = admin.presses(&page, "Turn off two-step sign-in").await;
    page.must_say(200, &["Two-step sign-in is off."]);
    assert_eq!(bo.visits("/").await.text("h1"), "Sign in");
    bo.signs_in().await;
    let removed = panel.audit(AuditKind::SecondFactorRemoved).await;
    assert_eq!(removed.iter().map(|event| event.staff_name.clone().unwrap()).collect::<Vec<_>>(), ["eva", "admin"]);
}
