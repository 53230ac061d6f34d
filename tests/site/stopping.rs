//! What signals do to the running program: it is asked to stop, or its terminal goes away.

use axum::body::Body;
use axum::http::Request;
use nyckel::model::{AuditKind, Role};
use rustix::process::Signal;

use crate::stage::{Page, Panel, Process, Stage};

const ANNA: &str = "anna@example.se";

/// A panel that serves on for longer than any story lasts, unless it is asked twice.
async fn serves() -> (Panel, Panel, Process) {
    let panel = Stage::usual().in_real_time().opens().await;
    let (served, process) = panel.in_a_process(&[("NYCKEL_DRAIN", "5min"), ("NYCKEL_LOG_FORMAT", "json")]).await;
    (panel, served, process)
}

async fn is_ready(served: &Panel) -> Page {
    served.answers(Request::get("/readyz").body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_panel_that_is_asked_to_stop_is_not_ready_at_once_and_still_served_for_a_while() {
    let (panel, served, mut process) = serves().await;
    let olle = served.signed_in(Role::Operator, "olle").await;
    assert_eq!(is_ready(&served).await.status, 200);

    process.is_sent(Signal::TERM);
    process.says("not ready any more").await;
    let ready = is_ready(&served).await;
    assert_eq!((ready.status, ready.body.as_str()), (503, "stopping\n"));
    assert_eq!(ready.headers["connection"], "close", "whoever keeps connections looks for another panel");

    let shown = olle.resets(ANNA).await;
    assert_eq!(shown.password(), panel.glesys.password_of(ANNA), "people notice nothing");

    process.is_sent(Signal::TERM);
    assert!(process.ends().await.success());
    assert!(process.log().contains("asked to stop once more"), "{}", process.log());
    assert_eq!(panel.audit(AuditKind::ResetShown).await.len(), 1);
}

#[tokio::test]
async fn whoever_presses_control_c_twice_does_not_wait() {
    let (_panel, served, mut process) = serves().await;
    process.is_sent(Signal::INT);
    process.says("not ready any more").await;
    assert_eq!(is_ready(&served).await.status, 503);
    process.is_sent(Signal::INT);
    assert!(process.ends().await.success());
}

#[tokio::test]
async fn without_a_setting_it_stops_at_once() {
    let panel = Stage::usual().in_real_time().opens().await;
    let (_, mut process) = panel.in_a_process(&[]).await;
    process.is_sent(Signal::TERM);
    assert!(process.ends().await.success());
    assert!(!process.log().contains("not ready any more"), "{}", process.log());
}

#[tokio::test]
async fn a_terminal_that_goes_away_does_not_take_the_panel_with_it() {
    let (_panel, served, process) = serves().await;
    for _ in 0..2 {
        process.is_sent(Signal::HUP);
    }
    process.says("SIGHUP").await;
    assert_eq!(is_ready(&served).await.status, 200);
}
