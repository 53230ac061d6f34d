//! What a database must prove before it is sent a password, and what it must be like.

use std::net::TcpListener as Listener;
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::store::{PATIENCE, Refusal};

const PASSWORD: &str = "Geheim-17";

/// An authority, and the file that holds its certificate.
fn authority(folder: &TempDir, name: &str) -> (CertifiedIssuer<'static, KeyPair>, PathBuf) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, authority.pem()).unwrap();
    (authority, file)
}

/// A certificate of the authority's for this name.
fn tls(authority: &CertifiedIssuer<'_, KeyPair>, name: &str) -> TlsAcceptor {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, authority).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let config = config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key).unwrap();
    Arc::new(config).into()
}

/// A PostgreSQL that asks for a password in clear; what it was sent after the question about TLS.
async fn server(tls: Option<TlsAcceptor>) -> (u16, JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        socket.read_exact(&mut [0; 8]).await.unwrap();
        let Some(tls) = tls else {
            socket.write_all(b"N").await.unwrap();
            return ask_for_password(socket).await;
        };
        socket.write_all(b"S").await.unwrap();
        match tls.accept(socket).await {
            Ok(socket) => ask_for_password(socket).await,
            Err(_) => Vec::new(),
        }
    });
    (port, heard)
}

async fn ask_for_password(mut socket: impl AsyncReadExt + AsyncWriteExt + Unpin) -> Vec<u8> {
    let mut heard = vec![0; 1024];
    let Ok(begun @ 1..) = socket.read(&mut heard).await else { return Vec::new() };
    socket.write_all(b"R\0\0\0\x08\0\0\0\x03").await.unwrap();
    let sent = socket.read(&mut heard[begun..]).await.unwrap();
    heard.truncate(begun + sent);
    heard
}

/// What opening it came to, and whether the password was sent.
async fn opens(port: u16, heard: JoinHandle<Vec<u8>>, ask: &str) -> (Error, bool) {
    let url = format!("postgres://w:{PASSWORD}@localhost:{port}/n?{ask}");
    let error = Store::open_postgres(&url, &opening(SECRET)).await.unwrap_err();
    (error, String::from_utf8_lossy(&heard.await.unwrap()).contains(PASSWORD))
}

#[tokio::test]
async fn only_a_database_that_proves_who_it_is_gets_the_password() {
    let folder = tempfile::tempdir().unwrap();
    let ((ours, ca), (_, foreign_ca)) = (authority(&folder, "ca.pem"), authority(&folder, "foreign.pem"));
    let verified = |ca: &PathBuf| format!("sslmode=verify-full&sslrootcert={}", ca.display());

    let (port, heard) = server(Some(tls(&ours, "localhost"))).await;
    let (_, was_sent) = opens(port, heard, &verified(&ca)).await;
    assert!(was_sent, "the right one gets it");

    for (tls, ca, sentence) in [
        (Some(tls(&ours, "localhost")), &foreign_ca, "invalid peer certificate"),
        (Some(tls(&ours, "db.example.se")), &ca, "not valid for name"),
        (None, &ca, "offers no TLS"),
    ] {
        let (port, heard) = server(tls).await;
        let (error, was_sent) = opens(port, heard, &verified(ca)).await;
        assert!(matches!(error, Error::Refused(Refusal::NoTls | Refusal::Unproved(_))), "{error:?}");
        assert!(error.to_string().contains(sentence) && !was_sent, "{error}");
        assert!(!error.to_string().contains(PASSWORD));
    }
}

#[tokio::test]
async fn a_port_that_is_closed_is_said_to_be_closed_at_once_where_nobody_waits_for_a_start() {
    let port = Listener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("postgres://w:{PASSWORD}@127.0.0.1:{port}/n?sslmode=disable");
    let at_once = Opening { purpose: Purpose::Look, ..opening(SECRET) };
    let begun = std::time::Instant::now();
    let error = Store::open_postgres(&url, &at_once).await.unwrap_err().to_string();
    assert!(begun.elapsed() < PATIENCE / 4, "{:?}", begun.elapsed());
    assert_eq!(error, format!("PostgreSQL at 127.0.0.1, port {port}, is not there: nothing listens at that port"));
    let begun = std::time::Instant::now();
    assert!(Store::open_postgres(&url, &opening(SECRET)).await.is_err());
    assert!(begun.elapsed() > PATIENCE / 2, "the panel itself waits for a server that may be starting");
}

#[tokio::test]
async fn a_pooler_that_lends_connections_out_by_the_transaction_is_refused_and_one_by_the_session_is_not() {
    let (Some(server), Ok(pooler)) = (postgres(), std::env::var("NYCKEL_TEST_POOLER")) else { return };
    let error = Store::open_postgres(&format!("{pooler}/by_transaction"), &opening(SECRET)).await.unwrap_err();
    assert!(matches!(error, Error::Refused(Refusal::Pooled)), "{error:?}");
    let (name, _) = make_database(&server).await;
    let url = format!("{pooler}/{name}");
    for _ in 0..2 {
        let store = Store::open_postgres(&url, &opening(SECRET)).await.unwrap();
        store.probe().await.unwrap();
        store.close().await;
    }
    ask_postgres(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

#[tokio::test]
async fn a_database_that_keeps_other_letters_is_refused_and_one_that_reads_by_default_is_written() {
    let Some(server) = postgres() else { return };
    let (name, url) = make_database(&server).await;
    ask_postgres(&server, format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await;
    Store::open_postgres(&url, &opening(SECRET)).await.unwrap().close().await;
    ask_postgres(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    let latin = format!("CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    ask_postgres(&server, latin).await;
    let error = Store::open_postgres(&url, &opening(SECRET)).await.unwrap_err();
    assert!(matches!(&error, Error::Refused(Refusal::Encoding(told)) if told == "LATIN1"), "{error:?}");
    ask_postgres(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
}
