use proptest::prelude::*;

use super::{Forged, NoSuchKey, OpenedRefresh, RefreshKeys};
use crate::KeyId;
use crate::testing::with_changed_character;

const ISSUER: &str = "https://id.example";
const HANDLE: [u8; 16] = [9; 16];

fn keys() -> RefreshKeys {
    RefreshKeys::new([&[5; 32], &[6; 32]])
}

fn token() -> String {
    keys().encode(KeyId::of(&[5; 32]), &HANDLE, 7, ISSUER).unwrap()
}

#[test]
fn an_authentic_token_says_its_key_handle_and_generation() {
    let opened = OpenedRefresh { kid: KeyId::of(&[5; 32]), handle: HANDLE, generation: 7 };
    assert_eq!(keys().open(&token(), ISSUER), Ok(opened));
    assert_eq!(token().len(), 87);
}

#[test]
fn the_successor_can_be_computed_again() {
    assert_eq!(token(), token());
    let with_other_key = keys().encode(KeyId::of(&[6; 32]), &HANDLE, 7, ISSUER).unwrap();
    assert_ne!(token(), with_other_key);
    assert!(keys().open(&with_other_key, ISSUER).is_ok());
}

#[test]
fn another_issuers_token_is_forged() {
    assert_eq!(keys().open(&token(), "https://other.example"), Err(Forged));
}

#[test]
fn a_token_of_a_withdrawn_key_is_forged() {
    assert_eq!(RefreshKeys::new([&[6; 32]]).open(&token(), ISSUER), Err(Forged));
    assert_eq!(RefreshKeys::default().encode(KeyId::of(&[5; 32]), &HANDLE, 7, ISSUER), Err(NoSuchKey));
}

#[test]
fn a_key_id_is_read_as_it_was_written() {
    let id = KeyId::of(&[5; 32]);
    assert_eq!(id.to_string().parse(), Ok(id));
    assert!(["", "AAAA", "AAAAAAAAAAAAAAA", "AAAAAAAAAAB"].iter().all(|text| text.parse::<KeyId>().is_err()));
}

#[test]
fn truncated_and_extended_tokens_are_forged() {
    for len in 0..token().len() {
        assert_eq!(keys().open(&token()[..len], ISSUER), Err(Forged), "{len}");
    }
    for extended in [format!("{}A", token()), format!("{}=", token()), format!("{}AAAA", token())] {
        assert_eq!(keys().open(&extended, ISSUER), Err(Forged));
    }
}

proptest! {
    #[test]
    fn any_handle_and_generation_come_back(handle in any::<[u8; 16]>(), generation in any::<u64>()) {
        let token = keys().encode(KeyId::of(&[6; 32]), &handle, generation, ISSUER).unwrap();
        let opened = keys().open(&token, ISSUER).unwrap();
        prop_assert_eq!((opened.handle, opened.generation), (handle, generation));
    }

    #[test]
    fn a_token_with_any_character_changed_is_forged(position in any::<usize>(), change in 1u8..128) {
        let changed = with_changed_character(&token(), position, change);
        prop_assert_eq!(keys().open(&changed, ISSUER), Err(Forged));
    }
}
