//! Looking changes nothing: every link that an admin can follow, and the panel under a path of its own and in Swedish.

use std::collections::{BTreeSet, VecDeque};

use nyckel::model::Role;

use crate::stage::{PASSWORD, Page, Person, Stage, panel};

/// Follows every link from the overview on and gives all pages.
pub async fn crawl(person: &Person, base: &str) -> Vec<Page> {
    let (mut waiting, mut known, mut pages) = (VecDeque::from([format!("{base}/")]), BTreeSet::new(), Vec::new());
    while let Some(path) = waiting.pop_front() {
        let page = person.sends(person.navigation(&path, "same-origin")).await;
        let mut links = page.attributes("a[href], link[href], use[href]", "href");
        links.extend(page.attributes("script[src], img[src]", "src"));
        links.extend(page.attributes("form[method=get], form:not([method])", "action"));
        if !page.header("location").is_empty() {
            links.push(page.header("location").to_owned());
        }
        for link in links {
            let link = link.split('#').next().unwrap_or_default().to_owned();
            assert!(link.is_empty() || link.starts_with(&format!("{base}/")), "{link} on {} leads out", page.at);
            if !link.is_empty() && known.insert(link.clone()) {
                waiting.push_back(link);
            }
        }
        assert!(page.attributes("form", "action").iter().all(|action| action.starts_with(&format!("{base}/"))));
        pages.push(page);
    }
    pages
}

#[tokio::test]
async fn an_admin_who_follows_every_link_changes_nothing() {
    let panel = panel().await;
    let eva = panel.admin("eva").await;
    eva.resets("anna@example.se").await;
    let waiting = eva.confirms("bo@example.se").await;
    let before = panel.database.dump().await;
    let calls = panel.resets();
    // A waiting password is the one thing that a person's own navigation uses up; the crawler comes as a prefetch.
    let mut pages = 0;
    for page in crawl_ahead(&eva).await {
        assert!(page.status == 200 || page.status == 303, "{} {}", page.status, page.at);
        assert_eq!(page.password(), None);
        pages += 1;
    }
    assert!(pages >= 15, "only {pages} pages");
    let mut after = panel.database.dump().await;
    let mut expected = before.clone();
    expected.remove("session");
    after.remove("session");
    assert_eq!(after, expected);
    assert_eq!(panel.resets(), calls);
    assert_eq!(eva.visits(&waiting).await.password(), panel.glesys.password_of("bo@example.se"));
}

async fn crawl_ahead(person: &Person) -> Vec<Page> {
    let (mut waiting, mut known, mut pages) = (VecDeque::from(["/".to_owned()]), BTreeSet::new(), Vec::new());
    while let Some(path) = waiting.pop_front() {
        let mut request = person.navigation(&path, "same-origin");
        request.headers_mut().insert("sec-purpose", "prefetch".parse().unwrap());
        let page = person.sends(request).await;
        let mut links = page.attributes("a[href], link[href]", "href");
        links.push(page.header("location").to_owned());
        links.retain(|link| !link.is_empty() && !link.starts_with('#') && known.insert(link.clone()));
        waiting.extend(links);
        pages.push(page);
    }
    pages
}

#[tokio::test]
async fn the_panel_works_under_a_path_of_its_own() {
    let panel = Stage::usual().with("NYCKEL_PUBLIC_URL", "https://intra.example/post/nyckel/").opens().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Admin, "*")]).await;
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    assert_eq!(page.at, "/post/nyckel/sign-in?next=%2Fpost%2Fnyckel%2Faccounts%2Fanna@example.se%2Freset");
    let page = eva.fills_in(&page, "Sign in", &[("name", "eva"), ("password", PASSWORD)]).await;
    assert_eq!(page.at, "/post/nyckel/accounts/anna@example.se/reset");
    let page = eva.presses(&page, "Reset password").await;
    assert!(page.at.starts_with("/post/nyckel/operations/"));
    assert_eq!(page.password(), panel.glesys.password_of("anna@example.se"));
    assert!(page.attributes("[data-seen]", "data-seen")[0].starts_with("/post/nyckel/operations/"));
    eva.clicks(&page, "Close").await.must_say(200, &["Password reset."]);
    for page in crawl(&eva, "/post/nyckel").await {
        assert!(page.status == 200 || page.status == 303, "{} {}", page.status, page.at);
    }
    for path in ["/", "/post", "/post/nyckelx", "/sign-in", "/static/x", "/post/nyckel/../accounts/anna@example.se"] {
        assert_eq!(eva.sends(eva.navigation(path, "none")).await.status, 404, "{path}");
    }
    assert_eq!(eva.sends(eva.navigation("/healthz", "none")).await.status, 200);
    assert_eq!(eva.signs_out().await.at, "/post/nyckel/sign-in?out=1");
}

#[tokio::test]
async fn the_whole_job_can_be_read_in_swedish() {
    let panel = panel().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Operator, "*")]).await.reading("de, sv-SE;q=0.9, en;q=0.8");
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    assert_eq!(page.attributes("html", "lang"), ["sv"]);
    let page = eva.fills_in(&page, "Logga in", &[("name", "eva"), ("password", "fel")]).await;
    page.must_say(422, &["Fel användarnamn eller lösenord."]);
    let page = eva.fills_in(&page, "Logga in", &[("password", PASSWORD)]).await;
    assert_eq!(page.text("h1"), "Återställ lösenordet för anna@example.se");
    let page = eva.presses(&page, "Återställ lösenord").await;
    page.must_say(201, &["Nytt lösenord för anna@example.se", "Visas bara nu."]);
    assert_eq!(page.password(), panel.glesys.password_of("anna@example.se"));
    eva.visits("/nothing").await.must_say(404, &["Sidan finns inte"]);
    eva.visits("/accounts/ana@example.se").await.must_say(404, &["E-postkontot finns inte"]);
    let english = eva.reading("en;q=0.1, fr");
    assert_eq!(english.visits("/").await.attributes("html", "lang"), ["en"]);
    assert_eq!(eva.reading("tlh").visits("/").await.attributes("html", "lang"), ["en"]);
}
