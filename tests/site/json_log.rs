//! The log for programs that read it: a JSON object in each line, with numbers as numbers.

use nyckel::model::Role;
use rustix::process::Signal;
use serde_json::Value;

use crate::stage::{PASSWORD, Person, Stage};

#[tokio::test]
async fn every_line_is_json_from_the_setup_code_to_the_stop_and_times_are_numbers() {
    let panel = Stage::usual().in_real_time().opens().await;
    let (served, mut process) = panel.in_a_process(&[("NYCKEL_LOG_FORMAT", "json")]).await;
    process.says("setup_code").await;
    let token = |lines: &[Value]| lines.iter().find_map(|line| Some(line["setup_code"].as_str()?.to_owned()));
    let lines = |log: String| log.lines().map(|line| serde_json::from_str(line).expect(line)).collect::<Vec<Value>>();
    let token = token(&lines(process.log())).unwrap();

    let eva = Person::stranger(&served);
    let page = eva.visits("/setup").await;
    eva.fills_in(&page, "Create admin", &[("token", &token), ("name", "eva"), ("password", PASSWORD)]).await;
    let olle = served.signed_in(Role::Operator, "olle").await;
    olle.resets("anna@example.se").await;
    process.is_sent(Signal::TERM);
    assert!(process.ends().await.success());

    let lines = lines(process.log());
    let timed: Vec<_> = lines.iter().filter(|line| !line["ms"].is_null()).collect();
    assert!(timed.iter().all(|line| line["ms"].is_u64()), "{timed:#?}");
    for message in ["answered", "called GleSYS to change something"] {
        assert!(timed.iter().any(|line| line["message"] == message), "{message}: {timed:#?}");
    }
}
