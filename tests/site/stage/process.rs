//! The built program as a process of its own, over the database of a panel on the stage.

use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response};
use http_body_util::BodyExt;
use nyckel::server::Service;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::NamedTempFile;
use tokio::net::TcpStream;
use tower::util::BoxCloneSyncService;

use super::Panel;

/// `nyckel serve`, until it is dropped.
pub struct Process {
    child: Child,
    /// What it has logged.
    log: NamedTempFile,
}

impl Panel {
    /// The same panel, but everything that people ask of it is answered by a process of its own, which has these settings
    /// beside the panel's. What is in this process serves to look at the database.
    pub async fn in_a_process(&self, settings: &[(&str, &str)]) -> (Self, Process) {
        // Freed at once; nobody on this machine is quick enough to take just this one.
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_nyckel"));
        command.arg("serve").env_clear().envs(self.vars.iter().cloned());
        command.env("NYCKEL_LISTEN", address.to_string()).envs(settings.iter().copied());
        let log = NamedTempFile::new().unwrap();
        let written = log.reopen().unwrap();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(written).spawn().unwrap();
        let mut process = Process { child, log };
        for _ in 0..2000 {
            assert!(process.child.try_wait().unwrap().is_none(), "the program ended at once");
            if TcpStream::connect(address).await.is_ok() {
                return (Self { service: led_to(address), ..self.clone() }, process);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("the program does not listen");
    }
}

impl Panel {
    /// Runs a command of the program to its end: its exit code, and what it said.
    pub async fn runs(&self, command: &str) -> (Option<i32>, String) {
        runs(command, &self.vars).await
    }
}

/// Runs a command of the program with these settings to its end: its exit code, and what it said.
pub async fn runs(command: &str, vars: &[(String, String)]) -> (Option<i32>, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_nyckel"));
    // Several stories may start the panel at once.
    program.env_clear().env("NYCKEL_LISTEN", "127.0.0.1:0").envs(vars.iter().cloned());
    program.args(command.split(' ')).stdin(Stdio::null());
    let ended = tokio::task::spawn_blocking(move || program.output().unwrap()).await.unwrap();
    let said = [ended.stdout, ended.stderr].concat();
    (ended.status.code(), String::from_utf8_lossy(&said).into_owned())
}

impl Process {
    pub fn is_sent(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log.path()).unwrap()
    }

    /// Waits until it has logged that.
    #[track_caller]
    pub fn says(&self, what: &'static str) -> impl Future<Output = ()> {
        let place = std::panic::Location::caller();
        async move {
            for _ in 0..2000 {
                if self.log().contains(what) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            panic!("{place}: it never says {what}, but {}", self.log());
        }
    }

    /// Waits until it has ended.
    pub async fn ends(&mut self) -> ExitStatus {
        for _ in 0..2000 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("it does not end: {}", self.log());
    }

    /// The most memory that the process ever had, in KiB.
    pub fn most_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Leads every request to whoever listens there.
fn led_to(address: SocketAddr) -> Service {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    BoxCloneSyncService::new(tower::service_fn(move |request: Request<Body>| {
        let client = client.clone();
        async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            let call = client.request(parts.method, format!("http://{address}{}", parts.uri));
            let mut heard = call.headers(parts.headers).body(body).send().await.unwrap();
            let (status, headers) = (heard.status(), std::mem::take(heard.headers_mut()));
            let mut answer = Response::new(Body::from(heard.bytes().await.unwrap()));
            *answer.status_mut() = status;
            *answer.headers_mut() = headers;
            Ok(answer)
        }
    }))
}
