//! Why an answer is a refusal: for the log, and for whoever asks with the request's id.

use actix_web::HttpResponse;
use actix_web::dev::ServiceResponse;
use actix_web::http::Method;
use signet_protocol::audit::Origin;
use signet_protocol::error::{AuthorizeRefusal, BearerError, TokenRefusal};
use signet_protocol::explanation::{Evidence, Rule, shown};
use signet_protocol::id::ClientId;
use signet_protocol::rate_limit::Limited;
use signet_service::admin::{AdminError, Forbidden};
use signet_service::refusals::{RefusalLog, RefusedRequest};
use std::borrow::Cow;

/// How much of a reason is kept, in characters.
const LONGEST_REASON: usize = 300;

/// What a refusal does not tell the caller. It goes with the answer to the observer, which keeps it.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The standard's code.
    pub code: Cow<'static, str>,
    /// The reason, for the log.
    pub reason: String,
    /// The rule that was broken.
    pub rule: Rule,
    /// What was expected and what came.
    pub evidence: Evidence,
}

impl Refused {
    /// With a reason, and nothing to show beside it.
    pub fn new(code: impl Into<Cow<'static, str>>, rule: Rule, reason: impl Into<String>) -> Self {
        Self { code: code.into(), reason: reason.into(), rule, evidence: Evidence::default() }
    }

    /// By the authorization endpoint or a page.
    pub fn authorization(refusal: &AuthorizeRefusal) -> Self {
        let evidence = refusal.evidence.as_deref().cloned().unwrap_or_default();
        Self { evidence, ..Self::new(refusal.error.code(), refusal.rule, refusal.reason.clone()) }
    }

    /// By the token, introspection or revocation endpoint.
    pub fn token(refusal: &TokenRefusal) -> Self {
        let evidence = refusal.evidence.as_deref().cloned().unwrap_or_default();
        Self { evidence, ..Self::new(refusal.error.code(), refusal.rule, refusal.reason.clone()) }
    }

    /// By what takes access tokens.
    pub fn bearer(error: &BearerError) -> Self {
        let (code, reason) = (error.code().unwrap_or("invalid_request"), error.description());
        let mut refused = match error {
            BearerError::NoToken => Self::new(code, Rule::TokenMissing, "no access token came"),
            BearerError::InvalidRequest => Self::new(code, Rule::TokenMalformed, ""),
            BearerError::InvalidToken => Self::new(code, Rule::TokenInvalid, ""),
            BearerError::InsufficientScope { scope } => {
                Self::new(code, Rule::TokenScope, "").expecting(scope.iter().map(str::to_owned))
            }
            BearerError::InsufficientUserAuthentication { acr } => {
                Self::new(code, Rule::TokenAuthentication, "").expecting([acr.as_str().to_owned()])
            }
        };
        if let Some(reason) = reason {
            reason.clone_into(&mut refused.reason);
        }
        refused
    }

    /// By a limit.
    pub fn limited(code: impl Into<Cow<'static, str>>, reached: &Limited) -> Self {
        let limit = &reached.limit;
        let number = format!("{} in {} seconds", limit.quota, limit.window);
        let reason = format!("the limit {} is reached", limit.policy);
        Self::new(code, Rule::LimitReached, reason).expecting([number])
    }

    /// By administration. What was sent is not repeated: it may hold a password.
    pub fn administration(code: impl Into<Cow<'static, str>>, error: &AdminError) -> Self {
        let rule = match error {
            AdminError::Forbidden(_) => Rule::PermissionMissing,
            AdminError::Invalid(_) => Rule::InputInvalid,
            AdminError::NotFound(_) => Rule::NotFound,
            AdminError::Conflict(_) => Rule::Conflict,
            AdminError::Overtaken => Rule::StateOvertaken,
            AdminError::KeyReused => Rule::IdempotencyKeyReused,
            AdminError::Store(_) => Rule::ServerUnavailable,
            AdminError::Internal(_) => Rule::ServerFailed,
        };
        match error {
            AdminError::Invalid(faults) => {
                Self::faulty(code, faults.iter().map(|fault| fault.field.as_str()))
            }
            AdminError::Forbidden(Forbidden::Missing(permission) | Forbidden::Above(permission)) => {
                Self::new(code, rule, error.to_string()).expecting([permission.to_string()])
            }
            error => Self::new(code, rule, error.to_string()),
        }
    }

    /// Fields that do not fit.
    pub fn faulty<'a>(code: impl Into<Cow<'static, str>>, fields: impl Iterator<Item = &'a str>) -> Self {
        let fields = fields.map(shown).collect::<Vec<_>>().join(", ");
        Self::new(code, Rule::InputInvalid, format!("not as it has to be: {fields}"))
    }

    /// With what would have been right.
    #[must_use]
    pub fn expecting(mut self, values: impl IntoIterator<Item = String>) -> Self {
        self.evidence.expect(values);
        self
    }

    /// With what came, without what may be a secret.
    #[must_use]
    pub fn having(mut self, came: String) -> Self {
        self.evidence.came = Some(came);
        self
    }

    /// With the client that it was.
    #[must_use]
    pub fn of(mut self, client_id: Option<&ClientId>) -> Self {
        self.evidence.client_id = self.evidence.client_id.or_else(|| client_id.cloned());
        self
    }
}

/// Tells the log of a refusal, and hands what it does not tell the caller on with the answer.
pub fn note(response: &mut HttpResponse, refused: Refused, origin: &Origin) {
    let request_id = origin.request_id.as_ref().map(|id| id.as_str());
    let status = response.status().as_u16();
    let Refused { code, reason, rule, .. } = &refused;
    if status >= 500 {
        tracing::error!(error = &**code, reason, rule = rule.name(), status, request_id, "failed");
    } else {
        tracing::info!(error = &**code, reason, rule = rule.name(), status, request_id, "refused");
    }
    hand_on(response, refused);
}

/// The same without a word in the log, where nothing is to be said that does not stand there.
pub fn hand_on(response: &mut HttpResponse, refused: Refused) {
    response.extensions_mut().insert(refused);
}

/// A method of the standard's (RFC 9110 §9); whatever else a stranger sends has no place among what is kept.
pub fn known(method: &Method) -> &str {
    let standard = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ];
    if standard.contains(method) { method.as_str() } else { "OTHER" }
}

/// Keeps why an answer is a refusal, if it is one.
pub fn keep(response: &mut ServiceResponse, origin: &Origin, log: &RefusalLog) {
    let refused = response.response_mut().extensions_mut().remove::<Refused>();
    let (Some(refused), Some(request_id)) = (refused, &origin.request_id) else { return };
    let request = response.request();
    let route = request.match_pattern();
    let endpoint = format!("{} {}", known(request.method()), route.as_deref().unwrap_or("elsewhere"));
    let (status, address) = (response.status().as_u16(), origin.address);
    log.note(|at| RefusedRequest {
        request_id: request_id.clone(),
        at,
        endpoint,
        status,
        code: refused.code.into_owned(),
        reason: refused.reason.chars().filter(|c| *c != '\0').take(LONGEST_REASON).collect(),
        rule: refused.rule.into(),
        address,
        evidence: refused.evidence,
    });
}
