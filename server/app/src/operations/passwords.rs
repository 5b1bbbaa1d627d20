//! What `apply` says of declared passwords.

use crate::boot;
use crate::cli::Failure;
use crate::config::Config;
use signet_service::admin::Plan;

/// A line for each password that its owner could not choose, and for each that stays another one.
pub(super) fn warnings(plan: &Plan, config: &Config) -> Result<Vec<String>, Failure> {
    let rules = boot::password_rules(config).map_err(Failure::of)?;
    let weak = plan.weak_passwords(&rules).map_err(Failure::of)?.into_iter().map(|(name, faults)| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        format!("user {name:?}: the password {}", faults.join(" and "))
    });
    let kept = plan.kept_passwords.iter().map(|name| {
        format!(
            "user {name:?}: the declared password is not theirs, and only begins an account: they can have it reset, or run \
             apply with --set-passwords"
        )
    });
    Ok(weak.chain(kept).collect())
}
