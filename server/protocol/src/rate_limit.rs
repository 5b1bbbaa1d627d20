//! What answers tell of limits (draft-ietf-httpapi-ratelimit-headers-11).

/// How a limit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// The policy's name: letters, digits and underscores.
    pub policy: &'static str,
    /// How many the policy lets through in a window.
    pub quota: u32,
    /// The window, in seconds.
    pub window: u32,
    /// How many more would be let through now.
    pub remaining: u32,
    /// Seconds until there is more.
    pub reset: u32,
}

impl RateLimit {
    /// The value of `RateLimit-Policy` (§3).
    pub fn policy_field(&self) -> String {
        let Self { policy, quota, window, .. } = self;
        format!("\"{policy}\";q={quota};w={window}")
    }

    /// The value of `RateLimit` (§4).
    pub fn field(&self) -> String {
        let Self { policy, remaining, reset, .. } = self;
        format!("\"{policy}\";r={remaining};t={reset}")
    }
}

/// A limit let no more through: 429 (RFC 6585 §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limited {
    /// When to come again, in seconds: `Retry-After`.
    pub retry_after: u32,
    /// The limit.
    pub limit: RateLimit,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_structured_ones() {
        let limit = RateLimit { policy: "sign_in_account", quota: 10, window: 900, remaining: 3, reset: 120 };
        assert_eq!(limit.policy_field(), "\"sign_in_account\";q=10;w=900");
        assert_eq!(limit.field(), "\"sign_in_account\";r=3;t=120");
    }
}
