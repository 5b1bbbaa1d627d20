//! What there may be very many of, told so that a page stays readable and is quickly made.

use serde::Serialize;
use signet_service::admin::COUNTED;

/// So many are named.
const NAMED: usize = 20;

/// The first of many; of the others it is told how many they are.
#[derive(Clone, Debug, Serialize)]
pub struct FirstOf<T> {
    /// The first.
    pub named: Vec<T>,
    /// How many more there are.
    pub more: usize,
}

impl<T> FirstOf<T> {
    /// Of all of them, each as the page shows it.
    pub fn of<S>(all: Vec<S>, show: impl Fn(S) -> T) -> Self {
        let more = all.len().saturating_sub(NAMED);
        Self { named: all.into_iter().take(NAMED).map(show).collect(), more }
    }
}

impl<T> Default for FirstOf<T> {
    fn default() -> Self {
        Self { named: Vec::new(), more: 0 }
    }
}

/// How many there are, as far as they are counted.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Count {
    /// So many.
    pub number: u64,
    /// Or more.
    pub or_more: bool,
}

impl Count {
    /// Of what was counted.
    pub const fn of(number: u64) -> Self {
        Self { number, or_more: number >= COUNTED }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_are_named_and_the_others_counted() {
        let first = FirstOf::of((0..25).collect(), |number: i32| number.to_string());
        assert_eq!((first.named.len(), first.more), (20, 5));
        let few = FirstOf::of(vec![1, 2], |number: i32| number);
        assert_eq!((few.named, few.more), (vec![1, 2], 0));
    }

    #[test]
    fn what_is_counted_to_the_end_is_not_said_to_be_more() {
        assert!(!Count::of(COUNTED - 1).or_more);
        assert!(Count::of(COUNTED).or_more);
    }
}
