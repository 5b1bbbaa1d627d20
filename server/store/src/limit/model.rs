//! The strategies as arithmetic: from what is kept and the moment to a verdict. Moments are microseconds since 1970; all
//! else is milliseconds, except that the leaky bucket's beat is kept to the microsecond.

use super::{Rule, Step, Strategy, Verdict};

/// What is kept of one limit under one key. All zeros: nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    /// The window's beginning; when the bucket was last refilled; or when the beat will have caught up (µs).
    mark: i64,
    /// Let through in the window; or what is in the bucket, where one token is `period` and a millisecond brings `number`.
    count: i64,
    /// Let through in the window before.
    before: i64,
    /// How many times it was used up.
    strikes: i64,
    /// Nothing is let through before.
    until: i64,
}

impl Rule {
    /// One step, and how long what is kept then matters, in milliseconds; 0: it need not be kept.
    pub(crate) fn step(&self, step: Step, kept: Kept, at: i64) -> (Kept, Verdict, i64) {
        let now = at / 1000;
        let mut kept = self.settled(kept, at);
        let mut allowed = self.wait(&kept, at) == 0 && kept.until <= now;
        match step {
            Step::Take if allowed => {
                self.add(&mut kept, at);
                let wait = self.wait(&kept, at);
                if self.rising && wait > 0 {
                    kept.strikes += 1;
                    kept.until = now + wait + self.penalty(kept.strikes);
                }
            }
            Step::GiveBack => {
                self.remove(&mut kept);
                // What was taken back is what used it up.
                if kept.until > now {
                    kept.strikes -= 1;
                    kept.until = 0;
                }
                allowed = self.wait(&kept, at) == 0;
            }
            Step::Take | Step::Peek => {}
        }
        let wait = self.wait(&kept, at).max(kept.until - now).max(0);
        let remaining = if wait > 0 { 0 } else { self.remaining(&kept, at) };
        let reset = self.reset(&kept, at).max(wait);
        let verdict = Verdict { allowed, remaining: u32::try_from(remaining).unwrap_or(0), wait, reset, at };
        let strikes_end = if kept.strikes > 0 { kept.until + self.memory() - now } else { 0 };
        (kept, verdict, reset.max(strikes_end))
    }

    /// How long strikes are remembered after the refusal has ended.
    fn memory(&self) -> i64 {
        Self::MOST_PERIODS * self.period
    }

    fn penalty(&self, strikes: i64) -> i64 {
        let doubled = 1 << (strikes - 1).clamp(0, 3);
        (doubled - 1) * self.period
    }

    /// What is kept, brought to the present. A clock that was set back since (another Redis, another node) prolongs nothing
    /// beyond what could have begun now.
    fn settled(&self, mut kept: Kept, at: i64) -> Kept {
        let (now, period) = (at / 1000, self.period);
        if kept.until + self.memory() <= now {
            (kept.strikes, kept.until) = (0, 0);
        }
        kept.until = kept.until.min(now + self.memory() + period);
        match self.strategy {
            Strategy::FixedWindow => {
                kept.mark = kept.mark.min(now);
                if kept.count == 0 || now - kept.mark >= period {
                    (kept.mark, kept.count) = (now, 0);
                }
            }
            Strategy::SlidingWindow => {
                kept.mark = kept.mark.min(now);
                let elapsed = now - kept.mark;
                if elapsed >= 2 * period {
                    (kept.before, kept.count) = (0, 0);
                } else if elapsed >= period {
                    (kept.mark, kept.before, kept.count) = (kept.mark + period, kept.count, 0);
                }
                if kept.before + kept.count == 0 {
                    kept.mark = now;
                }
            }
            Strategy::TokenBucket => {
                let earned = (now - kept.mark.min(now)) * self.number;
                (kept.mark, kept.count) = (now, (kept.count + earned).min(self.burst * period));
            }
            Strategy::LeakyBucket => kept.mark = kept.mark.min(at + self.burst * self.beat()),
        }
        kept
    }

    /// The leaky bucket's beat, in microseconds.
    fn beat(&self) -> i64 {
        ceiling(self.period * 1000, self.number)
    }

    /// How much of the window before reaches into the period that ends now.
    fn weighted(&self, kept: &Kept, at: i64) -> i64 {
        ceiling(kept.before * (self.period - (at / 1000 - kept.mark)), self.period)
    }

    /// Milliseconds until one more fits.
    fn wait(&self, kept: &Kept, at: i64) -> i64 {
        let (now, period, number) = (at / 1000, self.period, self.number);
        match self.strategy {
            Strategy::FixedWindow if kept.count < number => 0,
            Strategy::FixedWindow => kept.mark + period - now,
            Strategy::SlidingWindow if self.weighted(kept, at) + kept.count < number => 0,
            Strategy::SlidingWindow if kept.count < number => {
                let fits_at = period - (number - 1 - kept.count) * period / kept.before;
                kept.mark + fits_at - now
            }
            Strategy::SlidingWindow => {
                let fits_at = period - (number - 1) * period / kept.count;
                kept.mark + period + fits_at - now
            }
            Strategy::TokenBucket => ceiling((period - kept.count).max(0), number),
            Strategy::LeakyBucket => {
                let ahead = kept.mark.max(at) - at;
                ceiling((ahead + self.beat() - self.burst * self.beat()).max(0), 1000)
            }
        }
    }

    /// How many more fit at once.
    fn remaining(&self, kept: &Kept, at: i64) -> i64 {
        match self.strategy {
            Strategy::FixedWindow => self.number - kept.count,
            Strategy::SlidingWindow => self.number - self.weighted(kept, at) - kept.count,
            Strategy::TokenBucket => kept.count / self.period,
            Strategy::LeakyBucket => self.burst - ceiling(kept.mark.max(at) - at, self.beat()),
        }
    }

    /// Milliseconds until nothing that passed counts any more.
    fn reset(&self, kept: &Kept, at: i64) -> i64 {
        let end = kept.mark + self.period - at / 1000;
        match self.strategy {
            Strategy::FixedWindow if kept.count > 0 => end,
            Strategy::SlidingWindow if kept.count > 0 => end + self.period,
            Strategy::SlidingWindow if kept.before > 0 => end,
            Strategy::FixedWindow | Strategy::SlidingWindow => 0,
            Strategy::TokenBucket => ceiling(self.burst * self.period - kept.count, self.number),
            Strategy::LeakyBucket => ceiling((kept.mark - at).max(0), 1000),
        }
    }

    fn add(&self, kept: &mut Kept, at: i64) {
        match self.strategy {
            Strategy::FixedWindow | Strategy::SlidingWindow => kept.count += 1,
            Strategy::TokenBucket => kept.count -= self.period,
            Strategy::LeakyBucket => kept.mark = kept.mark.max(at) + self.beat(),
        }
    }

    fn remove(&self, kept: &mut Kept) {
        match self.strategy {
            Strategy::SlidingWindow if kept.count == 0 => kept.before = (kept.before - 1).max(0),
            Strategy::FixedWindow | Strategy::SlidingWindow => kept.count = (kept.count - 1).max(0),
            Strategy::TokenBucket => kept.count = (kept.count + self.period).min(self.burst * self.period),
            Strategy::LeakyBucket => kept.mark -= self.beat(),
        }
    }
}

/// `a / b`, rounded up; neither is negative.
fn ceiling(a: i64, b: i64) -> i64 {
    (a + b - 1) / b
}

#[cfg(test)]
mod tests;
