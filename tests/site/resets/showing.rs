//! A new password is shown once: to the session that made it, within five minutes, character for character.

use axum::body::Body;
use nyckel::model::{AuditKind, Role};
use nyckel::simulator::State;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use tokio::task::JoinSet;

use crate::stage::{Page, Panel, Person, Stage, panel};

async fn must_not_be_shown_yet(panel: &Panel, page: &Page) {
    assert_eq!(page.password(), None, "{page:#?}");
    assert!(panel.audit(AuditKind::ResetShown).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_looks_at_once_exactly_one_sees_the_password() {
    let panel = panel().await;
    let other = panel.replica().await;
    let eva = panel.operator("eva").await;
    let result = eva.confirms("anna@example.se").await;
    let mut looks = JoinSet::new();
    for n in 0..20 {
        let (eva, result) = (eva.at(if n % 2 == 0 { &panel } else { &other }), result.clone());
        looks.spawn(async move { eva.visits(&result).await });
    }
    let pages = looks.join_all().await;
    let shown: Vec<_> = pages.iter().filter_map(Page::password).collect();
    assert_eq!(shown, [panel.glesys.password_of("anna@example.se").unwrap()]);
    let escaped = |page: &&Page| page.password().is_none() && page.says(&shown[0]);
    assert_eq!(pages.iter().filter(escaped).count(), 0);
    for page in pages.iter().filter(|page| page.password().is_none()) {
        page.must_say(200, &["The password has already been shown: anna@example.se"]);
    }
    panel.one(AuditKind::ResetShown).await;
}

#[tokio::test]
async fn later_looks_say_when_and_to_whom_it_was_shown() {
    let panel = panel().await;
    let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await);
    let result = eva.resets("anna@example.se").await;
    let when = format!("eva saw it on 23 November 2026 at {}", panel.time_of_day());
    panel.clock.turn(600);
    let again = eva.visits(&result.at).await;
    again.must_say(200, &[&when, "You saw it in this browser", "did not report that it was displayed"]);
    olle.visits(&result.at).await.must_say(200, &[&when, "in another session"]);
    panel.one(AuditKind::ResetShown).await;
}

#[tokio::test]
async fn what_is_no_persons_navigation_uses_nothing_up() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let result = eva.confirms("anna@example.se").await;
    let get = || eva.navigation(&result, "same-origin");
    let with = |name: &'static str, value: &str| {
        let mut request = get();
        request.headers_mut().insert(name, value.parse().unwrap());
        request
    };
    let without = |name: &str| {
        let mut request = get();
        request.headers_mut().remove(name);
        request
    };
    let mut head = get();
    *head.method_mut() = axum::http::Method::HEAD;
    let page = eva.sends(head).await;
    assert_eq!((page.status, page.body.as_str()), (200, ""));
    must_not_be_shown_yet(&panel, &page).await;
    for request in [
        eva.begins("GET", &result).body(Body::empty()).unwrap(),
        with("sec-purpose", "prefetch"),
        with("sec-purpose", "prefetch;prerender"),
        with("purpose", "prefetch"),
        with("x-moz", "prefetch"),
        with("sec-fetch-site", "cross-site"),
        with("sec-fetch-site", "same-site"),
        with("sec-fetch-mode", "cors"),
        with("sec-fetch-mode", "no-cors"),
        with("sec-fetch-dest", "empty"),
        with("sec-fetch-dest", "iframe"),
        with("sec-fetch-dest", "image"),
        without("sec-fetch-mode"),
        without("sec-fetch-dest"),
        without("sec-fetch-site"),
    ] {
        let told = format!("{:?}", request.headers());
        let page = eva.sends(request).await;
        page.must_say(200, &["New password ready for anna@example.se", "You can see it once, until"]);
        assert_eq!(page.password(), None, "{told}");
        assert!(panel.audit(AuditKind::ResetShown).await.is_empty(), "{told}");
    }
    let ready = eva.sends(with("sec-purpose", "prefetch")).await;
    let page = eva.presses(&ready, "Show password").await;
    assert_eq!(page.password(), panel.glesys.password_of("anna@example.se"));
    panel.one(AuditKind::ResetShown).await;
}

#[tokio::test]
async fn nobody_else_sees_it_and_no_other_session_of_the_same_person() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let result = eva.confirms("anna@example.se").await;
    let elsewhere = eva.in_another_browser();
    elsewhere.signs_in().await;
    let (olle, viv) = (panel.operator("olle").await, panel.viewer("viv").await);
    for person in [&elsewhere, &olle, &viv] {
        let page = person.visits(&result).await;
        page.must_say(200, &["Not shown yet", "Only the session that confirmed the reset can see"]);
        assert!(!page.says("Reset, but not shown"), "it still waits");
        assert_eq!(page.link("Reset password again…").is_some(), person.name != "viv", "a viewer is offered nothing");
        must_not_be_shown_yet(&panel, &page).await;
        must_not_be_shown_yet(&panel, &person.posts(&result, &[("", ""); 0]).await).await;
    }
    let far = Person::hired(&panel, "far", &[(Role::Operator, "example.com")]).await;
    far.signs_in().await;
    far.visits(&result).await.must_say(404, &["There is no reset or change with this reference that you may see."]);
    Person::stranger(&panel).visits(&result).await.must_say(200, &["Sign in"]);
    assert_eq!(eva.visits(&result).await.password(), panel.glesys.password_of("anna@example.se"));
}

#[tokio::test]
async fn whoever_lost_the_right_in_the_meantime_does_not_see_it() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let result = eva.confirms("anna@example.se").await;
    eva.now_holds(&[(Role::Viewer, "*")]).await;
    let page = eva.visits(&result).await;
    must_not_be_shown_yet(&panel, &page).await;
}

#[tokio::test]
async fn that_it_was_displayed_is_recorded_once_and_only_for_the_session_that_saw_it() {
    let panel = panel().await;
    let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await);
    let result = eva.confirms("anna@example.se").await;
    assert_eq!(eva.posts(&format!("{result}/seen"), &[("", ""); 0]).await.status, 204);
    assert!(panel.audit(AuditKind::ResetSeen).await.is_empty(), "nothing was shown yet");
    let page = eva.visits(&result).await;
    let seen = page.attributes("[data-seen]", "data-seen").remove(0);
    assert_eq!(seen, format!("{result}/seen"));
    olle.posts(&seen, &[("", ""); 0]).await;
    assert!(panel.audit(AuditKind::ResetSeen).await.is_empty());
    for _ in 0..3 {
        assert_eq!(eva.posts(&seen, &[("", ""); 0]).await.status, 204);
        panel.clock.turn(1);
    }
    assert_eq!(panel.one(AuditKind::ResetSeen).await.staff_name.as_deref(), Some("eva"));
    eva.visits(&result).await.must_say(200, &["The browser displayed it at"]);
}

#[tokio::test]
async fn after_five_minutes_it_is_gone() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let result = eva.confirms("anna@example.se").await;
    panel.clock.turn(5 * 60 - 1);
    panel.sweeps().await;
    assert_eq!(panel.database.texts("SELECT operation_id FROM sealed").await.len(), 1);
    panel.clock.turn(1);
    for _ in 0..2 {
        let page = eva.visits(&result).await;
        page.must_say(200, &["Reset, but not shown", "The old password no longer works. Reset it again."]);
        must_not_be_shown_yet(&panel, &page).await;
        panel.sweeps().await;
        assert!(panel.database.texts("SELECT operation_id FROM sealed").await.is_empty());
    }
    let event = panel.one(AuditKind::ResetExpired).await;
    assert_eq!((event.staff_name.as_deref(), event.address.unwrap().as_str()), (Some("eva"), "anna@example.se"));
    let account = eva.visits("/accounts/anna@example.se").await;
    assert_eq!(account.texts("section[aria-labelledby=history] .mark"), ["Not shown"]);
}

#[tokio::test]
async fn signing_out_makes_it_unreadable() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let result = eva.confirms("anna@example.se").await;
    let cookie = eva.cookie().unwrap();
    eva.signs_out().await;
    let thief = Person::stranger(&panel);
    thief.takes_cookie(&cookie);
    must_not_be_shown_yet(&panel, &thief.visits(&result).await).await;
    eva.signs_in().await;
    let page = eva.visits(&result).await;
    page.must_say(200, &["Reset, but not shown"]);
    must_not_be_shown_yet(&panel, &page).await;
}

#[tokio::test]
async fn the_password_waits_only_in_sealed_form_and_not_after_it_was_shown() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let result = eva.confirms("anna@example.se").await;
    let password = panel.glesys.password_of("anna@example.se").unwrap();
    let hex = password.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let dump = format!("{:?}", panel.database.dump().await);
    assert!(!dump.contains(&password) && !dump.to_lowercase().contains(&hex));
    assert_eq!(panel.database.texts("SELECT operation_id FROM sealed").await.len(), 1);
    eva.visits(&result).await;
    assert!(panel.database.texts("SELECT operation_id FROM sealed").await.is_empty());
}

fn awkward_passwords() -> Vec<String> {
    let mut passwords: Vec<String> = [
        "S3cr3t}pw!",
        "<&>\"'`",
        "</code><script>alert(1)</script>",
        "&lt;&amp;&#39;",
        " leading",
        "trailing ",
        "  ",
        " ",
        "a  b",
        "\ttab\t",
        "line\nfeed",
        "\nfirst",
        "\r\nboth\r",
        "åäö ÅÄÖ",
        "日本語",
        "😀👩‍👩‍👧",
        "e\u{301}",
        "\u{202e}gnal\u{202c}",
        "\u{200b}\u{feff}\u{ad}",
        "\u{1}\u{7f}\u{85}\u{9b}",
        "\u{fffe}\u{10ffff}",
        "{{7*7}}",
        "%s%n${x}",
        "0O1lI|",
        "]]>",
        "<!--",
        "--!>",
    ]
    .map(str::to_owned)
    .to_vec();
    passwords.push((' '..='~').collect());
    let mut runner = TestRunner::deterministic();
    for pattern in ["[ -~]{1,40}", "[^\\x00]{1,30}", "[<>&\"'\\s]{1,12}"] {
        let strategy = proptest::string::string_regex(pattern).unwrap();
        passwords.extend((0..8).map(|_| strategy.new_tree(&mut runner).unwrap().current()));
    }
    passwords
}

#[tokio::test]
async fn every_password_reaches_the_page_sign_for_sign() {
    let limits = ["NYCKEL_RESETS_PER_STAFF", "NYCKEL_RESETS_PER_ACCOUNT", "NYCKEL_RESETS_TOTAL"];
    let stage = Stage::of(State::empty().account("anna@example.se"));
    let panel = limits.iter().fold(stage, |stage, limit| stage.with(limit, "off")).opens().await;
    let eva = panel.operator("eva").await;
    for password in awkward_passwords() {
        panel.glesys.next_password(&password);
        let page = eva.resets("anna@example.se").await;
        assert_eq!(page.password().as_deref(), Some(password.as_str()));
        assert_eq!(panel.glesys.password_of("anna@example.se"), Some(password));
        panel.clock.turn(1);
    }
}

#[tokio::test]
async fn characters_that_cannot_be_seen_are_named() {
    let panel = Stage::of(State::empty().account("anna@example.se")).opens().await;
    let eva = panel.operator("eva").await;
    panel.glesys.next_password("a\u{202e}b\u{0}c\tå");
    let page = eva.resets("anna@example.se").await;
    page.must_say(201, &["Some characters in the password can’t be seen"]);
    let named = page.attributes("#password [data-name]", "data-name");
    assert_eq!(named.len(), 3, "{named:?}");
    assert!(named[0].contains("U+202E") && named[1].contains("U+0000"), "{named:?}");
    let page = eva.resets("anna@example.se").await;
    assert!(!page.says("Some characters in the password can’t be seen"));
}

#[tokio::test]
async fn a_password_that_a_later_reset_made_void_is_not_shown() {
    let panel = panel().await;
    let (eva, bo) = (panel.operator("eva").await, panel.operator("bo").await);
    let result = eva.confirms("anna@example.se").await;
    panel.clock.turn(5);
    let bos = bo.resets("anna@example.se").await;
    assert_eq!(bos.password(), panel.glesys.password_of("anna@example.se"));
    let page = eva.visits(&result).await;
    page.must_say(200, &["Reset, but not shown", "The account was reset again after this"]);
    assert_eq!(page.password(), None);
    assert_eq!(panel.audit(AuditKind::ResetShown).await.len(), 1, "Bo's");
}

#[tokio::test]
async fn a_password_of_an_account_that_was_deleted_meanwhile_is_not_shown_and_the_page_says_why() {
    let panel = panel().await;
    let (eva, mia) = (panel.operator("eva").await, panel.manager("mia").await);
    let result = eva.confirms("anna@example.se").await;
    panel.clock.turn(5);
    let page = mia.visits("/accounts/anna@example.se/delete").await;
    mia.fills_in(&page, "Delete account", &[("address", "anna@example.se")]).await.must_say(200, &["Deleted:"]);
    let page = eva.visits(&result).await;
    page.must_say(200, &["Reset, but not shown", "The account was deleted after this"]);
    assert!(!page.says("reset again after this"));
    assert_eq!((page.password(), panel.audit(AuditKind::ResetShown).await.len()), (None, 0));
}

#[tokio::test]
async fn a_later_try_that_changed_nothing_does_not_keep_a_password_from_being_shown() {
    let panel = panel().await;
    let (eva, bo) = (panel.operator("eva").await, panel.operator("bo").await);
    let result = eva.confirms("anna@example.se").await;
    panel.clock.turn(5);
    panel.glesys.deny_function("email/resetpassword");
    bo.resets("anna@example.se").await.must_say(200, &["The old password still works; nothing was changed."]);
    let page = eva.visits(&result).await;
    assert_eq!(page.password(), panel.glesys.password_of("anna@example.se"));
}

#[tokio::test]
async fn it_is_read_aloud_in_either_alphabet_whatever_the_language_of_the_page() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    for (reader, chosen) in [(eva.clone(), "en"), (eva.reading("sv"), "sv")] {
        let page = reader.visits("/accounts/anna@example.se/reset").await;
        let result = reader.presses(&page, &page.text("main form .button-danger")).await;
        let password = result.password().unwrap();
        assert_eq!(result.attributes("[name=alphabet][checked]", "value"), [chosen]);
        for alphabet in ["sv", "en"] {
            let read = result.texts(&format!(".spelling[lang={alphabet}] li code")).concat();
            assert_eq!(read, password, "{alphabet}");
            let groups = result.attributes(&format!(".spelling[lang={alphabet}] ol"), "start");
            assert_eq!(groups.len(), password.chars().count().div_ceil(4), "in groups of four");
        }
        panel.clock.turn(1);
    }
}
