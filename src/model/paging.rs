//! Cutting a long list into pages.

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

    /// The rows of a list that stand on this page.
    pub fn cut<T>(self, rows: Vec<T>) -> Vec<T> {
        rows.into_iter().skip((self.number - 1) * self.size).take(self.size).collect()
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
        assert_eq!(
            (page.of, page.cut((0..101).collect()), page.next(), page.previous()),
            (3, vec![100], None, Some(2))
        );
        assert_eq!(Page::of(0, 9, 50).number, 1);
    }
}
