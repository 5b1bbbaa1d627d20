//! Words that are chosen in code and said by a template.

use serde::Serialize;

/// The name of a message without arguments, for a template's `t(…)`. That there is such a message is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Words(pub &'static str);
