//! The audit page: who may read it, what it tells, how it is searched.

use nyckel::model::{AuditKind, Role};

use crate::stage::{Person, panel};

#[tokio::test]
async fn admins_and_auditors_read_the_audit_and_nobody_else() {
    let panel = panel().await;
    for role in Role::ALL {
        let person = panel.signed_in(role, role.name()).await;
        let may = matches!(role, Role::Auditor | Role::Admin);
        let home = person.visits("/").await;
        assert_eq!(home.link("Audit").is_some(), may, "{role:?}");
        let page = person.visits("/audit").await;
        if may {
            page.must_say(200, &["Signed in"]);
        } else {
            page.must_say(403, &["Not for your role"]);
        }
    }
    let denied = panel.audit(AuditKind::RightDenied).await;
    let names: Vec<_> = denied.iter().filter_map(|event| event.staff_name.as_deref()).collect();
    assert_eq!(names, ["viewer", "operator", "manager"]);
    assert!(denied.iter().all(|event| event.outcome.as_deref() == Some("read_audit")));
}

#[tokio::test]
async fn the_audit_tells_a_reset_step_by_step_newest_first() {
    let panel = panel().await;
    let (ada, eva) = (panel.admin("ada").await, panel.operator("eva").await);
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    let result = eva.fills_in(&page, "Reset password", &[("ticket", "812")]).await;
    eva.posts(&format!("{}/seen", result.at), &[("", ""); 0]).await;
    let page = ada.visits("/audit?address=Anna@example.se").await;
    let rows = page.texts("tbody tr td:nth-child(2)");
    let expected = ["Password displayed", "Password shown", "Reset ended done 812", "Reset begun 812"];
    assert_eq!(rows.len(), expected.len(), "{rows:?}");
    for (row, expected) in rows.iter().zip(expected) {
        assert!(row.starts_with(expected) && row.contains("anna@example.se"), "{row}");
    }
    assert_eq!(page.texts("tbody tr td:nth-child(3)"), ["eva"; 4]);
    let id = result.at.strip_prefix("/resets/").unwrap();
    let seen = ada.clicks(&page, &format!("…{}", &id[24..])).await;
    seen.must_say(200, &["Already shown"]);
}

#[tokio::test]
async fn the_audit_is_searched_by_what_who_and_address() {
    let panel = panel().await;
    let (ada, eva) = (panel.admin("ada").await, panel.operator("eva").await);
    eva.resets("anna@example.se").await;
    eva.resets("bo@example.se").await;
    let page = ada.visits("/audit").await;
    let count = async |values: &[(&str, &str)]| {
        let page = ada.fills_in(&page, "Show", values).await;
        assert_eq!(page.status, 200);
        page.texts("tbody tr").len()
    };
    assert_eq!(count(&[]).await, 8);
    assert_eq!(count(&[("staff", "Eva")]).await, 7);
    assert_eq!(count(&[("address", "bo@example.se")]).await, 3);
    assert_eq!(count(&[("kind", "reset.shown")]).await, 2);
    assert_eq!(count(&[("kind", "reset.shown"), ("address", "bo@example.se"), ("staff", "eva")]).await, 1);
    assert_eq!(count(&[("kind", "reset.shown"), ("staff", "ada")]).await, 0);
    ada.visits("/audit?staff=olle").await.must_say(200, &["Nothing is recorded that matches."]);
    ada.visits("/audit?address=bo").await.must_say(200, &["That is not an email address."]);
}

#[tokio::test]
async fn the_audit_is_read_in_pages_without_gaps() {
    let panel = panel().await;
    let ada = panel.admin("ada").await;
    let stranger = Person::stranger(&panel);
    for _ in 0..60 {
        let request = stranger.begins("POST", "/sign-out").header("sec-fetch-site", "cross-site");
        stranger.sends(request.body(axum::body::Body::empty()).unwrap()).await;
    }
    let first = ada.visits("/audit").await;
    assert_eq!(first.texts("tbody tr").len(), 50);
    let second = ada.clicks(&first, "Older").await;
    assert_eq!(second.texts("tbody tr").len(), 11);
    assert!(second.link("Older").is_none());
    let filtered = ada.visits("/audit?kind=access.origin_refused").await;
    let filtered = ada.clicks(&filtered, "Older").await;
    assert_eq!(filtered.texts("tbody tr").len(), 10, "the filter is kept");
    assert_eq!(ada.clicks(&second, "Newest").await.texts("tbody tr").len(), 50);
}
