//! Somebody writes into the database past the panel: it gives nobody anything, and it is found.

use nyckel::model::{AuditKind, Fact};

use crate::stage::{PASSWORD, Panel, Person, panel};

const HERS: &str = "a sentence that eva alone knows";
const NO_TRUST: &str = "The panel does not trust its database";

async fn ready(panel: &Panel) -> (u16, String) {
    let page = Person::stranger(panel).visits("/readyz").await;
    (page.status, page.body)
}

#[tokio::test]
async fn a_right_that_was_written_past_the_panel_is_none_and_is_found_everywhere() {
    let panel = panel().await;
    let (eva, ada) = (panel.viewer("eva").await, panel.admin("ada").await);
    eva.visits("/domains/example.se").await.must_say(200, &["anna@example.se"]);
    let id = panel.database.texts("SELECT id FROM staff WHERE name = 'eva'").await.remove(0);
    panel.database.run(&format!("INSERT INTO staff_grant VALUES ('{id}', 'admin', '*')")).await;
    for page in ["/", "/staff", "/accounts/anna@example.se/reset"] {
        eva.visits(page).await.must_say(503, &[NO_TRUST]);
    }
    eva.in_another_browser().signs_in_with(PASSWORD).await.must_say(503, &[NO_TRUST]);
    ada.visits("/staff").await.must_say(200, &["eva"]);

    assert_eq!(ready(&panel).await.0, 200);
    panel.sweeps().await;
    panel.sweeps().await;
    let (status, said) = ready(&panel).await;
    assert!(status == 503 && said.starts_with("the database is not as the panel left it"), "{said}");
    let found = panel.one(AuditKind::EditFound).await;
    assert_eq!((found.outcome.as_deref(), found.facts.text(Fact::Person)), (Some("staff_edited"), Some("eva")));
    for (command, code) in [("audit verify", 1), ("check", 2), ("serve", 2), ("staff disable eva", 2)] {
        let (ended, said) = panel.runs(command).await;
        assert_eq!(ended, Some(code), "{command}: {said}");
        assert!(said.contains("past the panel"), "{command}: {said}");
    }

    panel
        .database
        .run("DELETE FROM staff_grant WHERE role = 'admin' AND staff_id IN (SELECT id FROM staff WHERE name = 'eva')")
        .await;
    panel.sweeps().await;
    assert_eq!(ready(&panel).await.0, 200);
    eva.visits("/domains/example.se").await.must_say(200, &["anna@example.se"]);
    let (code, said) = panel.runs("audit verify").await;
    assert_eq!(code, Some(0), "{said}");
}

#[tokio::test]
async fn a_password_that_was_written_past_the_panel_signs_nobody_in() {
    let panel = panel().await;
    let boss = panel.admin("boss").await;
    // Whoever can write knows a password whose hash they have: their own.
    let eva = panel.viewer("eva").await;
    let page = eva.visits("/profile").await;
    eva.fills_in(&page, "Change the password", &[("old", PASSWORD), ("new", HERS)]).await;
    let hash = "(SELECT password_hash FROM staff WHERE name = 'eva')";
    panel.database.run(&format!("UPDATE staff SET password_hash = {hash} WHERE name = 'boss'")).await;
    let thief = boss.in_another_browser();
    thief.signs_in_with(HERS).await.must_say(503, &[NO_TRUST]);
    assert_eq!(thief.visits("/staff").await.text("h1"), "Sign in");
    boss.visits("/").await.must_say(200, &["boss"]);
}

#[tokio::test]
async fn a_session_that_was_signed_out_is_not_taken_back() {
    let panel = panel().await;
    let eva = panel.viewer("eva").await;
    let thief = eva.in_another_browser();
    thief.takes_cookie(&eva.cookie().unwrap());
    eva.signs_out().await;
    panel.database.run("UPDATE session SET ended_at = NULL").await;
    thief.visits("/").await.must_say(503, &[NO_TRUST]);
}

#[tokio::test]
async fn a_session_that_was_written_past_the_panel_is_nobodys() {
    let panel = panel().await;
    let (ada, eva) = (panel.admin("ada").await, panel.viewer("eva").await);
    panel.database.run("UPDATE session SET staff_id = (SELECT id FROM staff WHERE name = 'ada')").await;
    eva.visits("/staff").await.must_say(503, &[NO_TRUST]);
    ada.visits("/staff").await.must_say(200, &["eva"]);
}
