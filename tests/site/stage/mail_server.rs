//! A mail server on a loopback port, which a story can make misbehave. It speaks as much SMTP as the panel does.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::glesys::bind_again;

pub const MAIL_PASSWORD: &str = "the panel's password at the mail server";

/// A message that it has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub from: String,
    pub to: String,
    /// As it came.
    pub raw: String,
}

impl Taken {
    /// What a mail program shows of it: quoted-printable, read.
    pub fn text(&self) -> String {
        let (_, body) = self.raw.split_once("\r\n\r\n").unwrap();
        let (mut bytes, body) = (Vec::new(), body.replace("=\r\n", ""));
        let mut rest = body.as_bytes();
        while let Some((&byte, after)) = rest.split_first() {
            let coded = (byte == b'=').then(|| u8::from_str_radix(str::from_utf8(&after[..2]).unwrap(), 16).unwrap());
            bytes.push(coded.unwrap_or(byte));
            rest = if coded.is_some() { &after[2..] } else { after };
        }
        String::from_utf8(bytes).unwrap()
    }

    pub fn id(&self) -> &str {
        self.raw.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap()
    }
}

#[derive(Default)]
struct Mind {
    taken: Vec<Taken>,
    password: String,
    /// How often somebody wanted to sign in.
    sign_ins: usize,
    /// What it answers to commands that begin like this, in place of yes.
    answers: Vec<(String, String)>,
    /// Whether it takes a message and then ends without a word.
    is_mute: bool,
}

/// The mail server.
pub struct MailServer {
    mind: Arc<Mutex<Mind>>,
    address: SocketAddr,
    serving: Mutex<Option<JoinHandle<()>>>,
}

impl MailServer {
    pub async fn begins() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let mind = Mind { password: MAIL_PASSWORD.to_owned(), ..Mind::default() };
        let this = Self { mind: Arc::new(Mutex::new(mind)), address, serving: Mutex::default() };
        this.serves(listener);
        this
    }

    pub fn settings(&self) -> [(&'static str, String); 4] {
        [
            ("NYCKEL_SMTP", format!("{}/unencrypted", self.address)),
            ("NYCKEL_SMTP_USER", "nyckel".to_owned()),
            ("NYCKEL_SMTP_PASSWORD", MAIL_PASSWORD.to_owned()),
            ("NYCKEL_SMTP_FROM", "it@example.se".to_owned()),
        ]
    }

    /// What it has taken so far.
    pub fn taken(&self) -> Vec<Taken> {
        self.mind.lock().unwrap().taken.clone()
    }

    pub fn sign_ins(&self) -> usize {
        self.mind.lock().unwrap().sign_ins
    }

    pub fn changes_the_password(&self, password: &str) {
        self.mind.lock().unwrap().password = password.to_owned();
    }

    /// Answers like this to commands that begin so.
    pub fn answers(&self, command: &str, answer: &str) {
        self.mind.lock().unwrap().answers.push((command.to_owned(), answer.to_owned()));
    }

    /// Does as it should again.
    pub fn behaves(&self) {
        let mut mind = self.mind.lock().unwrap();
        (mind.answers, mind.is_mute) = (Vec::new(), false);
    }

    /// Takes messages and does not say so.
    pub fn falls_mute(&self) {
        self.mind.lock().unwrap().is_mute = true;
    }

    pub async fn goes_away(&self) {
        let serving = self.serving.lock().unwrap().take();
        if let Some(serving) = serving {
            serving.abort();
            let _ = serving.await;
        }
    }

    pub async fn comes_back(&self) {
        self.serves(bind_again(self.address).await);
    }

    fn serves(&self, listener: TcpListener) {
        let mind = self.mind.clone();
        let serving = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(talks(client, mind.clone()));
            }
        });
        *self.serving.lock().unwrap() = Some(serving);
    }
}

async fn talks(mut client: TcpStream, mind: Arc<Mutex<Mind>>) -> std::io::Result<()> {
    let (read, mut write) = client.split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 mail.example.se ready\r\n").await?;
    let (mut from, mut to) = (String::new(), String::new());
    while let Some(line) = lines.next_line().await? {
        let answer = answer(&mind, &line);
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
        let path = || line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        match line.split([':', ' ']).next() {
            Some("MAIL") => from = path(),
            Some("RCPT") => to = path(),
            Some("DATA") if answer.starts_with("354") => {
                let mut raw = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    raw += line.strip_prefix('.').unwrap_or(&line);
                    raw += "\r\n";
                }
                let is_mute = {
                    let mut mind = mind.lock().unwrap();
                    mind.taken.push(Taken { from: from.clone(), to: to.clone(), raw });
                    mind.is_mute
                };
                if is_mute {
                    return Ok(());
                }
                write.write_all(b"250 2.0.0 taken\r\n").await?;
            }
            Some("QUIT") => return Ok(()),
            _ => {}
        }
    }
    Ok(())
}

fn answer(mind: &Mutex<Mind>, line: &str) -> String {
    let mut mind = mind.lock().unwrap();
    if let Some((_, answer)) = mind.answers.iter().find(|(command, _)| line.starts_with(command)) {
        return answer.clone();
    }
    if let Some(said) = line.strip_prefix("AUTH PLAIN ") {
        mind.sign_ins += 1;
        let right = STANDARD.encode(format!("\0nyckel\0{}", mind.password));
        return if said == right { "235 2.7.0 welcome" } else { "535 5.7.8 wrong name or password" }.to_owned();
    }
    match line.split([':', ' ']).next() {
        Some("EHLO") => "250-mail.example.se\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN",
        Some("DATA") => "354 go on",
        Some("QUIT") => "221 goodbye",
        _ => "250 2.1.0 yes",
    }
    .to_owned()
}
