//! Why a file can't be read, or a folder not used: whose it is, and as whom the panel runs, since that is what has to fit.

use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::{Access, access};
use rustix::process::{getegid, geteuid};

/// What to say of a file that can't be read.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> String {
    let what = format!("{} can't be read", path.display());
    match closed(path, Access::READ_OK).filter(|_| error.kind() == ErrorKind::PermissionDenied) {
        Some(why) => format!("{what}: {why}"),
        None => format!("{what}: {error}"),
    }
}

/// What to say of a folder that can't be made.
pub(super) fn unmakable(dir: &Path, error: &io::Error) -> String {
    let what = format!("{} can't be made", dir.display());
    match closed(dir, Access::WRITE_OK | Access::EXEC_OK).filter(|_| error.kind() == ErrorKind::PermissionDenied) {
        Some(why) => format!("{what}: {why}"),
        None => format!("{what}: {error}"),
    }
}

/// What keeps the panel from using a folder of its own, if it is the folder's owner or mode.
pub(super) fn closed_dir(dir: &Path) -> Option<String> {
    let why = closed(dir, Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK)?;
    Some(format!("{} can't be used: {why}", dir.display()))
}

/// The first folder on the way that does not let the panel through, or else what lies at its end, as far as there is something.
fn closed(path: &Path, wanted: Access) -> Option<String> {
    let mut way: Vec<&Path> = path.ancestors().filter(|part| *part != Path::new("")).collect();
    way.reverse();
    let there: Vec<_> = way.into_iter().map_while(|part| Some((part, fs::metadata(part).ok()?))).collect();
    let is_shut = |part: &Path, wanted| access(part, wanted).is_err();
    let folder = there.iter().find(|(part, about)| about.is_dir() && is_shut(part, Access::EXEC_OK));
    let (part, about) = folder.or_else(|| there.last().filter(|(part, _)| is_shut(part, wanted)))?;
    Some(format!(
        "{} belongs to user {}, group {}, with mode {:04o}, and the panel runs as user {}, group {}",
        part.display(),
        about.uid(),
        about.gid(),
        about.mode() & 0o7777,
        geteuid().as_raw(),
        getegid().as_raw()
    ))
}
