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

/// The words of a mail server, who may repeat the address, in whatever case.
pub fn veiled(reason: &str, address: &str) -> String {
    let (text, sought) = (reason.to_ascii_lowercase(), address.to_ascii_lowercase());
    if sought.is_empty() {
        return reason.to_owned();
    }
    let (mut told, mut from) = (String::with_capacity(reason.len()), 0);
    // Letters of ASCII have one length in both cases, so that places in one text are places in the other.
    for (place, _) in text.match_indices(&sought) {
        told.push_str(&reason[from..place]);
        told.push_str(&masked(address));
        from = place + sought.len();
    }
    told + &reason[from..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_veiled_in_whatever_case_it_is_repeated() {
        let told = veiled("550 <alice@Example.test> unknown; Ä alice@example.test", "Alice@example.test");
        assert_eq!(told, "550 <A…@example.test> unknown; Ä A…@example.test");
        assert_eq!(veiled("no address", ""), "no address");
    }

    #[test]
    fn of_an_address_the_first_letter_and_the_domain_are_told() {
        assert_eq!(masked("alice@example.test"), "a…@example.test");
        assert_eq!(masked("\"a@b\"@example.test"), "\"…@example.test");
        assert_eq!(masked("ä@example.test"), "ä…@example.test");
        assert_eq!(masked("@example.test"), "…@example.test");
        assert_eq!(masked("nonsense"), "…");
    }
}
