//! Codes are counted before they are tried, and five are all there are.

use nyckel::access::password::Lane;
use nyckel::model::AuditKind;

use super::{ANNA, at_work, closed, count, owner, same, types, wrong};

async fn tries(panel: &crate::stage::Panel) -> Vec<String> {
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
    let networks = (0..).map(|n| Lane::Stranger(format!("network {n}")));
    let crowd: Vec<_> = networks.map_while(|network| passwords.place(network).ok()).collect();
    let page = types(&anna, &passed, &passed.code).await;
    page.must_say(503, &["Too many at once", "The code was not tried."]);
    assert_eq!((page.header("retry-after"), tries(&panel).await), ("5", vec!["0".to_owned()]));
    let unknown = anna.posts("/hand-over/AAAA", &[("code", "12345678")]).await;
    assert_eq!(same(&unknown), same(&page), "a link that is there is told from none by nothing");
    drop(crowd);
    assert_eq!(types(&anna, &passed, &passed.code).await.password(), panel.glesys.password_of(ANNA));
}

#[tokio::test]
async fn a_last_try_that_nobody_finished_ends_the_link_all_the_same() {
    let (panel, _, passed) = at_work().await;
    panel.sweeps().await;
    panel.database.run("UPDATE owner_link SET tries = 5, tried_tick = (SELECT last FROM tick)").await;
    panel.sweeps().await;
    assert_eq!((closed(&panel).await, owner(&panel).visits(&passed.link).await.status), (1, 404), "it may go on");
    panel.clock.turn(61);
    panel.sweeps().await;
    assert_eq!(closed(&panel).await, 0);
    panel.one(AuditKind::HandOverVoid).await;
}
