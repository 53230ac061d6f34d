//! Faults as the caller meets them, and whether the change was made.

use std::time::Duration;

use serde_json::json;
use tokio::time::timeout;

use super::*;
use crate::simulator::{Fault, Planned, Times, Wrong};

const RESET: &str = "email/resetpassword";

async fn reset(simulator: &Simulator) -> Heard {
    post(simulator, RESET, json!({ "emailaccount": "anna@example.se" })).await
}

fn struck(fault: impl Into<Planned>) -> Simulator {
    let simulator = office();
    simulator.next_password("S3cr3t}pw!");
    simulator.fault(RESET, fault, Times::Once);
    simulator
}

/// What a bare connection hears, and whether the reset was made.
async fn by_wire(fault: impl Into<Planned>) -> (std::io::Result<Vec<u8>>, bool) {
    let simulator = struck(fault);
    let heard = rest_of(reset_by_wire(served(&simulator).await).await).await;
    (heard, simulator.applied(RESET) == 1)
}

#[tokio::test]
async fn a_connection_is_reset_before_or_after_the_change() {
    for (fault, applied) in [(Fault::CloseBefore, false), (Fault::CloseAfter, true)] {
        let (heard, done) = by_wire(fault).await;
        assert_eq!(heard.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
        assert_eq!(done, applied);
    }
}

#[tokio::test]
async fn a_connection_may_end_in_good_order_without_an_answer() {
    for (fault, words, applied) in [
        (Fault::EndBefore, &b""[..], false),
        (Fault::EndAfter, b"", true),
        (Fault::HalfHead, b"HTTP/1.1 200 OK\r\ncontent-type: applic", true),
    ] {
        let (heard, done) = by_wire(fault).await;
        assert_eq!((heard.unwrap().as_slice(), done), (words, applied));
    }
}

#[tokio::test]
async fn half_an_answer_promises_the_whole_length() {
    let (answer, done) = by_wire(Fault::HalfAnswer).await;
    let text = String::from_utf8(answer.unwrap()).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let promised: usize = head.split("content-length: ").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
    assert_eq!(body.len(), promised / 2);
    assert!(done);
}

#[tokio::test]
async fn what_is_no_http_arrives_as_it_is() {
    let (heard, done) = by_wire(Fault::NotHttp).await;
    assert_eq!((heard.unwrap().as_slice(), done), (b"220 mail.example.se ESMTP\r\n".as_slice(), true));
}

#[tokio::test]
async fn a_call_hangs_before_or_after_the_change() {
    for (fault, applied) in [(Fault::HangBefore, 0), (Fault::HangAfter, 1)] {
        let simulator = struck(fault);
        assert!(timeout(Duration::from_millis(50), reset(&simulator)).await.is_err());
        assert_eq!((simulator.calls_to(RESET), simulator.applied(RESET)), (1, applied));
    }
}

#[tokio::test]
async fn a_late_effect_comes_after_the_caller_has_gone() {
    let simulator = struck(Fault::LateEffect(Duration::from_millis(300)));
    let stream = reset_by_wire(served(&simulator).await).await;
    tokio::time::sleep(Duration::from_millis(350)).await;
    assert_eq!((simulator.calls_to(RESET), simulator.applied(RESET)), (1, 0), "the caller is still waiting");
    let gone = std::time::Instant::now();
    drop(stream);
    while simulator.applied(RESET) == 0 {
        assert!(gone.elapsed() < Duration::from_secs(10), "it never came");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(gone.elapsed() >= Duration::from_millis(300), "it came too early");
    assert_eq!(simulator.password_of("anna@example.se").as_deref(), Some("S3cr3t}pw!"));
    assert_eq!(simulator.calls()[0].password.as_deref(), Some("S3cr3t}pw!"));
}

#[tokio::test]
async fn a_slow_answer_is_still_the_right_one() {
    for fault in [Fault::Slow(Duration::from_millis(30)), Fault::Drip(Duration::from_micros(10))] {
        let heard = reset(&struck(fault)).await;
        assert_eq!((heard.status, &heard.response()["password"]), (200, &json!("S3cr3t}pw!")));
    }
}

#[tokio::test]
async fn unusable_answers_hide_a_change_that_was_made() {
    for fault in [Fault::EmptyBody, Fault::Html, Fault::Xml] {
        let simulator = struck(fault.clone());
        let heard = reset(&simulator).await;
        assert_eq!((heard.status, simulator.applied(RESET)), (200, 1), "{fault:?}");
        assert!(serde_json::from_str::<Value>(&heard.text).is_err(), "{fault:?}");
    }
    let (heard, done) = by_wire(Fault::Garbage).await;
    assert!(String::from_utf8(heard.unwrap()).is_err() && done);
}

#[tokio::test]
async fn a_redirect_leads_back_or_elsewhere_and_changes_nothing() {
    for (http, to, location) in [
        (301, None, "/email/resetpassword"),
        (307, None, "/email/resetpassword"),
        (308, Some("http://127.0.0.1:1/x".to_owned()), "http://127.0.0.1:1/x"),
    ] {
        let simulator = struck(Fault::Redirect { http, to });
        let heard = reset(&simulator).await;
        assert_eq!((heard.status, &heard.headers[header::LOCATION]), (http, &location.parse().unwrap()));
        assert_eq!(simulator.applied(RESET), 0);
    }
}

#[tokio::test]
async fn a_status_comes_with_or_without_the_envelope() {
    let status = |envelope| Fault::Status { http: 503, code: 606, text: "Server Locked\n".to_owned(), envelope };
    let heard = reset(&struck(status(true))).await;
    assert_eq!((heard.status, heard.code()), (503, 606));
    let simulator = struck(status(false).applying(true));
    let heard = reset(&simulator).await;
    assert_eq!((heard.status, heard.text.as_str(), simulator.applied(RESET)), (503, "Server Locked\n", 1));
}

#[tokio::test]
async fn the_two_statuses_may_disagree() {
    for (http, code) in [(200, 500), (500, 200)] {
        let heard = reset(&struck(Fault::CodeMismatch { http, code })).await;
        assert_eq!((heard.status, heard.code()), (http, u64::from(code)));
    }
}

#[tokio::test]
async fn a_huge_answer_is_right_but_huge() {
    let heard = reset(&struck(Fault::Huge(1_000_000))).await;
    assert!(heard.text.len() > 1_000_000);
    assert_eq!(heard.response()["password"], "S3cr3t}pw!");
}

#[tokio::test]
async fn a_gzip_bomb_says_that_it_is_gzip() {
    let (heard, done) = by_wire(Fault::GzipBomb(10_000_000)).await;
    let heard = heard.unwrap();
    assert!(String::from_utf8_lossy(&heard).contains("content-encoding: gzip"));
    assert!(heard.len() < 80_000 && done);
}

#[tokio::test]
async fn the_password_may_come_in_a_wrong_type_or_not_at_all() {
    for (wrong, value) in [
        (Wrong::Number, json!(4711)),
        (Wrong::Null, json!(null)),
        (Wrong::Object, json!({ "value": "secret" })),
        (Wrong::Empty, json!("")),
    ] {
        let simulator = struck(Fault::WrongType(wrong));
        assert_eq!(reset(&simulator).await.response()["password"], value);
        assert_eq!(simulator.applied(RESET), 1);
    }
    assert!(reset(&struck(Fault::WrongType(Wrong::Missing))).await.response().get("password").is_none());
    let simulator = office();
    simulator.fault("email/createaccount", Fault::WrongType(Wrong::Missing), Times::Once);
    let heard = post(&simulator, "email/createaccount", json!({ "emailaccount": "eva@example.se" })).await;
    let account = heard.response()["emailaccount"].clone();
    assert!(account["emailaccount"] == "eva@example.se" && account.get("password").is_none());
}

#[tokio::test]
async fn a_fault_can_wait_and_the_simulator_can_be_healed() {
    let simulator = struck(Fault::Html.after(Duration::from_millis(30)));
    let begun = std::time::Instant::now();
    assert!(reset(&simulator).await.text.starts_with("<!doctype html>"));
    assert!(begun.elapsed() >= Duration::from_millis(30));
    simulator.fault_everywhere(Fault::Garbage, Times::Always);
    simulator.heal();
    assert_eq!(reset(&simulator).await.status, 200);
}

#[tokio::test]
async fn serving_ends_at_once_when_it_is_told_to() {
    let simulator = struck(Fault::HangAfter);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(simulator.clone().serve(listener, async { drop(stopped.await) }));
    let stream = reset_by_wire(address).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    stop.send(()).unwrap();
    timeout(Duration::from_secs(1), serving).await.unwrap().unwrap().unwrap();
    assert!(rest_of(stream).await.is_ok_and(|heard| heard.is_empty()));
}
