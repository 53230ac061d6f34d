//! Hostile clients of every slow kind (promises 27 and 39), all at once. Somebody who is signed in goes on looking at pages
//! and resetting passwords, and the panel stays ready. They come to the panel, or to the owners' door.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use super::hostile::{SHAPES, Target};
use super::panel::{Panel, free_port};
use super::people::Person;
use super::rng::Rng;
use super::run::Told;
use super::stage::{On, Plan, Stage};

/// How long those who read nothing are borne, and a little.
const BORNE: Duration = Duration::from_secs(42);
/// For how long people are looked at meanwhile: all who are borne that long are there.
const LOOKED_AT: Duration = Duration::from_secs(25);
/// From so many on it is the full size, and the figures are judged.
const LARGE: u64 = 1000;

/// How it went for who means well, in milliseconds.
#[derive(Default)]
struct Figures {
    pages: Vec<u128>,
    resets: Vec<u128>,
}

/// Where they come to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Panel,
    Replicas,
    OwnersDoor,
}

/// `None` where PostgreSQL is wanted and there is none.
pub async fn come(clients: u64, to: Place, mut rng: Rng) -> Option<Told> {
    let on = On::replicated(to == Place::Replicas);
    let plan = Plan { accounts: 200, people: 1, log: "info", on, data: None };
    let mut stage = Stage::sets(plan, &mut rng).await?;
    let door = if to == Place::OwnersDoor { Some(opens_a_door(&mut stage)) } else { None };
    let (panel, eva) = (&stage.panels[0], &stage.people[0]);
    let ports = door.map_or_else(|| stage.panels.iter().map(|panel| panel.port).collect(), |door| vec![door]);
    let form = if door.is_some() { "/hand-over/AAAA" } else { "/sign-in" };
    let target = Target { ports, sheet: sheet(eva).await, form };
    // Signing in has taken memory that goes back.
    sleep(Duration::from_secs(7)).await;
    let (memory, descriptors) = panel.size();
    let mut proxy = TcpStream::connect(("127.0.0.1", panel.port)).await.unwrap();
    asks_on(&mut proxy).await;
    let begun = Instant::now();
    let mut hostile = JoinSet::new();
    for number in 0..clients {
        let (target, shape) = (target.clone(), SHAPES[usize::try_from(number).unwrap() % SHAPES.len()]);
        hostile.spawn(async move {
            // Who is sent away early comes again.
            loop {
                let (stream, ended) = shape.behaves(&target, number, begun + BORNE).await;
                if !ended || begun.elapsed() > LOOKED_AT {
                    return stream;
                }
            }
        });
    }
    let (figures, crowded) = tokio::join!(goes_on(eva, &stage, begun + LOOKED_AT), async {
        sleep_until(begun + Duration::from_secs(8)).await;
        panel.size()
    });
    sleep_until(begun + BORNE).await;
    // A proxy uses a connection again after a pause.
    asks_on(&mut proxy).await;
    let held = hostile.join_all().await;
    let (_, left) = panel.size();
    assert!(left < descriptors + 20, "{left} descriptors are open, {descriptors} before: somebody is borne for ever");
    drop(held);
    if clients >= LARGE {
        // What was taken for them goes back.
        sleep(Duration::from_secs(15)).await;
    }
    let (after, _) = panel.size();
    let on = match to {
        Place::Panel => "one process over SQLite",
        Place::Replicas => "two replicas over PostgreSQL",
        Place::OwnersDoor => "all at the owners' door of one process over SQLite",
    };
    Some(told((clients, on), &figures, [memory, crowded.0, after], crowded.1.saturating_sub(descriptors)))
}

/// The panel starts again, with a door for owners on this port.
fn opens_a_door(stage: &mut Stage) -> u16 {
    let (door, port) = (free_port(), stage.panels[0].port);
    assert!(stage.panels[0].is_asked_to_stop().success());
    let settings = stage.settings.clone().with("NYCKEL_PUBLIC_LISTEN", &format!("127.0.0.1:{door}"));
    let settings = settings.with("NYCKEL_OWNERS_URL", &format!("http://127.0.0.1:{door}"));
    stage.panels[0] = Panel::starts(&settings, port, &stage.dir.path().join("log"));
    door
}

/// Looks at pages, resets a password and asks whether the panel is ready, over and over.
async fn goes_on(eva: &Person, stage: &Stage, until: Instant) -> Figures {
    let mut figures = Figures::default();
    let addresses = stage.addresses.iter().cycle().take_while(|_| Instant::now() < until);
    for (turn, address) in addresses.enumerate() {
        let at = turn % stage.panels.len();
        for path in ["/readyz", "/", &format!("/accounts/{address}"), "/audit"] {
            let begun = Instant::now();
            let page = eva.visits(at, path).await.unwrap();
            figures.pages.push(begun.elapsed().as_millis());
            let is_right = page.status == 200 || path == "/audit" && page.status == 403;
            assert!(is_right, "{path}: {} {}", page.status, page.body);
        }
        let form = eva.opens_reset(at, address).await.unwrap();
        let form = form.unwrap_or_else(|page| panic!("{}", page.body));
        let begun = Instant::now();
        let answer = eva.posts(at, &form).await.unwrap();
        let page = eva.reads(at, &answer.location).await.unwrap();
        figures.resets.push(begun.elapsed().as_millis());
        assert!(page.password().is_some(), "{}", page.body);
        sleep(Duration::from_millis(50)).await;
    }
    figures
}

/// Asks something on a connection that is kept.
async fn asks_on(stream: &mut TcpStream) {
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"live\n") {
        assert_ne!(stream.read_buf(&mut answer).await.unwrap(), 0, "the connection was not kept");
    }
}

/// The path of the style sheet.
async fn sheet(eva: &Person) -> String {
    let page = eva.signed_out().visits(0, "/sign-in").await.unwrap().body;
    let at = page.find("/static/").unwrap();
    let path = page[at..].split('"').next().unwrap();
    assert_eq!(path.rsplit('.').next(), Some("css"), "{path}");
    path.to_owned()
}

fn told((clients, on): (u64, &str), figures: &Figures, memory: [u64; 3], open: usize) -> Told {
    let of = |values: &[u128], hundredths: usize| {
        let mut values = values.to_vec();
        values.sort_unstable();
        values[(values.len() - 1) * hundredths / 100]
    };
    let (page, reset) = (of(&figures.pages, 99), of(&figures.resets, 50));
    if clients >= LARGE {
        assert!(page < 250 && reset < 300, "pages take {page} ms (p99), resets {reset} ms (median)");
    }
    let [before, crowded, after] = memory;
    let a_thousand = crowded.saturating_sub(before) * 1000 / u64::try_from(open.max(1)).unwrap();
    Told {
        promise: "27, 39",
        what: "clients from 200 networks that say nothing, half a request or a byte every 5 s, ask and read nothing or a \
               byte every 5 s, guess passwords or post what is refused; somebody signed in meanwhile",
        count: format!("{clients} at a time, {} kinds, {on}", SHAPES.len()),
        result: format!(
            "all cut off; {} pages at p99 {page} ms, {} resets at a median of {reset} ms, ready all the time; {open} \
             connections open, resident {} MiB before, {} meanwhile ({} MiB a thousand), {} after",
            figures.pages.len(),
            figures.resets.len(),
            before / 1024,
            crowded / 1024,
            a_thousand / 1024,
            after / 1024
        ),
    }
}
