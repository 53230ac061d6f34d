//! The panel's secret key: given, or generated once in the data directory, together with the first database.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustix::fs::{Access, access};
use rustix::process::geteuid;
use zeroize::Zeroizing;

use super::closed::{closed_dir, unmakable, unreadable};
use super::reading::without_mark;
use super::settings::{DATABASE, Needs};
use crate::model::Entropy;

/// The key's file in the data directory.
pub const FILE: &str = "secret-key";
/// What the store notes beside it.
pub(super) const AUDIT_HEAD: &str = "audit-head";

/// Reads 32 bytes from base64.
pub(super) fn decode(text: &str) -> Result<Zeroizing<[u8; 32]>, &'static str> {
    let bytes = Zeroizing::new(STANDARD.decode(text.trim()).unwrap_or_default());
    let bytes: [u8; 32] = bytes[..].try_into().map_err(
        |_| "must be 32 bytes in base64; for a new database, make one with: head -c 32 /dev/urandom | base64",
    )?;
    if bytes.iter().all(|byte| *byte == bytes[0]) {
        return Err(
            "is one byte again and again, which anybody guesses; for a new database, make one with: head -c 32 /dev/urandom | \
             base64",
        );
    }
    Ok(Zeroizing::new(bytes))
}

/// Makes the data directory, readable by its owner only, or checks the one that is there.
pub(super) fn prepare_dir(dir: &Path) -> Result<(), String> {
    if !dir.exists() {
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(dir);
        return made.map_err(|error| unmakable(dir, &error));
    }
    let about = fs::metadata(dir).map_err(|error| unreadable(dir, &error))?;
    if !about.is_dir() {
        return Err(format!("{} is not a directory", dir.display()));
    }
    if about.mode() & 0o077 != 0 {
        let dir = dir.display();
        return Err(if about.uid() == geteuid().as_raw() {
            format!("others can open {dir}; run: chmod 700 {dir}")
        } else {
            format!(
                "others can open {dir}, which is not the panel's own; set NYCKEL_DATA_DIR to a folder inside it, such as \
                 {dir}/nyckel: the panel makes it for itself alone"
            )
        });
    }
    closed_dir(dir).map_or(Ok(()), Err)
}

/// What to say where a database is looked for and there is none.
pub(super) fn no_database(file: &Path) -> String {
    format!(
        "there is no database at {}; set it, or NYCKEL_DATABASE_URL, to where one is; nothing was made",
        file.display()
    )
}

/// Whether the data directory could be made.
pub(super) fn can_be_made(dir: &Path) -> Result<(), String> {
    let there = dir.ancestors().map(|dir| if dir == Path::new("") { Path::new(".") } else { dir });
    let found = there.filter(|dir| dir.exists()).map(|dir| access(dir, Access::WRITE_OK | Access::EXEC_OK)).next();
    found.unwrap_or(Ok(())).map_err(|error| unmakable(dir, &error.into()))
}

/// A secret key.
pub(super) struct SecretKey {
    pub bytes: Zeroizing<[u8; 32]>,
    /// Whether it was made just now and is kept nowhere yet.
    pub is_new: bool,
}

impl SecretKey {
    pub const fn given(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self { bytes, is_new: false }
    }
}

/// The key in the data directory; without one and without a database, a new one. It is kept when a database is made with it.
pub(super) fn own(dir: &Path, needs: Needs, entropy: &Entropy) -> Result<SecretKey, String> {
    let database = dir.join(DATABASE);
    if let Some(key) = read(dir, &database)? {
        return Ok(SecretKey::given(key));
    }
    if needs == Needs::DatabaseThere {
        return Err(no_database(&database));
    }
    Ok(SecretKey { bytes: Zeroizing::new(entropy.bytes::<32>()), is_new: true })
}

/// Reads the key's file in the data directory. There may be none where there is no `database` either.
fn read(dir: &Path, database: &Path) -> Result<Option<Zeroizing<[u8; 32]>>, String> {
    let path = dir.join(FILE);
    let say = |error: std::io::Error| can_not_be_used(&path, &error);
    let is_made = fs::metadata(database).is_ok_and(|about| about.len() > 0);
    if path.exists() {
        let mode = fs::metadata(&path).map_err(say)?.mode();
        if mode & 0o077 != 0 {
            return Err(format!("others can read {0}; run: chmod 600 {0}", path.display()));
        }
        let bytes = Zeroizing::new(fs::read(&path).map_err(say)?);
        let key = decode(without_mark(str::from_utf8(&bytes).unwrap_or_default()));
        return key.map(Some).map_err(|sentence| {
            if is_made { bring_back(&path, "is damaged", database) } else { format!("{} {sentence}", path.display()) }
        });
    }
    // Another key would open nothing of what is there, and would break the audit's chain for good.
    if is_made {
        return Err(bring_back(&path, "is missing", database));
    }
    Ok(None)
}

/// What to do about a key that is not what it was when the database was made with it.
fn bring_back(key: &Path, what: &str, database: &Path) -> String {
    format!(
        "{} {what}, but {} was made with it; bring the key back from where you keep it, or set NYCKEL_SECRET_KEY to what it \
         held",
        key.display(),
        database.display()
    )
}

/// Writes a new key's file in the data directory.
pub(super) fn keep(dir: &Path, key: &[u8; 32]) -> Result<(), String> {
    let path = dir.join(FILE);
    let text = Zeroizing::new(STANDARD.encode(key));
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
    written.map_err(|error| can_not_be_used(&path, &error))
}

fn can_not_be_used(path: &Path, error: &std::io::Error) -> String {
    if error.kind() == ErrorKind::PermissionDenied {
        unreadable(path, error)
    } else {
        format!("{} can't be used: {error}", path.display())
    }
}

/// Whether everybody on the machine may read a file: then it is refused, in these words.
pub(super) fn must_be_private(path: &Path) -> Result<(), String> {
    match fs::metadata(path) {
        Ok(about) if about.is_file() && about.mode() & 0o007 != 0 => {
            Err(format!("everybody can read {}; {}", path.display(), how_to_close(path)))
        }
        // What can't be looked at can't be read either, and is reported then.
        _ => Ok(()),
    }
}

/// What to do about a file that everybody can read. In a container nobody can change the mode of a mounted one.
fn how_to_close(path: &Path) -> String {
    if path.starts_with("/run/secrets") {
        "give the secret mode 0400 and uid 65532 in the service (Swarm), or the file that it is made from that owner and mode \
         (Compose)"
            .to_owned()
    } else {
        format!("run: chmod o= {}", path.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_about_an_open_file_can_be_done_where_it_lies() {
        assert_eq!(how_to_close(Path::new("/etc/nyckel/key")), "run: chmod o= /etc/nyckel/key");
        assert!(how_to_close(Path::new("/run/secrets/glesys")).starts_with("give the secret mode 0400 and uid 65532"));
    }

    #[test]
    fn no_key_is_made_beside_a_database_that_was_made_with_another_one() {
        let dir = tempfile::tempdir().unwrap();
        let entropy = Entropy::new(|bytes| bytes.iter_mut().zip(1..).for_each(|(byte, number)| *byte = number));
        let found = || own(dir.path(), Needs::Everything, &entropy);
        let (file, database) = (dir.path().join(FILE), dir.path().join(DATABASE));
        fs::write(&database, "").unwrap();
        let made = found().ok().unwrap();
        assert!(made.is_new && !file.exists(), "an empty file is no database yet");
        fs::write(&database, "data").unwrap();
        let said = found().err().unwrap();
        assert!(said.contains("is missing") && said.contains("bring the key back") && !file.exists(), "{said}");
        keep(dir.path(), &made.bytes).unwrap();
        assert!(!found().ok().unwrap().is_new);
        let whole = fs::read_to_string(&file).unwrap();
        for damaged in ["", &whole[..22], &format!("\"{whole}\""), &"0a".repeat(32), "\0"] {
            fs::write(&file, damaged).unwrap();
            let said = found().err().unwrap();
            assert!(said.contains("is damaged") && said.contains("bring the key back"), "{said}");
            assert!(!said.contains("/dev/urandom"), "{said}");
        }
    }
}
