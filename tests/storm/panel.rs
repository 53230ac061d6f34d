//! The program itself, as a process of its own that can be killed and started again over the same data.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

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
        let mut command = Command::new(PROGRAM);
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

    /// What `nyckel audit verify` says; `Err` when it finds a fault.
    pub fn verifies(&self) -> Result<String, String> {
        let output = self.command(&["audit", "verify"]).output().unwrap();
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if output.status.success() {
            Ok(said(&output.stdout))
        } else {
            Err(said(&output.stderr) + &said(&output.stdout))
        }
    }
}

/// A running panel.
pub struct Panel {
    settings: Settings,
    pub port: u16,
    log: PathBuf,
    child: Child,
}

impl Panel {
    /// Starts one and waits until it is ready. Its log is added to the file.
    pub fn starts(settings: &Settings, port: u16, log: &Path) -> Self {
        let mut this =
            Self { settings: settings.clone(), port, log: log.to_owned(), child: spawn(settings, port, log) };
        this.waits_until_ready();
        this
    }

    /// Starts again what ended.
    pub fn starts_again(&mut self) {
        self.child = spawn(&self.settings, self.port, &self.log);
        self.waits_until_ready();
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL, and no word more.
    pub fn is_killed(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and how it ended; waits a minute at most.
    pub fn is_asked_to_stop(&mut self) -> ExitStatus {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
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

    fn waits_until_ready(&mut self) {
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self.child.try_wait().unwrap();
            let late = begun.elapsed() > Duration::from_secs(30);
            assert!(ended.is_none() && !late, "the panel does not start: {ended:?}; see {}", self.log.display());
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Panel {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn spawn(settings: &Settings, port: u16, log: &Path) -> Child {
    let log: File = OpenOptions::new().create(true).append(true).open(log).unwrap();
    let settings = settings.clone().with("NYCKEL_LISTEN", &format!("127.0.0.1:{port}"));
    settings.command(&["serve"]).stdout(Stdio::null()).stderr(log).spawn().unwrap()
}

/// A port that nobody listens on just now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
