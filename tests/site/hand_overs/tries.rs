//! Codes are counted before they are tried, and five are all there are.

use nyckel::access::password::Lane;
use nyckel::model::AuditKind;

use super::{ANNA, Passed, at_work, closed, count, owner, same, types, wrong};
use crate::stage::Panel;

async fn tries(panel: &Panel) -> Vec<String> {
    panel.database.texts("SELECT CAST(tries AS TEXT) FROM owner_link").await
}

#[tokio::test]
async fn a_wrong_code_leaves_four_tries_and_the_right_one_still_opens() {
    let (panel, eva, passed) = at_work().await;
    let anna = owner(&panel);
    for left in [4, 3, 2] {
        let page = types(&anna, &passed, &wrong(&passed, left)).await;
        page.must_say(422, &[&format!("That is not the code. You have {left} tries left.")]);
        assert!(page.has("input[name=code][aria-invalid=true][autofocus]"), "{page:#?}");
    }
    types(&anna, &passed, &wrong(&passed, 9)).await.must_say(422, &["You have one try left."]);
    eva.visits(&passed.result).await.must_say(200, &["Codes tried: 4 of at most 5."]);
    let grouped = format!(" {} {} ", &passed.code[..4], &passed.code[4..]);
    assert_eq!(types(&anna, &passed, &grouped).await.password(), panel.glesys.password_of(ANNA));
    assert_eq!(count(&panel, AuditKind::HandOverWrongCode).await, 4);
}

#[tokio::test]
async fn the_fifth_wrong_code_ends_the_link() {
    let (panel, eva, passed) = at_work().await;
    let anna = owner(&panel);
    for number in 0..4 {
        types(&anna, &passed, &wrong(&passed, number)).await;
    }
    let page = types(&anna, &passed, &wrong(&passed, 4)).await;
    page.must_say(410, &["The link is void", "A wrong code was typed too often.", "Ask the help desk for a new one."]);
    assert_eq!(closed(&panel).await, 0);
    for page in [anna.visits(&passed.link).await, anna.posts(&passed.link, &[("code", &passed.code)]).await] {
        page.must_say(404, &["This link does not work"]);
    }
    assert_eq!(count(&panel, AuditKind::HandOverWrongCode).await, 5);
    let void = panel.one(AuditKind::HandOverVoid).await;
    assert!(void.actor.is_none() && void.client.is_some());
    eva.visits(&passed.result).await.must_say(200, &["Nobody has the password"]);
}

#[tokio::test]
async fn many_wrong_codes_at_once_are_no_more_than_five() {
    let (panel, _, passed) = at_work().await;
    let mut guesses = tokio::task::JoinSet::new();
    for number in 0..14 {
        let (anna, passed) = (owner(&panel), passed.clone());
        guesses.spawn(async move { anna.posts(&passed.link, &[("code", &wrong(&passed, number))]).await.status });
    }
    let answers = guesses.join_all().await;
    let looked_at = answers.iter().filter(|status| matches!(status, 422 | 410)).count();
    assert_eq!((looked_at, count(&panel, AuditKind::HandOverWrongCode).await), (5, 5), "{answers:?}");
    panel.one(AuditKind::HandOverVoid).await;
    assert_eq!(tries(&panel).await, ["5"]);
}

#[tokio::test]
async fn what_cannot_be_a_code_costs_no_try() {
    let (panel, _, passed) = at_work().await;
    let anna = owner(&panel);
    for typed in ["", "1234567", "123456789", "abcdefgh", "<script>alert(1)</script>"] {
        let page = anna.posts(&passed.link, &[("code", typed)]).await;
        page.must_say(422, &["The code has 8 digits."]);
        assert!(!page.body.contains("alert(1)"));
    }
    anna.posts(&passed.link, &[("another", "field")]).await.must_say(422, &["The code has 8 digits."]);
    assert_eq!(tries(&panel).await, ["0"]);
}

#[tokio::test]
async fn without_room_to_try_a_code_it_is_not_counted() {
    let (panel, _, passed) = at_work().await;
    let anna = owner(&panel);
    let passwords = &panel.built.app.hand_overs.passwords;
    let networks = (0..).map(|n| Lane::Owner(format!("network {n}")));
    let crowd: Vec<_> = networks.map_while(|network| passwords.place(network).ok()).collect();
    let page = anna.posts(&passed.link, &[("code", &passed.code)]).await;
    page.must_say(503, &["Too many at once", "No code was tried."]);
    assert_eq!((page.header("retry-after"), tries(&panel).await), ("5", vec!["0".to_owned()]));
    anna.visits(&passed.link).await.must_say(503, &["Too many at once", "No code was tried."]);
    let unknown = anna.posts("/hand-over/AAAA", &[("code", "12345678")]).await;
    assert_eq!(same(&unknown), same(&page), "a link that is there is told from none by nothing");
    drop(crowd);
    assert_eq!(types(&anna, &passed, &passed.code).await.password(), panel.glesys.password_of(ANNA));
}

#[tokio::test]
async fn a_last_try_that_nobody_finished_ends_the_link_all_the_same() {
    let (panel, eva, passed) = at_work().await;
    panel.sweeps().await;
    panel.database.run("UPDATE owner_link SET tries = 5, tried_tick = (SELECT last FROM tick)").await;
    panel.sweeps().await;
    assert_eq!((closed(&panel).await, owner(&panel).visits(&passed.link).await.status), (1, 404), "it may go on");
    eva.visits(&passed.result).await.must_say(200, &["The link is void: too many codes were tried."]);
    panel.clock.turn(61);
    panel.sweeps().await;
    assert_eq!(closed(&panel).await, 0);
    let void = panel.one(AuditKind::HandOverVoid).await;
    assert_eq!((void.actor, void.staff_name), (None, None), "it was not who made the reset");
}

/// Posts a code and is gone as soon as it is counted; `false` where the answer was faster.
async fn hangs_up(panel: &Panel, passed: &Passed, code: &str) -> bool {
    let (anna, before, typed) = (owner(panel), tries(panel).await, [("code", code)]);
    let is_counted = async {
        while tries(panel).await == before {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        () = is_counted => true,
        _ = anna.posts(&passed.link, &typed) => false,
    }
}

#[tokio::test]
async fn whoever_hangs_up_after_a_wrong_code_is_recorded_all_the_same() {
    let (panel, _, passed) = at_work().await;
    for number in 0..5 {
        hangs_up(&panel, &passed, &wrong(&passed, number)).await;
    }
    panel.until(|panel| async move { count(&panel, AuditKind::HandOverWrongCode).await == 5 }).await;
    let rows = panel.audit(AuditKind::HandOverWrongCode).await;
    assert!(rows.iter().all(|row| row.client.is_some()), "{rows:#?}");
    panel.until(|panel| async move { count(&panel, AuditKind::HandOverVoid).await == 1 }).await;
    let void = panel.one(AuditKind::HandOverVoid).await;
    assert!(void.client.is_some() && void.actor.is_none(), "{void:#?}");
}

#[tokio::test]
async fn a_right_code_whose_sender_hung_up_uses_nothing_up() {
    let (panel, _, passed) = at_work().await;
    for _ in 0..6 {
        if !hangs_up(&panel, &passed, &passed.code).await {
            return;
        }
        panel.until(|panel| async move { tries(&panel).await == ["0"] }).await;
    }
    assert_eq!(count(&panel, AuditKind::HandOverRead).await, 0);
    assert_eq!(types(&owner(&panel), &passed, &passed.code).await.password(), panel.glesys.password_of(ANNA));
}

#[tokio::test]
async fn whoever_is_slower_by_a_moment_on_the_last_try_learns_that_it_was_read() {
    let (panel, _, passed) = at_work().await;
    for number in 0..4 {
        types(&owner(&panel), &passed, &wrong(&passed, number)).await;
    }
    let (one, other) = (owner(&panel), owner(&panel));
    let code = [("code", passed.code.as_str())];
    let (one, other) = tokio::join!(one.posts(&passed.link, &code), other.posts(&passed.link, &code));
    let pages = [one, other];
    assert_eq!(pages.iter().filter(|page| page.password().is_some()).count(), 1, "{pages:#?}");
    let slower = pages.iter().find(|page| page.password().is_none()).unwrap();
    slower.must_say(410, &["The password has been shown"]);
}
