//! The domain page: what is in a domain, narrowed down, put in order, page by page, and taken along as a file.

use std::time::Duration;

use nyckel::model::{AuditKind, Role};
use nyckel::simulator::{Fault, State, Times};

use crate::stage::{Page, Panel, Person, Stage, panel};

const QUOTA: &str = "email/quota";

/// Three accounts, one of them nearly full and one away, of different ages.
fn three() -> State {
    let state = State::empty().account_with("anna@example.se", |anna| {
        anna.displayname = Some("Anna Lind".to_owned());
        (anna.usedquotainmib, anna.quotaingib, anna.created) = (950, 1, 1_600_000_000);
    });
    let state = state.account_with("bo@example.se", |bo| {
        (bo.usedquotainmib, bo.quotaingib, bo.created) = (5000, 50, 1_700_000_000);
        bo.autorespond = true;
    });
    let state = state.account_with("cia@example.se", |cia| {
        (cia.usedquotainmib, cia.quotaingib, cia.created) = (10, 1, 1_500_000_000);
    });
    state.alias("info@example.se", "anna@example.se").alias("order@example.se", "bo@example.se,cia@example.se")
}

/// Waits until so many accounts' usage is known.
async fn until_read(panel: &Panel, accounts: usize) {
    let known = format!("usages: {accounts},");
    panel
        .until(|panel| {
            let is_so = format!("{:?}", panel.built.app.directory).contains(&known);
            async move { is_so }
        })
        .await;
}

fn rows(page: &Page) -> Vec<String> {
    page.texts("tbody th").into_iter().map(|row| row.replace(" Auto-reply", "")).collect()
}

fn csv(page: &Page) -> Vec<Vec<String>> {
    let mut lines = csv::ReaderBuilder::new().has_headers(false).from_reader(page.body.as_bytes());
    lines.records().map(|line| line.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[tokio::test]
async fn how_full_accounts_are_is_read_while_the_page_is_already_there() {
    let panel = Stage::of(three()).opens().await;
    let eva = panel.viewer("eva").await;
    panel.glesys.fault(QUOTA, Fault::Slow(Duration::from_millis(50)), Times::Always);
    let page = eva.visits("/domains/example.se").await;
    assert_eq!(page.texts("td.number"), ["– of 1 GiB", "– of 50 GiB", "– of 1 GiB"], "not waited for");
    page.must_say(200, &["Loading storage use: 3 accounts left."]);
    until_read(&panel, 3).await;
    let page = eva.visits("/domains/example.se").await;
    assert!(!page.says("Loading storage use"));
    assert_eq!(page.texts("td.number"), ["950 MiB of 1 GiB", "4.8 GiB of 50 GiB", "10 MiB of 1 GiB"]);
    assert_eq!(page.attributes("meter", "value"), ["92", "9", "0"]);
    assert_eq!(panel.glesys.calls_to(QUOTA), 3, "known for a while");
    panel.clock.turn(601);
    eva.visits("/domains/example.se").await.must_say(200, &["950 MiB of 1 GiB"]);
    eva.reading("sv").visits("/domains/example.se").await.must_say(200, &["4,8 GiB av 50 GiB"]);
    panel.until(|panel| async move { panel.glesys.calls_to(QUOTA) == 6 }).await;
}

#[tokio::test]
async fn nearly_full_accounts_are_found_and_what_is_not_known_yet_is_said() {
    let panel = Stage::of(three()).opens().await;
    let eva = panel.viewer("eva").await;
    let page = eva.visits("/domains/example.se?full=1").await;
    page.must_say(200, &["Loading storage use: 3 accounts left.", "Nothing matches the filter."]);
    until_read(&panel, 3).await;
    let page = eva.visits("/domains/example.se?full=1").await;
    assert_eq!((rows(&page), page.says("Loading storage use")), (vec!["anna@example.se".to_owned()], false));
    assert_eq!(page.text("#accounts"), "Email accounts 1 of 3");
    assert!(page.has("input[name=full][checked]") && !page.has("input[name=reply][checked]"));
}

#[tokio::test]
async fn a_glesys_that_will_not_tell_how_full_accounts_are_is_not_pressed() {
    let panel =
        Stage::of((0..30).fold(State::empty(), |state, n| state.account(&format!("a{n:02}@example.se")))).opens().await;
    let eva = panel.viewer("eva").await;
    panel.glesys.deny_function(QUOTA);
    for _ in 0..5 {
        eva.visits("/domains/example.se?full=1").await.must_say(200, &["30 accounts"]);
        panel.until(|panel| async move { !panel.built.app.directory.is_asking_usages() }).await;
    }
    assert!(panel.glesys.calls_to(QUOTA) <= 2, "{}", panel.glesys.calls_to(QUOTA));
    eva.visits("/accounts/a00@example.se").await.must_say(200, &["(use unknown)"]);
    panel.glesys.allow_function(QUOTA);
    panel.clock.turn(61);
    eva.visits("/domains/example.se?full=1").await;
    until_read(&panel, 30).await;
}

#[tokio::test]
async fn an_account_that_is_gone_keeps_nobody_from_learning_how_full_the_others_are() {
    let panel = Stage::of(three()).opens().await;
    let eva = panel.viewer("eva").await;
    panel.glesys.change(|state| {
        state.domains.get_mut("example.se").unwrap().accounts.remove("anna@example.se");
    });
    eva.visits("/domains/example.se").await;
    until_read(&panel, 2).await;
    eva.visits("/domains/example.se?sort=used").await.must_say(200, &["4.8 GiB of 50 GiB", "10 MiB of 1 GiB"]);
}

#[tokio::test]
async fn what_is_known_of_an_account_goes_with_it() {
    let panel = Stage::of(three()).opens().await;
    let eva = panel.viewer("eva").await;
    eva.visits("/domains/example.se").await;
    until_read(&panel, 3).await;
    panel.built.app.directory.remove(&nyckel::model::Address::parse("bo@example.se").unwrap());
    assert!(format!("{:?}", panel.built.app.directory).contains("usages: 2,"));
    panel.glesys.change(|state| {
        state.domains.get_mut("example.se").unwrap().accounts.remove("cia@example.se");
    });
    panel.clock.turn(61);
    eva.visits("/domains/example.se").await;
    until_read(&panel, 2).await;
}

#[tokio::test]
async fn accounts_are_narrowed_down_and_put_in_order_by_plain_links() {
    let panel = Stage::of(three()).opens().await;
    let eva = panel.viewer("eva").await;
    let page = eva.visits("/domains/example.se").await;
    assert_eq!(page.attributes("th[aria-sort]", "aria-sort"), ["ascending"]);
    let newest = eva.clicks(&page, "Created").await;
    assert_eq!(
        (newest.at.as_str(), &rows(&newest)[..3]),
        (
            "/domains/example.se?sort=created&order=desc",
            &["bo@example.se", "anna@example.se", "cia@example.se"].map(str::to_owned)[..]
        )
    );
    let oldest = eva.clicks(&newest, "Created").await;
    assert_eq!((oldest.at.as_str(), rows(&oldest)[0].as_str()), ("/domains/example.se?sort=created", "cia@example.se"));
    let filtered = eva.fills_in(&oldest, "Filter", &[("filter", "ann")]).await;
    assert_eq!(filtered.at, "/domains/example.se?sort=created&filter=ann");
    assert_eq!(rows(&filtered), ["anna@example.se", "info@example.se"]);
    until_read(&panel, 3).await;
    let fullest = eva.clicks(&oldest, "Storage").await;
    assert_eq!(rows(&fullest)[..3], ["bo@example.se", "anna@example.se", "cia@example.se"]);
    assert_eq!(rows(&eva.visits("/domains/example.se?order=desc").await)[..2], ["cia@example.se", "bo@example.se"]);
    let away = eva.visits("/domains/example.se?reply=1").await;
    assert_eq!(rows(&away), ["bo@example.se"]);
    for nonsense in ["?sort=x&order=y&page=0", "?page=99", "?sort=%01"] {
        assert_eq!(rows(&eva.visits(&format!("/domains/example.se{nonsense}")).await).len(), 5, "{nonsense}");
    }
    eva.visits("/domains/example.se?filter=zebra").await.must_say(200, &["Nothing matches the filter.", "Show all"]);
}

#[tokio::test]
async fn a_long_list_is_cut_into_pages_accounts_before_aliases() {
    let state = (0..60).fold(State::empty(), |state, n| state.account(&format!("a{n:02}@example.se")));
    let state = (0..50).fold(state, |state, n| state.alias(&format!("x{n:02}@example.se"), "a00@example.se"));
    let panel = Stage::of(state).opens().await;
    let eva = panel.viewer("eva").await;
    let first = eva.visits("/domains/example.se").await;
    assert_eq!((rows(&first).len(), first.attributes("[rel=prev]", "href").len()), (50, 0));
    let second = eva.visits(&first.attributes("[rel=next]", "href")[0]).await;
    assert_eq!((rows(&second)[..11].last().unwrap().as_str(), rows(&second).len()), ("x00@example.se", 50));
    let third = eva.visits(&second.attributes("[rel=next]", "href")[0]).await;
    assert_eq!((rows(&third).len(), third.attributes("[rel=next]", "href").len()), (10, 0));
    assert_eq!(third.attributes("[rel=prev]", "href"), ["/domains/example.se?page=2"]);
    assert_eq!(eva.clicks(&first, "Show aliases (50)").await.at, "/domains/example.se?page=2");
    let filtered = eva.visits("/domains/example.se?filter=a&sort=created").await;
    assert_eq!(filtered.attributes("[rel=next]", "href"), ["/domains/example.se?filter=a&sort=created&page=2"]);
    until_read(&panel, 60).await;
    let empty = panel.glesys.calls_to(QUOTA);
    assert_eq!(empty, 60, "each once");
}

#[tokio::test]
async fn a_domain_without_anything_says_so() {
    let panel = Stage::of(State::empty().domain("empty.se")).opens().await;
    let eva = panel.viewer("eva").await;
    let page = eva.visits("/domains/empty.se").await;
    page.must_say(200, &["No email accounts or aliases yet."]);
    assert!(!page.has("table"));
}

#[tokio::test]
async fn the_limits_of_the_project_are_told_to_those_who_see_all_of_it() {
    let panel = Stage::of(three().limits(500, 900)).opens().await;
    let eva = panel.viewer("eva").await;
    let page = eva.visits("/domains/example.se").await;
    page.must_say(200, &["3 of 500 accounts, 2 of 900 aliases"]);
    assert_eq!(eva.clicks(&page, "Costs and limits").await.at, "/costs");
    let bo = Person::hired(&panel, "bo", &[(Role::Manager, "example.se")]).await;
    bo.signs_in().await;
    assert!(!bo.visits("/domains/example.se").await.says("500"));
}

#[tokio::test]
async fn accounts_and_aliases_are_taken_along_as_a_file_and_that_is_recorded() {
    let hostile = "=HYPERLINK(\"https://evil.example\")";
    let state = three().account_with("dag@example.se", |dag| dag.displayname = Some(hostile.to_owned()));
    let panel = Stage::of(state).opens().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Viewer, "example.se")]).await;
    eva.signs_in().await;
    eva.visits("/accounts/anna@example.se").await.must_say(200, &["950 MiB"]);
    let page = eva.visits("/domains/example.se").await;
    let form = page.attributes("button[formmethod=post]", "formaction");
    let file = eva.posts(&form[0], &[]).await;
    assert_eq!((file.status, file.header("content-type")), (200, "text/csv; charset=utf-8; header=present"));
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"example.se-2026-11-23.csv\"");
    let lines = csv(&file);
    assert_eq!(lines.len(), 7, "{lines:?}");
    assert_eq!(lines[0][..6], ["kind", "address", "display_name", "leads_to", "quota_gib", "used_mib"]);
    assert_eq!(lines[1][..7], ["account", "anna@example.se", "Anna Lind", "", "1", "950", "no"]);
    assert_eq!(lines[1][10], "2020-09-13T12:26:40Z");
    assert_eq!(lines[4][2], format!("'{hostile}"));
    assert_eq!(lines[6][..4], ["alias", "order@example.se", "order@example.se", "bo@example.se,cia@example.se"]);
    let event = panel.one(AuditKind::DomainExported).await;
    assert_eq!((event.staff_name.as_deref(), event.domain.unwrap().as_str()), (Some("eva"), "example.se"));
    assert_eq!(event.facts.kept().as_deref(), Some(r#"{"accounts":4,"aliases":2,"format":"csv"}"#));

    let narrow = eva.posts("/domains/example.se/export", &[("filter", "bo"), ("reply", "1")]).await;
    assert_eq!(csv(&narrow)[1..].iter().map(|line| line[1].as_str()).collect::<Vec<_>>(), ["bo@example.se"]);
    let events = panel.audit(AuditKind::DomainExported).await;
    let facts = r#"{"accounts":1,"aliases":0,"format":"csv","filter_text":"bo","filter_answering":true}"#;
    assert_eq!(events[1].facts.kept().as_deref(), Some(facts));
    assert_eq!(eva.posts("/domains/example.com/export", &[]).await.status, 403);
}

#[tokio::test]
async fn a_file_of_many_pieces_is_whole() {
    let panel = Stage::of((0..1200).fold(State::empty(), |state, n| state.account(&format!("a{n:04}@example.se"))));
    let panel = panel.opens().await;
    let eva = panel.viewer("eva").await;
    let lines = csv(&eva.posts("/domains/example.se/export", &[]).await);
    assert_eq!(
        (lines.len(), lines[1][1].as_str(), lines[1200][1].as_str()),
        (1201, "a0000@example.se", "a1199@example.se")
    );
    assert_eq!(panel.glesys.calls_to(QUOTA), 0, "nothing is asked for a file");
}

#[tokio::test]
async fn what_can_not_be_recorded_is_not_taken_along() {
    let panel = panel().await;
    let eva = panel.viewer("eva").await;
    panel.database.run("ALTER TABLE audit RENAME TO audit_away").await;
    let page = eva.posts("/domains/example.se/export", &[]).await;
    page.must_say(503, &["The panel can’t save anything at the moment"]);
    panel.database.run("ALTER TABLE audit_away RENAME TO audit").await;
    assert!(panel.audit(AuditKind::DomainExported).await.is_empty());
}

#[tokio::test]
async fn the_overview_tells_how_many_domains_are_read() {
    let panel = Stage::usual().opens_without_glesys().await;
    let eva = panel.viewer("eva").await;
    let page = eva.visits("/").await;
    assert!(page.has("[data-reading]"));
    panel.glesys.comes_back().await;
    panel.clock.turn(61);
    panel.glesys.fault(
        "email/list",
        Fault::Status { http: 500, code: 500, text: String::new(), envelope: true },
        Times::Count(2),
    );
    panel.built.app.directory.read_all().await;
    let page = eva.visits("/").await;
    page.must_say(200, &["Loading: 1 of 3 domains can be searched."]);
    assert!(page.has("[data-reading]"));
    assert!(panel.built.app.directory.read_all().await);
    assert!(!eva.visits("/").await.has("[data-reading]"));
    eva.reading("sv").visits("/").await.must_say(200, &["Projektets kostnader och gränser"]);
}
