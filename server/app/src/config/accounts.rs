//! `[accounts]`: how people come to have one, and what they do with their own.

use super::Config;
use super::reader::Reader;
use signet_service::mail::Target;

/// `[accounts]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accounts {
    /// Whether people may open accounts of their own, with an address that they show to be theirs.
    pub self_registration: bool,
    /// The domains of those addresses; none: any.
    pub mail_domains: Vec<String>,
    /// How many days pass before an account is deleted whose person asked for it.
    pub deletion_grace_days: u32,
}

impl Default for Accounts {
    fn default() -> Self {
        Self { self_registration: false, mail_domains: Vec::new(), deletion_grace_days: 14 }
    }
}

pub(super) fn check(reader: &mut Reader, config: &mut Config) {
    let accounts = &mut config.accounts;
    reader.flag("accounts.self_registration", &mut accounts.self_registration);
    for domain in reader.list("accounts.mail_domains") {
        if is_domain(&domain) {
            accounts.mail_domains.push(domain.to_ascii_lowercase());
        } else {
            let wrong = format!("`{domain}` is no domain of mail addresses");
            reader.refuse("accounts.mail_domains", wrong, "write it like example.com");
        }
    }
    reader.number("accounts.deletion_grace_days", 0..=365, &mut config.accounts.deletion_grace_days);
    if config.accounts.self_registration && matches!(config.mail.target, Target::None) {
        let wrong = "people show by mail that an address is theirs, and no mail leaves this server";
        reader.refuse("accounts.self_registration", wrong, "set `mail.url`, too");
    }
}

fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}
