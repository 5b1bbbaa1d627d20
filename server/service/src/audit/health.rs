//! How writing and sealing the audit log goes on this node: the alarm that an operator sees.

use signet_protocol::environment::Moment;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Something does not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Since when.
    pub since: Moment,
    /// Why, when it was last tried.
    pub reason: String,
}

/// What an operator must know of the audit log on this node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditHealth {
    /// Events cannot be written; they are kept in memory and tried again.
    pub writing: Option<Trouble>,
    /// So many of them wait.
    pub waiting: usize,
    /// What is written cannot be sealed. On a node that leaves the sealing to another one there is none.
    pub sealing: Option<Trouble>,
    /// Seals do not reach these sinks.
    pub sinks: BTreeMap<String, Trouble>,
}

impl AuditHealth {
    /// What does not work, in a word each: anybody may read these. Why, is for those who may read the audit log.
    pub fn alarms(&self) -> Vec<&'static str> {
        let alarms = [
            (self.writing.is_some(), "audit_unwritten"),
            (self.sealing.is_some(), "audit_unsealed"),
            (!self.sinks.is_empty(), "audit_sink"),
        ];
        alarms.into_iter().filter(|(rings, _)| *rings).map(|(_, word)| word).collect()
    }
}

/// Where writer and sealer say how it goes.
#[derive(Clone, Debug, Default)]
pub(crate) struct AuditWatch(Arc<Mutex<AuditHealth>>);

/// Whether something just began to fail, or works again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It is as it was.
    None,
    /// It fails from now on.
    Fails,
    /// It works again.
    Works,
}

impl AuditWatch {
    /// How it goes.
    pub fn health(&self) -> AuditHealth {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How a batch was written; `waiting` events are left in memory.
    pub(super) fn written(&self, error: Option<&dyn fmt::Display>, waiting: usize, now: Moment) {
        let mut health = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        health.waiting = if error.is_none() { 0 } else { waiting };
        turn(&mut health.writing, error, now);
    }

    /// How sealing went, or that it is another node's.
    pub(super) fn sealed(&self, error: Option<&dyn fmt::Display>, now: Moment) -> Turn {
        turn(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).sealing, error, now)
    }

    /// How it went with a sink.
    pub(super) fn shipped(&self, sink: &str, error: Option<&dyn fmt::Display>, now: Moment) -> Turn {
        let mut health = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut trouble = health.sinks.remove(sink);
        let turn = turn(&mut trouble, error, now);
        if let Some(trouble) = trouble {
            health.sinks.insert(sink.to_owned(), trouble);
        }
        turn
    }
}

fn turn(trouble: &mut Option<Trouble>, error: Option<&dyn fmt::Display>, now: Moment) -> Turn {
    match (error, trouble.take()) {
        (None, None) => Turn::None,
        (None, Some(_)) => Turn::Works,
        (Some(error), before) => {
            let turn = if before.is_none() { Turn::Fails } else { Turn::None };
            let since = before.map_or(now, |before| before.since);
            *trouble = Some(Trouble { since, reason: error.to_string() });
            turn
        }
    }
}
