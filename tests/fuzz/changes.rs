//! Changes of a corpus, the same in every run: bytes turned, put in, taken out and repeated, and halves of two inputs put
//! together.

/// What is worth putting in: what quotes, ends, nests or counts somewhere.
const PIECES: [&[u8]; 20] = [
    b"\0",
    b"\n",
    b"\r\n",
    b"\"",
    b"'",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"%00",
    b"%",
    b"=",
    b"&",
    b";",
    b",",
    b".",
    b"@",
    b"{[",
    b"-1e999",
    "\u{202e}".as_bytes(),
    b"\xff\xfe",
];
/// Longer inputs only repeat shorter ones.
const LONGEST: usize = 4096;

/// An endless row of changed inputs.
pub struct Changes<'a> {
    corpus: &'a [Vec<u8>],
    /// Of a generator with a period of 2^64 (xorshift); only has to be spread, not secret.
    state: u64,
}

impl<'a> Changes<'a> {
    pub fn of(corpus: &'a [Vec<u8>]) -> Self {
        assert!(!corpus.is_empty(), "there is nothing to change");
        Self { corpus, state: 0x9e37_79b9_7f4a_7c15 }
    }

    fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state >> 33).unwrap() % end.max(1)
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let corpus = self.corpus;
        let at = self.below(input.len() + 1);
        let to = (at + self.below(16)).min(input.len());
        match self.below(6) {
            0 if at < input.len() => input[at] ^= 1 << self.below(8),
            1 => drop(input.drain(at..to)),
            2 => drop(input.splice(at..at, PIECES[self.below(PIECES.len())].iter().copied())),
            3 => {
                let piece = input[at..to].repeat(1 + self.below(8));
                drop(input.splice(at..at, piece));
            }
            4 => {
                let other = &corpus[self.below(corpus.len())];
                let from = self.below(other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
            _ => input.insert(at, self.below(256).to_le_bytes()[0]),
        }
        input.truncate(LONGEST);
    }
}

impl Iterator for Changes<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let corpus = self.corpus;
        let mut input = corpus[self.below(corpus.len())].clone();
        for _ in 0..=self.below(5) {
            self.change(&mut input);
        }
        Some(input)
    }
}
