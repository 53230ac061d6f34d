//! The program itself, as a process of its own that can be killed and started again over the same data.

use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, setrlimit};

use super::rng::Rng;

const PROGRAM: &str = env!("CARGO_BIN_EXE_nyckel");

/// What panel and command line are told; a replica is told the same but for where it listens.
#[derive(Clone)]
pub struct Settings(pub Vec<(String, String)>);

impl Settings {
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    fn command(&self, arguments: &[&str]) -> Command {
        // Where the storm itself is killed, the panel goes with it.
        let leash = Path::new("/usr/bin/setpriv");
        let mut command = if leash.exists() { Command::new(leash) } else { Command::new(PROGRAM) };
        if leash.exists() {
            command.args(["--pdeathsig", "KILL", PROGRAM]);
        }
        let settings = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        command.args(arguments).env_clear().envs(settings).stdin(Stdio::null());
        command
    }

    /// Adds somebody to the staff by the command line.
    pub fn hires(&self, name: &str, role: &str, password: &str) {
        let mut command = self.command(&["staff", "add", name, "--role", role, "--password-stdin"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
        assert!(child.wait().unwrap().success(), "{name} could not be hired");
    }

    /// Disables somebody by the command line.
    pub fn disables(&self, name: &str) {
        let status = self.command(&["staff", "disable", name]).stdout(Stdio::null()).status().unwrap();
        assert!(status.success(), "{name} could not be disabled");
    }

    /// What `nyckel audit verify` says; it must find nothing.
    pub fn verifies(&self) -> String {
        let (ended, said) = self.runs(&["audit", "verify"]);
        assert_eq!(ended, Some(0), "the audit does not verify: {said}");
        said
    }

    /// Runs a command to its end: its exit code, and what it said.
    pub fn runs(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.command(arguments).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&said).trim().to_owned())
    }
}

impl Settings {
    /// How many lines the whole audit has as CSV.
    pub fn exports_csv(&self) -> u64 {
        let mut child = self.command(&["audit", "export", "--format", "csv"]).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).split(b'\n').count();
        assert!(child.wait().unwrap().success(), "the audit could not be exported");
        lines.try_into().unwrap()
    }
}

/// Lifts what would keep a panel from dumping its memory, or this process from holding many sockets. Panels inherit it.
pub fn lifts_limits() {
    for resource in [Resource::Core, Resource::Nofile] {
        let maximum = getrlimit(resource).maximum;
        setrlimit(resource, Rlimit { current: maximum, maximum }).unwrap();
    }
}

/// A running panel.
pub struct Panel {
    settings: Settings,
    pub port: u16,
    log: PathBuf,
    child: Child,
    started: Instant,
}

impl Panel {
    /// Starts one and waits until it is ready. Its log is added to the file.
    pub fn starts(settings: &Settings, port: u16, log: &Path) -> Self {
        let (child, started) = (spawn(settings, port, log), Instant::now());
        let mut this = Self { settings: settings.clone(), port, log: log.to_owned(), child, started };
        this.waits_until_ready();
        this
    }

    /// Starts again what ended.
    pub fn starts_again(&mut self) {
        self.begins_again();
        self.waits_until_ready();
    }

    /// Starts again what ended, and does not wait until it is ready.
    pub fn begins_again(&mut self) {
        (self.child, self.started) = (spawn(&self.settings, self.port, &self.log), Instant::now());
    }

    /// For how long it has run, and so what it can know of the past.
    pub fn uptime(&self) -> Duration {
        self.started.elapsed()
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL, and no word more.
    pub fn is_killed(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGABRT: dies as a broken program does, which would leave its memory in a file if it were let.
    pub fn is_aborted(&mut self) {
        self.signal(Signal::ABORT);
        self.child.wait().unwrap();
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap(), signal).unwrap();
    }

    /// SIGTERM, and how it ended; waits a minute at most.
    pub fn is_asked_to_stop(&mut self) -> ExitStatus {
        self.signal(Signal::TERM);
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "it does not stop");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Memory in KiB, and how many descriptors are open.
    pub fn size(&self) -> (u64, usize) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        let resident = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        (resident, std::fs::read_dir(format!("/proc/{}/fd", self.pid())).unwrap().count())
    }

    /// Waits until it serves.
    pub fn waits_until_ready(&mut self) {
        let begun = Instant::now();
        loop {
            let answers = self.answers().is_ok_and(|answers| answers);
            // Asked after the answer, which could come from another storm's panel while ours finds its port taken.
            let ended = self.child.try_wait().unwrap();
            let late = begun.elapsed() > Duration::from_secs(30);
            assert!(ended.is_none() && !late, "the panel does not start: {ended:?}; see {}", self.log.display());
            if answers {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Panel {
    /// Whether it serves already; it listens a little earlier.
    fn answers(&self) -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer)?;
        Ok(&answer == b"HTTP/1.1 200")
    }
}

impl Drop for Panel {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A dump of its memory would lie beside the log.
fn spawn(settings: &Settings, port: u16, log_file: &Path) -> Child {
    let log: File = OpenOptions::new().create(true).append(true).open(log_file).unwrap();
    let settings = settings.clone().with("NYCKEL_LISTEN", &format!("127.0.0.1:{port}"));
    let folder = log_file.parent().unwrap();
    settings.command(&["serve"]).current_dir(folder).stdout(Stdio::null()).stderr(log).spawn().unwrap()
}

/// A port that nobody listens on just now, below those that the machine hands out: while a panel is down, no connection
/// of ours may come to sit on its port. Not by the storm's seed: two storms with the same one may run side by side.
pub fn free_port() -> u16 {
    let mut rng = Rng::new(RandomState::new().hash_one(()));
    loop {
        let port = u16::try_from(rng.between(12_000, 30_000)).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
