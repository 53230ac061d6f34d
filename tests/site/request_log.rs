//! The log of requests: every line of somebody signed in, and of strangers a few and how many more there were.

use nyckel::model::Act;

use crate::stage::{Log, Person, panel};

fn lines(log: &Log, words: &[&str]) -> Vec<String> {
    let text = log.text();
    let lines = text.lines().filter(|line| line.contains("answered") && words.iter().all(|word| line.contains(word)));
    lines.map(ToOwned::to_owned).collect()
}

#[tokio::test]
async fn a_flood_of_strangers_is_a_few_lines_and_a_sum() {
    let panel = panel().await;
    let eva = panel.viewer("eva").await;
    panel.clock.turn(300);
    let (log, _guard) = Log::listens();
    let stranger = Person::stranger(&panel);
    for n in 0..60 {
        assert_eq!(stranger.visits(&format!("/mail/{n}")).await.status, 404);
        stranger.posts("/sign-in", &[("name", ""), ("password", "")]).await;
        if n % 10 == 0 {
            assert_eq!(eva.visits("/accounts/nobody@example.se").await.status, 404);
            assert_eq!(eva.visits("/accounts/anna@example.se").await.status, 200);
        }
    }
    assert_eq!(lines(&log, &["route=\"-\"", "status=404"]).len(), 10);
    let by_eva = lines(&log, &["/accounts/{address}", "staff="]);
    assert_eq!(by_eva.len(), 12, "whoever is signed in has a line for each request");
    let all = lines(&log, &[]).len();
    assert!(all <= 42, "{all} lines");

    panel.clock.turn(300);
    eva.visits("/").await;
    stranger.visits("/mail").await;
    let sums = lines(&log, &["further="]);
    assert!(sums.iter().any(|line| line.contains("route=\"-\" status=404 further=50")), "{sums:#?}");
    assert!(sums.len() <= 4, "{sums:#?}");
    let told: usize = sums.iter().filter_map(|line| line.split("further=").nth(1)?.parse::<usize>().ok()).sum();
    assert_eq!(lines(&log, &["method="]).len() + told, 2 * 60 + 12 + 2, "nothing goes unsaid");
}

#[tokio::test]
async fn trouble_of_the_panels_own_has_a_line_each_time_and_a_method_is_no_way_to_fill_them() {
    let panel = panel().await;
    let (log, _guard) = Log::listens();
    let stranger = Person::stranger(&panel);
    let method = "M".repeat(5000);
    for _ in 0..3 {
        stranger.sends(stranger.begins(&method, "/sign-in").body(axum::body::Body::empty()).unwrap()).await;
    }
    let overlong: Vec<_> = lines(&log, &[]).into_iter().filter(|line| line.len() > 400).collect();
    assert!(overlong.is_empty(), "{overlong:?}");
    panel.built.stopping.store(true, std::sync::atomic::Ordering::SeqCst);
    for _ in 0..30 {
        assert_eq!(stranger.visits("/readyz").await.status, 503);
    }
    assert_eq!(lines(&log, &["/readyz", "status=503"]).len(), 30);
}

#[tokio::test]
async fn somebody_who_proves_anew_who_they_are_or_comes_back_later_is_nothing_to_warn_of() {
    let panel = panel().await;
    let ada = panel.admin("ada").await;
    let (log, _guard) = Log::listens();
    panel.clock.turn(700);
    ada.has_proved(Act::ChangeStaff).await;
    ada.visits("/staff").await.must_say(200, &["ada"]);
    panel.clock.turn(13 * 3600);
    ada.signs_in().await;
    ada.signs_out().await;
    assert!(!log.text().contains("WARN"), "{}", log.text());
}
