//! How links end that were not read: what is worth nothing is never shown, and nothing is left of it.

use std::time::Duration;

use nyckel::model::AuditKind;
use nyckel::simulator::{Fault, Times};

use super::{ANNA, at_work, closed, count, owner, passes_on, types, wrong};
use crate::stage::{Panel, Stage, panel};

#[tokio::test]
async fn whoever_reads_a_void_password_is_never_shown_it() {
    let panel = Stage::usual().with("NYCKEL_RESETS_PER_ACCOUNT", "off").opens().await;
    let eva = panel.manager("eva").await;
    for (page, button, values) in [
        ("reset", "Reset password", vec![("hand_over", "shown")]),
        ("reset", "Reset password", vec![("hand_over", "link")]),
        ("lock-out", "Lock out", vec![]),
        ("delete", "Delete account", vec![("address", ANNA)]),
    ] {
        let passed = passes_on(&eva, &panel, ANNA).await;
        let asks = eva.visits(&format!("/accounts/{ANNA}/{page}")).await;
        eva.fills_in(&asks, button, &values).await;
        let answer = owner(&panel).posts(&passed.link, &[("code", &passed.code)]).await;
        assert_eq!((answer.status, answer.password()), (404, None), "{page}");
        panel.sweeps().await;
    }
    // Each was overtaken but the one that overtook another and was overtaken itself.
    assert_eq!((count(&panel, AuditKind::HandOverOvertaken).await, closed(&panel).await), (5, 0));
}

#[tokio::test]
async fn while_another_reset_is_under_way_nothing_is_shown_and_no_try_is_counted() {
    let (panel, eva, passed) = at_work().await;
    let anna = owner(&panel);
    panel.glesys.fault("email/resetpassword", Fault::Slow(Duration::from_millis(400)), Times::Once);
    let asks = eva.visits(&format!("/accounts/{ANNA}/reset")).await;
    let (_, answer) = tokio::join!(eva.submits(&asks), async {
        panel.until_called(2).await;
        anna.posts(&passed.link, &[("code", &passed.code)]).await
    });
    assert_eq!((answer.status, answer.password()), (404, None));
    assert_eq!(panel.database.texts("SELECT CAST(tries AS TEXT) FROM owner_link ORDER BY operation_id").await[0], "0");
}

#[tokio::test]
async fn a_reset_that_changed_nothing_leaves_the_link_as_it_is() {
    let (panel, eva, passed) = at_work().await;
    let not_now = Fault::Status { http: 423, code: 423, text: "Server Locked".to_owned(), envelope: true };
    panel.glesys.fault("email/resetpassword", not_now, Times::Once);
    eva.resets(ANNA).await.must_say(200, &["Password not reset"]);
    panel.sweeps().await;
    assert_eq!(types(&owner(&panel), &passed, &passed.code).await.password(), panel.glesys.password_of(ANNA));
}

#[tokio::test]
async fn a_reset_of_which_nobody_knows_ends_the_link() {
    let (panel, eva, passed) = at_work().await;
    panel.glesys.fault("email/resetpassword", Fault::HalfAnswer, Times::Once);
    eva.resets(ANNA).await.must_say(200, &["We don’t know if the password was reset"]);
    assert_eq!(closed(&panel).await, 0, "with the outcome");
    assert_eq!(opens(&panel, &passed.link).await, 404);
    panel.one(AuditKind::HandOverOvertaken).await;
}

async fn opens(panel: &Panel, link: &str) -> u16 {
    owner(panel).visits(link).await.status
}

#[tokio::test]
async fn a_link_lasts_as_long_as_the_company_says_whatever_the_clock_does() {
    let panel = Stage::usual().with("NYCKEL_LINK_LASTS", "20min").opens().await;
    let eva = panel.operator("eva").await;
    let passed = passes_on(&eva, &panel, ANNA).await;
    panel.clock.turn(19 * 60);
    panel.sweeps().await;
    assert_eq!(opens(&panel, &passed.link).await, 200);
    panel.clock.set_by(-86_400);
    panel.clock.turn(2 * 60);
    assert_eq!(opens(&panel, &passed.link).await, 404);
    panel.sweeps().await;
    assert_eq!(closed(&panel).await, 0);
    let expired = panel.one(AuditKind::HandOverExpired).await;
    assert_eq!(expired.staff_name.as_deref(), Some("eva"));
}

#[tokio::test]
async fn a_clock_that_goes_on_by_a_day_ends_the_link() {
    let (panel, _, passed) = at_work().await;
    panel.clock.set_by(86_400);
    assert_eq!(opens(&panel, &passed.link).await, 404);
    assert_eq!(owner(&panel).posts(&passed.link, &[("code", &passed.code)]).await.password(), None);
}

#[tokio::test]
async fn a_link_that_staff_never_opened_ends_with_what_they_would_have_seen() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let asks = eva.visits(&format!("/accounts/{ANNA}/reset")).await;
    let mut form = asks.form("Reset password");
    form.fields.retain(|(name, _)| name != "hand_over");
    form.fields.push(("hand_over".to_owned(), "link".to_owned()));
    let answer = eva.sends(eva.posting(&form.action, &form.fields)).await;
    assert_eq!((answer.status, closed(&panel).await), (303, 1));
    panel.sweeps().await;
    assert_eq!(closed(&panel).await, 1);
    eva.signs_out().await;
    panel.sweeps().await;
    assert_eq!(closed(&panel).await, 0);
    panel.one(AuditKind::HandOverExpired).await;
}

/// Keeps the row of the link as it is now; [`comes_back`] writes it back.
async fn keeps(panel: &Panel) {
    panel.database.run("CREATE TABLE kept AS SELECT * FROM owner_link").await;
}

async fn comes_back(panel: &Panel) {
    let back = "UPDATE owner_link SET ended = NULL, ended_at = NULL, tries = 0, salt = (SELECT salt FROM kept), \
                sealed = (SELECT sealed FROM kept), mac = (SELECT mac FROM kept)";
    panel.database.run(back).await;
}

#[tokio::test]
async fn a_row_that_is_written_back_brings_no_link_back() {
    for is_revoked in [false, true] {
        let (panel, eva, passed) = at_work().await;
        keeps(&panel).await;
        if is_revoked {
            let page = eva.visits(&passed.result).await;
            eva.presses(&page, "Revoke the link").await;
        } else {
            assert!(types(&owner(&panel), &passed, &passed.code).await.password().is_some());
        }
        comes_back(&panel).await;
        let page = types(&owner(&panel), &passed, &passed.code).await;
        assert_eq!((page.status, page.password()), (503, None), "{is_revoked}: {page:#?}");
    }
}

#[tokio::test]
async fn a_count_that_is_written_back_gives_no_more_tries() {
    let (panel, _, passed) = at_work().await;
    let anna = owner(&panel);
    for number in 0..4 {
        types(&anna, &passed, &wrong(&passed, number)).await;
    }
    panel.database.run("UPDATE owner_link SET tries = 3").await;
    let page = types(&anna, &passed, &passed.code).await;
    assert_eq!((page.status, page.password()), (503, None), "{page:#?}");
    assert_eq!(count(&panel, AuditKind::HandOverWrongCode).await, 4);
}
