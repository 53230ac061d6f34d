//! An older copy of the database is put back, or its file is lost from under the panel: it is refused in words by every
//! command and by the panel that runs, and nothing that had ended comes alive.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use nyckel::model::{AuditEvent, AuditKind, Fact};

use crate::stage::{Log, Panel, Person, panel};

const NO_TRUST: &str = "The panel does not trust its database";
const OLDER: &str = "this database is an older copy of itself, or rows of its audit were removed";
/// Every command that touches the database.
pub const COMMANDS: [&str; 7] =
    ["serve", "check", "migrate", "staff list", "staff disable eva", "audit verify", "audit export --format jsonl"];

/// Every command that works on what is in a database, and so makes none.
const LOOKING: [&str; 5] = [
    "staff list",
    "staff disable eva",
    "audit verify",
    "audit export --format csv",
    "accept-rollback --keep eva --yes",
];

pub async fn is_refused_everywhere(panel: &Panel, expected: &str) {
    for command in COMMANDS {
        let (code, said) = panel.runs(command).await;
        assert_eq!(code, Some(2), "{command}: {said}");
        assert!(said.contains(expected), "{command}: {said}");
    }
}

async fn is_ready(panel: &Panel) -> Result<String, String> {
    let page = Person::stranger(panel).visits("/readyz").await;
    if page.status == 200 { Ok(page.body) } else { Err(page.body) }
}

fn head_file(panel: &Panel) -> PathBuf {
    panel.database.data_dir().join("audit-head")
}

fn noted_seq(file: &Path) -> i64 {
    let text = fs::read_to_string(file).unwrap();
    let heads = text.lines().filter_map(|line| line.split(' ').nth(2)?.split_once(':')?.0.parse().ok());
    heads.max().unwrap()
}

async fn seq(panel: &Panel) -> i64 {
    panel.database.texts("SELECT CAST(seq AS TEXT) FROM audit_head").await[0].parse().unwrap()
}

#[tokio::test]
async fn a_copy_that_is_put_back_under_the_running_panel_shows_nothing_a_second_time() {
    let panel = panel().await;
    let (eva, boss) = (panel.operator("eva").await, panel.admin("boss").await);
    let result = eva.confirms("anna@example.se").await;
    let form = eva.visits("/accounts/bo@example.se/reset").await;
    let guest = boss.in_another_browser();
    guest.signs_in().await;
    panel.database.keeps("old").await;
    let password = eva.visits(&result).await.password().unwrap();
    guest.signs_out().await;
    let recorded = seq(&panel).await;

    panel.database.goes_back_to("old").await;
    let again = eva.visits(&result).await;
    assert!(!again.body.contains(&password), "{}", again.body);
    again.must_say(503, &[NO_TRUST]);
    let said = is_ready(&panel).await.unwrap_err();
    assert!(said.starts_with(OLDER) && said.contains("nyckel accept-rollback"), "{said}");
    for person in [&eva, &boss, &guest] {
        person.visits("/").await.must_say(503, &[NO_TRUST]);
    }
    eva.submits(&form).await.must_say(503, &[NO_TRUST]);
    assert_eq!(panel.resets(), (1, 1));
    panel.sweeps().await;
    assert!(seq(&panel).await < recorded, "nothing was recorded in it");
    is_refused_everywhere(&panel, OLDER).await;

    panel.database.goes_back_to("new").await;
    panel.sweeps().await;
    assert_eq!(is_ready(&panel).await.as_deref(), Ok("ready\n"));
    eva.visits("/").await.must_say(200, &["eva"]);
    assert_eq!(guest.visits("/").await.text("h1"), "Sign in");
    eva.visits(&result).await.must_say(200, &["The password has already been shown"]);
    let (code, said) = panel.runs("audit verify").await;
    assert_eq!(code, Some(0), "{said}");
}

#[tokio::test]
async fn the_log_says_when_a_copy_was_put_back_and_when_the_database_is_trusted_again() {
    let (log, _here) = Log::listens();
    let panel = panel().await;
    panel.database.keeps("old").await;
    panel.admin("boss").await;
    log.take();
    let mut said = Vec::new();
    for state in ["old", "new"] {
        panel.database.goes_back_to(state).await;
        for _ in 0..2 {
            panel.sweeps().await;
            said.push(log.take());
        }
    }
    let expected = [
        "ERROR nyckel::store::watch: the database is not as the panel left it found=this database is an older copy",
        "INFO nyckel::store::watch: the database is as the panel left it again, and trusted",
    ];
    for (n, line) in [(0, expected[0]), (2, expected[1])] {
        assert!(said[n].matches(line).count() == 1 && !said[n + 1].contains(line), "{said:#?}");
    }
}

#[tokio::test]
async fn whoever_had_signed_out_reads_nothing_in_a_copy_before_anybody_looks_at_it() {
    let panel = panel().await;
    let boss = panel.admin("boss").await;
    let thief = boss.in_another_browser();
    thief.takes_cookie(&boss.cookie().unwrap());
    panel.database.keeps("old").await;
    boss.signs_out().await;
    panel.database.goes_back_to("old").await;
    thief.visits("/").await.must_say(503, &[NO_TRUST]);
}

#[tokio::test]
async fn a_copy_that_nobody_writes_to_is_found_by_the_sweeper_and_on_every_replica() {
    let panel = panel().await;
    let other_dir = tempfile::tempdir().unwrap();
    let boss = panel.admin("boss").await;
    panel.database.keeps("old").await;
    // It has a data directory of its own, which for a file of SQLite has to know of it.
    if panel.database.server().is_none() {
        fs::copy(head_file(&panel), other_dir.path().join("audit-head")).unwrap();
    }
    let other = Box::pin(panel.replica_that(|other| other.config.data_dir = other_dir.path().to_owned())).await;
    boss.in_another_browser().signs_in().await;
    other.sweeps().await;
    assert_eq!(noted_seq(&other_dir.path().join("audit-head")), seq(&panel).await, "it follows the other one");

    panel.database.goes_back_to("old").await;
    for replica in [&panel, &other] {
        replica.sweeps().await;
        assert!(is_ready(replica).await.unwrap_err().starts_with(OLDER));
        boss.at(replica).visits("/").await.must_say(503, &[NO_TRUST]);
    }
}

#[tokio::test]
async fn an_audit_whose_last_rows_were_removed_is_refused_though_it_verifies_by_itself() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    eva.resets("anna@example.se").await;
    panel.until_at_rest().await;
    let last = seq(&panel).await;
    panel
        .database
        .rewrites(&format!(
            "DELETE FROM audit WHERE seq = {last}; \
        UPDATE audit_head SET seq = {0}, mac = (SELECT mac FROM audit WHERE seq = {0})",
            last - 1
        ))
        .await;
    is_refused_everywhere(&panel, OLDER).await;
    eva.visits("/accounts/bo@example.se/reset").await.must_say(503, &[NO_TRUST]);
    assert!(is_ready(&panel).await.unwrap_err().starts_with(OLDER));
    assert_eq!(panel.resets(), (1, 1));
}

#[tokio::test]
async fn a_head_that_is_not_noted_yet_is_taken_from_the_database_and_a_damaged_one_is_refused() {
    let panel = panel().await;
    panel.admin("boss").await;
    let (file, last) = (head_file(&panel), seq(&panel).await);
    assert_eq!(noted_seq(&file), last);
    let good = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    if panel.database.server().is_none() {
        // It is what a copy on a new disk looks like.
        is_refused_everywhere(&panel, "audit-head is missing from the data directory").await;
        assert!(!file.exists());
        fs::write(&file, &good).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    } else {
        let (code, said) = panel.runs("audit verify").await;
        assert_eq!((code, noted_seq(&file)), (Some(0), last), "{said}");
    }
    for slot in [0, 512] {
        let mut torn = good.clone();
        torn[slot..slot + 512].fill(0);
        fs::write(&file, torn).unwrap();
        let (code, said) = panel.runs("audit verify").await;
        assert_eq!(code, Some(0), "{said}");
    }
    fs::write(&file, vec![0; 1024]).unwrap();
    is_refused_everywhere(&panel, "audit-head in the data directory is damaged").await;
    panel.sweeps().await;
    assert_eq!(noted_seq(&file), last, "a panel that runs knows what it has noted");
}

#[tokio::test]
async fn no_new_database_is_begun_where_one_was() {
    let panel = panel().await;
    panel.admin("boss").await;
    panel.built.store.close().await;
    if panel.database.is_sqlite() {
        for file in ["nyckel.db", "nyckel.db-wal", "nyckel.db-shm"] {
            let _ = fs::remove_file(panel.database.data_dir().join(file));
        }
    } else {
        panel.database.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
    }
    for command in ["serve", "check", "migrate", "staff list"] {
        let (code, said) = panel.runs(command).await;
        assert_eq!(code, Some(2), "{command}: {said}");
        assert!(said.contains("the database is not there, or empty"), "{command}: {said}");
    }
    if panel.database.is_sqlite() {
        assert!(!panel.database.file().exists());
        fs::write(panel.database.file(), "").unwrap();
        fs::set_permissions(panel.database.file(), fs::Permissions::from_mode(0o600)).unwrap();
        let (code, said) = panel.runs("check").await;
        assert!(code == Some(2) && said.contains("the database is not there, or empty"), "{said}");
    } else {
        assert_eq!(
            panel.database.texts("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'").await.len(),
            0
        );
    }
    fs::remove_file(head_file(&panel)).unwrap();
    for command in LOOKING {
        let (code, said) = panel.runs(command).await;
        assert!(code == Some(2) && said.contains("there is no database there"), "{command}: {said}");
        assert!(!head_file(&panel).exists());
    }
    let (code, said) = panel.runs("migrate").await;
    assert_eq!(code, Some(0), "whoever means to begin anew can: {said}");
}

#[tokio::test]
async fn where_no_database_is_a_command_that_looks_for_one_makes_nothing() {
    let mut panel = panel().await;
    let dir = tempfile::tempdir().unwrap();
    panel.vars.retain(|(name, _)| !matches!(name.as_str(), "NYCKEL_DATABASE_URL" | "NYCKEL_SECRET_KEY"));
    for empty in [dir.path().join("data"), dir.path().to_owned()] {
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o700)).unwrap();
        panel.vars.retain(|(name, _)| name != "NYCKEL_DATA_DIR");
        panel.vars.push(("NYCKEL_DATA_DIR".to_owned(), empty.display().to_string()));
        for command in LOOKING {
            let (code, said) = panel.runs(command).await;
            assert!(code == Some(2) && said.contains("there is no database at"), "{command}: {said}");
            assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "{command}");
        }
    }
}

#[tokio::test]
async fn a_command_that_can_not_note_the_head_says_so() {
    let mut panel = panel().await;
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o700)).unwrap();
    panel.vars.retain(|(name, _)| !matches!(name.as_str(), "NYCKEL_DATABASE_URL" | "NYCKEL_DATA_DIR"));
    panel.vars.push(("NYCKEL_DATA_DIR".to_owned(), dir.path().display().to_string()));
    // It takes what is written, but not for good.
    std::os::unix::fs::symlink("/dev/null", dir.path().join("audit-head")).unwrap();
    let (code, said) = panel.runs("migrate").await;
    assert!(code == Some(0) && said.contains("audit-head can't be written: "), "{said}");
    assert!(said.contains("Warning: an older copy of the database would not be noticed"), "{said}");
}

#[tokio::test]
async fn whoever_gets_a_link_that_leads_to_this_machine_is_told_which_setting_is_missing() {
    let mut panel = panel().await;
    panel.admin("boss").await;
    let hint = "NYCKEL_PUBLIC_URL is not set, so the link begins with http://127.0.0.1:8080/";
    let (code, said) = panel.runs("staff sign-in-link boss").await;
    assert!(code == Some(0) && said.contains(hint) && !said.contains("Warning"), "{said}");
    panel.vars.push(("NYCKEL_PUBLIC_URL".to_owned(), "https://nyckel.example.se".to_owned()));
    let (_, said) = panel.runs("staff sign-in-link boss").await;
    assert!(said.contains("https://nyckel.example.se/") && !said.contains("NYCKEL_PUBLIC_URL"), "{said}");
}

#[tokio::test]
async fn a_head_that_cannot_be_noted_keeps_nobody_from_working() {
    let panel = panel().await;
    let (eva, file) = (panel.operator("eva").await, head_file(&panel));
    let _ = panel.database.texts("SELECT id FROM staff").await;
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    let result = eva.resets("anna@example.se").await;
    assert_eq!(result.password(), panel.glesys.password_of("anna@example.se"));
    let said = is_ready(&panel).await.unwrap();
    assert!(said.contains("the head of the audit can't be noted"), "{said}");
    fs::remove_dir(&file).unwrap();
    panel.sweeps().await;
    assert_eq!(is_ready(&panel).await.as_deref(), Ok("ready\n"));
    assert_eq!(noted_seq(&file), seq(&panel).await);
}

/// Stories of a file, of which PostgreSQL has none.
pub async fn over_a_file() -> Option<(Panel, PathBuf)> {
    let panel = panel().await;
    let file = panel.database.is_sqlite().then(|| panel.database.file())?;
    Some((panel, file))
}

#[tokio::test]
async fn nothing_is_done_over_a_file_that_was_replaced_or_removed() {
    let Some((panel, file)) = over_a_file().await else { return };
    let eva = panel.operator("eva").await;
    let (form, aside) = (eva.visits("/accounts/anna@example.se/reset").await, file.with_extension("aside"));
    for replaced in [true, false] {
        fs::rename(&file, &aside).unwrap();
        if replaced {
            fs::copy(&aside, &file).unwrap();
        }
        eva.submits(&form).await.must_say(503, &[NO_TRUST]);
        assert_eq!(panel.resets(), (0, 0));
        let said = is_ready(&panel).await.unwrap_err();
        assert!(said.starts_with("the file of the database was removed or replaced"), "{said}");
        eva.visits("/").await.must_say(503, &[NO_TRUST]);
        panel.sweeps().await;
        assert!(is_ready(&panel).await.is_err());
        fs::rename(&aside, &file).unwrap();
        panel.sweeps().await;
        assert_eq!(is_ready(&panel).await.as_deref(), Ok("ready\n"));
    }
    eva.submits(&form).await;
    assert_eq!(panel.resets(), (1, 1));
}

pub async fn is_recorded(panel: &Panel, rows: usize) {
    let mut tx = panel.built.store.write().await.unwrap();
    for _ in 0..rows {
        let event = AuditEvent::new(AuditKind::SignedOut, panel.clock.now());
        tx.record(&event.with(Fact::Ticket, "x".repeat(500))).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_replaced_while_something_is_recorded_has_recorded_nothing() {
    let Some((panel, file)) = over_a_file().await else { return };
    let mut tx = panel.built.store.write().await.unwrap();
    tx.record(&AuditEvent::new(AuditKind::SignedOut, panel.clock.now())).await.unwrap();
    fs::rename(&file, file.with_extension("aside")).unwrap();
    fs::copy(file.with_extension("aside"), &file).unwrap();
    let refused = tx.commit().await.unwrap_err();
    assert!(refused.is_refused(), "{refused}");
    assert_eq!(noted_seq(&head_file(&panel)), 0);
}

#[tokio::test]
async fn a_file_that_was_written_over_in_its_place_is_found() {
    let Some((panel, file)) = over_a_file().await else { return };
    let boss = panel.admin("boss").await;
    panel.built.store.empty_log().await.unwrap();
    let old = fs::read(&file).unwrap();
    boss.in_another_browser().signs_in().await;
    panel.built.store.empty_log().await.unwrap();
    panel.sweeps().await;
    fs::write(&file, old).unwrap();
    panel.sweeps().await;
    let said = is_ready(&panel).await.unwrap_err();
    assert!(said.starts_with(OLDER), "{said}");
    boss.visits("/").await.must_say(503, &[NO_TRUST]);
}
