//! Cuts Rust text into words, texts and signs, so that the rules read code and not comments or strings.
//!
//! Only as exact as the rules need: numbers are words, every sign but `::` stands alone.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name, a keyword or a number.
    Word,
    /// What stands between the quotes of a string.
    Text,
    /// `::` or one other sign.
    Sign,
}

/// A piece of code and the line it begins on, counted from 1.
#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    pub line: usize,
}

impl Token<'_> {
    /// Whether this is that word.
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text == word
    }

    /// Whether this is that sign.
    pub fn is_sign(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }
}

/// Whether a sign stands at that place.
pub fn sign_at(tokens: &[Token<'_>], at: usize, sign: &str) -> bool {
    tokens.get(at).is_some_and(|token| token.is_sign(sign))
}

/// The tokens of a Rust file.
pub fn tokens(code: &str) -> Vec<Token<'_>> {
    let (mut found, mut at, mut line) = (Vec::new(), 0, 1);
    while let Some(first) = code[at..].chars().next() {
        let rest = &code[at..];
        let (length, token) = match first {
            '/' if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), None),
            '/' if rest.starts_with("/*") => (comment_length(rest), None),
            '"' => text_token(rest, 0),
            '\'' => (quote_length(rest), None),
            _ if first.is_alphanumeric() || first == '_' => word_token(rest),
            _ if first.is_whitespace() => (first.len_utf8(), None),
            _ if rest.starts_with("::") => (2, Some((Kind::Sign, &rest[..2]))),
            _ => (first.len_utf8(), Some((Kind::Sign, &rest[..first.len_utf8()]))),
        };
        found.extend(token.map(|(kind, text)| Token { kind, text, line }));
        line += rest[..length].matches('\n').count();
        at += length;
    }
    found
}

type Piece<'a> = (usize, Option<(Kind, &'a str)>);

fn word_token(rest: &str) -> Piece<'_> {
    let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let (word, after) = rest.split_at(length);
    let hashes = after.len() - after.trim_start_matches('#').len();
    match word {
        "r" | "br" | "cr" if after[hashes..].starts_with('"') => raw_text_token(rest, length, hashes),
        "b" | "c" if after.starts_with('"') => text_token(rest, length),
        "b" if after.starts_with('\'') => (length + quote_length(after), None),
        _ => (length, Some((Kind::Word, word))),
    }
}

fn text_token(rest: &str, prefix: usize) -> Piece<'_> {
    let (mut escaped, start) = (false, prefix + 1);
    for (at, c) in rest[start..].char_indices() {
        match c {
            '"' if !escaped => return (start + at + 1, Some((Kind::Text, &rest[start..start + at]))),
            _ => escaped = c == '\\' && !escaped,
        }
    }
    (rest.len(), None)
}

fn raw_text_token(rest: &str, prefix: usize, hashes: usize) -> Piece<'_> {
    let start = prefix + hashes + 1;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = rest[start..].find(&end).unwrap_or(rest.len() - start);
    ((start + length + end.len()).min(rest.len()), Some((Kind::Text, &rest[start..start + length])))
}

/// The length of a character in quotes, or 1 for the quote of a lifetime.
fn quote_length(rest: &str) -> usize {
    let mut chars = rest[1..].char_indices();
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some(_)) => chars.find(|&(_, c)| c == '\'').map_or(1, |(at, _)| at + 2),
        (Some(_), Some((at, '\''))) => at + 2,
        _ => 1,
    }
}

fn comment_length(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        match rest.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}
