//! Many strangers at once: what they cause is bounded, and nobody who is known waits behind them.

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
        refused.must_say(503, &["Too many at once", "It does not count as a try", "Wait a few seconds and try again."]);
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
    let proved = eva.fills_in(&asked, "Go on", &[("password", PASSWORD)]).await;
    assert_eq!(proved.status, 200, "{}", proved.body);
    assert_eq!(panel.audit(AuditKind::ProvedAgain).await.len(), 1);
}
