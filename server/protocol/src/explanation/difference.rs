//! Where two texts differ first, which eyes find hard in two long addresses.

/// What came beside what was expected and is nearest to it, parted where they begin to differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference<'a> {
    /// What both begin with.
    pub same: &'a str,
    /// How the expected one goes on.
    pub expected: &'a str,
    /// How the one that came goes on.
    pub came: &'a str,
}

impl<'a> Difference<'a> {
    /// Against that one of `expected` that has most in common with it, from the beginning and then from the end.
    pub fn between(expected: &'a [String], came: &'a str) -> Option<Self> {
        let likeness =
            |one: &&String| (common(one.chars(), came), common(one.chars().rev(), &reversed(came)));
        let nearest = expected.iter().max_by_key(likeness)?;
        let length = common(nearest.chars(), came);
        let (same, came) = came.split_at_checked(length)?;
        Some(Self { same, expected: nearest.get(length..)?, came })
    }
}

fn reversed(text: &str) -> String {
    text.chars().rev().collect()
}

/// How many bytes are the same.
fn common(one: impl Iterator<Item = char>, other: &str) -> usize {
    one.zip(other.chars()).take_while(|(one, other)| one == other).map(|(same, _)| same.len_utf8()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between<'a>(expected: &'a [String], came: &'a str) -> (&'a str, &'a str, &'a str) {
        let difference = Difference::between(expected, came).unwrap();
        (difference.same, difference.expected, difference.came)
    }

    #[test]
    fn the_first_difference_is_to_the_nearest_one() {
        let registered = ["https://other.test/cb".to_owned(), "https://shop.test/callback".to_owned()];
        let came = "https://shop.test/callback/";
        assert_eq!(between(&registered, came), ("https://shop.test/callback", "", "/"));
        let came = "http://shop.test/callback";
        assert_eq!(between(&registered, came), ("http", "s://shop.test/callback", "://shop.test/callback"));
        assert_eq!(between(&["größe".to_owned()], "grösse"), ("grö", "ße", "sse"));
        assert_eq!(Difference::between(&[], came), None);
    }
}
