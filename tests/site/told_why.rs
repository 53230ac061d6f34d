//! What `nyckel check`, and a start that fails, say to whoever sets the panel up.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::stage::{Panel, Stage, panel};

#[tokio::test]
async fn check_names_each_function_that_the_key_is_denied() {
    let panel = panel().await;
    let (code, said) = panel.runs("check").await;
    assert!(code == Some(0) && said.contains("GleSYS: good"), "{said}");

    panel.glesys.deny_function("email/costs");
    let (code, said) = panel.runs("check").await;
    assert!(code == Some(0) && said.contains("costs can't be shown") && said.contains("GleSYS: good"), "{said}");

    for function in ["email/list", "email/quota"] {
        panel.glesys.deny_function(function);
        let (code, said) = panel.runs("check").await;
        assert!(code == Some(1) && !said.contains("GleSYS: good") && said.contains(function), "{said}");
        panel.glesys.allow_function(function);
    }
    panel.glesys.deny_function("email/overview");
    let (code, said) = panel.runs("check").await;
    assert!(code == Some(1) && said.contains("email/overview"), "{said}");
}

#[tokio::test]
async fn where_there_is_no_account_yet_check_says_what_it_could_not_try() {
    let panel = Stage::of(nyckel::simulator::State::empty()).opens().await;
    let (code, said) = panel.runs("check").await;
    assert!(code == Some(0) && said.contains("email/list was not tried"), "{said}");
}

/// Runs `check` as somebody who owns nothing, which takes root.
fn check_as_nobody(panel: &Panel, more: &[(&str, &Path)]) -> String {
    let place = tempfile::Builder::new().permissions(fs::Permissions::from_mode(0o755)).tempdir().unwrap();
    let program = place.path().join("nyckel");
    fs::copy(env!("CARGO_BIN_EXE_nyckel"), &program).unwrap();
    let mut command = Command::new(program);
    command.arg("check").current_dir("/").env_clear().envs(panel.vars.iter().cloned()).envs(more.iter().copied());
    let ended = command.uid(65534).gid(65534).stdin(Stdio::null()).output().unwrap();
    String::from_utf8_lossy(&[ended.stdout, ended.stderr].concat()).into_owned()
}

#[tokio::test]
async fn what_the_panel_may_not_read_is_named_with_its_owner_and_who_the_panel_is() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: only root becomes somebody else");
        return;
    }
    let open = tempfile::Builder::new().permissions(fs::Permissions::from_mode(0o755)).tempdir().unwrap();
    let (file, data) = (open.path().join("key"), open.path().join("data"));
    fs::write(&file, "demo-key").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o400)).unwrap();
    let panel = panel().await;
    let own: [(&str, &Path); 2] =
        [("NYCKEL_GLESYS_API_KEY", Path::new("")), ("NYCKEL_GLESYS_API_KEY_FILE", file.as_path())];
    let us = "and the panel runs as user 65534, group 65534";

    let said = check_as_nobody(&panel, &own);
    let path = file.display();
    let expected = format!(
        "NYCKEL_GLESYS_API_KEY_FILE: {path} can't be read: {path} belongs to user 0, group 0, with mode 0400, {us}"
    );
    assert!(said.contains(&expected) && !said.contains("must be set"), "{said}");

    fs::DirBuilder::new().create(&data).unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).unwrap();
    let path = data.display();
    let said = check_as_nobody(&panel, &[("NYCKEL_DATA_DIR", data.as_path())]);
    let expected =
        format!("NYCKEL_DATA_DIR: {path} can't be used: {path} belongs to user 0, group 0, with mode 0700, {us}");
    assert!(said.contains(&expected), "{said}");
    let said = check_as_nobody(&panel, &[("NYCKEL_DATA_DIR", open.path().join("new").as_path())]);
    let path = open.path().display();
    let expected = format!("{path}/new can't be made: {path} belongs to user 0, group 0, with mode 0755, {us}");
    assert!(said.contains(&expected), "{said}");
}
