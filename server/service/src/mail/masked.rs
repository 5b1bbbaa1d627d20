//! Addresses as somebody sees them whom they are none of the business of.

/// An address of which only the first letter and the domain are told: enough to recognise one's own by.
pub fn masked(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => {
            let first = local.chars().next().map(String::from).unwrap_or_default();
            format!("{first}…@{domain}")
        }
        None => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_the_first_letter_and_the_domain_are_told() {
        assert_eq!(masked("alice@example.test"), "a…@example.test");
        assert_eq!(masked("\"a@b\"@example.test"), "\"…@example.test");
        assert_eq!(masked("ä@example.test"), "ä…@example.test");
        assert_eq!(masked("@example.test"), "…@example.test");
        assert_eq!(masked("nonsense"), "…");
    }
}
