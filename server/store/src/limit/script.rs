//! The same arithmetic in Redis: one script for each strategy, between a beginning and an end that all share.

use super::{Rule, Step, Strategy, Verdict};
use redis::{Script, ScriptInvocation};

macro_rules! script {
    ($strategy:literal) => {
        Script::new(concat!(
            include_str!("script/begin.lua"),
            include_str!(concat!("script/", $strategy, ".lua")),
            include_str!("script/end.lua")
        ))
    };
}

/// The scripts, ready to be called.
pub(crate) struct Scripts {
    fixed_window: Script,
    sliding_window: Script,
    token_bucket: Script,
    leaky_bucket: Script,
}

/// What a script answers: let through, remaining, wait, reset, at.
pub(crate) type Reply = (i64, u32, i64, i64, i64);

impl Scripts {
    pub(crate) fn new() -> Self {
        Self {
            fixed_window: script!("fixed_window"),
            sliding_window: script!("sliding_window"),
            token_bucket: script!("token_bucket"),
            leaky_bucket: script!("leaky_bucket"),
        }
    }

    /// The call that does one step.
    pub(crate) fn call(&self, rule: &Rule, step: Step, key: String) -> ScriptInvocation<'_> {
        let script = match rule.strategy {
            Strategy::FixedWindow => &self.fixed_window,
            Strategy::SlidingWindow => &self.sliding_window,
            Strategy::TokenBucket => &self.token_bucket,
            Strategy::LeakyBucket => &self.leaky_bucket,
        };
        let mut call = script.key(key);
        call.arg(step.as_str()).arg(rule.number).arg(rule.period).arg(rule.burst).arg(i64::from(rule.rising));
        call
    }
}

pub(crate) fn verdict((allowed, remaining, wait, reset, at): Reply) -> Verdict {
    Verdict { allowed: allowed == 1, remaining, wait, reset, at }
}
