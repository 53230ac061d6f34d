//! What the client sends, and what it keeps to itself.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use proptest::prelude::*;
use tracing_subscriber::util::SubscriberInitExt;

use super::scripted::{Scripted, Step, envelope, http, ok, patient, reset, writer};
use crate::glesys::{Breaker, Error, Reader};
use crate::model::{Address, Clock};

fn anna() -> Address {
    Address::parse("anna@example.se").unwrap()
}

#[tokio::test]
async fn a_reset_is_one_post_with_the_address_as_json() {
    let server = Scripted::saying(vec![ok(r#","password":"x""#)]).await;
    reset(&writer(&server.connection(), &patient()).unwrap()).await.unwrap();
    let calls = server.calls();
    let (head, body) = calls[0].split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<&str> = head.lines().collect();
    assert_eq!(lines.remove(0), "POST /email/resetpassword HTTP/1.1");
    lines.sort_unstable();
    let host = format!("host: 127.0.0.1:{}", server.port);
    let agent = concat!("user-agent: nyckel/", env!("CARGO_PKG_VERSION"));
    let wanted = [
        "accept: application/json",
        "authorization: Basic Y2wxMjM0NTprZXktY2FuYXJ5",
        "connection: close",
        "content-length: 34",
        "content-type: application/json",
        &host,
        agent,
    ];
    assert_eq!(lines, wanted);
    assert_eq!(body, r#"{"emailaccount":"anna@example.se"}"#);
}

#[tokio::test]
async fn costs_are_asked_for_as_they_are_documented() {
    let server = Scripted::saying(vec![ok(r#","costs":{}"#)]).await;
    Reader::new(&[server.connection()], &patient()).unwrap().read_costs().await.unwrap();
    let calls = server.calls();
    let (head, body) = calls[0].split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("GET /email/costs HTTP/1.1\r\n") && body.is_empty(), "{}", calls[0]);
}

/// Runs one test of this program again, in a process of its own with another environment.
fn again(test: &str, environment: &[(&str, &str)]) {
    let program = std::env::current_exe().unwrap();
    let mut command = std::process::Command::new(program);
    command.args(["--exact", &format!("glesys::tests::requests::{test}"), "--include-ignored"]);
    let run = command.envs(environment.iter().copied()).output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&run.stderr));
}

#[test]
fn a_proxy_in_the_environment_is_not_used() {
    let proxy = "http://127.0.0.1:9";
    let names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    again("a_reset_is_one_post_with_the_address_as_json", &names.map(|name| (name, proxy)));
}

#[test]
fn without_ca_certificates_the_error_says_what_to_do() {
    let nowhere = "/nonexistent";
    again("no_client_is_built_without_ca_certificates", &[("SSL_CERT_FILE", nowhere), ("SSL_CERT_DIR", nowhere)]);
}

#[tokio::test]
#[ignore = "run by the test before this one, in an environment without certificates"]
async fn no_client_is_built_without_ca_certificates() {
    if std::env::var_os("SSL_CERT_FILE").is_none_or(|file| file != "/nonexistent") {
        return;
    }
    let server = Scripted::start().await;
    let error = writer(&server.connection(), &patient()).err().unwrap().to_string();
    assert!(error.contains("No CA certificates") && error.contains("install the package ca-certificates"), "{error}");
}

#[tokio::test]
async fn a_base_url_may_have_a_path() {
    let server = Scripted::saying(vec![ok(r#","quota":{"usedquotainmib":1,"quotaingib":1}"#)]).await;
    let mut connection = server.connection();
    connection.base_url.set_path("/stand-in/");
    Reader::new(&[connection], &patient()).unwrap().usage(&anna()).await.unwrap();
    assert!(server.calls()[0].starts_with("POST /stand-in/email/quota HTTP/1.1"), "{:?}", server.calls());
}

#[tokio::test]
async fn a_redirected_reset_is_not_repeated_anywhere() {
    let elsewhere = Scripted::saying(vec![ok(r#","password":"x""#)]).await;
    for status in ["301 X", "302 X", "303 X", "307 X", "308 X"] {
        let location = format!("Location: http://127.0.0.1:{}/email/resetpassword\r\n", elsewhere.port);
        let server = Scripted::saying(vec![http(status, &location, b"")]).await;
        let writer = writer(&server.connection(), &patient()).unwrap();
        assert_eq!(reset(&writer).await.err().unwrap().why().name(), "redirect");
        assert_eq!((server.calls().len(), elsewhere.calls().len()), (1, 0), "{status}");
    }
}

#[tokio::test]
async fn every_change_has_a_connection_of_its_own_and_reads_share_one() {
    let answer = ok(r#","password":"x","quota":{"usedquotainmib":1,"quotaingib":1}"#);
    let server = Scripted::start().await;
    let twice = vec![Step::Hear, Step::Say(answer.clone()), Step::Hear, Step::Say(answer)];
    server.follow(vec![twice]);
    let writer = writer(&server.connection(), &patient()).unwrap();
    let reader = Reader::new(&[server.connection()], &patient()).unwrap();
    for _ in 0..2 {
        reader.usage(&anna()).await.unwrap();
    }
    assert_eq!(server.calls().len(), 1);
    for _ in 0..2 {
        let writer = writer.clone();
        // Spawned, as the ledger does it: the call must be able to move between threads.
        tokio::spawn(async move { reset(&writer).await.map(drop) }).await.unwrap().unwrap();
    }
    assert_eq!(server.calls().len(), 3);
}

fn arrives_unchanged(passwords: &[String]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let escaped = |password: &String| serde_json::to_string(password).unwrap();
        let answers = passwords.iter().map(|password| ok(&format!(",\"password\":{}", escaped(password)))).collect();
        let server = Scripted::saying(answers).await;
        let writer = writer(&server.connection(), &patient()).unwrap();
        for password in passwords {
            assert_eq!(*reset(&writer).await.unwrap().reveal(), *password);
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn passwords_of_printable_ascii_arrive_byte_for_byte(passwords in prop::collection::vec("[ -~]{1,40}", 20)) {
        arrives_unchanged(&passwords);
    }

    #[test]
    fn passwords_of_any_unicode_arrive_byte_for_byte(passwords in prop::collection::vec("\\PC{1,20}|.{1,20}", 20)) {
        arrives_unchanged(&passwords);
    }
}

#[test]
fn odd_passwords_arrive_byte_for_byte() {
    let odd = [" x ", "   ", "\u{202e}x\u{0}", "<&>\"'\\/", "å∆👩‍🔧e\u{301}", "\r\n\t", "null", "\u{feff}"];
    arrives_unchanged(&odd.map(str::to_owned));
    let escapes = r#","password":"\u00e5\/\ud83d\udd11""#;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = Scripted::saying(vec![ok(escapes)]).await;
        let writer = writer(&server.connection(), &patient()).unwrap();
        assert_eq!(*reset(&writer).await.unwrap().reveal(), "å/🔑");
    });
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn neither_key_nor_password_nor_address_is_logged_even_at_trace() {
    again("all_that_five_resets_log_holds_no_secret", &[]);
}

#[tokio::test]
#[ignore = "run by the test before this one, alone, because tracing decides once a process what is worth logging"]
async fn all_that_five_resets_log_holds_no_secret() {
    let log = Log::default();
    let sink = log.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || sink.clone());
    let guard = subscriber.finish().set_default();
    let echo = "Wrong key key-canary for anna@example.se";
    let server = Scripted::saying(vec![
        ok(r#","password":"pass-canary""#),
        ok(r#","password":["pass-canary"]"#),
        envelope("500 Oops", "500", "pass-canary", r#","password":"pass-canary""#),
        http("200 pass-canary", "X-Password: pass-canary\r\n", b"pass-canary"),
        envelope("401 Unauthorized", "401", echo, ""),
    ])
    .await;
    let mut errors = Vec::new();
    for _ in 0..5 {
        let writer = writer(&server.connection(), &patient()).unwrap();
        errors.extend(reset(&writer).await.err().map(|error| format!("{error} {error:?}")));
    }
    drop(guard);
    assert_eq!(errors.len(), 4);
    let bytes = log.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let text = String::from_utf8_lossy(&bytes).into_owned() + &errors.concat();
    assert!(text.contains("email/resetpassword") && text.contains("hyper"), "{text}");
    for secret in ["canary", "Y2wx", "anna@", "emailaccount"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[tokio::test]
async fn a_refusal_carries_a_tidy_text_for_the_log() {
    let text = "Could not find\\n anna@example.se \\u001b[31m key-canary";
    let server = Scripted::saying(vec![envelope("400 Bad", "400", text, "")]).await;
    let writer = writer(&server.connection(), &patient()).unwrap();
    let error = reset(&writer).await.err().unwrap();
    assert!(
        matches!(&error, Error::Refused { http: 400, code: Some(400), text, .. } if text == "Could not find [address] [31m [key]"),
        "{error:?}"
    );
}

#[tokio::test]
async fn the_log_names_the_project_that_is_left_alone_and_that_answers_again() {
    let log = Log::default();
    let sink = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || sink.clone());
    let guard = subscriber.finish().set_default();
    let clock = Clock::standing(jiff::Timestamp::UNIX_EPOCH);
    let breaker = Breaker::new(clock.clone()).of_project("Två");
    for _ in 0..3 {
        breaker.failed(clock.uptime());
    }
    breaker.answered();
    drop(guard);
    let bytes = log.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let text = String::from_utf8_lossy(&bytes);
    let named: Vec<_> = text.lines().map(|line| line.contains(r#"project="Två""#)).collect();
    assert_eq!(named, [true, true], "{text}");
}
