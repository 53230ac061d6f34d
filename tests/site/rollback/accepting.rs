//! The command that accepts an older copy: what it asks and says, and that it does all or nothing.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use nyckel::model::{Act, AuditKind, Role};
use nyckel::services::rollback::NotAccepted;

use super::{accepts, ada_and_eva, comes_back, hired, is_rolled_back};
use crate::stage::{Database, Panel, Stage, panel, runs};

async fn must_end(panel: &Panel, command: &str, code: i32, sentences: &[&str]) -> String {
    let (ended, said) = panel.runs(command).await;
    assert_eq!(ended, Some(code), "{command}: {said}");
    for sentence in sentences {
        assert!(said.contains(sentence), "{command}: {said}");
    }
    said
}

/// Every row but the mark of time, which each process moves on.
async fn all_of(panel: &Panel) -> BTreeMap<String, Vec<String>> {
    let mut all = panel.database.dump().await;
    all.remove("tick");
    all
}

#[tokio::test]
async fn the_admin_who_is_kept_comes_back_with_what_the_command_prints() {
    let panel = Stage::usual().in_real_time().opens().await;
    let (ada, eva) = ada_and_eva(&panel).await;
    hired(&panel, "bo", Role::Admin).await;
    hired(&panel, "gone", Role::Admin).await.is_disabled().await;
    panel.database.keeps("copy").await;
    eva.resets("anna@example.se").await;
    panel.built.store.close().await;
    panel.database.goes_back_to("copy").await;

    let before = all_of(&panel).await;
    for (command, sentence) in [
        ("accept-rollback", "keep at least one admin with --keep NAME; this database has ada, bo"),
        ("accept-rollback", "  ada  admin everywhere\n  bo  admin everywhere\n  eva  operator everywhere\n"),
        ("accept-rollback --keep eva --yes", "this database has ada, bo"),
        ("accept-rollback --keep nobody --yes", "nobody is not on the staff of this database"),
        ("accept-rollback --keep gone --yes", "gone is disabled in this database"),
        ("accept-rollback --keep ada", "nothing was changed: this asks on a terminal, or takes --yes"),
    ] {
        must_end(&panel, command, 1, &[sentence]).await;
    }
    must_end(&panel, "accept-rollback --keep a/b", 2, &["a name is 1 to 64"]).await;
    assert_eq!(all_of(&panel).await, before);

    let expected = [
        "This database is an older copy, or rows of its audit were removed: the head that was noted last is",
        "Its audit verifies and ends at",
        "may do:\n  ada  admin everywhere\n",
        "again:\n  bo  admin everywhere\n  eva  operator everywhere\n",
        "Accepted: this is the database from now on.",
    ];
    let said = must_end(&panel, "accept-rollback --keep ada --yes", 0, &expected).await;
    let link = said.lines().find_map(|line| line.strip_prefix("http://127.0.0.1:8080")).unwrap().to_owned();
    must_end(&panel, "audit verify", 0, &["accepted the database as it was; all rows before it verify"]).await;
    must_end(&panel, "check", 0, &["database: good"]).await;
    let event = panel.replica().await.one(AuditKind::RollbackAccepted).await;
    assert_eq!(event.staff_name.as_deref(), Some("command-line"));
    assert!(event.client.unwrap().starts_with("user "));
    let kept = event.facts.kept().unwrap();
    assert!(kept.starts_with(r#"{"era":1,"noted_head":""#) && kept.contains(r#","copy_end":""#), "{kept}");
    assert!(kept.contains(r#""people_kept":["ada admin"]"#), "{kept}");

    let panel = panel.replica().await;
    let page = comes_back(&ada, &panel, &vec![("ada".to_owned(), Some(link))]).await;
    assert_eq!(page.at, "/");
    let said = must_end(&panel, "staff list", 0, &["bo  admin everywhere  (disabled)"]).await;
    assert!(!said.contains("ada  admin everywhere  (disabled)"), "{said}");
}

#[tokio::test]
async fn what_is_really_the_case_is_said_before_anything_is_accepted() {
    let with_key = || Stage::usual().with("NYCKEL_SECRET_KEY", "b3RoZXJzIG90aGVycyBvdGhlcnMgb3RoZXJzIG90aGU=");
    let panel = with_key().opens().await;
    ada_and_eva(&panel).await;
    let file = panel.database.data_dir().join("audit-head");
    let good = fs::read(&file).unwrap();
    let is_the_case = async |expected: &str| {
        let said = must_end(&panel, "accept-rollback", 1, &["ada  admin everywhere", "keep at least one admin"]).await;
        assert!(said.starts_with(expected), "{said}");
    };
    fs::write(&file, vec![0; 1024]).unwrap();
    is_the_case("audit-head is damaged, so that nobody can tell").await;
    if panel.database.is_sqlite() {
        fs::remove_file(&file).unwrap();
        is_the_case("audit-head is missing, so that nobody can tell").await;
    }
    // Of the same key, but another database.
    let other = with_key().opens().await;
    other.admin("ada").await;
    fs::copy(other.database.data_dir().join("audit-head"), &file).unwrap();
    is_the_case("This database is another one than audit-head in the data directory tells of").await;
    fs::write(&file, good).unwrap();
    panel.database.run("UPDATE staff_grant SET role = 'manager' WHERE role = 'operator'").await;
    is_the_case("This database was changed past the panel.").await;
    let said = must_end(&panel, "accept-rollback", 1, &[]).await;
    assert!(said.contains("eva  manager everywhere  (changed past the panel)"), "{said}");
}

#[tokio::test]
async fn where_nothing_was_put_back_nothing_is_accepted_and_nothing_changes() {
    let panel = panel().await;
    let (ada, _) = ada_and_eva(&panel).await;
    let before = panel.database.dump().await;
    let expected = [
        "This database is the newest and as the panel left it.",
        "Nothing has to be accepted, and nothing was changed.",
    ];
    for command in ["accept-rollback", "accept-rollback --keep ada", "accept-rollback --keep ada --yes"] {
        let said = must_end(&panel, command, 0, &expected).await;
        assert!(!said.contains("These go on"), "{said}");
    }
    assert_eq!(panel.database.dump().await, before);
    assert_eq!(ada.visits("/").await.status, 200);
}

/// The rows, and the migrations that were done.
async fn all_there_is(database: &Database) -> (BTreeMap<String, Vec<String>>, Vec<String>) {
    let migrations = "SELECT CAST(version AS TEXT) FROM _sqlx_migrations ORDER BY version";
    (database.dump().await, database.texts(migrations).await)
}

#[tokio::test]
async fn a_copy_of_an_earlier_version_stays_as_it_is_until_somebody_has_accepted_it() {
    let database = Database::of_prose().await;
    let before = all_there_is(&database).await;
    fs::remove_file(database.data_dir().join("audit-head")).unwrap();
    let vars = database.vars();
    let asked = "nothing was changed: this asks on a terminal, or takes --yes";
    for (command, sentence) in
        [("accept-rollback", "keep at least one admin with --keep NAME"), ("accept-rollback --keep ada", asked)]
    {
        let (code, said) = runs(command, &vars).await;
        assert!(code == Some(1) && said.contains(sentence) && said.contains("ada  admin everywhere"), "{said}");
        assert_eq!(all_there_is(&database).await, before, "{command}");
    }
    let (code, said) = runs("accept-rollback --keep ada --yes", &vars).await;
    assert!(code == Some(0) && said.contains("Accepted: this is the database from now on."), "{said}");
    let (code, said) = runs("audit verify", &vars).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(all_there_is(&database).await.1.len() > before.1.len(), "it is of this version now");
}

#[tokio::test]
async fn an_admin_who_came_back_works_as_before() {
    let panel = panel().await;
    let (ada, eva) = ada_and_eva(&panel).await;
    panel.database.keeps("copy").await;
    let (panel, printed) = is_rolled_back(&panel, &["ada"]).await;
    let page = comes_back(&ada, &panel, &printed).await;
    assert!(page.says("A link"), "told of the link: {page:#?}");
    assert!(page.says("Your password, passkeys, app and recovery codes from before were removed"), "{page:#?}");
    let ada = ada.in_another_browser().at(&panel);
    ada.signs_in_with(super::ANEW).await;
    assert_eq!(ada.resets("anna@example.se").await.password(), panel.glesys.password_of("anna@example.se"));
    ada.has_proved(Act::ChangeStaff).await;
    let page = ada.clicks(&ada.visits("/staff").await, "eva").await;
    ada.presses(&page, "Enable account").await;
    ada.has_proved(Act::ChangeStaff).await;
    let page = ada.clicks(&ada.visits("/staff").await, "eva").await;
    let link = ada.presses(&page, "Create a new link").await.text("#link");
    let link = link.strip_prefix("http://127.0.0.1:8080").unwrap().to_owned();
    assert_eq!(comes_back(&eva, &panel, &vec![("eva".to_owned(), Some(link))]).await.at, "/");
    panel.sweeps().await;
    must_end(&panel, "audit verify", 0, &[]).await;
}

#[tokio::test]
async fn a_copy_that_is_accepted_twice_revives_nothing_of_the_first_time() {
    let panel = panel().await;
    let (ada, _) = ada_and_eva(&panel).await;
    panel.database.keeps("copy").await;
    let (panel, first) = is_rolled_back(&panel, &["ada"]).await;
    let ada = ada.in_another_browser().at(&panel);
    comes_back(&ada, &panel, &first).await;
    ada.signs_in_with(super::ANEW).await;
    let (panel, second) = is_rolled_back(&panel, &["ada"]).await;
    super::is_out(&ada, &panel).await;
    let refused = ada.at(&panel).visits(first[0].1.as_deref().unwrap()).await;
    assert_eq!(refused.status, 404, "{refused:#?}");
    assert_eq!(comes_back(&ada, &panel, &second).await.at, "/");
    must_end(&panel, "audit verify", 0, &[]).await;
}

#[tokio::test]
async fn what_can_not_be_done_whole_is_not_done_at_all() {
    let panel = panel().await;
    ada_and_eva(&panel).await;
    let before = all_of(&panel).await;
    panel.database.run("ALTER TABLE notice RENAME TO notice_away").await;
    let refused = accepts(&panel, &["ada"]).await;
    assert!(matches!(refused, Err(NotAccepted::Store(_))), "the last step of all fails");
    panel.database.run("ALTER TABLE notice_away RENAME TO notice").await;
    assert_eq!(all_of(&panel).await, before);
    accepts(&panel, &["ada"]).await.unwrap();
}

#[tokio::test]
async fn killed_at_any_moment_it_has_done_all_or_nothing() {
    let panel = Stage::usual().in_real_time().opens().await;
    ada_and_eva(&panel).await;
    panel.built.store.close().await;
    let accepted = "SELECT facts FROM audit WHERE kind = 'audit.rollback_accepted' ORDER BY seq";
    // Something to accept.
    let edit = "UPDATE staff_grant SET role = CASE role WHEN 'operator' THEN 'manager' ELSE 'operator' END WHERE role <> 'admin'";
    let (mut is_accepted, mut times) = (true, 0);
    for millis in [20, 40, 60, 80, 100, 120, 140, 160, 200, 250, 400] {
        if is_accepted {
            panel.database.run(edit).await;
        }
        let before = all_of(&panel).await;
        let mut program = Command::new(env!("CARGO_BIN_EXE_nyckel"));
        program.args(["accept-rollback", "--keep", "ada", "--yes"]).env_clear().envs(panel.vars.iter().cloned());
        let mut child = program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        tokio::time::sleep(Duration::from_millis(millis)).await;
        let _ = child.kill();
        child.wait().unwrap();
        let (now, beginnings) = (all_of(&panel).await, panel.database.texts(accepted).await.len());
        if beginnings == times {
            assert_eq!(now, before, "after {millis} ms");
        }
        let whole = ["staff.invited", "staff.sessions_ended"];
        let rows = panel.database.texts("SELECT kind FROM audit ORDER BY seq DESC LIMIT 2").await;
        assert!(beginnings == times || (beginnings == times + 1 && rows == whole), "after {millis} ms: {rows:?}");
        (is_accepted, times) = (beginnings > times, beginnings);
    }
    assert!(is_accepted, "the last one had the time for it");
    must_end(&panel, "audit verify", 0, &[]).await;
}

#[tokio::test]
async fn where_passwords_are_switched_off_an_admin_gets_in_with_a_link() {
    let (stage, _provider) = Stage::usual().with("NYCKEL_LOCAL_SIGN_IN", "off").with_provider().await;
    let panel = stage.opens().await;
    let admin = hired(&panel, "admin", Role::Admin).await;
    hired(&panel, "eva", Role::Operator).await;
    let printed = accepts(&panel, &["admin", "eva"]).await.unwrap();
    let link = printed.iter().find_map(|(name, link)| link.as_deref().filter(|_| name == "admin")).unwrap();
    assert!(printed.contains(&("eva".to_owned(), None)), "{printed:?}");
    let page = admin.visits(link).await;
    assert_eq!(admin.presses(&page, "Sign in as admin").await.text(".bar-name"), "admin");
}
