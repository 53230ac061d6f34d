//! A disk that is full, locked by another program, or broken (promise 5): reading goes on, resets are refused before
//! anything is sent, `/readyz` says why, and the panel recovers without a restart.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nyckel::model::Clock;
use nyckel::simulator::{Fault, Times};
use sqlx::Connection;

use super::memory::Memory;
use super::people::Person;
use super::rng::Rng;
use super::rounds::reads;
use super::run::{Told, say};
use super::stage::{On, Plan, RESET, Stage};
use super::verdict;

/// A small disk in memory, which goes with this value.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mounts() -> Option<Self> {
        let at = tempfile::tempdir().unwrap().keep();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=6m,mode=0700", "tmpfs"]).arg(&at).stderr(Stdio::null());
        let mounted = mount.status().is_ok_and(|status| status.success());
        if !mounted {
            std::fs::remove_dir(&at).unwrap();
        }
        mounted.then_some(Self(at))
    }

    /// Takes all the room there is.
    fn fills(&self) {
        let zeros = vec![0_u8; 64 * 1024 * 1024];
        assert!(std::fs::write(self.0.join("ballast"), zeros).is_err(), "it has room for everything");
    }

    fn has_room(&self) {
        std::fs::remove_file(self.0.join("ballast")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the panel may still be ending.
        drop(Command::new("umount").arg("--lazy").arg(&self.0).status());
        drop(std::fs::remove_dir(&self.0));
    }
}

/// Every system call by which the panel writes to the disk fails with this error, as long as the value lives.
struct Broken(Child);

impl Broken {
    fn with(pid: u32, error: &str) -> Option<Self> {
        let inject = format!("inject=pwrite64,fdatasync,ftruncate:error={error}");
        let mut strace = Command::new("strace");
        strace.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64,fdatasync,ftruncate", "-e", &inject, "-p"]);
        let mut child = strace.arg(pid.to_string()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
        std::thread::sleep(Duration::from_millis(700));
        child.try_wait().unwrap().is_none().then_some(Self(child))
    }
}

impl Drop for Broken {
    fn drop(&mut self) {
        // Asked to end, it lets go of the panel; killed, it might leave threads stopped.
        drop(Command::new("kill").arg(self.0.id().to_string()).status());
        drop(self.0.wait());
    }
}

/// `None` where nobody may mount.
pub async fn fails(mut rng: Rng) -> Option<Told> {
    let disk = SmallDisk::mounts()?;
    let data = Some(disk.0.join("data"));
    let plan = Plan { accounts: 60, people: 1, log: "info", on: On::File, data };
    let stage = Stage::sets(plan, &mut rng).await.unwrap();
    let eva = stage.people[0].clone();
    let mut ways = vec!["full", "locked"];

    disk.fills();
    is_refused(&stage, &eva, 0, "the disk of the database is full").await;
    disk.has_room();
    recovers(&stage, &eva, 1).await;

    let lock = stage.database.locks().await;
    is_refused(&stage, &eva, 2, "another program keeps the database locked").await;
    lock.close().await.unwrap();
    recovers(&stage, &eva, 3).await;

    for (n, (error, told)) in
        [("EIO", "the disk of the database fails"), ("ENOSPC", "is full"), ("EROFS", "nothing can be recorded")]
            .iter()
            .enumerate()
    {
        let Some(broken) = Broken::with(stage.panels[0].pid(), error) else {
            say("left out: strace is not there or may not look on");
            break;
        };
        is_refused(&stage, &eva, 10 + 2 * n, told).await;
        drop(broken);
        recovers(&stage, &eva, 11 + 2 * n).await;
        ways.push(error);
    }
    if ways.contains(&"EIO") {
        breaks_in_flight(&stage, &eva).await;
        ways.push("EIO with a reset in flight");
    }
    let operations = verdict::judge(&stage, &Memory::default(), Clock::system().now()).await.operations.len();
    Some(Told {
        promise: "5",
        what: "the database's disk: full (tmpfs), locked by another process, and writes failing (strace)",
        count: format!("{} ways ({}), {operations} operations", ways.len(), ways.join(", ")),
        result: "reading goes on; refused with 0 calls; /readyz says why; recovers without a restart".to_owned(),
    })
}

/// Reading goes on, a reset is refused and not sent, and the probe says why.
async fn is_refused(stage: &Stage, eva: &Person, n: usize, why: &str) {
    let address = &stage.addresses[n];
    let mut refused = None;
    // Some room may be left in the log of the database: then a reset is recorded, and as good as any.
    for address in stage.addresses.iter().skip(20) {
        let form = eva.opens_reset(0, address).await.unwrap();
        let Ok(form) = form else { continue };
        let before = stage.truth(address);
        let answer = eva.posts(0, &form).await.unwrap();
        if answer.status != 303 {
            assert_eq!(stage.truth(address), before, "refused and sent all the same");
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("nothing was refused");
    assert_eq!(refused.status, 503, "{}", refused.body);
    assert!(refused.body.contains("can’t save anything at the moment"), "{}", refused.body);
    let domain = address.split_once('@').unwrap().1;
    for path in ["/", &format!("/domains/{domain}"), &format!("/accounts/{address}")] {
        let page = eva.visits(0, path).await.unwrap();
        assert_eq!(page.status, 200, "{path}: {}", page.body);
    }
    assert_eq!(eva.signed_out().visits(0, "/sign-in").await.unwrap().status, 200);
    let probe = until(eva, |answer| answer.0 == 503).await;
    assert!(probe.1.contains(why), "{}", probe.1);
}

async fn recovers(stage: &Stage, eva: &Person, n: usize) {
    until(eva, |answer| answer.0 == 200).await;
    let address = &stage.addresses[n];
    let form = eva.opens_reset(0, address).await.unwrap().unwrap_or_else(|page| panic!("{}", page.body));
    let answer = eva.posts(0, &form).await.unwrap();
    assert_eq!(answer.status, 303, "{}", answer.body);
    let shown = eva.reads(0, &answer.location).await.unwrap().password();
    assert_eq!(shown, stage.truth(address).1);
    assert!(shown.is_some());
}

/// The disk breaks while GleSYS is at work, and again while the result is looked at; each time it is mended before it is
/// too late.
async fn breaks_in_flight(stage: &Stage, eva: &Person) {
    let (address, memory) = (&stage.addresses[18], Memory::default());
    stage.glesys.fault(RESET, Fault::Slow(Duration::from_secs(3)), Times::Once);
    let form = eva.opens_reset(0, address).await.unwrap().unwrap_or_else(|page| panic!("{}", page.body));
    let answer = eva.posts(0, &form).await.unwrap();
    let broken = Broken::with(stage.panels[0].pid(), "EIO");
    tokio::time::sleep(Duration::from_secs(4)).await;
    let page = eva.visits(0, &answer.location).await.unwrap();
    assert!(page.password().is_none(), "shown without a record");
    drop(broken);
    // Recorded late, but recorded: a look that uses nothing up tells when.
    let header = ("sec-purpose", "prefetch");
    while eva.fetches(0, "GET", &answer.location, header).await.unwrap().refreshes {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let broken = Broken::with(stage.panels[0].pid(), "EIO");
    let page = eva.visits(0, &answer.location).await.unwrap();
    assert!(page.password().is_none() && page.status == 200, "shown without a record: {page:#?}");
    assert!(page.body.contains("couldn’t log it"), "{}", page.body);
    drop(broken);
    until(eva, |answer| answer.0 == 200).await;
    let page = reads(eva, &answer.location, &memory).await.unwrap();
    assert!(page.password().is_some(), "{}", page.body);
    verdict::judge(stage, &memory, Clock::system().now()).await.judge_shown(&memory.shown());
}

async fn until(eva: &Person, is_so: impl Fn(&(u16, String)) -> bool) -> (u16, String) {
    let begun = Instant::now();
    loop {
        let answer = eva.visits(0, "/readyz").await.unwrap();
        let answer = (answer.status, answer.body);
        if is_so(&answer) {
            return answer;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "still {answer:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
