//! A gzip that is small on the wire and huge once unpacked, for the fault of that name.
//!
//! Written by hand (RFC 1951 and 1952), because the program has no other use for a compressor.

/// The longest repetition that deflate can say at once, in bytes; 13 bits with the fixed codes.
const LONGEST: u64 = 258;

/// A gzip of at least so many blanks, about 158 times smaller than them. The check sum at its end is wrong: whoever
/// unpacks without a limit has filled the memory long before reading it.
pub fn bomb(bytes: u64) -> Vec<u8> {
    let mut bits = Bits { out: vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255], held: 0, count: 0 };
    // Header: last block, fixed codes.
    bits.put(0b011, 3);
    // One literal blank (0x30 + 0x20, most significant bit first).
    bits.put(0b0000_1010, 8);
    for _ in 0..bytes.div_ceil(LONGEST) {
        // Length 258 is code 285 (8 bits, 11000101), distance 1 is code 0 (5 bits).
        bits.put(0b1010_0011, 8);
        bits.put(0, 5);
    }
    // End of the block: seven zeros, and enough more to fill the last byte.
    bits.put(0, 7);
    bits.put(0, 7);
    bits.out.extend([0; 8]);
    bits.out
}

/// Bits written from the least significant upwards, as deflate packs them.
struct Bits {
    out: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    fn put(&mut self, bits: u32, length: u32) {
        self.held |= bits << self.count;
        self.count += length;
        while self.count >= 8 {
            self.out.push(self.held.to_le_bytes()[0]);
            self.held >>= 8;
            self.count -= 8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_two_orders_smaller_than_what_it_becomes() {
        let bomb = bomb(64 * 1024 * 1024);
        assert_eq!(bomb[..2], [0x1f, 0x8b]);
        assert!(bomb.len() < 64 * 1024 * 1024 / 150, "{}", bomb.len());
    }
}
