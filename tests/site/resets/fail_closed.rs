//! What can't be recorded is not done: no durable intent, no call; no durable showing, no password.

use std::time::{Duration, Instant};

use nyckel::model::AuditKind;
use nyckel::simulator::{Fault, Times};

use crate::stage::{Log, PASSWORD, Panel, Person, panel};

const RESET: &str = "email/resetpassword";

/// Nothing can be recorded until [`can_record`].
async fn cannot_record(panel: &Panel) {
    panel.database.run("ALTER TABLE audit RENAME TO audit_away").await;
}

async fn can_record(panel: &Panel) {
    panel.database.run("ALTER TABLE audit_away RENAME TO audit").await;
}

#[tokio::test]
async fn without_a_recorded_intent_there_is_no_call() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    cannot_record(&panel).await;
    let refused = eva.presses(&page, "Reset password").await;
    refused.must_say(503, &["The panel can’t save anything at the moment", "Nothing was changed at GleSYS."]);
    assert!(!refused.body.contains("audit_away") && !refused.body.contains("no such table"));
    assert_eq!(panel.resets(), (0, 0));
    assert_eq!(panel.glesys.password_of("anna@example.se").as_deref(), Some("initial"));
    assert!(panel.database.texts("SELECT id FROM operation").await.is_empty(), "nothing is half recorded");

    can_record(&panel).await;
    let result = eva.presses(&page, "Reset password").await;
    assert_eq!(result.password(), panel.glesys.password_of("anna@example.se"));
    assert_eq!(panel.resets(), (1, 1));
}

#[tokio::test]
async fn without_a_recorded_showing_there_is_no_password_but_it_waits() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let result = eva.confirms("anna@example.se").await;
    cannot_record(&panel).await;
    for _ in 0..2 {
        let page = eva.visits(&result).await;
        page.must_say(
            200,
            &["Reset, but not shown", "because the panel couldn’t log it", "it’s kept for five minutes"],
        );
        assert_eq!(page.password(), None);
        assert!(!page.body.contains(&panel.glesys.password_of("anna@example.se").unwrap()));
    }
    can_record(&panel).await;
    let page = eva.visits(&result).await;
    assert_eq!(page.password(), panel.glesys.password_of("anna@example.se"));
    panel.one(AuditKind::ResetShown).await;
    assert_eq!(panel.resets(), (1, 1));
}

#[tokio::test]
async fn a_showing_that_could_not_be_recorded_can_be_tried_again_from_its_page() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let result = eva.confirms("anna@example.se").await;
    cannot_record(&panel).await;
    let page = eva.visits(&result).await;
    can_record(&panel).await;
    let page = eva.clicks(&page, "Refresh").await;
    assert_eq!(page.password(), panel.glesys.password_of("anna@example.se"));
}

#[tokio::test]
async fn an_outcome_that_cannot_be_recorded_at_first_is_recorded_when_it_can_be() {
    let (log, _here) = Log::listens();
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.glesys.fault(RESET, Fault::Slow(Duration::from_millis(150)), Times::Once);
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    let (answer, ()) = tokio::join!(eva.submits(&page), async {
        panel.until_called(1).await;
        cannot_record(&panel).await;
        panel.until(|_| async { log.text().contains("the outcome could not be recorded") }).await;
        can_record(&panel).await;
    });
    panel.until_at_rest().await;
    let page = eva.visits(answer.header("location")).await;
    assert_eq!(page.password(), panel.glesys.password_of("anna@example.se"));
    assert_eq!(panel.one(AuditKind::ResetOutcome).await.outcome.as_deref(), Some("done"));
    assert_eq!(panel.resets(), (1, 1));
}

#[tokio::test]
async fn a_database_that_somebody_else_has_locked_is_waited_for_five_seconds_only() {
    let panel = panel().await;
    if !panel.database.is_sqlite() {
        // PostgreSQL has no lock of the whole database; a lock of a table is an administrator's doing.
        return;
    }
    let eva = panel.operator("eva").await;
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    let lock = panel.database.locks().await;
    let begun = Instant::now();
    let (refused, list) = tokio::join!(eva.presses(&page, "Reset password"), eva.visits("/domains/example.se"));
    refused.must_say(503, &["The panel can’t save anything at the moment", "Nothing was changed at GleSYS."]);
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    assert_eq!(list.status, 200, "reading goes on");
    assert_eq!(panel.resets(), (0, 0));
    let ready = eva.visits("/readyz").await;
    assert_eq!(ready.status, 503);
    assert!(ready.body.contains("another program keeps the database locked"), "{}", ready.body);
    drop(lock);
    panel.sweeps().await;
    assert_eq!(eva.visits("/readyz").await.body, "ready\n", "without a restart");
    let result = eva.presses(&page, "Reset password").await;
    assert_eq!(result.password(), panel.glesys.password_of("anna@example.se"));
}

#[tokio::test]
async fn nobody_signs_in_unrecorded() {
    let panel = panel().await;
    let eva = Person::hired(&panel, "eva", &[(nyckel::model::Role::Admin, "*")]).await;
    cannot_record(&panel).await;
    eva.signs_in_with(PASSWORD).await.must_say(503, &["The panel can’t save anything at the moment"]);
    assert!(eva.cookie().is_none());
    can_record(&panel).await;
    eva.signs_in().await;
}

#[tokio::test]
async fn a_panel_that_cannot_record_can_still_be_read() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    cannot_record(&panel).await;
    panel.clock.turn(120);
    eva.visits("/accounts/anna@example.se").await.must_say(200, &["Anna Lind"]);
    eva.visits("/accounts/anna@example.se/reset").await.must_say(200, &["Reset the password of"]);
    eva.signs_out().await.must_say(200, &["You have signed out."]);
    assert_eq!(eva.visits("/").await.text("h1"), "Sign in");
}

#[tokio::test]
async fn without_its_database_the_panel_is_not_ready_and_says_so_to_people() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    assert_eq!(eva.visits("/readyz").await.body, "ready\n");
    panel.database.run("ALTER TABLE session RENAME TO session_away").await;
    eva.visits("/").await.must_say(503, &["The panel’s database does not answer"]);
    panel.built.store.close().await;
    let page = eva.visits("/readyz").await;
    assert_eq!((page.status, page.body.as_str()), (503, "the database does not answer\n"));
    assert_eq!(eva.visits("/healthz").await.body, "live\n");
}

#[tokio::test]
async fn the_audit_refuses_to_be_changed_or_cut() {
    let panel = panel().await;
    panel.operator("eva").await;
    for sql in ["UPDATE audit SET staff_name = 'olle'", "DELETE FROM audit", "DELETE FROM audit WHERE seq = 1"] {
        let refused = panel.database.try_run(sql).await.unwrap_err();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
    panel.one(AuditKind::SignedIn).await;
}
