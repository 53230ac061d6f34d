//! What people are called: the name they sign in with, which the audit records, and the one that colleagues see.

use nyckel::model::{Act, AuditKind, Role};

use crate::stage::{PASSWORD, Panel, Person, panel};

/// The page on which an admin changes somebody's names.
async fn names_of(panel: &Panel, name: &str) -> String {
    let query = format!("SELECT id FROM staff WHERE name = '{name}'");
    format!("/staff/{}/names", panel.database.texts(&query).await.remove(0))
}

#[tokio::test]
async fn others_are_told_the_name_that_a_person_chose_and_the_audit_keeps_the_one_they_sign_in_with() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/profile").await;
    let page = eva.fills_in(&page, "Save", &[("display_name", "  Eva   Lind ")]).await;
    page.must_say(200, &["Saved.", "You sign in as eva."]);
    assert_eq!(page.text(".bar-name"), "Eva Lind");
    eva.presses(&page, "Save").await;
    eva.resets("anna@example.se").await;

    let bo = panel.operator("bo").await;
    assert!(bo.visits("/accounts/anna@example.se").await.says("by Eva Lind"));
    assert!(bo.visits("/accounts/anna@example.se/reset").await.says("by Eva Lind"));
    assert_eq!(panel.one(AuditKind::ResetIntent).await.staff_name.as_deref(), Some("eva"));
    let event = panel.one(AuditKind::DisplayNameSet).await;
    assert_eq!(
        event.facts.kept().as_deref(),
        Some(r#"{"person":"eva","display_name":"Eva Lind"}"#),
        "and saving it again is no change"
    );
    let page = eva.visits("/profile").await;
    let page = eva.fills_in(&page, "Save", &[("display_name", "")]).await;
    assert_eq!(page.text(".bar-name"), "eva");
}

#[tokio::test]
async fn nobody_is_told_under_a_name_that_misleads() {
    let panel = panel().await;
    panel.admin("admin").await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/profile").await;
    let unfit = "A display name has at most 64 characters";
    for (name, sentence) in [
        ("Admin", "Someone else is called admin."),
        ("Аdmin", "A word of the name mixes letters"),
        ("adm1n", "Someone else is called admin."),
        ("Command Line", "Someone else is called command-line."),
        ("Eva \u{202e}dniL", unfit),
        ("Eva\u{200b}", unfit),
        (&"å".repeat(65), unfit),
    ] {
        let refused = eva.fills_in(&page, "Save", &[("display_name", name), ("theme", "dark")]).await;
        refused.must_say(422, &[sentence]);
        assert_eq!(refused.attributes("#display_name", "value"), [name]);
        assert_eq!(refused.attributes("#theme [selected]", "value"), ["dark"]);
    }
    assert_eq!(panel.audit(AuditKind::DisplayNameSet).await.len(), 0);
    assert_eq!(eva.visits("/").await.attributes("html", "data-theme"), ["system"]);
}

#[tokio::test]
async fn an_admin_gives_names_when_inviting_and_changes_them_later() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    admin.has_proved(Act::ChangeStaff).await;
    let page = admin.visits("/staff/new").await;
    let form = [("name", "olle"), ("display_name", "Olle Ek"), ("everywhere", "viewer")];
    assert_eq!(admin.fills_in(&page, "Create invitation link", &form).await.status, 201);
    let page = admin.visits("/staff").await;
    page.must_say(200, &["Olle Ek", "olle"]);
    let page = admin.clicks(&page, "Olle Ek").await;
    page.must_say(200, &["Signs in as olle."]);

    admin.has_proved(Act::ChangeStaff).await;
    let page = admin.clicks(&page, "Edit names…").await;
    let page = admin.fills_in(&page, "Save", &[("name", "Olle.Ek"), ("display_name", "Olof Ek")]).await;
    page.must_say(200, &["The names are saved.", "Olof Ek", "Signs in as olle.ek."]);
    let event = panel.one(AuditKind::StaffRenamed).await;
    assert_eq!(
        (event.facts.kept().as_deref(), event.staff_name.as_deref()),
        (Some(r#"{"person":"olle.ek","person_before":"olle"}"#), Some("admin"))
    );
    let details: Vec<_> =
        panel.audit(AuditKind::DisplayNameSet).await.into_iter().map(|row| row.facts.kept()).collect();
    let expected = [
        r#"{"person":"olle","display_name":"Olle Ek"}"#,
        r#"{"person":"olle.ek","display_name":"Olof Ek","display_name_before":"Olle Ek"}"#,
    ];
    assert_eq!(details.iter().flatten().collect::<Vec<_>>(), expected);
    assert!(admin.visits("/audit").await.says("Sign-in name changed"));
}

#[tokio::test]
async fn somebody_with_a_new_name_stays_signed_in_and_known_and_signs_in_with_it() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    let eva = panel.operator("eva").await;
    eva.resets("anna@example.se").await;
    let path = names_of(&panel, "eva").await;
    admin.has_proved(Act::ChangeStaff).await;
    admin.posts(&path, &[("name", "eva.lind"), ("display_name", "")]).await;
    assert_eq!(eva.visits("/").await.text(".bar-name"), "eva.lind");
    assert!(eva.visits("/accounts/anna@example.se").await.says("by eva.lind"));
    assert_eq!(
        panel.one(AuditKind::ResetIntent).await.staff_name.as_deref(),
        Some("eva"),
        "keeps the old name for old events"
    );

    let stranger = Person::stranger(&panel).called("eva.lind");
    for _ in 0..10 {
        stranger.signs_in_with("not the password").await;
    }
    assert_eq!(stranger.signs_in_with(PASSWORD).await.status, 429);
    eva.signs_out().await;
    assert_eq!(eva.signs_in_with(PASSWORD).await.status, 422, "nobody is called eva any more");
    assert_eq!(eva.called("eva.lind").signs_in_with(PASSWORD).await.at, "/");
}

#[tokio::test]
async fn a_name_that_somebody_has_is_not_given_and_nobody_renames_themselves() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    Person::hired(&panel, "bo", &[(Role::Viewer, "*")]).await;
    admin.has_proved(Act::ChangeStaff).await;
    let page = admin.visits(&names_of(&panel, "eva").await).await;
    for (name, sentence) in [("Bo", "The user name bo is taken."), ("eva lind", "Use 1–64 letters")] {
        let refused = admin.fills_in(&page, "Save", &[("name", name), ("display_name", "Eva Lind")]).await;
        refused.must_say(422, &[sentence]);
        assert_eq!(refused.attributes("#name, #display_name", "value"), [name, "Eva Lind"]);
    }
    let refused = admin.fills_in(&page, "Save", &[("display_name", "admin")]).await;
    refused.must_say(422, &["Someone else is called admin."]);
    let own = names_of(&panel, "admin").await;
    admin.visits(&own).await.must_say(409, &["You can’t change this for yourself."]);
    assert_eq!(admin.posts(&own, &[("name", "root"), ("display_name", "")]).await.status, 409);
    assert_eq!(panel.database.texts("SELECT name FROM staff ORDER BY name").await, ["admin", "bo", "eva"]);
    assert_eq!(
        panel.audit(AuditKind::StaffRenamed).await.len() + panel.audit(AuditKind::DisplayNameSet).await.len(),
        0
    );
}

#[tokio::test]
async fn new_names_ask_for_a_fresh_sign_in_and_nothing_is_lost() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    admin.has_proved(Act::ChangeStaff).await;
    let page = admin.visits(&names_of(&panel, "eva").await).await;
    panel.clock.turn(11 * 60);
    let asked = admin.fills_in(&page, "Save", &[("name", "eva.lind"), ("display_name", "Eva Lind")]).await;
    let page = admin.fills_in(&asked, "Continue", &[("password", PASSWORD)]).await;
    assert_eq!(page.attributes("#name, #display_name", "value"), ["eva.lind", "Eva Lind"]);
    admin.presses(&page, "Save").await.must_say(200, &["The names are saved."]);
}

#[tokio::test]
async fn nobody_is_called_as_the_audit_calls_the_command_line() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    for name in ["command-line", "Command-Line", "c0mmand-line", "commandline"] {
        admin.has_proved(Act::ChangeStaff).await;
        let page = admin.visits("/staff/new").await;
        let refused =
            admin.fills_in(&page, "Create invitation link", &[("name", name), ("everywhere", "viewer")]).await;
        refused.must_say(422, &["The user name"]);
        let page = admin.visits(&names_of(&panel, "eva").await).await;
        admin.fills_in(&page, "Save", &[("name", name)]).await.must_say(422, &["The user name"]);
    }
    let (code, said) = panel.runs("staff rename eva command-line").await;
    assert_eq!((code, said.contains("somebody is called command-line already")), (Some(1), true), "{said}");
}

#[tokio::test]
async fn a_display_name_looks_like_nobody_elses() {
    let panel = panel().await;
    let (eva, bo) = (panel.operator("eva").await, panel.operator("bo").await);
    eva.fills_in(&eva.visits("/profile").await, "Save", &[("display_name", "Eva Lind")])
        .await
        .must_say(200, &["Saved."]);
    let page = bo.visits("/profile").await;
    for name in ["Eva Lind", "EVA LIND", "Eva-Lind", "Eva L1nd", "Ｅva Lind", "evalind"] {
        let refused = bo.fills_in(&page, "Save", &[("display_name", name)]).await;
        refused.must_say(422, &["Someone else is called Eva Lind."]);
    }
    bo.fills_in(&page, "Save", &[("display_name", "Bo Lind")]).await.must_say(200, &["Saved."]);
    // One's own name in other letters is nobody else's.
    eva.fills_in(&eva.visits("/profile").await, "Save", &[("display_name", "EVA Lind")])
        .await
        .must_say(200, &["Saved."]);
}
