//! Cutting a long list into pages.

use std::ops::Range;

/// One page of a list: which one, of how many, and which rows stand on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Counted from 1.
    pub number: usize,
    /// At least 1, even for an empty list.
    pub of: usize,
    size: usize,
}

impl Page {
    /// Page `number` of a list of `total` rows, `size` rows a page; a number past the ends gets the nearest page.
    pub fn of(total: usize, number: usize, size: usize) -> Self {
        let of = total.div_ceil(size.max(1)).max(1);
        Self { number: number.clamp(1, of), of, size }
    }

    /// Which rows stand on this page; the last ones may lie past the list's end.
    pub const fn rows(self) -> Range<usize> {
        let first = (self.number - 1) * self.size;
        first..first + self.size
    }

    /// The page before this one.
    pub fn previous(self) -> Option<usize> {
        (self.number > 1).then(|| self.number - 1)
    }

    /// The page after this one.
    pub fn next(self) -> Option<usize> {
        (self.number < self.of).then(|| self.number + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_cover_the_list_and_clamp_at_its_ends() {
        let page = Page::of(101, 3, 50);
        assert_eq!((page.of, page.rows(), page.next(), page.previous()), (3, 100..150, None, Some(2)));
        assert_eq!(Page::of(0, 9, 50).number, 1);
    }
}
