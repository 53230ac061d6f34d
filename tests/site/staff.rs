//! Looking after the staff: who may do what, for how long, and who may not change that.

use nyckel::model::{Act, AuditKind, Fact, Role};

use crate::stage::{PASSWORD, Page, Person, Stage, panel};

/// The page of somebody on the staff.
async fn page_of(admin: &Person, name: &str) -> Page {
    let page = admin.visits("/staff").await;
    admin.clicks(&page, name).await
}

#[tokio::test]
async fn an_admin_sees_everybody_and_what_they_may_do() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    Person::hired(&panel, "eva", &[(Role::Operator, "räksmörgås.se"), (Role::Auditor, "*")]).await;
    let page = admin.visits("/").await;
    let page = admin.clicks(&page, "Staff").await;
    page.must_say(200, &["eva", "Auditor in all domains, Operator in räksmörgås.se", "Active"]);
    let page = admin.clicks(&page, "eva").await;
    assert_eq!((page.text("h1").as_str(), page.texts("[aria-labelledby=roles] li").len()), ("eva", 2));
}

#[tokio::test]
async fn roles_are_changed_and_count_at_once() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    let eva = Person::hired(&panel, "eva", &[(Role::Operator, "example.se"), (Role::Viewer, "example.com")]).await;
    eva.signs_in().await;
    let page = page_of(&admin, "eva").await;
    admin.has_proved(Act::ChangeStaff).await;
    let page = admin.clicks(&page, "Edit roles…").await;
    assert_eq!(page.attributes("option[selected]", "value"), ["viewer", "operator"]);
    let page = admin.fills_in(&page, "Save", &[("in:example.se", "viewer"), ("auditor", "yes")]).await;
    page.must_say(200, &["The roles are saved.", "Viewer in example.se", "Auditor in all domains"]);

    assert_eq!(eva.visits("/").await.text("h1"), "Sign in", "a changed role changes the session");
    eva.signs_in().await;
    assert_eq!(eva.visits("/accounts/anna@example.se/reset").await.status, 403);
    assert_eq!(eva.visits("/audit").await.status, 200);
    let event = panel.one(AuditKind::GrantsChanged).await;
    let expected = concat!(
        r#"{"person":"eva","grants":["viewer:example.com","viewer:example.se","auditor"],"#,
        r#""grants_before":["viewer:example.com","operator:example.se"]}"#
    );
    assert_eq!(event.facts.kept().as_deref(), Some(expected));
}

#[tokio::test]
async fn two_admins_do_not_undo_each_others_changes_unseen() {
    let panel = panel().await;
    let (one, other) = (panel.admin("one").await, panel.admin("other").await);
    Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    let page = page_of(&one, "eva").await;
    one.has_proved(Act::ChangeStaff).await;
    let ours = one.clicks(&page, "Edit roles…").await;
    other.has_proved(Act::ChangeStaff).await;
    let theirs = other.visits(ours.at.as_str()).await;
    other.fills_in(&theirs, "Save", &[("everywhere", "manager")]).await;
    let refused = one.fills_in(&ours, "Save", &[("everywhere", "operator")]).await;
    refused.must_say(422, &["Someone else changed these roles to: Manager in all domains."]);
    assert_eq!(refused.attributes("#everywhere [selected]", "value"), ["operator"]);
    assert_eq!(one.presses(&refused, "Save").await.status, 200);
    assert!(page_of(&one, "eva").await.says("Operator in all domains"));
}

#[tokio::test]
async fn nobody_changes_what_they_may_do_themselves() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    let own = admin.visits("/staff").await.attributes("tbody a", "href").remove(0);
    let page = admin.visits(&own).await;
    page.must_say(200, &["This is you."]);
    assert!(page.link("Edit roles…").is_none() && !page.has("main form"));
    admin.visits(&format!("{own}/edit")).await.must_say(409, &["You can’t change this for yourself."]);
    for (what, fields) in [
        ("edit", &[("everywhere", "viewer"), ("was", "admin")][..]),
        ("disable", &[("", "")]),
        ("end-sessions", &[("", "")]),
        ("invite", &[("", "")]),
        ("enable", &[("", "")]),
    ] {
        assert_eq!(admin.posts(&format!("{own}/{what}"), fields).await.status, 409, "{what}");
    }
    assert_eq!(panel.audit(AuditKind::GrantsChanged).await.len(), 0);
}

#[tokio::test]
async fn there_is_always_an_admin_who_can_sign_in() {
    let panel = panel().await;
    let (one, other) = (panel.admin("one").await, panel.admin("other").await);
    // Invited, but has never signed in: that is no admin to rely on.
    let form = [("name", "third"), ("everywhere", "admin")];
    one.has_proved(Act::ChangeStaff).await;
    assert_eq!(one.posts("/staff/new", &form).await.status, 201);
    let page = page_of(&one, "other").await;
    one.has_proved(Act::ChangeStaff).await;
    let edit = one.clicks(&page, "Edit roles…").await;
    one.presses(&page, "Disable account").await.must_say(200, &["Disabled and signed out everywhere."]);
    assert_eq!(other.visits("/").await.text("h1"), "Sign in");
    // Whoever is disabled is nobody's last admin any more, but the one who is left is.
    let id = panel.database.texts("SELECT id FROM staff WHERE name = 'one'").await.remove(0);
    one.has_proved(Act::ChangeStaff).await;
    let enabled = one.presses(&page_of(&one, "other").await, "Enable account").await;
    enabled.must_say(200, &["The account is enabled."]);
    other.signs_in().await;
    let page = other.visits(&format!("/staff/{id}")).await;
    other.presses(&page, "Disable account").await.must_say(200, &["Disabled and signed out everywhere."]);
    one.fills_in(&edit, "Save", &[("everywhere", "viewer")]).await;
    assert!(other.visits("/staff").await.status == 200, "a disabled admin changes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_admins_who_disable_each_other_at_once_leave_one() {
    for _ in 0..5 {
        let panel = panel().await;
        let replica = panel.replica().await;
        let (one, other) = (panel.admin("one").await, panel.admin("other").await);
        let ids = panel.database.texts("SELECT id FROM staff ORDER BY name").await;
        let paths = [format!("/staff/{}/disable", ids[1]), format!("/staff/{}/disable", ids[0])];
        let other = other.at(&replica);
        let (a, b) = tokio::join!(one.posts(&paths[0], &[("", "")]), other.posts(&paths[1], &[("", "")]));
        let left = panel.database.texts("SELECT name FROM staff WHERE disabled_at IS NULL").await;
        assert_eq!(left.len(), 1, "{} {}", a.status, b.status);
    }
}

#[tokio::test]
async fn signing_somebody_out_everywhere_reaches_every_replica() {
    let panel = panel().await;
    let other = panel.replica().await;
    let admin = panel.admin("admin").await;
    let eva = panel.operator("eva").await;
    let elsewhere = eva.in_another_browser().at(&other);
    elsewhere.signs_in().await;
    let page = page_of(&admin, "eva").await;
    admin.presses(&page, "Sign out everywhere").await.must_say(200, &["Signed out everywhere."]);
    for eva in [&eva, &elsewhere] {
        assert_eq!(eva.visits("/").await.text("h1"), "Sign in");
    }
    assert_eq!(panel.one(AuditKind::SessionsEnded).await.facts.text(Fact::Person), Some("eva"));
    eva.signs_in().await;
}

#[tokio::test]
async fn changing_the_staff_asks_for_a_fresh_sign_in_even_where_resets_do_not() {
    let panel = Stage::usual().with("NYCKEL_FRESH_SIGN_IN", "0").opens().await;
    let admin = panel.admin("admin").await;
    Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    admin.has_proved(Act::ChangeStaff).await;
    let page = admin.visits("/staff/new").await;
    panel.clock.turn(11 * 60);
    let form = [("name", "olle"), ("everywhere", "operator"), ("in:example.se", "manager")];
    let asked = admin.fills_in(&page, "Create invitation link", &form).await;
    let page = admin.fills_in(&asked, "Continue", &[("password", PASSWORD)]).await;
    assert_eq!(page.attributes("#name", "value"), ["olle"]);
    assert_eq!(page.attributes("option[selected]", "value"), ["operator", "manager"], "nothing is lost");
    assert_eq!(admin.presses(&page, "Create invitation link").await.status, 201);

    let page = page_of(&admin, "eva").await;
    panel.clock.turn(11 * 60);
    let asked = admin.presses(&page, "Disable account").await;
    assert_eq!(asked.text("h1"), "Confirm it’s you");
    assert_eq!(panel.audit(AuditKind::StaffDisabled).await.len(), 0);
}

#[tokio::test]
async fn a_form_that_was_on_its_way_while_its_sender_was_disabled_does_nothing() {
    let panel = panel().await;
    let (one, mallory) = (panel.admin("one").await, panel.admin("mallory").await);
    let ids = panel.database.texts("SELECT id FROM staff ORDER BY name").await;
    let disable = format!("/staff/{}/disable", ids[0]);
    let form = [("name", "accomplice"), ("everywhere", "admin")];
    let disabled = async { assert_eq!(one.posts(&disable, &[("", "")]).await.status, 303) };
    let answer = mallory.posts_slowly("/staff/new", &form, disabled).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/sign-in"));
    assert_eq!(panel.database.texts("SELECT name FROM staff ORDER BY name").await, ["mallory", "one"]);
}

#[tokio::test]
async fn what_somebody_else_changed_while_one_proved_who_one_is_is_told() {
    let panel = panel().await;
    let (one, other) = (panel.admin("one").await, panel.admin("other").await);
    Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    let page = page_of(&one, "eva").await;
    one.has_proved(Act::ChangeStaff).await;
    let ours = one.clicks(&page, "Edit roles…").await;
    panel.clock.turn(11 * 60);
    let asked = one.fills_in(&ours, "Save", &[("everywhere", "operator")]).await;
    let asked_too = other.visits(&ours.at).await;
    let theirs = other.fills_in(&asked_too, "Continue", &[("password", PASSWORD)]).await;
    other.fills_in(&theirs, "Save", &[("everywhere", "manager")]).await;
    let page = one.fills_in(&asked, "Continue", &[("password", PASSWORD)]).await;
    page.must_say(200, &["Someone else changed these roles to: Manager in all domains."]);
    assert_eq!(page.attributes("#everywhere [selected]", "value"), ["operator"]);
}

#[tokio::test]
async fn nobody_else_looks_after_the_staff() {
    let panel = panel().await;
    for role in [Role::Viewer, Role::Operator, Role::Manager, Role::Auditor] {
        let person = panel.signed_in(role, role.name()).await;
        assert!(person.visits("/").await.link("Staff").is_none());
        person.visits("/staff").await.must_say(403, &["Your role does not give access"]);
    }
    let admin = panel.admin("admin").await;
    assert_eq!(admin.visits("/staff/nobody").await.status, 404);
}
