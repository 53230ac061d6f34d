//! Invitations: a link with which somebody sets their own password, once.

use nyckel::model::{Act, AuditKind, Fact, Role};

use crate::stage::{PASSWORD, Page, Panel, Person, panel};

/// An admin invites somebody; the page with the link.
async fn invites(admin: &Person, name: &str, fields: &[(&str, &str)]) -> Page {
    admin.has_proved(Act::ChangeStaff).await;
    let page = admin.visits("/staff/new").await;
    let fields: Vec<_> = [("name", name)].into_iter().chain(fields.iter().copied()).collect();
    admin.fills_in(&page, "Create invitation link", &fields).await
}

fn path(page: &Page) -> String {
    let link = page.text("#link");
    link.strip_prefix("http://127.0.0.1:8080").unwrap_or_else(|| panic!("{link}")).to_owned()
}

async fn sets(person: &Person, link: &str, password: &str) -> Page {
    let page = person.visits(link).await;
    person.fills_in(&page, "Set the password", &[("password", password)]).await
}

#[tokio::test]
async fn somebody_who_is_invited_sets_a_password_and_does_just_what_they_may() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    let page = invites(&admin, "Olle", &[("in:example.se", "operator")]).await;
    page.must_say(201, &["Invitation for olle", "It works once", "It is shown only now."]);
    assert!(page.header("cache-control").contains("no-store"));
    let link = path(&page);

    let olle = Person::stranger(&panel).called("olle");
    olle.visits(&link).await.must_say(200, &["Welcome to Nyckel", "You sign in as olle."]);
    let page = sets(&olle, &link, PASSWORD).await;
    page.must_say(200, &["Your password is set. Sign in with it."]);
    olle.signs_in().await;
    assert!(olle.resets("anna@example.se").await.password().is_some());
    olle.visits("/domains/example.com").await.must_say(403, &["You don’t have access to example.com."]);

    for kind in [AuditKind::StaffAdded, AuditKind::StaffInvited] {
        let event = panel.one(kind).await;
        assert_eq!(event.staff_name.as_deref(), Some("admin"));
        assert!(event.facts.text(Fact::Person) == Some("olle"));
    }
    assert_eq!(panel.one(AuditKind::InvitationUsed).await.staff_name.as_deref(), Some("olle"));
    let token = link.rsplit('/').next().unwrap();
    let dump = format!("{:?}", panel.database.dump().await);
    assert!(!dump.contains(token), "only a hash of the link is kept");
}

#[tokio::test]
async fn a_link_works_once_and_for_a_day_and_not_after_a_newer_one() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    let refused = "This link can’t be used";
    let (olle, bo) = (Person::stranger(&panel).called("olle"), Person::stranger(&panel).called("bo"));

    let used = path(&invites(&admin, "olle", &[("everywhere", "viewer")]).await);
    sets(&olle, &used, PASSWORD).await;
    olle.visits(&used).await.must_say(404, &[refused]);
    assert_eq!(olle.posts(&used, &[("password", PASSWORD)]).await.status, 404);

    let first = path(&invites(&admin, "bo", &[("everywhere", "viewer")]).await);
    let page = admin.visits("/staff").await;
    assert!(page.says("Invited until"));
    let page = admin.clicks(&page, "bo").await;
    admin.has_proved(Act::ChangeStaff).await;
    let second = path(&admin.presses(&page, "Create a new link").await);
    bo.visits(&first).await.must_say(404, &[refused]);
    panel.clock.turn(24 * 60 * 60 - 1);
    bo.visits(&second).await.must_say(200, &["You sign in as bo."]);
    panel.clock.turn(1);
    bo.visits(&second).await.must_say(404, &[refused]);
    bo.visits("/invitations/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await.must_say(404, &[refused]);
    admin.signs_in().await;
    assert!(admin.visits("/staff").await.says("Can’t sign in yet"));
}

#[tokio::test]
async fn a_password_that_does_not_fit_leaves_the_link_good() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    let olle = Person::stranger(&panel).called("olle");
    let link = path(&invites(&admin, "olle", &[("everywhere", "viewer")]).await);
    let page = admin.clicks(&admin.visits("/staff").await, "olle").await;
    page.must_say(200, &["If they lost the link"]);
    assert!(!page.says("The old password works until they use it"), "there is none: {page:#?}");
    sets(&olle, &link, "short").await.must_say(422, &["Use at least 15 characters."]);
    sets(&olle, &link, "Olle Olle Olle 2026").await.must_say(422, &["This password is easy to guess"]);
    sets(&olle, &link, PASSWORD).await;
    olle.signs_in().await;
}

#[tokio::test]
async fn a_forgotten_password_works_until_the_new_one_is_set_and_then_ends_what_it_began() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    let olle = panel.operator("olle").await;
    let page = admin.visits("/staff").await;
    let page = admin.clicks(&page, "olle").await;
    admin.has_proved(Act::ChangeStaff).await;
    let link = path(&admin.presses(&page, "Create a new link").await);
    assert_eq!(olle.visits("/").await.at, "/");
    sets(&olle.in_another_browser(), &link, "another four words").await;
    assert_eq!(olle.visits("/").await.text("h1"), "Sign in");
    assert_eq!(olle.signs_in_with(PASSWORD).await.status, 422);
    assert_eq!(olle.signs_in_with("another four words").await.at, "/");
}

#[tokio::test]
async fn nobody_is_invited_by_half_a_form() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    panel.signed_in(Role::Viewer, "eva").await;
    for (name, fields, sentence) in [
        ("", &[("everywhere", "viewer")][..], "Use 1–64 letters"),
        ("a b", &[("everywhere", "viewer")], "Use 1–64 letters"),
        ("EVA", &[("everywhere", "viewer")], "The user name eva is taken."),
        ("olle", &[], "Choose at least one role."),
    ] {
        let page = invites(&admin, name, fields).await;
        page.must_say(422, &[sentence]);
        assert_eq!(page.attributes("#name", "value"), [name]);
        assert_eq!(page.attributes("#everywhere [selected]", "value").len(), fields.len());
    }
    for fields in [&[("everywhere", "auditor")][..], &[("in:example.se", "admin")], &[("in:-", "viewer")]] {
        let fields: Vec<_> = [("name", "olle")].into_iter().chain(fields.iter().copied()).collect();
        admin.has_proved(Act::ChangeStaff).await;
        assert_eq!(admin.posts("/staff/new", &fields).await.status, 422, "{fields:?}");
    }
    assert_eq!(staff(&panel).await, ["admin", "eva"]);
}

async fn staff(panel: &Panel) -> Vec<String> {
    panel.database.texts("SELECT name FROM staff ORDER BY name").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_used_twice_at_once_sets_one_password() {
    let panel = panel().await;
    let other = panel.replica().await;
    let admin = panel.admin("admin").await;
    let link = path(&invites(&admin, "olle", &[("everywhere", "viewer")]).await);
    let mut uses = tokio::task::JoinSet::new();
    for n in 0..4 {
        let person = Person::stranger(if n % 2 == 0 { &panel } else { &other });
        let (link, password) = (link.clone(), format!("password number {n} of four"));
        uses.spawn(async move { person.posts(&link, &[("password", password.as_str())]).await.status });
    }
    let mut answers = uses.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [303, 404, 404, 404]);
}

#[tokio::test]
async fn whoever_is_signed_in_and_uses_an_invitation_of_somebody_else_reads_that_it_worked() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    let link = path(&invites(&admin, "olle", &[("in:example.se", "operator")]).await);
    sets(&admin, &link, PASSWORD).await.must_say(200, &["Your password is set. Sign in with it."]);
}
