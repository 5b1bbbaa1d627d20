use proptest::prelude::*;

use super::{MasterKeys, SealError};

fn keys() -> MasterKeys {
    MasterKeys::new(&[1; 32], &[[2; 32]]).unwrap()
}

#[test]
fn what_was_sealed_opens_in_its_place_only() {
    let sealed = keys().seal("keys", "private", "k1", b"secret").unwrap();
    assert_eq!(keys().open("keys", "private", "k1", &sealed).unwrap().as_slice(), b"secret");
    for (table, column, row) in [
        ("users", "private", "k1"),
        ("keys", "public", "k1"),
        ("keys", "private", "k2"),
        ("key", "sprivate", "k1"),
    ] {
        assert_eq!(keys().open(table, column, row, &sealed), Err(SealError::Refused));
    }
}

#[test]
fn the_layout_is_version_key_id_nonce_ciphertext_and_tag() {
    let sealed = keys().seal("t", "c", "r", b"secret").unwrap();
    assert_eq!(sealed.len(), 1 + 8 + 12 + 6 + 16);
    assert_eq!(sealed[0], 1);
    assert_eq!(sealed[1..9], keys().key_id().0);
    // SHA-256 of 32 bytes of value 1 begins so.
    assert_eq!(keys().key_id().0, [0x72, 0xcd, 0x6e, 0x84, 0x22, 0xc4, 0x07, 0xfb]);
}

#[test]
fn equal_secrets_are_sealed_differently() {
    let seal = || keys().seal("t", "c", "r", b"secret").unwrap();
    assert_ne!(seal(), seal());
}

#[test]
fn previous_master_keys_open_and_ask_for_resealing() {
    let old = MasterKeys::new(&[2; 32], &[]).unwrap();
    let sealed = old.seal("t", "c", "r", b"secret").unwrap();
    assert_eq!(keys().open("t", "c", "r", &sealed).unwrap().as_slice(), b"secret");
    assert!(keys().needs_reseal(&sealed) && !old.needs_reseal(&sealed));
    let resealed = keys().seal("t", "c", "r", b"secret").unwrap();
    assert!(!keys().needs_reseal(&resealed));
    assert_eq!(old.open("t", "c", "r", &resealed), Err(SealError::UnknownKey));
}

#[test]
fn truncated_values_are_refused() {
    let sealed = keys().seal("t", "c", "r", b"secret").unwrap();
    for len in 0..sealed.len() {
        assert!(keys().open("t", "c", "r", &sealed[..len]).is_err(), "{len}");
    }
}

#[test]
fn debug_output_names_the_key_without_showing_it() {
    let shown = format!("{:?}", keys());
    assert!(shown.contains("114") && !shown.contains("1, 1, 1, 1"), "{shown}");
}

proptest! {
    #[test]
    fn any_secret_comes_back(secret in any::<Vec<u8>>(), row in ".{0,20}") {
        let sealed = keys().seal("t", "c", &row, &secret).unwrap();
        let opened = keys().open("t", "c", &row, &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), secret.as_slice());
    }

    #[test]
    fn a_sealed_value_with_any_byte_changed_is_refused(position in any::<usize>(), change in 1u8..=255) {
        let mut sealed = keys().seal("t", "c", "r", b"secret").unwrap();
        let position = position % sealed.len();
        sealed[position] ^= change;
        prop_assert!(keys().open("t", "c", "r", &sealed).is_err());
    }
}

#[test]
fn a_message_opens_under_its_own_master_key_while_that_is_configured() {
    let sealed =
        MasterKeys::new(&[1; 32], &[]).unwrap().message_sealer().seal("p", "i", b"", b"text").unwrap();
    let opens =
        |keys: &MasterKeys| keys.message_sealers().any(|sealer| sealer.open("p", "i", b"", &sealed).is_ok());
    assert!(opens(&MasterKeys::new(&[2; 32], &[[1; 32]]).unwrap()));
    assert!(!opens(&MasterKeys::new(&[2; 32], &[]).unwrap()));
}
