//! The file of the head: two slots of a disk's sector each, written in turn, so that a write that was torn leaves the other
//! one. Each is a line that people can read, `DATABASE ERA SEQ:MAC`, and a MAC of it, so that nobody makes one without the
//! key.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::{Access, access};

use super::Noted;
use crate::model::audit_head::{hex, unhex};
use crate::store::StoreKeys;
use crate::store::ties::Values;

/// A slot is written whole or not at all, as far as disks keep their word.
const SLOT: usize = 512;

/// What a file of the head says.
#[derive(Debug)]
pub enum Told {
    /// There is no file, or one that nothing was ever written to.
    Nothing,
    /// Neither slot was written with this key.
    Damaged,
    Head(Noted),
}

/// Reads the newer slot of those that hold.
pub fn read(file: &Path, keys: &StoreKeys) -> io::Result<Told> {
    let mut bytes = Vec::new();
    match File::open(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Told::Nothing),
        opened => opened?.take(2 * SLOT as u64).read_to_end(&mut bytes)?,
    };
    if bytes.is_empty() {
        return Ok(Told::Nothing);
    }
    let slots = bytes.chunks(SLOT).filter_map(|slot| parse(slot, keys));
    let newest = slots.reduce(|one, other| if other.is_newer_than(&one) { other } else { one });
    Ok(newest.map_or(Told::Damaged, Told::Head))
}

/// Writes what is to be noted over the older slot. It is not forced onto the disk: what a power cut takes away leaves an
/// older head, which is no harm.
pub fn write(file: &Path, keys: &StoreKeys, noted: &Noted) -> io::Result<()> {
    let place = if noted.head.seq % 2 == 0 { 0 } else { SLOT as u64 };
    opened(file)?.write_all_at(&slot(noted, keys)?, place)
}

/// Makes the file, or writes both slots anew, so that nothing is left of what was noted before.
pub fn make(file: &Path, keys: &StoreKeys, noted: &Noted) -> io::Result<()> {
    let (file, slot) = (opened(file)?, slot(noted, keys)?);
    file.write_all_at(&[&slot[..], &slot].concat(), 0)?;
    // A file of which a power cut leaves nothing but its length would be refused for ever.
    file.sync_all()
}

/// Whether it could be written, or made.
pub fn can_be_written(file: &Path) -> io::Result<()> {
    match (OpenOptions::new().write(true).open(file), file.parent()) {
        (Err(error), Some(dir)) if error.kind() == ErrorKind::NotFound => {
            // A folder that is not there is made with the panel's start, and whether it can be is known by then.
            if dir.exists() { Ok(access(dir, Access::WRITE_OK | Access::EXEC_OK)?) } else { Ok(()) }
        }
        (opened, _) => opened.map(drop),
    }
}

fn opened(file: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(file)
}

fn slot(noted: &Noted, keys: &StoreKeys) -> io::Result<[u8; SLOT]> {
    let Noted { database_id, era, head } = noted;
    let line = format!("{database_id} {era} {head} {}", hex(&keys.mac(&values(noted))));
    let mut slot = [b' '; SLOT];
    slot[SLOT - 1] = b'\n';
    // A database's id has 32 characters, but whoever can write to the database can make it longer.
    slot[..SLOT - 1].get_mut(..line.len()).ok_or(ErrorKind::InvalidData)?.copy_from_slice(line.as_bytes());
    Ok(slot)
}

fn parse(slot: &[u8], keys: &StoreKeys) -> Option<Noted> {
    let mut words = str::from_utf8(slot).ok()?.split_ascii_whitespace();
    let mut word = || words.next();
    let (database_id, era) = (word()?.to_owned(), word()?.parse().ok()?);
    let noted = Noted { database_id, era, head: word()?.parse().ok()? };
    let mac = unhex(word()?)?;
    keys.holds(&values(&noted), Some(&mac)).then_some(noted)
}

fn values(noted: &Noted) -> Values {
    let values = Values::of("noted head").text(&noted.database_id).number(noted.era);
    values.number(noted.head.seq).bytes(Some(&noted.head.mac))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use aws_lc_rs::hmac;

    use super::*;
    use crate::model::AuditHead;

    fn keys(secret: &str) -> StoreKeys {
        let key = |purpose: &str| hmac::Key::new(hmac::HMAC_SHA256, format!("{purpose} {secret}").as_bytes());
        StoreKeys { audit: key("audit"), ties: key("ties") }
    }

    fn noted(era: i64, seq: i64) -> Noted {
        let mac = if seq == 0 { Vec::new() } else { vec![u8::try_from(seq).unwrap(); 32] };
        Noted { database_id: "0123456789abcdef0123456789abcdef".to_owned(), era, head: AuditHead { seq, mac } }
    }

    fn told(file: &Path, keys: &StoreKeys) -> Option<Noted> {
        match read(file, keys).unwrap() {
            Told::Head(noted) => Some(noted),
            Told::Damaged => None,
            Told::Nothing => panic!("nothing"),
        }
    }

    #[test]
    fn what_was_noted_last_is_read_back_and_only_its_owner_may() {
        let dir = tempfile::tempdir().unwrap();
        let (file, keys) = (dir.path().join("audit-head"), keys("a"));
        assert!(matches!(read(&file, &keys).unwrap(), Told::Nothing));
        fs::write(&file, "").unwrap();
        assert!(matches!(read(&file, &keys).unwrap(), Told::Nothing), "as a full disk leaves it");
        fs::remove_file(&file).unwrap();
        make(&file, &keys, &noted(0, 0)).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(told(&file, &keys), Some(noted(0, 0)));
        for seq in [1, 2, 5, 7, 9, 10] {
            write(&file, &keys, &noted(0, seq)).unwrap();
            assert_eq!(told(&file, &keys), Some(noted(0, seq)));
        }
        assert!(fs::read_to_string(&file).unwrap().starts_with("0123456789abcdef0123456789abcdef 0 10:0a0a"));
        make(&file, &keys, &noted(1, 3)).unwrap();
        write(&file, &keys, &noted(0, 99)).unwrap();
        assert_eq!(told(&file, &keys), Some(noted(1, 3)), "the era counts first");
    }

    #[test]
    fn a_torn_slot_leaves_the_other_one_and_another_key_reads_none() {
        let dir = tempfile::tempdir().unwrap();
        let (file, keys) = (dir.path().join("audit-head"), keys("a"));
        make(&file, &keys, &noted(0, 6)).unwrap();
        write(&file, &keys, &noted(0, 7)).unwrap();
        assert_eq!(told(&file, &self::keys("b")), None);
        let whole = fs::read(&file).unwrap();
        for (torn, left) in [(600, Some(6)), (40, Some(7)), (513, Some(6))] {
            let mut bytes = whole.clone();
            bytes[torn] ^= 1;
            fs::write(&file, bytes).unwrap();
            assert_eq!(told(&file, &keys).map(|noted| noted.head.seq), left, "{torn}");
        }
        fs::write(&file, &whole[..600]).unwrap();
        assert_eq!(told(&file, &keys), Some(noted(0, 6)));
        fs::write(&file, vec![0; 2 * SLOT]).unwrap();
        assert_eq!(told(&file, &keys), None);
    }
}
