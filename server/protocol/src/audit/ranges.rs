//! Sets of row numbers, which mostly follow each other.

/// A set of numbers, kept as runs of neighbours: its size is that of the gaps in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranges(Vec<(i64, i64)>);

impl Ranges {
    /// Adds everything from `first` to `last`, both included.
    pub fn add(&mut self, first: i64, last: i64) {
        // Everything that touches the new run becomes part of it.
        let begin = self.0.partition_point(|(_, end)| end.saturating_add(1) < first);
        let end = self.0.partition_point(|(start, _)| *start <= last.saturating_add(1));
        let touched = &self.0[begin..end];
        let first = touched.first().map_or(first, |(start, _)| first.min(*start));
        let last = touched.last().map_or(last, |(_, end)| last.max(*end));
        self.0.splice(begin..end, [(first, last)]);
    }

    /// Whether a number is in it.
    pub fn contains(&self, number: i64) -> bool {
        let place = self.0.partition_point(|(_, end)| *end < number);
        self.0.get(place).is_some_and(|(start, _)| *start <= number)
    }

    /// The greatest number in it; 0 if there is none.
    pub fn greatest(&self) -> i64 {
        self.0.last().map_or(0, |(_, end)| *end)
    }
}

/// Rising numbers as runs of neighbours, each with its first and last.
pub fn runs(numbers: impl IntoIterator<Item = i64>) -> Vec<(i64, i64)> {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(number) => *last = number,
            _ => runs.push((number, number)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn neighbours_are_one_run() {
        assert_eq!(runs([1, 2, 3, 7, 9, 10]), [(1, 3), (7, 7), (9, 10)]);
        let mut ranges = Ranges::default();
        for (first, last) in [(5, 6), (1, 2), (9, 9), (3, 4)] {
            ranges.add(first, last);
        }
        assert_eq!(ranges, Ranges(vec![(1, 6), (9, 9)]));
        assert_eq!(ranges.greatest(), 9);
    }

    proptest! {
        #[test]
        fn it_holds_what_was_added_and_nothing_else(added in proptest::collection::vec((0..60_i64, 0..6_i64), 0..20)) {
            let (mut ranges, mut set) = (Ranges::default(), BTreeSet::new());
            for (first, more) in added {
                ranges.add(first, first + more);
                set.extend(first..=first + more);
            }
            for number in -1..80 {
                prop_assert_eq!(ranges.contains(number), set.contains(&number), "{}", number);
            }
            prop_assert_eq!(ranges, Ranges(runs(set)));
        }
    }
}
