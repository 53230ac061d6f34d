//! A mail server that takes messages to mailboxes: most of the time. It also refuses, is slow, falls mute when it has taken
//! one, and is gone for a while.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::panel::free_port;
use super::rng::Rng;

/// The panel's password there.
pub const MAIL_PASSWORD: &str = "a-canary-sends-mail";
/// How long it is gone for.
const GONE_FOR: Duration = Duration::from_millis(300);

/// A message that it has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub to: String,
    /// As it came.
    pub raw: String,
}

impl Taken {
    /// The operation that it is about, by its Message-ID. There is one of these.
    pub fn operation(&self) -> &str {
        let mut ids = self.raw.lines().filter_map(|line| line.strip_prefix("Message-ID: <"));
        let (id, none) = (ids.next().unwrap(), ids.next());
        assert_eq!(none, None, "two Message-IDs: {}", self.raw);
        id.split('@').next().unwrap()
    }

    /// All that can be read in it but for its Message-ID: as it came, and as a mail program shows it.
    pub fn text(&self) -> String {
        let heads = self.raw.lines().filter(|line| !line.starts_with("Message-ID: ")).collect::<Vec<_>>().join("\n");
        let (mut bytes, soft) = (Vec::new(), self.raw.replace("=\r\n", ""));
        let mut rest = soft.split_once("\r\n\r\n").unwrap().1.as_bytes();
        while let Some((&byte, after)) = rest.split_first() {
            let digits =
                (byte == b'=').then(|| after.get(..2).and_then(|digits| str::from_utf8(digits).ok())).flatten();
            let coded = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
            bytes.push(coded.unwrap_or(byte));
            rest = if coded.is_some() { &after[2..] } else { after };
        }
        format!("{heads}\n{}", String::from_utf8_lossy(&bytes))
    }
}

/// How it treats whoever connects.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mood {
    Good,
    Slow,
    /// Has no time for this mailbox.
    Defers,
    /// Takes nothing from us.
    RefusesSender,
    RefusesLogin,
    /// Takes a message and does not say so.
    Mute,
    /// Hangs up, and listens no more for a while.
    Gone,
}

struct Mind {
    taken: Vec<Taken>,
    /// `None`: it does as it should.
    moods: Option<Rng>,
}

impl Mind {
    fn mood(&mut self) -> Mood {
        match self.moods.as_mut().map_or(u64::MAX, |rng| rng.between(0, 100)) {
            0..=9 => Mood::Slow,
            10..=19 => Mood::Defers,
            20..=29 => Mood::Mute,
            30..=31 => Mood::RefusesSender,
            32..=33 => Mood::RefusesLogin,
            34..=36 => Mood::Gone,
            _ => Mood::Good,
        }
    }
}

/// The mail server. Clones are the same.
#[derive(Clone)]
pub struct MailServer {
    mind: Arc<Mutex<Mind>>,
    address: SocketAddr,
}

impl MailServer {
    pub async fn begins(rng: Rng) -> Self {
        // A port that nobody gets by chance while it is gone.
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let mind = Arc::new(Mutex::new(Mind { taken: Vec::new(), moods: Some(rng) }));
        let listener = TcpListener::bind(address).await.unwrap();
        tokio::spawn(serves(listener, address, mind.clone()));
        Self { mind, address }
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

    /// Does as it should from now on.
    pub fn behaves(&self) {
        self.mind.lock().unwrap().moods = None;
    }
}

async fn serves(mut listener: TcpListener, address: SocketAddr, mind: Arc<Mutex<Mind>>) {
    while let Ok((client, _)) = listener.accept().await {
        let mood = mind.lock().unwrap().mood();
        if mood == Mood::Gone {
            drop((client, listener));
            tokio::time::sleep(GONE_FOR).await;
            listener = TcpListener::bind(address).await.unwrap();
        } else {
            // Whoever hangs up meanwhile has sent nothing.
            tokio::spawn(talks(client, mood, mind.clone()));
        }
    }
}

async fn talks(mut client: TcpStream, mood: Mood, mind: Arc<Mutex<Mind>>) -> std::io::Result<()> {
    let (read, mut write) = client.split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 mail.example.se ready\r\n").await?;
    let mut to = String::new();
    while let Some(line) = lines.next_line().await? {
        if mood == Mood::Slow {
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
        let answer = answer(mood, &line);
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
        match line.split([':', ' ']).next() {
            Some("RCPT") => line.split(['<', '>']).nth(1).unwrap_or_default().clone_into(&mut to),
            Some("DATA") => {
                let mut raw = String::new();
                loop {
                    // One that ends before its end was not sent.
                    let Some(line) = lines.next_line().await? else { return Ok(()) };
                    if line == "." {
                        break;
                    }
                    raw += line.strip_prefix('.').unwrap_or(&line);
                    raw += "\r\n";
                }
                mind.lock().unwrap().taken.push(Taken { to: to.clone(), raw });
                if mood == Mood::Mute {
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

fn answer(mood: Mood, line: &str) -> &'static str {
    if let Some(said) = line.strip_prefix("AUTH PLAIN ") {
        let right = said == STANDARD.encode(format!("\0nyckel\0{MAIL_PASSWORD}"));
        return if right && mood != Mood::RefusesLogin {
            "235 2.7.0 welcome"
        } else {
            "535 5.7.8 wrong name or password"
        };
    }
    match line.split([':', ' ']).next() {
        Some("EHLO") => "250-mail.example.se\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN",
        Some("MAIL") if mood == Mood::RefusesSender => "550 5.7.1 not from you",
        Some("RCPT") if mood == Mood::Defers => "451 4.7.1 later",
        Some("DATA") => "354 go on",
        Some("QUIT") => "221 goodbye",
        _ => "250 2.1.0 yes",
    }
}
