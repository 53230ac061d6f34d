//! The same command is the way on after somebody wrote into the database past the panel.

use super::{accepts, ada_and_eva, comes_back, is_out};
use crate::stage::panel;

#[tokio::test]
async fn rights_that_were_written_past_the_panel_count_once_somebody_has_seen_and_taken_them() {
    let panel = panel().await;
    let (ada, eva) = ada_and_eva(&panel).await;
    panel.database.run("UPDATE staff_grant SET role = 'manager' WHERE role = 'operator'").await;
    assert_eq!(panel.runs("audit verify").await.0, Some(1));
    let (code, said) = panel.runs("accept-rollback --keep ada --keep eva --yes").await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("eva  manager everywhere  (changed past the panel)"), "{said}");
    is_out(&ada, &panel).await;
    is_out(&eva, &panel).await;
    let (code, said) = panel.runs("audit verify").await;
    assert_eq!(code, Some(0), "{said}");
    panel.sweeps().await;
    let printed = accepts(&panel, &["ada", "eva"]).await.unwrap();
    assert_eq!(comes_back(&eva, &panel, &printed).await.at, "/");
}

#[tokio::test]
async fn an_audit_that_was_changed_goes_on_and_says_for_ever_which_rows_do_not_verify() {
    // What was done to an audit of some rows, and how many of them are lost by it.
    let edits = [
        ("UPDATE audit SET facts = 'x' WHERE seq = 3", "Rows 3 to "),
        ("DELETE FROM audit WHERE seq = 3", "Rows 3 to "),
        ("DELETE FROM audit WHERE seq > 3", "Rows 4 to "),
        ("UPDATE audit SET facts = 'x' WHERE seq = 1", "Rows 1 to "),
        ("DELETE FROM audit_head", "accepted the database as it was"),
        ("UPDATE audit_head SET seq = 3", "accepted the database as it was"),
    ];
    for (edit, expected) in edits {
        let panel = panel().await;
        ada_and_eva(&panel).await;
        panel.admin("bo").await;
        panel.database.rewrites(edit).await;
        let (code, said) = panel.runs("audit verify").await;
        assert!(code != Some(0) && said.matches("does not hold").count() <= 1, "{edit}: {said}");
        accepts(&panel, &["ada"]).await.unwrap();
        accepts(&panel, &["ada"]).await.unwrap();
        let (code, said) = panel.runs("audit verify").await;
        assert!(code == Some(0) && said.contains(expected), "{edit}: {said}");
        for (edit, last) in [("UPDATE audit SET facts = 'y' WHERE seq = 2", false), ("", true)] {
            let edit =
                if last { "UPDATE audit SET facts = 'y' WHERE seq = (SELECT MAX(seq) FROM audit)" } else { edit };
            panel.database.rewrites(edit).await;
            let (code, said) = panel.runs("audit verify").await;
            // What was lost already can't be lost again.
            assert!(code != Some(0) || (!last && expected.starts_with("Rows 1")), "{edit}: {said}");
        }
    }
}

#[tokio::test]
async fn a_tie_that_was_taken_away_is_made_anew_under_the_key_that_wrote_the_audit() {
    let panel = panel().await;
    let (ada, _) = ada_and_eva(&panel).await;
    panel.database.run("DELETE FROM tie").await;
    let (code, said) = panel.runs("staff list").await;
    assert!(code == Some(2) && said.contains("was removed past the panel"), "{said}");
    let printed = accepts(&panel, &["ada"]).await.unwrap();
    assert_eq!(comes_back(&ada, &panel, &printed).await.at, "/");
    let (code, said) = panel.runs("audit verify").await;
    assert_eq!(code, Some(0), "{said}");
}

#[tokio::test]
async fn a_database_of_another_key_is_never_accepted() {
    let mut panel = panel().await;
    ada_and_eva(&panel).await;
    panel.built.store.close().await;
    let before = panel.database.dump().await;
    panel.vars.retain(|(name, _)| name != "NYCKEL_SECRET_KEY");
    panel.vars.push(("NYCKEL_SECRET_KEY".to_owned(), "b3RoZXJzIG90aGVycyBvdGhlcnMgb3RoZXJzIG90aGU=".to_owned()));
    for untied in [false, true] {
        if untied {
            panel.database.run("DELETE FROM tie").await;
        }
        let (code, said) = panel.runs("accept-rollback --keep ada --yes").await;
        assert!(code == Some(2) && said.contains("nothing was written"), "{said}");
    }
    let mut after = panel.database.dump().await;
    after.insert("tie".to_owned(), before["tie"].clone());
    assert_eq!(after, before);
}
