//! A database of which a part is damaged: whoever meets it first makes it known.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;

use crate::stage::{Panel, Person, panel};

/// Writes over every page on which a table or its indexes begin, in the file.
async fn damages(panel: &Panel, table: &str) {
    panel.built.store.empty_log().await.unwrap();
    let size = panel.database.texts("SELECT CAST(page_size AS TEXT) FROM pragma_page_size").await;
    let size: u64 = size[0].parse().unwrap();
    let begin = format!("SELECT CAST(rootpage AS TEXT) FROM sqlite_schema WHERE tbl_name = '{table}'");
    let file = OpenOptions::new().write(true).open(panel.database.file()).unwrap();
    for page in panel.database.texts(&begin).await {
        let page: u64 = page.parse().unwrap();
        file.write_all_at(&vec![b'x'; usize::try_from(size).unwrap()], (page - 1) * size).unwrap();
    }
}

async fn ready(panel: &Panel) -> (u16, String) {
    let page = Person::stranger(panel).visits("/readyz").await;
    (page.status, page.body)
}

#[tokio::test]
async fn a_damaged_page_that_only_people_meet_turns_readiness_red() {
    let panel = panel().await;
    if !panel.database.is_sqlite() {
        return;
    }
    let mia = panel.manager("mia").await;
    damages(&panel, "batch").await;
    // Whoever looks through all that the sweeper does sees nothing of it.
    panel.sweeps().await;
    let replica = panel.replica().await;
    assert_eq!(ready(&replica).await.0, 200);
    let mia = mia.at(&replica);
    assert_eq!(mia.visits("/domains/example.se/bulk").await.status, 503);
    let told = "the database is damaged; stop the panel and bring back the newest copy of it\n";
    assert_eq!(ready(&replica).await, (503, told.to_owned()));
    // It stays so, whatever else can be read.
    assert_eq!(mia.visits("/domains/example.se").await.status, 200);
    replica.sweeps().await;
    assert_eq!(ready(&replica).await, (503, told.to_owned()));
}
