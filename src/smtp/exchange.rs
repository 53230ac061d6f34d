//! One conversation with the mail server, step by step, so that it is known what was refused. Each message has a connection
//! of its own: there are few, and a connection that rests is one that ends unnoticed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use secrecy::ExposeSecret;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::error::Refusal;
use super::{BuildError, Error, stream};
use crate::model::WhyUntold;
use crate::model::letter::{Protection, Relay};

/// How long all of it may take: less than others wait before they try the same message.
const WITHIN: Duration = Duration::from_secs(30);
/// How long the goodbye may take, on which nothing depends.
const GOODBYE: Duration = Duration::from_secs(1);

/// What the server says no to before it is asked to take anything.
const AT_THE_DOOR: Refusal = Refusal { for_good: WhyUntold::Away, for_now: WhyUntold::Away };
const STARTING_TLS: Refusal = Refusal { for_good: WhyUntold::NoTls, for_now: WhyUntold::Away };
const SIGNING_IN: Refusal = Refusal { for_good: WhyUntold::WrongLogin, for_now: WhyUntold::Away };
const SENDER: Refusal = Refusal { for_good: WhyUntold::SenderRefused, for_now: WhyUntold::Away };
const RECIPIENT: Refusal = Refusal { for_good: WhyUntold::RecipientRefused, for_now: WhyUntold::Deferred };
const MESSAGE: Refusal = Refusal { for_good: WhyUntold::MessageRefused, for_now: WhyUntold::Deferred };

/// A message as it goes over the line.
pub(super) struct Written {
    pub envelope: Envelope,
    pub bytes: Vec<u8>,
}

/// The way to the mail server.
pub(super) struct Line {
    relay: Relay,
    tls: Option<TlsParameters>,
    /// What we call ourselves: the domain that our messages come from.
    name: ClientId,
    within: Duration,
}

impl Line {
    pub fn new(relay: &Relay) -> Result<Self, BuildError> {
        let tls = match relay.protection {
            Protection::Tls | Protection::StartTls => {
                Some(TlsParameters::new(relay.host.clone()).map_err(|error| BuildError(error.to_string()))?)
            }
            Protection::Unencrypted => None,
        };
        let name = ClientId::Domain(relay.from.domain().as_str().to_owned());
        Ok(Self { relay: relay.clone(), tls, name, within: WITHIN })
    }

    pub async fn probe(&self) -> Result<(), Error> {
        let mut connection = timeout(self.within, self.signed_in()).await.map_err(|_| silent())??;
        let _ = timeout(GOODBYE, connection.quit()).await;
        Ok(())
    }

    pub async fn send(&self, message: &Written) -> Result<(), Error> {
        let is_underway = AtomicBool::new(false);
        let conversation = async {
            let mut connection = self.signed_in().await?;
            hand_in(&mut connection, message, &is_underway).await?;
            Ok(connection)
        };
        let handed_in = timeout(self.within, conversation).await.unwrap_or_else(|_| Err(silent()));
        let mut connection = handed_in.map_err(|error: Error| error.underway(is_underway.load(Ordering::Relaxed)))?;
        let _ = timeout(GOODBYE, connection.quit()).await;
        Ok(())
    }

    async fn signed_in(&self) -> Result<AsyncSmtpConnection, Error> {
        let Relay { host, port, protection, login, .. } = &self.relay;
        let at_once = self.tls.clone().filter(|_| *protection == Protection::Tls);
        let tcp = TcpStream::connect((host.as_str(), *port)).await;
        let tcp = tcp.map_err(|error| Error::of(WhyUntold::Away, error.to_string()))?;
        let connected =
            async { AsyncSmtpConnection::connect_with_transport(stream::over(tcp, at_once).await?, &self.name).await };
        let mut connection = connected.await.map_err(|error| Error::read(&error, AT_THE_DOOR))?;
        if *protection == Protection::StartTls {
            let Some(tls) = self.tls.clone().filter(|_| connection.can_starttls()) else {
                return Err(Error::of(WhyUntold::NoTls, "the server does not offer STARTTLS"));
            };
            connection.starttls(tls, &self.name).await.map_err(|error| Error::read(&error, STARTING_TLS))?;
        }
        let Some((name, password)) = login else { return Ok(connection) };
        let mechanisms = [Mechanism::Plain, Mechanism::Login];
        if connection.server_info().get_auth_mechanism(&mechanisms).is_none() {
            return Err(Error::of(WhyUntold::NoLogin, "the server takes no name and password (PLAIN or LOGIN)"));
        }
        let credentials = Credentials::new(name.clone(), password.expose_secret().to_owned());
        let signed_in = connection.auth(&mechanisms, &credentials).await;
        signed_in.map_err(|error| Error::read(&error, SIGNING_IN))?;
        Ok(connection)
    }
}

/// Hands a message in; once this is done, it is the server's to deliver. It notes when the message itself is on its way.
async fn hand_in(
    connection: &mut AsyncSmtpConnection,
    message: &Written,
    is_underway: &AtomicBool,
) -> Result<(), Error> {
    let Written { envelope, bytes } = message;
    let mut options = Vec::new();
    if !envelope.to().iter().all(|to| to.to_string().is_ascii()) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(Error::of(WhyUntold::NoInternational, "the server does not offer SMTPUTF8"));
        }
        options.push(MailParameter::SmtpUtfEight);
    }
    let sender = connection.command(Mail::new(envelope.from().cloned(), options)).await;
    sender.map_err(|error| Error::read(&error, SENDER))?;
    for to in envelope.to() {
        let recipient = connection.command(Rcpt::new(to.clone(), Vec::new())).await;
        recipient.map_err(|error| Error::read(&error, RECIPIENT))?;
    }
    connection.command(Data).await.map_err(|error| Error::read(&error, MESSAGE))?;
    is_underway.store(true, Ordering::Relaxed);
    connection.message(bytes).await.map_err(|error| Error::read(&error, MESSAGE))?;
    Ok(())
}

fn silent() -> Error {
    Error::of(WhyUntold::Away, "the server does not answer in time")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lettre::transport::smtp::client::Certificate;
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
    use rustls::ServerConfig;
    use rustls::pki_types::PrivateKeyDer;
    use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufStream};
    use tokio::net::TcpListener;
    use tokio_rustls::TlsAcceptor;

    use super::*;
    use crate::model::Address;

    async fn listens() -> (TcpListener, u16) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        (listener, port)
    }

    fn line(host: &str, port: u16, protection: Protection, within: Duration) -> Line {
        let from = Address::parse("it@example.se").unwrap();
        let relay = Relay { host: host.to_owned(), port, protection, login: None, from };
        Line { within, ..Line::new(&relay).unwrap() }
    }

    /// What comes of a server that says this first and nothing more.
    async fn probe(says: &'static [u8], protection: Protection) -> WhyUntold {
        let (listener, port) = listens().await;
        let server = tokio::spawn(async move {
            let (mut client, _) = listener.accept().await.unwrap();
            client.write_all(says).await.unwrap();
            std::future::pending::<()>().await;
        });
        let line = line("127.0.0.1", port, protection, Duration::from_millis(300));
        let why = line.probe().await.unwrap_err().why();
        server.abort();
        why
    }

    #[tokio::test]
    async fn what_is_no_mail_server_or_no_safe_one_is_told_from_one_that_is_silent() {
        let (clear, starts) = (Protection::Unencrypted, Protection::StartTls);
        assert_eq!(probe(b"", clear).await, WhyUntold::Away);
        assert_eq!(probe(b"220-half", clear).await, WhyUntold::Away);
        assert_eq!(probe(b"HTTP/1.1 400 Bad Request\r\n\r\n", clear).await, WhyUntold::NotSmtp);
        assert_eq!(probe(b"554 no service for you\r\n", clear).await, WhyUntold::Away);
        assert_eq!(probe(b"220 hello\r\n250 no extensions\r\n", starts).await, WhyUntold::NoTls);
        assert_eq!(probe(b"220 hello\r\n", Protection::Tls).await, WhyUntold::NoTls);
    }

    #[tokio::test]
    async fn a_line_without_an_end_is_not_read_to_it() {
        for protection in [Protection::StartTls, Protection::Unencrypted] {
            let (listener, port) = listens().await;
            let server = tokio::spawn(async move {
                let (mut client, _) = listener.accept().await.unwrap();
                client.write_all(b"220 ").await.unwrap();
                while client.write_all(&[b'a'; 4096]).await.is_ok() {}
            });
            let why = line("127.0.0.1", port, protection, WITHIN).probe().await.unwrap_err().why();
            assert_eq!(why, WhyUntold::NotSmtp);
            server.await.unwrap();
        }
    }

    /// A server's TLS, and the client's that trusts it.
    fn tls() -> (TlsAcceptor, TlsParameters) {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let trusted = Certificate::from_pem(authority.pem().as_bytes()).unwrap();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &authority).unwrap();
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key).unwrap();
        let client = TlsParameters::builder("localhost".to_owned()).add_root_certificate(trusted);
        (Arc::new(config).into(), client.build_rustls().unwrap())
    }

    /// Greets where it is to, and says this to each greeting, until somebody wants TLS.
    async fn talks<S: AsyncRead + AsyncWrite + Unpin>(stream: S, greets: bool, says: &[u8]) -> S {
        let mut stream = BufStream::new(stream);
        let mut command = String::new();
        stream.write_all(if greets { b"220 hello\r\n" } else { b"" }).await.unwrap();
        loop {
            stream.flush().await.unwrap();
            command.clear();
            let read = stream.read_line(&mut command).await.unwrap_or_default();
            stream.write_all(if command.starts_with("EHLO") { says } else { b"220 go on\r\n" }).await.unwrap();
            if read == 0 || command.starts_with("STARTTLS") {
                stream.flush().await.unwrap();
                return stream.into_inner();
            }
        }
    }

    #[tokio::test]
    async fn tls_stands_from_the_first_byte_or_once_it_is_started() {
        let endless = [b"250 ".to_vec(), vec![b'a'; 80 * 1024]].concat();
        for protection in [Protection::Tls, Protection::StartTls] {
            for (says, why) in [(b"250 no extensions\r\n".to_vec(), None), (endless.clone(), Some(WhyUntold::NotSmtp))]
            {
                let ((acceptor, trusts), (listener, port)) = (tls(), listens().await);
                let server = tokio::spawn(async move {
                    let (mut client, _) = listener.accept().await.unwrap();
                    if protection == Protection::StartTls {
                        client = talks(client, true, b"250 STARTTLS\r\n").await;
                    }
                    talks(acceptor.accept(client).await.unwrap(), protection == Protection::Tls, &says).await;
                });
                let line = Line { tls: Some(trusts), ..line("localhost", port, protection, WITHIN) };
                assert_eq!(line.probe().await.err().map(|error| error.why()), why, "{protection:?}");
                server.abort();
            }
        }
    }
}
