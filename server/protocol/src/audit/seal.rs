//! What makes a change of the audit log show: a digest of each row, and seals over many rows, each of which names the
//! one before it. A seal is signed over its [hash](Seal::hash).

use crate::environment::Moment;
use crate::id::KeyId;
use ring::digest::{Context, SHA256};
use std::fmt;

/// The most rows in one seal.
pub const MAX_ROWS: usize = 2_048;

const ROW_DOMAIN: &[u8] = b"signet audit row v1";
const SEAL_DOMAIN: &[u8] = b"signet audit seal v1";

/// A SHA-256 digest of something that is no secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut hashing = Context::new(&SHA256);
        hashing.update(bytes);
        finish(hashing)
    }
}

/// Hexadecimal, in lower case.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

/// A row of the audit log exactly as the database holds it.
#[derive(Clone, Copy, Debug)]
pub struct StoredRow<'a> {
    /// Its number.
    pub id: i64,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// `event`, `request_id`, `address`, `actor`, `user_id`, `client_id`, `sid`, `grant_id`, `details`.
    pub texts: [Option<&'a str>; 9],
}

impl StoredRow<'_> {
    /// What changes whenever any of it does: absent and empty are two things, and nothing can move between columns.
    pub fn digest(&self) -> Digest {
        let mut hashing = Context::new(&SHA256);
        hashing.update(ROW_DOMAIN);
        hashing.update(&self.id.to_be_bytes());
        hashing.update(&self.at.to_be_bytes());
        for text in self.texts {
            match text {
                None => hashing.update(&[0]),
                Some(text) => {
                    hashing.update(&[1]);
                    sized(&mut hashing, text.as_bytes());
                }
            }
        }
        finish(hashing)
    }
}

/// A seal before it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// 1, 2, 3 … without gaps.
    pub seq: i64,
    /// When it was made, to the millisecond.
    pub at: Moment,
    /// The hash of the seal before it; zeros in the first.
    pub previous: Digest,
    /// Numbers and digests of rows, as [`encode_rows`] writes them.
    pub rows: Vec<u8>,
    /// The least number among them; 0: there are none.
    pub first_id: i64,
    /// The greatest number among them; 0: there are none.
    pub last_id: i64,
    /// The rows of all seals up to this one were old enough to be dropped; 0: of none.
    pub dropped_through: i64,
    /// The key that signs it.
    pub kid: KeyId,
}

impl Seal {
    /// What is signed, and named by the next seal.
    pub fn hash(&self) -> Digest {
        let mut hashing = Context::new(&SHA256);
        hashing.update(SEAL_DOMAIN);
        for number in
            [self.seq, self.at.timestamp_millis(), self.first_id, self.last_id, self.dropped_through]
        {
            hashing.update(&number.to_be_bytes());
        }
        hashing.update(&self.previous.0);
        sized(&mut hashing, self.kid.as_str().as_bytes());
        hashing.update(&Digest::of(&self.rows).0);
        finish(hashing)
    }
}

/// Rows as a seal holds them: for each the distance from the number before it, seven bits a byte, the lowest first, the
/// high bit saying that more follow; then the digest. The numbers must rise.
pub fn encode_rows(rows: &[(i64, Digest)]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(rows.len() * 33);
    let mut before = 0;
    for (id, digest) in rows {
        let mut distance = id.wrapping_sub(before).cast_unsigned();
        while distance > 0x7f {
            bytes.push(0x80 | (distance & 0x7f) as u8);
            distance >>= 7;
        }
        bytes.push(distance as u8);
        bytes.extend_from_slice(&digest.0);
        before = *id;
    }
    bytes
}

/// Not what [`encode_rows`] writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rows of the seal are not readable")]
pub struct Unreadable;

/// Reads what [`encode_rows`] wrote, and only that.
pub fn decode_rows(mut bytes: &[u8]) -> Result<Vec<(i64, Digest)>, Unreadable> {
    let mut rows = Vec::with_capacity(bytes.len() / 33);
    let mut before: i64 = 0;
    while !bytes.is_empty() {
        let distance = distance(&mut bytes)?;
        let id = before.checked_add(distance).filter(|_| distance > 0).ok_or(Unreadable)?;
        let (digest, rest) = bytes.split_first_chunk().ok_or(Unreadable)?;
        rows.push((id, Digest(*digest)));
        (before, bytes) = (id, rest);
    }
    Ok(rows)
}

fn distance(bytes: &mut &[u8]) -> Result<i64, Unreadable> {
    let mut number: u64 = 0;
    for place in 0..9 {
        let (byte, rest) = bytes.split_first().ok_or(Unreadable)?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            // A number has one spelling.
            let shortest = *byte != 0 || place == 0;
            return i64::try_from(number).ok().filter(|_| shortest).ok_or(Unreadable);
        }
    }
    Err(Unreadable)
}

/// Bytes after their length.
fn sized(hashing: &mut Context, bytes: &[u8]) {
    hashing.update(&(bytes.len() as u64).to_be_bytes());
    hashing.update(bytes);
}

fn finish(hashing: Context) -> Digest {
    let mut digest = [0; 32];
    digest.copy_from_slice(hashing.finish().as_ref());
    Digest(digest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row<'a>() -> StoredRow<'a> {
        let texts = [Some("sign_in_failed"), None, Some("192.0.2.1"), None, None, Some("shop"), None, None];
        let [a, b, c, d, e, f, g, h] = texts;
        StoredRow { id: 7, at: 1_000, texts: [a, b, c, d, e, f, g, h, Some("{}")] }
    }

    #[test]
    fn every_column_counts_and_so_does_where_a_text_stands() {
        let mut digests = vec![row().digest(), StoredRow { id: 8, ..row() }.digest()];
        digests.push(StoredRow { at: 1_001, ..row() }.digest());
        for place in 0..9 {
            for text in [None, Some(""), Some("other")] {
                let mut changed = row();
                if changed.texts[place] != text {
                    changed.texts[place] = text;
                    digests.push(changed.digest());
                }
            }
        }
        // The same text one column further.
        let mut moved = row();
        moved.texts.swap(5, 6);
        digests.push(moved.digest());
        for (n, digest) in digests.iter().enumerate() {
            assert!(!digests[..n].contains(digest), "{n}");
        }
    }

    #[test]
    fn the_hash_of_a_seal_depends_on_all_of_it() {
        let seal = Seal {
            seq: 2,
            at: Moment::UNIX_EPOCH,
            previous: Digest::of(b"one"),
            rows: encode_rows(&[(1, Digest::of(b"row"))]),
            first_id: 1,
            last_id: 1,
            dropped_through: 0,
            kid: "k".into(),
        };
        let others = [
            Seal { seq: 3, ..seal.clone() },
            Seal { at: Moment::UNIX_EPOCH + chrono::TimeDelta::milliseconds(1), ..seal.clone() },
            Seal { previous: Digest::of(b"two"), ..seal.clone() },
            Seal { rows: encode_rows(&[(1, Digest::of(b"war"))]), ..seal.clone() },
            Seal { first_id: 0, ..seal.clone() },
            Seal { last_id: 2, ..seal.clone() },
            Seal { dropped_through: 1, ..seal.clone() },
            Seal { kid: "l".into(), ..seal.clone() },
        ];
        for other in others {
            assert_ne!(other.hash(), seal.hash(), "{other:?}");
        }
    }

    #[test]
    fn rows_that_were_not_written_so_are_unreadable() {
        let good = encode_rows(&[(1, Digest::of(b"a")), (300, Digest::of(b"b"))]);
        assert_eq!(decode_rows(&good[..good.len() - 1]), Err(Unreadable));
        assert_eq!(decode_rows(&[&[0], good[1..].as_ref()].concat()), Err(Unreadable));
        // One in two bytes where one byte is enough.
        assert_eq!(decode_rows(&[&[0x81, 0], good[1..].as_ref()].concat()), Err(Unreadable));
        assert_eq!(decode_rows(&[0xff; 64]), Err(Unreadable));
    }

    proptest! {
        #[test]
        fn rows_are_read_as_they_were_written(ids in proptest::collection::btree_set(1..i64::MAX, 0..20)) {
            let rows: Vec<_> = ids.into_iter().map(|id| (id, Digest::of(&id.to_be_bytes()))).collect();
            prop_assert_eq!(decode_rows(&encode_rows(&rows)), Ok(rows));
        }

        #[test]
        fn no_bytes_are_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(rows) = decode_rows(&bytes) {
                prop_assert_eq!(encode_rows(&rows), bytes);
            }
        }
    }
}
