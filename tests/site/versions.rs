//! Databases of an earlier and of a later version: what is only looked at stays as it is, and `check` makes nothing.

use std::fs;

use crate::older_copies::is_refused_everywhere;
use crate::stage::{Database, panel, runs};

#[tokio::test]
async fn check_makes_nothing_where_nothing_is_and_says_what_the_start_would_not_get() {
    let mut panel = panel().await;
    let dir = tempfile::tempdir().unwrap();
    panel
        .vars
        .retain(|(name, _)| !matches!(name.as_str(), "NYCKEL_DATABASE_URL" | "NYCKEL_SECRET_KEY" | "NYCKEL_DATA_DIR"));
    panel.vars.push(("NYCKEL_DATA_DIR".to_owned(), dir.path().join("deep/data").display().to_string()));
    let (code, said) = panel.runs("check").await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("database: there is none yet; the start makes it"), "{said}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "{said}");
    panel.vars.push(("NYCKEL_DATA_DIR".to_owned(), "/proc/self/nowhere".to_owned()));
    let (code, said) = panel.runs("check").await;
    assert!(code == Some(2) && said.contains("/proc/self/nowhere can't be made: "), "{said}");
}

#[tokio::test]
async fn a_database_of_an_earlier_version_is_only_looked_at_until_the_start_brings_it_up_to_date() {
    let database = Database::of_prose().await;
    let migrations = "SELECT CAST(version AS TEXT) FROM _sqlx_migrations ORDER BY version";
    let before = (database.dump().await, database.texts(migrations).await);
    let mut vars = database.vars();
    for (name, value) in [("PROJECT", "cl1"), ("API_KEY", "x"), ("URL", "http://127.0.0.1:9")] {
        vars.push((format!("NYCKEL_GLESYS_{name}"), value.to_owned()));
    }
    for command in ["staff list", "staff disable ada", "audit verify", "audit export --format csv"] {
        let (code, said) = runs(command, &vars).await;
        assert!(code == Some(2) && said.contains("an earlier version has left this database"), "{command}: {said}");
    }
    let (_, said) = runs("check", &vars).await;
    assert!(said.contains("database: good"), "{said}");
    assert_eq!((database.dump().await, database.texts(migrations).await), before);
    assert_eq!(runs("migrate", &vars).await.0, Some(0));
    let (code, said) = runs("audit verify", &vars).await;
    assert_eq!(code, Some(0), "{said}");
}

#[tokio::test]
async fn a_database_of_a_later_version_is_refused_in_words() {
    let panel = panel().await;
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
        SELECT 9999, description, success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1";
    panel.database.run(later).await;
    is_refused_everywhere(&panel, "a later version of the panel has written to this database").await;
}
