//! Many strangers at once: what they cause is bounded, and nobody who is known waits behind them.

use axum::body::Body;
use nyckel::access::password::{Lane, Place};
use nyckel::model::{AuditKind, Role};

use crate::stage::{PASSWORD, Panel, Person, panel};

/// Every place that strangers can wait in.
fn crowd(panel: &Panel) -> Vec<Place> {
    let passwords = &panel.built.app.staff.passwords;
    let networks = (0..).map(|n| Lane::Stranger(format!("network {n}")));
    networks.map_while(|network| passwords.place(network).ok()).collect()
}

#[tokio::test]
async fn a_stranger_in_a_crowd_is_told_at_once_to_come_back_and_loses_no_try() {
    let panel = panel().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    let crowd = crowd(&panel);
    for _ in 0..20 {
        let refused = eva.signs_in_with(PASSWORD).await;
        refused.must_say(
            503,
            &["Too many at once", "It does not count as an attempt", "Wait a few seconds and try again."],
        );
        assert_eq!(refused.header("retry-after"), "5");
    }
    assert!(panel.audit(AuditKind::SignInFailed).await.is_empty());
    assert!(panel.database.texts("SELECT key FROM attempt").await.is_empty(), "nothing was written");
    drop(crowd);
    eva.signs_in().await;
}

#[tokio::test]
async fn a_known_device_and_a_fresh_proof_never_wait_behind_strangers() {
    let panel = panel().await;
    let eva = panel.signed_in(Role::Operator, "eva").await;
    let olle = panel.signed_in(Role::Operator, "olle").await;
    olle.signs_out().await;
    let _crowd = crowd(&panel);
    assert_eq!(olle.signs_in_with(PASSWORD).await.at, "/");
    assert_eq!(olle.in_another_browser().signs_in_with(PASSWORD).await.status, 503);
    panel.clock.turn(11 * 60);
    let asked = eva.visits("/accounts/anna@example.se/reset").await;
    let asked = if asked.at.starts_with("/sign-in/again") { asked } else { eva.visits("/sign-in/again").await };
    let proved = eva.fills_in(&asked, "Continue", &[("password", PASSWORD)]).await;
    assert_eq!(proved.status, 200, "{}", proved.body);
    assert_eq!(panel.audit(AuditKind::ProvedAgain).await.len(), 1);
}

#[tokio::test]
async fn refusing_costs_no_write() {
    let panel = panel().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    for _ in 0..40 {
        eva.signs_in_with("not the password").await;
    }
    let made = panel.database.texts("SELECT CAST(made AS TEXT) FROM attempt ORDER BY made").await;
    assert_eq!(made, ["10", "10", "10"], "thirty refused ones were not even counted");
    let writing = panel.built.store.write().await.unwrap();
    eva.signs_in_with(PASSWORD).await.must_say(429, &["Too many attempts."]);
    drop(writing);
}

#[tokio::test]
async fn strangers_write_one_at_a_time_and_nobody_else_waits_for_them() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let olle = Person::hired(&panel, "olle", &[(Role::Viewer, "*")]).await;
    let store = &panel.built.store;
    let turn = store.write_for_stranger().await.unwrap();
    let mut line: Vec<_> = (0..320).map(|_| Box::pin(store.write_for_stranger())).collect();
    for waiting in &mut line {
        assert!(futures_util::poll!(waiting).is_pending());
    }
    drop(turn);
    // The first of them has its turn now, but has not asked for the writer yet: whoever does it is let in.
    let refused = olle.signs_in_with(PASSWORD).await;
    refused.must_say(503, &["Too many at once"]);
    assert!(eva.resets("anna@example.se").await.password().is_some());
    let ready = panel.answers(eva.begins("GET", "/readyz").body(Body::empty()).unwrap()).await;
    assert_eq!(ready.status, 200, "a crowd is no dead database");
    drop(line);
    olle.signs_in().await;
}
