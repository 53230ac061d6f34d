//! Accounts whose password only admins may reset.

use nyckel::model::address_pattern::AddressPattern;
use nyckel::model::{AuditKind, Role};

use crate::stage::{Panel, Person, Stage};

async fn panel() -> Panel {
    Stage::usual().with("NYCKEL_PROTECTED_ACCOUNTS", "anna@example.se, *@example.com").opens().await
}

#[tokio::test]
async fn only_an_admin_resets_a_protected_account() {
    let panel = panel().await;
    for role in [Role::Operator, Role::Manager] {
        let eva = panel.signed_in(role, role.name()).await;
        for address in ["anna@example.se", "carl@example.com"] {
            let page = eva.visits(&format!("/accounts/{address}")).await;
            page.must_say(200, &["Protected account: only admins can do this."]);
            assert!(page.link("Reset password…").is_none());
            let page = eva.visits(&format!("/accounts/{address}/reset")).await;
            page.must_say(403, &["This account is protected", "Only an admin may reset its password or change it."]);
        }
        assert!(eva.resets("bo@example.se").await.password().is_some());
        panel.clock.turn(11 * 60);
    }
    let denied = panel.audit(AuditKind::RightDenied).await;
    assert_eq!(denied.len(), 4);
    assert_eq!(denied[0].outcome.as_deref(), Some("reset_protected_passwords"));
    let admin = panel.admin("admin").await;
    assert!(admin.resets("anna@example.se").await.password().is_some());
}

#[tokio::test]
async fn a_confirmation_from_before_the_account_was_protected_is_refused() {
    let open = Stage::usual().opens().await;
    let eva = open.operator("eva").await;
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    let now = open.replica_that(|panel| {
        panel.config.protected_accounts = vec![AddressPattern::parse("anna@*").unwrap()];
    });
    let now = Box::pin(now).await;
    now.built.app.directory.read_all().await;
    let answer = eva.at(&now).presses(&page, "Reset password").await;
    answer.must_say(403, &["This account is protected"]);
    assert_eq!(open.resets(), (0, 0));
    assert_eq!(open.one(AuditKind::ResetRefused).await.outcome.as_deref(), Some("reset_protected_passwords"));
}

#[tokio::test]
async fn a_staff_members_own_mailbox_takes_an_admin() {
    let panel = Stage::usual().opens().await;
    let bo = Person::hired(&panel, "Bo@example.se", &[(Role::Operator, "*")]).await;
    bo.signs_in().await;
    let maja = panel.manager("maja").await;
    for person in [&maja, &bo] {
        let page = person.visits("/accounts/bo@example.se").await;
        page.must_say(200, &["A staff member’s own address"]);
        assert!(page.link("Reset password…").is_none());
        person.visits("/accounts/bo@example.se/reset").await.must_say(403, &["This account is protected"]);
    }
    maja.visits("/accounts/bo@example.se/delete").await.must_say(403, &["This account is protected"]);
    let open = maja.visits("/accounts/anna@example.se/reset").await;
    Person::hired(&panel, "anna@example.se", &[(Role::Viewer, "*")]).await;
    maja.presses(&open, "Reset password").await.must_say(403, &["This account is protected"]);
    assert_eq!(panel.resets(), (0, 0));
    let admin = panel.admin("admin").await;
    assert!(admin.resets("bo@example.se").await.password().is_some());
}
