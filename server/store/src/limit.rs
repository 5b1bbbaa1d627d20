//! Limits: how many of something are let through in how long a time, by one of four strategies.
//!
//! What a strategy does is written down once, in [`model`], as whole-number arithmetic from what is kept and the moment
//! to a verdict. In this process that is what runs; in Redis a script does the same sums on Redis's own time.

mod model;
pub(crate) mod script;

pub(crate) use model::Kept;

use std::time::Duration;

/// How what has passed weighs on what comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Strategy {
    /// `number` in a window that begins with the first one and ends after `period`.
    FixedWindow,
    /// `number` in any `period`, near enough: the window before counts for as much of it as still reaches into the period
    /// that ends now. Two counters, where an exact log would keep every moment.
    SlidingWindow,
    /// A bucket of `burst` tokens that is refilled by `number` in `period`.
    TokenBucket,
    /// One each `period / number`, and up to `burst` ahead of that beat (the generic cell rate algorithm).
    LeakyBucket,
}

impl Strategy {
    /// Every strategy.
    pub const ALL: [Self; 4] = [Self::FixedWindow, Self::SlidingWindow, Self::TokenBucket, Self::LeakyBucket];

    /// Its name in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FixedWindow => "fixed_window",
            Self::SlidingWindow => "sliding_window",
            Self::TokenBucket => "token_bucket",
            Self::LeakyBucket => "leaky_bucket",
        }
    }

    /// The strategy of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|strategy| strategy.as_str() == name)
    }

    /// Whether a burst means anything to it.
    pub const fn has_burst(self) -> bool {
        matches!(self, Self::TokenBucket | Self::LeakyBucket)
    }
}

/// A limit's numbers, within the bounds in which every sum is exact in Redis, too, whose numbers are doubles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    strategy: Strategy,
    number: i64,
    /// In milliseconds.
    period: i64,
    burst: i64,
    rising: bool,
}

impl Rule {
    /// The most that `number` and `burst` can be.
    pub const MOST: u32 = 1_000_000;
    /// The longest period, in seconds.
    pub const LONGEST: u32 = 86_400;
    /// A burst must be earned again within so long, in seconds.
    pub const LONGEST_REFILL: u32 = 7 * 86_400;
    /// A rising refusal lasts so many periods at most.
    pub const MOST_PERIODS: i64 = 8;

    /// So many in so long a time; whatever is out of bounds is taken to the nearest that is not. Without a burst of its own
    /// a token bucket holds `number`, and a leaky bucket lets one through at a time.
    pub fn new(strategy: Strategy, number: u32, period: Duration, burst: Option<u32>) -> Self {
        let number = i64::from(number.clamp(1, Self::MOST));
        let longest = i64::from(Self::LONGEST) * 1000;
        let period = i64::try_from(period.as_millis()).unwrap_or(longest).clamp(1, longest);
        let own = if strategy == Strategy::LeakyBucket { 1 } else { number };
        let earned = i64::from(Self::LONGEST_REFILL) * 1000 * number / period;
        let burst = burst.map_or(own, i64::from).min(i64::from(Self::MOST)).min(earned).max(1);
        Self { strategy, number, period, burst, rising: false }
    }

    /// The same, but whoever uses it up again and again waits longer each time: after the second time for a period more,
    /// then for three, then for seven, until eight periods passed in which they did not.
    #[must_use]
    pub const fn rising(self) -> Self {
        Self { rising: true, ..self }
    }

    /// How many are let through in a period.
    pub fn number(&self) -> u32 {
        u32::try_from(self.number).unwrap_or(Self::MOST)
    }

    /// The period in seconds, rounded up.
    pub fn period(&self) -> u32 {
        seconds(self.period)
    }
}

/// What is done to a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One more wants through. One that is refused leaves no trace.
    Take,
    /// How do things stand?
    Peek,
    /// One that was let through shall not count.
    GiveBack,
}

impl Step {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Take => "take",
            Self::Peek => "peek",
            Self::GiveBack => "give",
        }
    }
}

/// How a limit stands after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it was let through; for the other steps, whether the next one would be.
    pub allowed: bool,
    /// How many more would be let through at once.
    pub remaining: u32,
    /// Milliseconds until the next one would be; 0: now.
    pub wait: i64,
    /// Milliseconds until nothing that passed counts any more.
    pub reset: i64,
    /// The moment that it was judged at, in microseconds since 1970: in Redis, by Redis's own clock.
    pub at: i64,
}

impl Verdict {
    /// Seconds until the next one would be let through, rounded up.
    pub fn retry_after(&self) -> u32 {
        seconds(self.wait)
    }

    /// Seconds until nothing that passed counts any more, rounded up.
    pub fn reset_after(&self) -> u32 {
        seconds(self.reset)
    }
}

fn seconds(millis: i64) -> u32 {
    u32::try_from(millis.max(0).saturating_add(999) / 1000).unwrap_or(u32::MAX)
}
