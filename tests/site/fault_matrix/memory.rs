//! What huge answers take: the panel reads no further than it must, so that its memory stays what it was.

use nyckel::simulator::{Fault, Times};

use super::{RESET, address_of, stage};

/// Far more than an answer may have.
const HUGE: u64 = 300_000_000;
/// What any two resets may differ by, in KiB.
const ROOM: u64 = 12 * 1024;

#[tokio::test]
async fn fault_matrix_memory() {
    let panel = stage(6).in_real_time().opens().await;
    let eva = panel.operator("eva").await;
    let (served, process) = panel.in_a_process(&[]).await;
    let eva = eva.at(&served);
    for number in 0..2 {
        assert!(eva.resets(&address_of(number)).await.password().is_some());
    }
    let before = process.most_memory();
    for (number, fault) in [(2, Fault::Huge(HUGE)), (3, Fault::GzipBomb(HUGE)), (4, Fault::Huge(HUGE))] {
        panel.glesys.fault(RESET, fault, Times::Once);
        let page = eva.resets(&address_of(number)).await;
        page.must_say(200, &["We don’t know if the password was reset:"]);
        // A read in between, or the third failure would leave GleSYS alone.
        assert!(eva.resets(&address_of(number % 2)).await.password().is_some());
    }
    let after = process.most_memory();
    assert!(after < before + ROOM, "{before} KiB at most before, {after} after");
}
