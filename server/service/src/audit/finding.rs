//! What is wrong with an audit log.

use chrono::{DateTime, SecondsFormat};
use std::fmt;

/// The first thing that is not as it was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Seals are not there.
    SealMissing(i64),
    /// A seal names a key that is not there.
    KeyMissing(i64, String),
    /// A seal names a key that this deployment did not make: whoever signed with it had no master key.
    KeyForeign(i64, String),
    /// A seal is not what was signed.
    SealChanged(i64),
    /// A seal is signed, but made to follow another one.
    SealMoved(i64),
    /// A seal is another one than that which was exported under its number.
    NotTheExported(i64),
    /// A seal was exported, and is not there.
    Truncated(i64),
    /// A row is not what was sealed.
    RowChanged(Row, i64),
    /// A row was sealed, and is not there.
    RowMissing(i64, i64),
    /// A row was never sealed, though rows that are younger were.
    RowInserted(Row),
    /// Rows after the last sealed one are not sealed, though they are not that young.
    Unsealed(Row, i64),
}

/// A row, as far as it can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number.
    pub id: i64,
    /// When it says that it was, in milliseconds since 1970.
    pub at: i64,
    /// The name of its event.
    pub event: String,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event {} ({:?}", self.id, self.event)?;
        match DateTime::from_timestamp_millis(self.at) {
            Some(at) => write!(f, " of {})", at.to_rfc3339_opts(SecondsFormat::Millis, true)),
            None => f.write_str(" of no time)"),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SealMissing(seq) => write!(f, "seal {seq} is missing, though later ones are there"),
            Self::KeyMissing(seq, kid) => {
                write!(f, "seal {seq} is signed with key {kid}, which is not in the database")
            }
            Self::KeyForeign(seq, reason) => {
                write!(
                    f,
                    "seal {seq} is signed with a key that does not open as one of this deployment's: {reason}"
                )
            }
            Self::SealChanged(seq) => write!(f, "seal {seq} is not what was signed"),
            Self::SealMoved(seq) => {
                write!(f, "seal {seq} does not follow the one before it: one of the two was put there")
            }
            Self::NotTheExported(seq) => write!(f, "seal {seq} is another one than that which was exported"),
            Self::Truncated(seq) => {
                write!(f, "seal {seq} was exported and is missing: the end of the audit log was removed")
            }
            Self::RowChanged(row, seq) => write!(f, "{row} is not what seal {seq} holds: it was changed"),
            Self::RowMissing(id, seq) => {
                write!(f, "event {id} is missing: seal {seq} holds it, and nothing says that it was dropped")
            }
            Self::RowInserted(row) => write!(f, "{row} is in no seal: it was put there"),
            Self::Unsealed(row, 0) => write!(
                f,
                "{row} and whatever follows are not sealed: no server has run since, or the seals were removed"
            ),
            Self::Unsealed(row, last) => write!(
                f,
                "{row} and whatever follows are not sealed: the last seal is {last}; no server has run since, or later seals were removed"
            ),
        }
    }
}
