//! Messages to mailboxes go through a mail server that is not ours, over TLS, from the built program. `tests/all mail` starts
//! this with `NYCKEL_TEST_MAIL_SERVER`, the Python that has `aiosmtpd`; without it, nothing is tried, and it says so.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use nyckel::model::AuditKind;
use nyckel::simulator::State;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

use crate::stage::{Stage, runs};

/// The server, until it is dropped.
struct RealServer {
    child: Child,
    says: BufReader<ChildStdout>,
    starttls: String,
    tls: String,
}

impl RealServer {
    fn begins(python: &str, folder: &Path) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mail_server.py");
        let mut command = Command::new(python);
        command.arg(script).arg(folder.join("certificate.pem")).arg(folder.join("key.pem"));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut says = BufReader::new(child.stdout.take().unwrap());
        let [starttls, tls] = ["starttls", "tls"].map(|name| {
            let line = line(&mut says);
            format!("localhost:{}/{name}", line.strip_prefix(name).unwrap_or_else(|| panic!("{line}")).trim())
        });
        Self { child, says, starttls, tls }
    }
}

impl Drop for RealServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn line(says: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    says.read_line(&mut line).unwrap();
    line.trim().to_owned()
}

/// A certificate for localhost, its key, and the authority that signed it, as files.
fn make_certificates(folder: &Path) {
    let authority = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    std::fs::write(folder.join("authority.pem"), params.self_signed(&authority).unwrap().pem()).unwrap();
    let issuer = Issuer::new(params, authority);
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    std::fs::write(folder.join("certificate.pem"), certificate.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
}

/// A server where there is one, its folder, and the authority that its certificate comes from.
fn begins() -> Option<(TempDir, String, RealServer)> {
    let Ok(python) = std::env::var("NYCKEL_TEST_MAIL_SERVER") else {
        eprintln!("skipped: tests/all mail tries a real mail server, with Debian's python3-aiosmtpd");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    make_certificates(folder.path());
    let authority = folder.path().join("authority.pem").to_str().unwrap().to_owned();
    let server = RealServer::begins(&python, folder.path());
    Some((folder, authority, server))
}

#[tokio::test]
async fn a_real_mail_server_takes_refuses_and_is_slow() {
    let Some((_folder, authority, mut server)) = begins() else { return };
    let accounts = ["anna", "refused", "slow"].map(|name| format!("{name}@example.se"));
    let stage = Stage::of(accounts.iter().fold(State::empty(), |state, address| state.account(address)));
    let stage = stage.with("NYCKEL_SMTP", &server.starttls).with("NYCKEL_SMTP_FROM", "it@example.se");
    let stage = stage.with("NYCKEL_SMTP_USER", "nyckel").with("NYCKEL_SMTP_PASSWORD", "secret");
    let panel = stage.with("NYCKEL_HELP_LINE", "08-123 45 67").in_real_time().opens().await;

    let check = async |more: &[(&str, &str)]| {
        let more = more.iter().map(|&(name, value)| (name.to_owned(), value.to_owned()));
        runs("check", &panel.vars.iter().cloned().chain(more).collect::<Vec<_>>()).await.1
    };
    let trusted = ("SSL_CERT_FILE", authority.as_str());
    let (tls, not_tls) = (server.tls.clone(), server.starttls.replace("/starttls", "/tls"));
    for (more, said) in [
        (vec![trusted], "mail server: good"),
        (vec![trusted, ("NYCKEL_SMTP", tls.as_str())], "mail server: good"),
        (vec![trusted, ("NYCKEL_SMTP_PASSWORD", "wrong")], "does not take the panel’s name and password"),
        (vec![], "its certificate can’t be trusted"),
        (vec![trusted, ("NYCKEL_SMTP", not_tls.as_str())], "there is no encrypted connection"),
    ] {
        let found = check(&more).await;
        assert!(found.contains(said) && found.matches("mail server: good").count() <= 1, "{more:?}: {found}");
    }

    let eva = panel.operator("eva").await;
    for address in &accounts {
        assert!(eva.resets(address).await.password().is_some());
    }
    let (_, process) = panel.in_a_process(&[trusted]).await;
    let ended = "SELECT operation_id FROM outbox WHERE ended IS NOT NULL";
    panel.until(move |panel| async move { panel.database.texts(ended).await.len() == 3 }).await;
    drop(process);
    let taken = [line(&mut server.says), line(&mut server.says)];
    for (line, to) in taken.iter().zip(["anna", "slow"]) {
        assert!(line.starts_with(&format!("taken it@example.se {to}@example.se <")), "{line}");
        assert!(line.ends_with("@example.se>"), "{line}");
    }
    assert_eq!(panel.audit(AuditKind::MailboxTold).await.len(), 2);
    assert_eq!(panel.one(AuditKind::MailboxNotTold).await.outcome.as_deref(), Some("recipient_refused"));

    drop(server);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let found = check(&[trusted]).await;
    assert!(found.contains("the mail server can’t be reached"), "{found}");
}

#[tokio::test]
async fn a_real_mail_server_takes_a_link_once_and_a_kill_leaves_it_unknown() {
    let Some((_folder, authority, mut server)) = begins() else { return };
    let setting = Stage::usual().with("NYCKEL_SMTP", &server.tls).with("NYCKEL_SMTP_FROM", "it@example.se");
    let setting = setting.with("NYCKEL_SMTP_USER", "nyckel").with("NYCKEL_SMTP_PASSWORD", "secret");
    let panel = setting.with("NYCKEL_LINK_BY_MAIL", "any").in_real_time().opens().await;
    let eva = panel.operator("eva").await;
    let (outside, process) = panel.in_a_process(&[("SSL_CERT_FILE", authority.as_str())]).await;
    let eva = eva.at(&outside);
    let mails = async |account: &str, to: &str| {
        let form = eva.visits(&format!("/accounts/{account}/reset")).await;
        let fields = [("hand_over", "link"), ("mail", "typed"), ("mail_to", to)];
        eva.fills_in(&form, "Reset password", &fields).await
    };
    let answer = mails("anna@example.se", "anna.lind@example.net").await;
    answer.must_say(201, &["The link was sent to anna.lind@example.net by email"]);
    let taken = line(&mut server.says);
    let is_it =
        taken.starts_with("taken it@example.se anna.lind@example.net <") && taken.ends_with(".link@example.se>");
    assert!(is_it, "{taken}");
    let answer = mails("carl@example.com", "refused@example.net").await;
    answer
        .must_say(201, &["The link was not sent to refused@example.net by email: the mail server does not take mail"]);

    // It thinks for a second about whom this is to.
    let under_way = mails("bo@example.se", "slow@example.net");
    let begun = "SELECT operation_id FROM link_mail WHERE ended IS NULL AND over_elapsed IS NOT NULL";
    let killed = async {
        panel.until(move |panel| async move { !panel.database.texts(begun).await.is_empty() }).await;
        drop(process);
    };
    tokio::select! {
        _ = under_way => panic!("it was answered before the kill"),
        () = killed => {}
    }
    panel.database.run("UPDATE link_mail SET over_elapsed = -1 WHERE ended IS NULL").await;
    panel.sweeps().await;
    panel.sweeps().await;
    assert_eq!(panel.one(AuditKind::HandOverMailUnknown).await.outcome, None);
    let kinds = [AuditKind::HandOverMailed, AuditKind::HandOverNotMailed];
    assert_eq!((panel.audit(kinds[0]).await.len(), panel.audit(kinds[1]).await.len()), (1, 1));
}
