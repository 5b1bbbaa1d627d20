//! Passwords that became known, as a file that one can look into without a network.
//!
//! The file is a row of binary fuse filters (arXiv 2201.01174), each of the next `SHARD` entries in the order of their
//! SHA-1: 2¼ bytes an entry, no entry missed, and one password in 65,536 taken for one that is not there. A look-up
//! reads one of them, 150 KB at a place that the index knows, so the file takes no memory worth mention however long
//! the list is.
//!
//! ```text
//! header    16 bytes: MAGIC
//! filters   fingerprints, 16 bits each
//! index     48 bytes a filter: the last entry in it, seed, three lengths, number of fingerprints, half a SHA-256 of them
//! trailer   number of entries (8), number of filters (8), SHA-256 of index and both numbers (32)
//! ```
//! All numbers are little-endian.

pub mod build;

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use xorf::{BinaryFuse16, Descriptor, Filter as _};

/// What a list begins with; the digit is its version.
const MAGIC: [u8; 16] = *b"signet-breached1";
/// Entries of one filter.
const SHARD: usize = 65_536;
/// Bytes of an index entry.
const INDEX_ENTRY: usize = 48;
/// Bytes of the trailer.
const TRAILER: usize = 48;
/// More filters than all passwords that were ever known would need.
const MOST_SHARDS: u64 = 1 << 20;

/// Why a list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum UnfitList {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It was not made by us.
    #[error("is no list that `signet passwords build-filter` made")]
    Foreign,
    /// It was cut off or changed.
    #[error("is damaged: make it again with `signet passwords build-filter`")]
    Damaged,
}

/// An open list.
#[derive(Debug)]
pub struct BreachedList {
    file: File,
    shards: Vec<Shard>,
    entries: u64,
}

/// One filter and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shard {
    /// The greatest entry in it; the one before has the smaller ones.
    last: u64,
    descriptor: Descriptor,
    /// Number of fingerprints.
    length: u32,
    /// Half a SHA-256 of the fingerprints.
    checksum: [u8; 16],
    /// Where the fingerprints begin; not written down.
    offset: u64,
}

impl BreachedList {
    /// Opens a list. Its index is checked as a whole, each filter when it is read.
    pub fn open(path: &Path) -> Result<Self, UnfitList> {
        let mut file = File::open(path)?;
        let mut magic = [0; MAGIC.len()];
        let length = file.metadata()?.len();
        if file.read_exact(&mut magic).is_err() || magic != MAGIC {
            return Err(UnfitList::Foreign);
        }
        let trailer_at = length.checked_sub(TRAILER as u64).ok_or(UnfitList::Damaged)?;
        let mut trailer = [0; TRAILER];
        file.read_exact_at(&mut trailer, trailer_at)?;
        let (numbers, checksum) = trailer.split_at(16);
        let mut fields = Fields(numbers);
        let (entries, count) = (fields.number(), fields.number());
        let index_length =
            Some(count).filter(|count| *count <= MOST_SHARDS).ok_or(UnfitList::Damaged)? * INDEX_ENTRY as u64;
        let index_at = trailer_at.checked_sub(index_length).ok_or(UnfitList::Damaged)?;
        let mut index = vec![0; usize::try_from(index_length).map_err(|_| UnfitList::Damaged)?];
        file.read_exact_at(&mut index, index_at)?;
        if index_checksum(&index, numbers) != checksum {
            return Err(UnfitList::Damaged);
        }
        let mut shards = Vec::new();
        let mut offset = MAGIC.len() as u64;
        for entry in index.chunks_exact(INDEX_ENTRY) {
            let shard = Shard::read(entry, offset);
            offset += u64::from(shard.length) * 2;
            shards.push(shard);
        }
        let whole = offset == index_at && shards.is_sorted_by(|a, b| a.last < b.last);
        if whole { Ok(Self { file, shards, entries }) } else { Err(UnfitList::Damaged) }
    }

    /// Number of passwords in it.
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// Whether a password is in it, but for one in 65,536 that is not.
    pub fn contains(&self, password: &str) -> Result<bool, UnfitList> {
        let key = key_of(digest(&SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes()).as_ref());
        let at = self.shards.partition_point(|shard| shard.last < key);
        let Some(shard) = self.shards.get(at) else { return Ok(false) };
        let mut bytes = vec![0; shard.length as usize * 2];
        self.file.read_exact_at(&mut bytes, shard.offset)?;
        if half_sha256(&bytes) != shard.checksum {
            return Err(UnfitList::Damaged);
        }
        let fingerprints = bytes.as_chunks().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
        Ok(BinaryFuse16 { descriptor: shard.descriptor.clone(), fingerprints }.contains(&key))
    }
}

impl Shard {
    fn read(entry: &[u8], offset: u64) -> Self {
        let mut fields = Fields(entry);
        let last = fields.number();
        let seed = fields.number();
        let (segment_length, segment_length_mask) = (fields.small(), fields.small());
        let (segment_count_length, length) = (fields.small(), fields.small());
        let descriptor = Descriptor { seed, segment_length, segment_length_mask, segment_count_length };
        Self { last, descriptor, length, checksum: fields.bytes(), offset }
    }

    fn written(&self) -> Vec<u8> {
        let Descriptor { seed, segment_length, segment_length_mask, segment_count_length } = self.descriptor;
        let small = [segment_length, segment_length_mask, segment_count_length, self.length];
        let mut entry = [self.last, seed].map(u64::to_le_bytes).concat();
        entry.extend(small.map(u32::to_le_bytes).concat());
        entry.extend(self.checksum);
        entry
    }
}

/// What is left to read of a row of numbers. Its length was checked: what were missing would read as zero.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let (first, rest) = self.0.split_first_chunk().unwrap_or((&[0; N], &[]));
        self.0 = rest;
        *first
    }

    fn number(&mut self) -> u64 {
        u64::from_le_bytes(self.bytes())
    }

    fn small(&mut self) -> u32 {
        u32::from_le_bytes(self.bytes())
    }
}

/// The first 64 bits of a SHA-1. Among a thousand million entries that tells all apart.
fn key_of(sha1: &[u8]) -> u64 {
    sha1.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

fn half_sha256(bytes: &[u8]) -> [u8; 16] {
    digest(&SHA256, bytes).as_ref().first_chunk().copied().unwrap_or_default()
}

fn index_checksum(index: &[u8], numbers: &[u8]) -> Vec<u8> {
    digest(&SHA256, &[index, numbers].concat()).as_ref().to_vec()
}

#[cfg(test)]
mod tests;
