//! Why administration refused something.

use super::Forbidden;
use signet_protocol::environment::RandomFailed;
use signet_protocol::registration::FieldError;
use signet_store::StoreError;

/// Why administration refused something. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// Who asks may not do that.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such thing.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// What was sent cannot be kept.
    #[error("{}", told(.0))]
    Invalid(Vec<FieldError>),
    /// Something else has it already, or stands in the way.
    #[error("{0}")]
    Conflict(String),
    /// It is no longer as whoever changes it saw it.
    #[error("it was changed meanwhile: read it again, and then decide")]
    Overtaken,
    /// The same key stands for another request.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something that ought to work did not.
    #[error("{0}")]
    Internal(String),
}

impl From<RandomFailed> for AdminError {
    fn from(error: RandomFailed) -> Self {
        Self::Internal(error.to_string())
    }
}

fn told(faults: &[FieldError]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// One fault in what was sent.
pub(super) fn fault(field: impl Into<String>, message: impl Into<String>) -> AdminError {
    AdminError::Invalid(vec![FieldError { field: field.into(), message: message.into() }])
}
