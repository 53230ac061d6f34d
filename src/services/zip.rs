//! Several texts in one file: a ZIP in which each is stored as it is, without any time, so that nothing is known of it that it
//! does not say.

/// A day that every reader of ZIP takes: the first of 1980.
const DAY: [u8; 2] = 0x0021_u16.to_le_bytes();
/// ZIP 2.0; names in UTF-8; stored; no time.
const COMMON: [u8; 8] = [20, 0, 0, 8, 0, 0, 0, 0];

/// A ZIP of these names and texts; `None` where it would be larger than it can be.
pub fn zip(files: &[(String, String)]) -> Option<Vec<u8>> {
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let at = u32::try_from(zip.len()).ok()?.to_le_bytes();
        let entry = entry(name, text.as_bytes())?;
        zip.extend_from_slice(b"PK\x03\x04");
        zip.extend_from_slice(&entry);
        zip.extend_from_slice(name.as_bytes());
        zip.extend_from_slice(text.as_bytes());
        directory.extend_from_slice(b"PK\x01\x02\x14\x00");
        directory.extend_from_slice(&entry);
        // No comment, first disk, no attributes.
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&at);
        directory.extend_from_slice(name.as_bytes());
    }
    let count = u16::try_from(files.len()).ok()?.to_le_bytes();
    let (at, size) = (u32::try_from(zip.len()).ok()?.to_le_bytes(), u32::try_from(directory.len()).ok()?.to_le_bytes());
    zip.append(&mut directory);
    for part in [&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &size, &at, &[0; 2]] {
        zip.extend_from_slice(part);
    }
    Some(zip)
}

/// What stands of a file both before it and in the directory.
fn entry(name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let size = u32::try_from(bytes.len()).ok()?.to_le_bytes();
    let named = u16::try_from(name.len()).ok()?.to_le_bytes();
    let sum = sum(bytes).to_le_bytes();
    Some([&COMMON[..], &DAY, &sum, &size, &size, &named, &[0; 2]].concat())
}

/// CRC-32, as ZIP has it.
fn sum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_stands_in_it_as_it_is_with_its_sum_and_its_place() {
        assert_eq!(sum(b"123456789"), 0xCBF4_3926);
        let files =
            [("links.csv", "å"), ("codes.csv", "123456789")].map(|(name, text)| (name.to_owned(), text.to_owned()));
        let zip = zip(&files).unwrap();
        // A head of 30 bytes, the name, the text.
        let second = 30 + 9 + 2;
        assert_eq!(&zip[second..second + 4], b"PK\x03\x04");
        assert_eq!(&zip[second + 14..second + 18], 0xCBF4_3926_u32.to_le_bytes());
        assert_eq!(&zip[second + 30..second + 48], b"codes.csv123456789");
        let directory = second + 48;
        assert_eq!(&zip[directory..directory + 4], b"PK\x01\x02");
        let end = directory + 2 * (46 + 9);
        let place = [110_u32, u32::try_from(directory).unwrap()].map(u32::to_le_bytes).concat();
        assert_eq!(zip[end..], [&b"PK\x05\x06\0\0\0\0\x02\0\x02\0"[..], &place, &[0; 2]].concat());
    }
}
