//! The rows about encryption: a certificate that is wrong in one way, or a handshake that comes to nothing. They are
//! played by the built program, which trusts a certificate authority of our own through `SSL_CERT_FILE`. The first row,
//! where all is right, proves that the others fail for the reason that they name.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::{Asks, Does, Findings, PASSWORD, Row, Stand, address_of, print, stage};
use crate::stage::Person;

const NOT_SENT: &str = "not_sent: connect";
/// How long a person may wait for the truth.
const AT_MOST: Duration = Duration::from_secs(35);

/// What stands in front of GleSYS.
#[derive(Clone, Copy)]
enum Front {
    /// Encryption with this certificate.
    Shows(Certificate),
    /// Ends every connection after the client's first words.
    Ends,
    /// Says that the handshake failed.
    Alerts,
    /// Answers in plain HTTP.
    IsPlain,
    /// Says nothing.
    Hangs,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Certificate {
    Good,
    Expired,
    NotYetValid,
    ForAnotherName,
    SignedByItself,
    OfAnUnknownAuthority,
}

/// An authority and what it signs with.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }
}

/// A certificate and its key, wrong in the way that is asked for.
fn make(certificate: Certificate, trusted: &Authority) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
    let key = KeyPair::generate().unwrap();
    let name = if certificate == Certificate::ForAnotherName { "api.example.com" } else { "localhost" };
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    match certificate {
        Certificate::Expired => params.not_after = date_time_ymd(2020, 1, 1),
        Certificate::NotYetValid => params.not_before = date_time_ymd(2090, 1, 1),
        _ => {}
    }
    let made = match certificate {
        Certificate::SignedByItself => params.self_signed(&key),
        Certificate::OfAnUnknownAuthority => params.signed_by(&key, &Authority::new().issuer),
        _ => params.signed_by(&key, &trusted.issuer),
    };
    (made.unwrap().into(), key.into())
}

/// Stands in front of GleSYS from now on; its port.
async fn stand(front: Front, trusted: &Authority, glesys: SocketAddr) -> u16 {
    let certificate = if let Front::Shows(certificate) = front { certificate } else { Certificate::Good };
    let (certificate, key) = make(certificate, trusted);
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let acceptor = TlsAcceptor::from(Arc::new(config.with_single_cert(vec![certificate], key).unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(receive(front, client, acceptor.clone(), glesys));
        }
    });
    port
}

async fn receive(front: Front, mut client: TcpStream, acceptor: TlsAcceptor, glesys: SocketAddr) {
    if matches!(front, Front::Shows(_)) {
        // A client that does not like the certificate ends the handshake.
        let Ok(mut client) = acceptor.accept(client).await else { return };
        let mut behind = TcpStream::connect(glesys).await.unwrap();
        drop(copy_bidirectional(&mut client, &mut behind).await);
        return;
    }
    let mut hello = vec![0; 4096];
    let _ = client.read(&mut hello).await.unwrap_or(0);
    let says: &[u8] = match front {
        Front::Alerts => b"\x15\x03\x03\0\x02\x02\x28",
        Front::IsPlain => b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        _ => b"",
    };
    drop(client.write_all(says).await);
    if matches!(front, Front::Hangs) {
        std::future::pending::<()>().await;
    }
}

fn rows() -> Vec<(Row, Front)> {
    let bad = |name, front| (Row::unheard(name, Does::HasNoAddress, NOT_SENT), front);
    let shows = |name, certificate| bad(name, Front::Shows(certificate));
    let good =
        Row { name: "shows a good certificate", does: Does::HasNoAddress, outcome: "done", calls: 1, applied: 1 };
    vec![
        (good, Front::Shows(Certificate::Good)),
        shows("shows an expired certificate", Certificate::Expired),
        shows("shows a certificate of the future", Certificate::NotYetValid),
        shows("shows a certificate for another name", Certificate::ForAnotherName),
        shows("shows a certificate signed by itself", Certificate::SignedByItself),
        shows("shows a certificate of an unknown authority", Certificate::OfAnUnknownAuthority),
        bad("ends the handshake", Front::Ends),
        bad("refuses the handshake", Front::Alerts),
        bad("answers in plain HTTP", Front::IsPlain),
        bad("is silent in the handshake", Front::Hangs),
    ]
}

#[tokio::test]
async fn fault_matrix_encryption() {
    let trusted = Authority::new();
    let folder = tempfile::tempdir().unwrap();
    let authorities = folder.path().join("authorities.pem");
    std::fs::write(&authorities, &trusted.pem).unwrap();
    let rows = rows();
    let panel = stage(rows.len()).in_real_time().opens().await;
    let eva = panel.operator("eva").await;
    let stand_ = Stand { hasty: panel.clone(), eva, panel };
    let mut wrong = Vec::new();
    for (number, (row, front)) in rows.into_iter().enumerate() {
        let port = stand(front, &trusted, stand_.panel.glesys.address).await;
        let url = format!("https://localhost:{port}");
        let settings = [("NYCKEL_GLESYS_URL", url.as_str()), ("SSL_CERT_FILE", authorities.to_str().unwrap())];
        wrong.extend(Box::pin(plays(&stand_, number, &row, &settings)).await);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Confirms in the built program what was opened in the panel beside it, whose way to GleSYS is free.
async fn plays(stand: &Stand, number: usize, row: &Row, settings: &[(&str, &str)]) -> Vec<String> {
    let address = address_of(number);
    let confirmation = stand.eva.visits(&format!("/accounts/{address}/reset")).await;
    stand.panel.glesys.next_password(PASSWORD);
    let (process, _process) = stand.panel.in_a_process(settings).await;
    let (before, begun) = (stand.panel.resets(), Instant::now());
    let eva: Person = stand.eva.at(&process);
    let mut page = eva.presses(&confirmation, "Reset password").await;
    if page.says("Resetting the password of") {
        stand.panel.until_at_rest().await;
        page = eva.visits(&page.at).await;
    }
    let waited = begun.elapsed();
    stand.panel.glesys.forget_next_passwords();
    print(row, waited);
    let mut found = Findings::of(row, Asks::Reset);
    found.reads(&page, Duration::ZERO);
    found.must(waited < AT_MOST, || format!("the person waited {waited:?}"));
    found.took_place(stand, &address, before);
    found.is_recorded(&stand.panel, &address).await;
    found.0
}
