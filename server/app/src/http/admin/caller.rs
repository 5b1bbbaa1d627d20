//! Who calls the administration API, and what they sent.

use super::problem::{Kind, Problem, Refusing};
use crate::http::State;
use crate::http::extract::{self, authorization, origin};
use actix_web::dev::Payload as DevPayload;
use actix_web::http::header::{CONTENT_TYPE, HeaderName, IF_MATCH};
use actix_web::web::{Data, Payload};
use actix_web::{FromRequest, HttpRequest};
use chrono::DateTime;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use signet_protocol::bearer;
use signet_protocol::environment::Moment;
use signet_protocol::metadata::paths::ADMINISTRATION;
use signet_protocol::parameters::Parameters;
use signet_protocol::permission::Permission;
use signet_protocol::registration::FieldError;
use signet_protocol::secret::SecretHash;
use signet_service::admin::{Actor, Admin, AdminError, Changing, Idempotent, PageRequest, read_body};
use std::str::FromStr;
use url::Url;

/// The longest idempotency key, in characters.
const LONGEST_KEY: usize = 255;
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Who calls, let in by their access token.
pub struct Caller {
    /// What they may do.
    pub actor: Actor,
    /// What refuses.
    pub refusing: Refusing,
    state: Data<State>,
    request: HttpRequest,
    query: Parameters,
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut DevPayload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(request).await })
    }
}

impl Caller {
    async fn of(request: HttpRequest) -> Result<Self, Problem> {
        let origin = origin(&request);
        let Some(state) = request.app_data::<Data<State>>().cloned() else {
            let nowhere = Refusing { origin, docs: String::new(), issuer: String::new() };
            return Err(nowhere.because(Kind::Internal, "the server failed to answer"));
        };
        let refusing = super::refusing(&state, origin);
        let query = extract::query(&request).map_err(|unreadable| refusing.unreadable(unreadable))?;
        let header = authorization(request.headers());
        let token = bearer::token(header.as_deref(), None, Some(&query));
        let token = token.map_err(|error| refusing.bearer(&error))?;
        let actor = state.service.tokens.administrator(&token, &refusing.origin).await;
        let actor = actor.map_err(|refusal| refusing.token(refusal))?;
        Ok(Self { actor, refusing, state, request, query })
    }

    /// What administers.
    pub fn admin(&self) -> &Admin {
        &self.state.service.admin
    }

    /// Why it refused, as an answer.
    pub fn refuse(&self, error: AdminError) -> Problem {
        self.refusing.admin(error)
    }

    /// Something is wrong with a field of what was sent.
    pub fn fault(&self, field: &str, message: impl Into<String>) -> Problem {
        self.refusing.invalid(vec![FieldError { field: field.to_owned(), message: message.into() }])
    }

    /// The query's parameters, none of which may be any but `known`.
    pub fn query(&self, known: &[&str]) -> Result<Query<'_>, Problem> {
        match self.query.names().find(|name| !known.contains(name)) {
            Some(unknown) => {
                Err(self.fault(unknown, format!("is not known here; known are {}", known.join(", "))))
            }
            None => Ok(Query(self)),
        }
    }

    /// The object in the body.
    pub async fn object(&self, payload: Payload) -> Result<Map<String, Value>, Problem> {
        let content_type = self.request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !["application/json", "application/merge-patch+json"].contains(&&*essence.to_ascii_lowercase()) {
            let told = "the Content-Type must be application/json or application/merge-patch+json";
            return Err(self.refusing.because(Kind::Invalid, told));
        }
        let body = extract::body(&self.request, payload).await;
        let body = body.map_err(|unreadable| self.refusing.unreadable(unreadable))?;
        match serde_json::from_slice(&body) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) => Err(self.refusing.because(Kind::Invalid, "the body must be a JSON object")),
            Err(error) => Err(self.refusing.because(Kind::Invalid, format!("the body is not JSON: {error}"))),
        }
    }

    /// Refuses whoever lacks a permission before what they sent is looked at.
    pub fn needs(&self, permission: Permission) -> Result<(), Problem> {
        self.actor.must_have(permission).map_err(|forbidden| self.refuse(forbidden.into()))
    }

    /// The body, as what it has to be.
    pub async fn read<T: DeserializeOwned>(&self, payload: Payload) -> Result<T, Problem> {
        let sent = self.object(payload).await?;
        read_body(sent).map_err(|error| self.refuse(error))
    }

    /// The key that the caller chose for what is made by this request, if they chose one.
    pub fn idempotent(&self, sent: &Map<String, Value>) -> Result<Option<Idempotent>, Problem> {
        let Some(value) = self.request.headers().get(IDEMPOTENCY_KEY) else { return Ok(None) };
        let key = value.to_str().ok().filter(|key| (1..=LONGEST_KEY).contains(&key.len()));
        let key =
            key.ok_or_else(|| self.fault("Idempotency-Key", "must be 1 to 255 printable ASCII characters"))?;
        // Objects are kept sorted by name: the same content gives the same text. People's passwords are left out: this hash of
        // one could be guessed.
        let mut sent = sent.clone();
        sent.remove("password");
        let asked = format!("{} {}", self.request.path(), Value::Object(sent));
        Ok(Some(Idempotent { key: key.to_owned(), request: SecretHash::of(asked.as_bytes()) }))
    }

    /// The address of something of this API.
    pub fn address(&self, steps: &[&str]) -> String {
        let api = format!("{}{ADMINISTRATION}", self.state.issuer.as_str());
        match Url::parse(&api) {
            Ok(mut address) => {
                if let Ok(mut path) = address.path_segments_mut() {
                    path.extend(steps);
                }
                address.into()
            }
            Err(_) => api,
        }
    }

    /// A whole number in the body, if it is there.
    pub fn number(&self, sent: &Map<String, Value>, name: &str) -> Result<Option<u32>, Problem> {
        if let Some(unknown) = sent.keys().find(|known| *known != name) {
            return Err(self.fault(unknown, format!("is not known here; known is {name}")));
        }
        match sent.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
                number
                    .map(Some)
                    .ok_or_else(|| self.fault(name, "must be a whole number that is not negative"))
            }
        }
    }

    /// The state of a whole list that was seen (RFC 9110 §13.1.1), if it was said.
    pub fn opaque_tag(&self) -> Result<Option<String>, Problem> {
        let Some(value) = self.request.headers().get(IF_MATCH) else { return Ok(None) };
        match value.to_str().map(str::trim) {
            Ok("*") => Ok(None),
            Ok(tag) => match tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')) {
                Some(tag) => Ok(Some(tag.to_owned())),
                None => Err(self.refuse(AdminError::Overtaken)),
            },
            Err(_) => Err(self.refuse(AdminError::Overtaken)),
        }
    }

    /// How a change is to be made: against which state (RFC 9110 §13.1.1), and whether only as a trial.
    pub fn changing(&self) -> Result<Changing, Problem> {
        let dry_run = self.query(&["dry_run"])?.flag("dry_run")?.unwrap_or(false);
        let Some(value) = self.request.headers().get(IF_MATCH) else {
            let told = "send If-Match with the ETag of what you saw, or `If-Match: *` to change it whatever it is now";
            return Err(self.refusing.because(Kind::PreconditionRequired, told));
        };
        let seen = match value.to_str().map(str::trim) {
            Ok("*") => None,
            Ok(tag) => Some(read_tag(tag).ok_or_else(|| self.refuse(AdminError::Overtaken))?),
            Err(_) => return Err(self.refuse(AdminError::Overtaken)),
        };
        Ok(Changing { seen, dry_run })
    }
}

/// A name in the path that the database could hold; nothing else names a `what`.
pub fn named(caller: &Caller, name: String, what: &'static str) -> Result<String, Problem> {
    match name.contains('\0') {
        false => Ok(name),
        true => Err(caller.refuse(AdminError::NotFound(what))),
    }
}

/// The state of something as an entity tag.
pub fn tag(updated_at: Moment) -> String {
    format!("\"{}\"", updated_at.timestamp_millis())
}

fn read_tag(tag: &str) -> Option<Moment> {
    let millis = tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()?;
    DateTime::from_timestamp_millis(millis)
}

/// The parameters of a query.
pub struct Query<'a>(&'a Caller);

impl<'a> Query<'a> {
    /// What is wrong with a parameter.
    pub fn fault(&self, name: &str, message: &str) -> Problem {
        self.0.fault(name, message)
    }

    /// A text.
    pub fn text(&self, name: &str) -> Result<Option<&'a str>, Problem> {
        match (self.0.query.get(name), self.0.query.has(name)) {
            (None, true) => Err(self.0.fault(name, "comes twice")),
            (Some(value), _) if value.contains('\0') => {
                Err(self.0.fault(name, "must not hold a null character"))
            }
            (value, _) => Ok(value),
        }
    }

    /// A text to look for; an empty one is none.
    pub fn filter(&self, name: &str) -> Result<Option<String>, Problem> {
        Ok(self.text(name)?.filter(|text| !text.is_empty()).map(str::to_owned))
    }

    /// Something that is told as a text; an empty one is none.
    pub fn parsed<T: FromStr>(&self, name: &str, otherwise: &str) -> Result<Option<T>, Problem> {
        let text = self.text(name)?.filter(|text| !text.is_empty());
        text.map(|text| text.parse().map_err(|_| self.0.fault(name, otherwise))).transpose()
    }

    /// `true` or `false`.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Problem> {
        match self.text(name)? {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(self.0.fault(name, "must be true or false")),
        }
    }

    /// `limit`, `cursor` and `sort`, which is one of `sorts`, with `-` before it from the end.
    pub fn page<S: Copy + Default>(&self, sorts: &[(&str, S)]) -> Result<PageRequest<S>, Problem> {
        let limit = match self.text("limit")? {
            None => None,
            Some(text) => {
                Some(text.parse().map_err(|_| self.0.fault("limit", "must be a number from 1 to 200"))?)
            }
        };
        let (descending, sort) = match self.text("sort")? {
            None => (false, S::default()),
            Some(text) => {
                let name = text.strip_prefix('-').unwrap_or(text);
                let known = sorts.iter().find(|(known, _)| *known == name).map(|(_, sort)| *sort);
                let names = || sorts.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
                let told = || format!("must be one of {}, with `-` before it from the end", names());
                (text.starts_with('-'), known.ok_or_else(|| self.0.fault("sort", told()))?)
            }
        };
        let cursor = self.text("cursor")?.map(str::to_owned);
        Ok(PageRequest { sort, descending, cursor, limit })
    }
}
