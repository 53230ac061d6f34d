//! Data and secret key belong together: without the key that a database was made with, no command serves, answers or
//! writes, and each says which of the two to bring back.

use std::fs;

use crate::stage::{Panel, panel};

/// Every command that touches the database.
const COMMANDS: [&str; 7] =
    ["serve", "check", "migrate", "staff list", "staff disable eva", "audit verify", "audit export --format jsonl"];

/// A panel that has stopped, with something in its database.
async fn stopped() -> Panel {
    let panel = panel().await;
    panel.operator("eva").await.resets("anna@example.se").await;
    panel.until_at_rest().await;
    panel.built.store.close().await;
    panel
}

async fn is_refused_everywhere(panel: &Panel, expected: &str) {
    let before = panel.database.texts("SELECT kind FROM audit ORDER BY seq").await;
    for command in COMMANDS {
        let (code, said) = panel.runs(command).await;
        assert_eq!(code, Some(2), "{command}: {said}");
        assert!(said.contains(expected), "{command}: {said}");
    }
    assert_eq!(panel.database.texts("SELECT kind FROM audit ORDER BY seq").await, before, "nothing was written");
}

#[tokio::test]
async fn a_lost_key_is_not_replaced_by_a_new_one() {
    let panel = Box::pin(stopped()).await;
    if !panel.database.is_sqlite() {
        return;
    }
    let data = panel.database.file().parent().unwrap().to_owned();
    let key = fs::read(data.join("secret-key")).unwrap();
    fs::remove_file(data.join("secret-key")).unwrap();
    let before = fs::read(panel.database.file()).unwrap();
    is_refused_everywhere(&panel, "secret-key is missing").await;
    assert!(fs::read(panel.database.file()).unwrap() == before && !data.join("secret-key").exists());

    fs::write(data.join("secret-key"), key).unwrap();
    fs::set_permissions(data.join("secret-key"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let (code, said) = panel.runs("audit verify").await;
    assert_eq!(code, Some(0), "with the key back everything is as it was: {said}");
}

#[tokio::test]
async fn a_foreign_key_neither_serves_nor_writes() {
    let mut panel = Box::pin(stopped()).await;
    let own = panel.vars.clone();
    panel.vars.retain(|(name, _)| name != "NYCKEL_SECRET_KEY");
    panel.vars.push(("NYCKEL_SECRET_KEY".to_owned(), "b3RoZXJzIG90aGVycyBvdGhlcnMgb3RoZXJzIG90aGU=".to_owned()));
    is_refused_everywhere(&panel, "the secret key is not the one that this database was made with").await;
    panel.vars = own;
    let (code, said) = panel.runs("audit verify").await;
    assert_eq!(code, Some(0), "{said}");
}

#[tokio::test]
async fn a_start_that_fails_makes_no_key() {
    let mut panel = Box::pin(stopped()).await;
    if !panel.database.is_sqlite() {
        return;
    }
    let (file, data) = (panel.database.file(), panel.database.data_dir());
    let key = data.join("secret-key");
    let is_refused = async |panel: &Panel, expected: &str| {
        for command in ["serve", "check", "migrate"] {
            let (code, said) = panel.runs(command).await;
            assert!(code == Some(2) && said.contains(expected), "{command}: {said}");
            assert!(!key.exists(), "{command}");
        }
    };
    fs::remove_file(&key).unwrap();
    fs::remove_file(&file).unwrap();
    is_refused(&panel, "the database is not there, or empty").await;
    fs::write(&file, "").unwrap();
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    is_refused(&panel, "the database is not there, or empty").await;
    fs::remove_file(&file).unwrap();
    fs::remove_file(data.join("audit-head")).unwrap();
    std::os::unix::fs::symlink(data.join("not-mounted/nyckel.db"), &file).unwrap();
    is_refused(&panel, "is a link to where no database is").await;
    fs::remove_file(&file).unwrap();
    panel.vars.push(("NYCKEL_TRUSTED_PROXIES".to_owned(), "everybody".to_owned()));
    is_refused(&panel, "NYCKEL_TRUSTED_PROXIES").await;
    panel.vars.pop();
    let (code, said) = panel.runs("migrate").await;
    assert!(code == Some(0) && key.exists(), "{said}");
}
