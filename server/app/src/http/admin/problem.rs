//! How the administration API refuses: `application/problem+json` (RFC 9457).

use crate::http::answer::{RETRY, challenge, fresh, limited, retry_after};
use crate::http::extract::Unreadable;
use crate::http::refused::{Refused, note};
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use signet_protocol::audit::Origin;
use signet_protocol::error::BearerError;
use signet_protocol::explanation::Rule;
use signet_protocol::rate_limit::Limited;
use signet_protocol::registration::FieldError;
use signet_protocol::scope::Scope;
use signet_service::admin::{AdminError, Forbidden};
use signet_service::tokens::PresentedRefusal;
use std::fmt;
use utoipa::ToSchema;

/// `application/problem+json`.
const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");

/// A refusal (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    /// What kind of refusal it is, as an address that tells of it.
    #[serde(rename = "type")]
    #[schema(rename = "type")]
    kind: String,
    /// The same in a few words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What was wrong this time, and what would be right.
    detail: String,
    /// The request, by which an operator finds more.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    /// What was wrong with which field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Fault>,
}

/// What was wrong with a field.
#[derive(Debug, Serialize, ToSchema)]
pub struct Fault {
    /// The field's name, as it was sent.
    field: String,
    /// What is wrong, and what would be right.
    message: String,
}

/// The kinds of refusals: each has an anchor in the API's documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What was sent cannot be read, or does not fit.
    Invalid,
    /// No token that counts.
    Unauthorized,
    /// The token lets do less.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// Something stands in the way.
    Conflict,
    /// It is no longer as it was seen.
    PreconditionFailed,
    /// It was not said which state was seen.
    PreconditionRequired,
    /// The key stands for another request.
    KeyReused,
    /// Too many requests.
    Limited,
    /// The server cannot answer now.
    Unavailable,
    /// The server failed.
    Internal,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Invalid,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::Conflict,
        Self::PreconditionFailed,
        Self::PreconditionRequired,
        Self::KeyReused,
        Self::Limited,
        Self::Unavailable,
        Self::Internal,
    ];

    /// Its status, its name, and what it is in a few words.
    pub const fn told(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Invalid => (StatusCode::BAD_REQUEST, "invalid", "The request does not fit"),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized", "An access token is needed"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "A permission is missing"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "There is no such thing"),
            Self::Conflict => (StatusCode::CONFLICT, "conflict", "Something stands in the way"),
            Self::PreconditionFailed => {
                (StatusCode::PRECONDITION_FAILED, "precondition-failed", "It was changed meanwhile")
            }
            Self::PreconditionRequired => {
                (StatusCode::PRECONDITION_REQUIRED, "precondition-required", "If-Match is needed")
            }
            Self::KeyReused => {
                (StatusCode::UNPROCESSABLE_ENTITY, "key-reused", "The key stands for another request")
            }
            Self::Limited => (StatusCode::TOO_MANY_REQUESTS, "limited", "Too many requests"),
            Self::Unavailable => {
                (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "The server cannot answer now")
            }
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "The server failed"),
        }
    }
}

impl Kind {
    /// The rule that a refusal of this kind is about, where none is named.
    const fn rule(self) -> Rule {
        match self {
            Self::Invalid => Rule::InputInvalid,
            Self::Unauthorized => Rule::TokenInvalid,
            Self::Forbidden => Rule::PermissionMissing,
            Self::NotFound => Rule::NotFound,
            Self::Conflict => Rule::Conflict,
            Self::PreconditionFailed => Rule::StateOvertaken,
            Self::PreconditionRequired => Rule::StateUnsaid,
            Self::KeyReused => Rule::IdempotencyKeyReused,
            Self::Limited => Rule::LimitReached,
            Self::Unavailable => Rule::ServerUnavailable,
            Self::Internal => Rule::ServerFailed,
        }
    }
}

/// A refusal on its way out.
#[derive(Debug)]
pub struct Problem(Box<Parts>);

/// What a refusal is made of.
#[derive(Debug)]
struct Parts {
    kind: Kind,
    status: StatusCode,
    detail: String,
    errors: Vec<Fault>,
    origin: Origin,
    /// Where the kinds of refusals are told.
    docs: String,
    challenge: Option<String>,
    limited: Option<Limited>,
    /// What the caller is not told.
    refused: Refused,
}

/// What makes refusals of one request.
#[derive(Clone, Debug)]
pub struct Refusing {
    /// The request.
    pub origin: Origin,
    /// Where the kinds of refusals are told.
    pub docs: String,
    /// The realm of challenges: the issuer.
    pub issuer: String,
}

impl Refusing {
    /// A refusal of a kind.
    pub fn because(&self, kind: Kind, detail: impl Into<String>) -> Problem {
        self.parts(kind, detail).into()
    }

    fn parts(&self, kind: Kind, detail: impl Into<String>) -> Parts {
        let ((status, name, _), detail) = (kind.told(), detail.into());
        Parts {
            kind,
            status,
            refused: Refused::new(name, kind.rule(), detail.clone()),
            detail,
            errors: Vec::new(),
            origin: self.origin.clone(),
            docs: self.docs.clone(),
            challenge: None,
            limited: None,
        }
    }

    /// What was sent does not fit.
    pub fn invalid(&self, faults: Vec<FieldError>) -> Problem {
        let detail = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let refused = Refused::faulty("invalid", faults.iter().map(|fault| fault.field.as_str()));
        let errors = faults.into_iter().map(|FieldError { field, message }| Fault { field, message });
        Parts { errors: errors.collect(), refused, ..self.parts(Kind::Invalid, detail) }.into()
    }

    /// What was sent cannot be read.
    pub fn unreadable(&self, unreadable: Unreadable) -> Problem {
        let told = unreadable.description();
        let refused = Refused::new("invalid", Rule::RequestUnreadable, told);
        Parts { status: unreadable.status(), refused, ..self.parts(Kind::Invalid, told) }.into()
    }

    /// The token does not suffice (RFC 6750 §3).
    pub fn token(&self, refusal: PresentedRefusal) -> Problem {
        match refusal {
            PresentedRefusal::Bearer(error) => self.bearer(&error),
            PresentedRefusal::Limited(reached) => Parts {
                refused: Refused::limited("limited", &reached),
                limited: Some(reached),
                ..self.parts(Kind::Limited, "too many requests: try again later")
            }
            .into(),
            PresentedRefusal::Unavailable(error) => self.unavailable(&error),
        }
    }

    /// The token does not suffice (RFC 6750 §3).
    pub fn bearer(&self, error: &BearerError) -> Problem {
        let detail =
            error.description().unwrap_or("send `Authorization: Bearer` with an access token for this API");
        Parts {
            status: StatusCode::from_u16(error.status()).unwrap_or(StatusCode::UNAUTHORIZED),
            challenge: Some(error.www_authenticate(&self.issuer)),
            refused: Refused::bearer(error),
            ..self.parts(Kind::Unauthorized, detail)
        }
        .into()
    }

    /// Administration refused.
    pub fn admin(&self, error: AdminError) -> Problem {
        match error {
            AdminError::Forbidden(forbidden) => self.forbidden(forbidden),
            AdminError::Invalid(faults) => self.invalid(faults),
            error @ AdminError::NotFound(_) => self.because(Kind::NotFound, error.to_string()),
            error @ AdminError::Conflict(_) => self.because(Kind::Conflict, error.to_string()),
            error @ AdminError::Overtaken => self.because(Kind::PreconditionFailed, error.to_string()),
            error @ AdminError::KeyReused => self.because(Kind::KeyReused, error.to_string()),
            AdminError::Store(error) => self.unavailable(&error),
            AdminError::Internal(reason) => Parts {
                refused: Refused::new("internal", Rule::ServerFailed, reason),
                ..self.parts(Kind::Internal, "the server failed to answer; its log has the reason")
            }
            .into(),
        }
    }

    /// RFC 6750 §3.1: a token that lacks a scope is told which.
    fn forbidden(&self, forbidden: Forbidden) -> Problem {
        let challenge = match forbidden {
            Forbidden::Missing(permission) => {
                let scope = Scope::parse(permission.scope()).unwrap_or_default();
                Some(BearerError::InsufficientScope { scope }.www_authenticate(&self.issuer))
            }
            Forbidden::Above(_) => None,
        };
        let refused = Refused::administration("forbidden", &forbidden.into());
        Parts { challenge, refused, ..self.parts(Kind::Forbidden, forbidden.to_string()) }.into()
    }

    fn unavailable(&self, error: &impl ToString) -> Problem {
        Parts {
            refused: Refused::new("unavailable", Rule::ServerUnavailable, error.to_string()),
            ..self.parts(Kind::Unavailable, "the server cannot answer right now: try again")
        }
        .into()
    }
}

impl From<Parts> for Problem {
    fn from(parts: Parts) -> Self {
        Self(Box::new(parts))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.status
    }

    fn error_response(&self) -> HttpResponse {
        let (_, name, title) = self.0.kind.told();
        let body = ProblemBody {
            kind: format!("{}#{name}", self.0.docs),
            title,
            status: self.0.status.as_u16(),
            detail: self.0.detail.clone(),
            request_id: self.0.origin.request_id.as_ref().map(ToString::to_string),
            errors: self
                .0
                .errors
                .iter()
                .map(|fault| Fault { field: fault.field.clone(), message: fault.message.clone() })
                .collect(),
        };
        // Texts and numbers can always be written.
        let mut response = fresh(self.0.status, PROBLEM, serde_json::to_vec(&body).unwrap_or_default());
        note(&mut response, self.0.refused.clone(), &self.0.origin);
        if let Some(text) = &self.0.challenge {
            challenge(&mut response, text.clone());
        }
        if let Some(reached) = &self.0.limited {
            limited(&mut response, reached);
        }
        if self.0.status == StatusCode::SERVICE_UNAVAILABLE {
            retry_after(&mut response, RETRY);
        }
        response
    }
}
