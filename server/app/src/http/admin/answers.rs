//! The API's answers, for whoever gives the same ones without HTTP.

pub use super::clients::{ClientAnswer, ClientMade, SecretMade};
pub use super::invitations::InvitationMade;
pub use super::refusals::explained;
pub use super::users::UserAnswer;
