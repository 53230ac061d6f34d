//! A log of SQLite that does not belong to the file beside it: it is refused, and nothing is lost.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::older_copies::{COMMANDS, is_recorded, is_refused_everywhere, over_a_file};

#[tokio::test]
async fn a_log_that_belongs_to_a_newer_file_is_not_added_to_an_older_one() {
    let Some((panel, file)) = over_a_file().await else { return };
    is_recorded(&panel, 50).await;
    panel.built.store.empty_log().await.unwrap();
    let old = fs::read(&file).unwrap();
    is_recorded(&panel, 200).await;
    panel.built.store.empty_log().await.unwrap();
    is_recorded(&panel, 5).await;
    // As a kill leaves it.
    let (log, dir) = (fs::read(file.with_extension("db-wal")).unwrap(), panel.database.data_dir());
    panel.built.store.close().await;
    fs::write(&file, &old).unwrap();
    fs::write(file.with_extension("db-wal"), &log).unwrap();
    is_refused_everywhere(&panel, "nothing was written").await;
    assert!(fs::read(&file).unwrap() == old && fs::read(dir.join("nyckel.db-wal")).unwrap() == log);
    fs::write(
        &file,
        "no database at all, but long enough to have a header of one hundred characters, which it has not",
    )
    .unwrap();
    is_refused_everywhere(&panel, "the database is damaged, or does not belong to the log").await;
}

#[tokio::test]
async fn an_older_log_beside_the_newest_file_destroys_nothing_whoever_looks() {
    let Some((panel, file)) = over_a_file().await else { return };
    is_recorded(&panel, 5).await;
    let log = file.with_extension("db-wal");
    let old = fs::read(&log).unwrap();
    is_recorded(&panel, 200).await;
    panel.built.store.close().await;
    let newest = fs::read(&file).unwrap();
    for command in COMMANDS.into_iter().chain(["accept-rollback"]) {
        fs::write(&log, &old).unwrap();
        fs::set_permissions(&log, fs::Permissions::from_mode(0o600)).unwrap();
        let (code, said) = panel.runs(command).await;
        assert!(command == "accept-rollback" || code == Some(2), "{command}: {said}");
        assert!(fs::read(&file).unwrap() == newest && fs::read(&log).unwrap() == old, "{command}: {said}");
    }
    fs::remove_file(&log).unwrap();
    let (code, said) = panel.runs("audit verify").await;
    assert_eq!(code, Some(0), "{said}");
}
