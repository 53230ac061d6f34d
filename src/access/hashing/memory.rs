//! The memory in which a thread hashes: made once, wiped after each use, and given back to the machine with the thread.

use argon2::{Argon2, Block};
use zeroize::Zeroize;

/// So many blocks are asked for, used or not. What is larger than 32 MiB the C library takes straight from the machine and
/// gives straight back, whatever it has learnt of other sizes; what is not touched takes no memory.
const STRAIGHT_FROM_THE_MACHINE: usize = 33 * 1024;

/// A buffer for Argon2.
#[derive(Default)]
pub struct Memory {
    blocks: Vec<Block>,
    /// How many of the blocks hold something of the last password.
    used: usize,
}

impl Memory {
    /// Argon2 in this memory; `None` when there is not enough of it or the values make no hash.
    pub fn hash(&mut self, argon2: &Argon2<'_>, password: &[u8], salt: &[u8], out: &mut [u8]) -> Option<()> {
        let wanted = argon2.params().block_count();
        if self.blocks.capacity() < wanted {
            self.blocks = Vec::new();
            self.blocks.try_reserve_exact(wanted.max(STRAIGHT_FROM_THE_MACHINE)).ok()?;
        }
        if self.blocks.len() < wanted {
            self.blocks.resize(wanted, Block::new());
        }
        self.used = wanted;
        argon2.hash_password_into_with_memory(password, salt, out, &mut self.blocks[..wanted]).ok()
    }

    /// Leaves nothing behind. What a hash with other parameters took besides is given back.
    pub fn wipe(&mut self) {
        self.blocks.iter_mut().take(self.used).for_each(Zeroize::zeroize);
        self.used = 0;
        if self.blocks.capacity() > STRAIGHT_FROM_THE_MACHINE {
            self.blocks = Vec::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use argon2::Params;

    use super::*;

    #[test]
    fn nothing_of_a_password_is_left_in_it() {
        let mut memory = Memory::default();
        let argon2 = Argon2::from(Params::new(64, 1, 1, None).unwrap());
        let mut out = [0; 32];
        memory.hash(&argon2, b"two sleepy horses eat", b"salt and more of it", &mut out).unwrap();
        let is_empty = |memory: &Memory| memory.blocks.iter().all(|block| block.as_ref().iter().all(|word| *word == 0));
        assert!(!is_empty(&memory));
        memory.wipe();
        assert!(is_empty(&memory) && memory.blocks.len() == 64);
    }

    #[test]
    fn what_a_larger_hash_took_is_given_back() {
        let mut memory = Memory::default();
        let argon2 = Argon2::from(Params::new(40 * 1024, 1, 1, None).unwrap());
        memory.hash(&argon2, b"two sleepy horses eat", b"salt and more of it", &mut [0; 32]).unwrap();
        memory.wipe();
        assert_eq!(memory.blocks.capacity(), 0);
    }
}
