use proptest::prelude::*;

use super::MessageSealer;
use crate::SealError;
use crate::testing::with_changed_character;

fn sealer() -> MessageSealer {
    MessageSealer::new(&[3; 32])
}

#[test]
fn a_message_opens_only_for_its_purpose_issuer_and_bearer() {
    let sealed = sealer().seal("authorize", "https://id.example", b"cookie", b"text").unwrap();
    let open = |purpose, issuer, binding: &[u8]| sealer().open(purpose, issuer, binding, &sealed);
    assert_eq!(open("authorize", "https://id.example", b"cookie").unwrap().as_slice(), b"text");
    assert_eq!(open("logout", "https://id.example", b"cookie"), Err(SealError::Refused));
    assert_eq!(open("authorize", "https://other.example", b"cookie"), Err(SealError::Refused));
    assert_eq!(open("authorize", "https://id.example", b""), Err(SealError::Refused));
    assert_eq!(open("authorizeh", "ttps://id.example", b"cookie"), Err(SealError::Refused));
    let stranger = MessageSealer::new(&[4; 32]);
    assert_eq!(stranger.open("authorize", "https://id.example", b"cookie", &sealed), Err(SealError::Refused));
}

#[test]
fn equal_messages_are_sealed_differently() {
    let seal = || sealer().seal("p", "i", b"b", b"text").unwrap();
    assert_ne!(seal(), seal());
}

proptest! {
    #[test]
    fn any_message_comes_back(text in any::<Vec<u8>>(), binding in any::<Vec<u8>>()) {
        let sealed = sealer().seal("p", "i", &binding, &text).unwrap();
        let opened = sealer().open("p", "i", &binding, &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), text.as_slice());
    }

    #[test]
    fn a_message_with_any_character_changed_is_refused(position in any::<usize>(), change in 1u8..128) {
        let sealed = sealer().seal("p", "i", b"b", b"text").unwrap();
        let changed = with_changed_character(&sealed, position, change);
        prop_assert!(sealer().open("p", "i", b"b", &changed).is_err());
    }

    #[test]
    fn any_text_is_refused_without_panic(text in "[a-zA-Z0-9_-]{0,200}") {
        prop_assert!(sealer().open("p", "i", b"b", &text).is_err());
    }
}
