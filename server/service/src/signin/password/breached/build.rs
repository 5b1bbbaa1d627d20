//! Making a list from the hashes that others publish: one SHA-1 in hexadecimal a line, in order, each with the number of
//! times it was seen (`7C4A8D09CA3762AF61E59520943DC26494F8941B:37359195`), as Have I Been Pwned gives them away.

use super::{BreachedList, MAGIC, SHARD, Shard, half_sha256, index_checksum};
use std::fs::File;
use std::io::{self, BufRead, BufWriter, Write};
use std::path::{Path, PathBuf};
use xorf::BinaryFuse16;

/// A longer line is none of such a list.
const LONGEST_LINE: u64 = 128;

/// What was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Built {
    /// Passwords in the list.
    pub entries: u64,
    /// Lines that were left out because they were seen too seldom.
    pub left_out: u64,
    /// Length of the file, in bytes.
    pub bytes: u64,
}

/// Why nothing was made.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The hashes cannot be read.
    #[error("the hashes cannot be read: {0}")]
    Read(io::Error),
    /// The list cannot be written.
    #[error("{} cannot be written: {error}", path.display())]
    Write {
        /// Where to.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A line is no hash.
    #[error(
        "line {0} is no SHA-1 in hexadecimal with a count, like 7C4A8D09CA3762AF61E59520943DC26494F8941B:37359195"
    )]
    Line(u64),
    /// Lines are not in order.
    #[error("line {0} comes before the one above it: sort the hashes first, as `LC_ALL=C sort` does")]
    Order(u64),
    /// No line is left.
    #[error("there is no hash in it that was seen often enough")]
    Empty,
    /// The construction failed; it is tried a thousand times with other seeds.
    #[error("a filter could not be made: {0}")]
    Filter(&'static str),
}

/// Reads hashes and writes a list at `target`, which is there as a whole or as it was before. Memory stays at a few MB
/// however long the list is.
pub fn build(source: impl BufRead, target: &Path, min_count: u64) -> Result<Built, BuildError> {
    let written = |error| BuildError::Write { path: target.to_owned(), error };
    let mut name = target.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    let made = write_list(source, &part, min_count, written).and_then(|built| {
        std::fs::rename(&part, target).map_err(written)?;
        Ok(built)
    });
    if made.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    made
}

fn write_list(
    source: impl BufRead,
    part: &Path,
    min_count: u64,
    written: impl Fn(io::Error) -> BuildError,
) -> Result<Built, BuildError> {
    let file = File::create(part).map_err(&written)?;
    let mut list = Writer { out: BufWriter::new(file), keys: Vec::with_capacity(SHARD), shards: Vec::new() };
    list.out.write_all(&MAGIC).map_err(&written)?;
    let (mut entries, mut left_out) = (0, 0);
    let mut hashes = Hashes { source, line: Vec::new(), number: 0, last: None };
    while let Some((key, count)) = hashes.next()? {
        if count < min_count {
            left_out += 1;
            continue;
        }
        // Two hashes with the same beginning are one entry.
        if list.keys.last() != Some(&key) && list.shards.last().is_none_or(|shard| shard.last != key) {
            entries += 1;
            list.keys.push(key);
        }
        if list.keys.len() == SHARD {
            list.flush(&written)?;
        }
    }
    list.flush(&written)?;
    if entries == 0 {
        return Err(BuildError::Empty);
    }
    let file = list.finish(entries).map_err(&written)?;
    file.sync_all().map_err(&written)?;
    let bytes = file.metadata().map_err(&written)?.len();
    // What was written is what will be read.
    match BreachedList::open(part) {
        Ok(list) if list.entries() == entries => Ok(Built { entries, left_out, bytes }),
        Ok(_) => Err(BuildError::Filter("the file holds another number of entries")),
        Err(error) => Err(written(io::Error::other(error))),
    }
}

/// The hashes, one after the other.
struct Hashes<S> {
    source: S,
    line: Vec<u8>,
    number: u64,
    last: Option<u64>,
}

impl<S: BufRead> Hashes<S> {
    /// Beginning and count of the next hash.
    fn next(&mut self) -> Result<Option<(u64, u64)>, BuildError> {
        use io::Read as _;
        loop {
            self.line.clear();
            let read = self.source.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut self.line);
            if read.map_err(BuildError::Read)? == 0 {
                return Ok(None);
            }
            self.number += 1;
            let line = self.line.trim_ascii();
            if line.is_empty() {
                continue;
            }
            let (key, count) = parse(line).ok_or(BuildError::Line(self.number))?;
            if self.last.is_some_and(|last| key < last) {
                return Err(BuildError::Order(self.number));
            }
            self.last = Some(key);
            return Ok(Some((key, count)));
        }
    }
}

/// A line's first 64 bits and its count; a hash without one counts as seen once.
fn parse(line: &[u8]) -> Option<(u64, u64)> {
    let line = std::str::from_utf8(line).ok()?;
    let (hash, count) = line.split_once(':').unwrap_or((line, "1"));
    let is_sha1 = hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let digits = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
    let key = u64::from_str_radix(hash.get(..16)?, 16).ok()?;
    (is_sha1 && digits).then(|| Some((key, count.parse().ok()?)))?
}

/// A list that is being written.
struct Writer {
    out: BufWriter<File>,
    /// Of the filter that is filling up.
    keys: Vec<u64>,
    shards: Vec<Shard>,
}

impl Writer {
    /// Makes a filter of the keys that have come together.
    fn flush(&mut self, written: impl Fn(io::Error) -> BuildError) -> Result<(), BuildError> {
        let Some(last) = self.keys.last().copied() else { return Ok(()) };
        let filter = BinaryFuse16::try_from(self.keys.as_slice()).map_err(BuildError::Filter)?;
        self.keys.clear();
        let bytes: Vec<u8> = filter.fingerprints.iter().flat_map(|print| print.to_le_bytes()).collect();
        let length = u32::try_from(filter.fingerprints.len());
        let length = length.map_err(|_| BuildError::Filter("too many fingerprints"))?;
        self.out.write_all(&bytes).map_err(written)?;
        let checksum = half_sha256(&bytes);
        self.shards.push(Shard { last, descriptor: filter.descriptor, length, checksum, offset: 0 });
        Ok(())
    }

    fn finish(mut self, entries: u64) -> io::Result<File> {
        let index: Vec<u8> = self.shards.iter().flat_map(Shard::written).collect();
        let numbers = [entries, self.shards.len() as u64].map(u64::to_le_bytes).concat();
        for part in [index.as_slice(), &numbers, &index_checksum(&index, &numbers)] {
            self.out.write_all(part)?;
        }
        self.out.into_inner().map_err(io::IntoInnerError::into_error)
    }
}
